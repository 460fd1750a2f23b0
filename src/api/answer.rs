//! What came of a request about a transaction: the facts by which `payment` judges, and what is kept of them. Nothing is
//! judged here.

use crate::api::refusal::{self, Refusal};
use crate::api::transaction::{SmartTransaction, TransactionId};
use crate::api::transport::{Broken, Response};
use crate::error::{Error, Status};
use crate::money::Money;
use crate::payment::verdict::{Body, Came};

/// Which transaction the answer should speak of.
#[derive(Clone, Copy, Debug)]
pub enum Expected<'a> {
    /// This one, over money of this currency.
    Ours(&'a TransactionId, Money),
    /// Whichever it names: a report has one of its own.
    Any,
}

/// What came of a request. `Debug` shows no receipt.
#[derive(Clone, Debug)]
pub struct Answer {
    /// As it is judged.
    pub came: Came,
    /// The transaction that it speaks of, if it speaks of one.
    pub transaction: Option<Box<SmartTransaction>>,
    /// Why it is no last word, if it is none.
    pub error: Option<Error>,
    /// The whole answer, as received.
    pub body: Option<Vec<u8>>,
    /// The server's clock: Unix time in milliseconds, UTC.
    pub date: Option<i64>,
}

impl Answer {
    /// What came of a request named `what`.
    pub fn read(what: &str, came: Result<Response, Broken>, expected: Expected<'_>) -> Answer {
        let response = match came {
            Ok(response) => response,
            Err(broken) => {
                let came = if matches!(broken, Broken::NeverSent(_)) { Came::NeverSent } else { Came::Lost };
                let error = Some(broken.into_error());
                return Answer { came, transaction: None, error, body: None, date: None };
            }
        };
        let (body, transaction, error) = match response.is_success() {
            true => understand(&response, expected),
            false => (refused(&response), None, Some(refusal::error(what, &response))),
        };
        let came = Came::Answer(response.status, body);
        let date = response.date;
        Answer { came, transaction: transaction.map(Box::new), error, body: Some(response.body), date }
    }

    /// The server's own word, made harmless for showing.
    pub fn word(&self) -> Option<String> {
        self.transaction.as_ref().and_then(|transaction| transaction.status_text())
    }

    /// Why it is no last word.
    pub fn why(&self) -> Error {
        let silent = || Error::new(Status::Protocol, "the answer says nothing");
        self.error.clone().unwrap_or_else(silent)
    }
}

fn refused(response: &Response) -> Body {
    let of_token = refusal::is_token_refused(response);
    match Refusal::read(&response.body) {
        Refusal::Api(_) => Body::Refusal { of_token },
        // The service's own door says so, in its own words.
        Refusal::OAuth(_) if of_token => Body::Refusal { of_token },
        Refusal::OAuth(_) | Refusal::Foreign => Body::Foreign,
    }
}

fn understand(response: &Response, expected: Expected<'_>) -> (Body, Option<SmartTransaction>, Option<Error>) {
    let transaction = match SmartTransaction::parse(&response.body) {
        Ok(transaction) => transaction,
        Err(error) => return (Body::Foreign, None, Some(error)),
    };
    let fault = |fault: &str| Some(Error::new(Status::Protocol, format!("the answer {fault}")));
    let status = transaction.remote_status();
    let is_other = |id: &TransactionId| transaction.id.as_ref().is_some_and(|own| own != id);
    match expected {
        _ if transaction.id.is_none() => (Body::Foreign, None, fault("names no usable transaction")),
        Expected::Ours(id, _) if is_other(id) => {
            (Body::Another(status), Some(transaction), fault("speaks of another transaction"))
        }
        Expected::Ours(_, money) if transaction.is_of_another_currency(money) => {
            (Body::Foreign, None, fault("speaks of another currency"))
        }
        Expected::Ours(..) | Expected::Any => {
            let word = transaction.status_text().unwrap_or("none".into());
            let error = (!status.is_final()).then(|| fault(&format!("has a status that is not final: {word}")));
            (Body::Ours(status), Some(transaction), error.flatten())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payment::verdict::RemoteStatus;

    const API_ERROR: &str = r#"{"status":"error","error":"ProductInternalException","error_user":"x","code":1009}"#;
    const TOKEN_ERROR: &str = r#"{"status":"error","error":"ProductNotAllowedException","code":2003}"#;

    fn answer(status: u16, body: &str) -> Result<Response, Broken> {
        Ok(Response { status, retry_after: None, date: Some(7), body: body.as_bytes().to_vec() })
    }

    fn transaction(status: &str) -> String {
        format!(r#"{{"id":"STX_1","status":{status},"basket_info":{{"sum":1,"currency":"EUR"}}}}"#)
    }

    fn came(came: Result<Response, Broken>) -> Came {
        let id = TransactionId::parse("STX_1").expect("an id");
        let money = Money { minor: 1, currency: "EUR".parse().expect("a currency") };
        Answer::read("start", came, Expected::Ours(&id, money)).came
    }

    #[test]
    fn what_came_is_told_apart() {
        let fault = || Error::new(Status::Unreachable, "x");
        let paid = transaction(r#""ok""#);
        let cancelled = paid.replace("\"ok\"", "\"cancelled\"");
        let ours = |status| Came::Answer(200, Body::Ours(status));
        let refusal = |http, of_token| Came::Answer(http, Body::Refusal { of_token });
        for (case, answered, expected) in [
            ("nothing was sent", Err(Broken::NeverSent(fault())), Came::NeverSent),
            ("it broke later", Err(Broken::MaybeSent(fault())), Came::Lost),
            ("empty body", answer(200, ""), Came::Answer(200, Body::Foreign)),
            ("truncated", answer(200, &paid[..paid.len() - 1]), Came::Answer(200, Body::Foreign)),
            ("a proxy's page with 200", answer(200, "<html>"), Came::Answer(200, Body::Foreign)),
            ("a proxy's page with 404", answer(404, "<html>"), Came::Answer(404, Body::Foreign)),
            ("an error of the API", answer(400, API_ERROR), refusal(400, false)),
            ("an error of the API with 500", answer(500, API_ERROR), refusal(500, false)),
            ("the token", answer(403, TOKEN_ERROR), refusal(403, true)),
            ("401 by the API", answer(401, API_ERROR), refusal(401, true)),
            ("401 by the door", answer(401, r#"{"error":"invalid_token"}"#), refusal(401, true)),
            ("OAuth's words elsewhere", answer(400, r#"{"error":"x"}"#), Came::Answer(400, Body::Foreign)),
            ("paid", answer(200, &paid), ours(RemoteStatus::Paid)),
            ("paid with 201", answer(201, &paid), Came::Answer(201, Body::Ours(RemoteStatus::Paid))),
            ("paid another sum", answer(200, &paid.replace("\"sum\":1", "\"sum\":2")), ours(RemoteStatus::Paid)),
            ("paid, with an error's status", answer(500, &paid), Came::Answer(500, Body::Foreign)),
            (
                "another id",
                answer(200, &paid.replace("STX_1", "STX_2")),
                Came::Answer(200, Body::Another(RemoteStatus::Paid)),
            ),
            ("no id", answer(200, &paid.replace("\"id\"", "\"no\"")), Came::Answer(200, Body::Foreign)),
            ("another currency", answer(200, &paid.replace("EUR", "CHF")), Came::Answer(200, Body::Foreign)),
            ("cancelled", answer(200, &cancelled), ours(RemoteStatus::Cancelled)),
            (
                "cancelled with a number",
                answer(200, &cancelled.replace("{\"id\"", "{\"receipt_number\":3,\"id\"")),
                ours(RemoteStatus::Reversed),
            ),
            (
                "cancelled with a receipt",
                answer(200, &cancelled.replace("{\"id\"", "{\"receipt\":[{\"type\":\"space\"}],\"id\"")),
                ours(RemoteStatus::Reversed),
            ),
            ("approved is not paid", answer(200, &transaction(r#""approved""#)), ours(RemoteStatus::Open)),
            ("something invisible", answer(200, &transaction(r#"" o\u0000k\u202e""#)), ours(RemoteStatus::Open)),
            ("no status", answer(200, &transaction("null")), ours(RemoteStatus::Open)),
        ] {
            assert_eq!(came(answered), expected, "{case}");
        }
    }

    #[test]
    fn the_servers_unknown_word_and_its_clock_are_kept() {
        let any = Answer::read("report", answer(200, &transaction(r#""thinking""#)), Expected::Any);
        assert_eq!((any.word().as_deref(), any.date), (Some("thinking"), Some(7)));
        assert!(any.why().message().contains("thinking"), "{}", any.why());
        assert_eq!(any.came, Came::Answer(200, Body::Ours(RemoteStatus::Open)));
    }
}
