//! When did a reversal or a report break, and what does that mean? Judged as start is: not one byte sent means that it was
//! not done, the API's own refusal that it did not want to, and anything else that nobody knows.

use std::time::Duration;

use crate::api::refusal::{self, Refusal};
use crate::api::transaction::{SmartTransaction, TransactionId};
use crate::api::transport::{Broken, Response};
use crate::api::verdict::REFUSED_AT_ONCE;
use crate::error::{Error, Status};
use crate::money::Money;

/// What came of cancelTrx.
#[derive(Clone, PartialEq, Debug)]
pub enum ReversalVerdict {
    /// Provably not one byte was sent.
    NeverSent(Error),
    /// The API refused. Read before believing it.
    Refused(Error),
    /// The payment is cancelled.
    Reversed(Box<SmartTransaction>),
    /// Another payment is cancelled: the terminal's number was somebody else's.
    Another(TransactionId, Box<SmartTransaction>),
    /// Nobody knows.
    InDoubt(Error),
}

/// What came of a report.
#[derive(Clone, PartialEq, Debug)]
pub enum ReportVerdict {
    /// Provably not one byte was sent.
    NeverSent(Error),
    /// The API, or the terminal through it, refused.
    Refused(Error),
    /// It was run.
    Done,
    /// Nobody knows.
    InDoubt(Error),
}

/// Judges what came of cancelTrx for this transaction. `elapsed` is the time from sending to the answer.
pub fn of_reversal(
    came: Result<Response, Broken>,
    elapsed: Duration,
    id: &TransactionId,
    money: Money,
) -> ReversalVerdict {
    let response = match answered("cancelTrx", came, elapsed) {
        Ok(response) => response,
        Err(Fate::NeverSent(error)) => return ReversalVerdict::NeverSent(error),
        Err(Fate::Refused(error)) => return ReversalVerdict::Refused(error),
        Err(Fate::InDoubt(error)) => return ReversalVerdict::InDoubt(error),
    };
    let in_doubt = |fault: &str| ReversalVerdict::InDoubt(Error::new(Status::Protocol, fault));
    let transaction = match SmartTransaction::parse(&response.body) {
        Ok(transaction) => Box::new(transaction),
        Err(error) => return ReversalVerdict::InDoubt(error),
    };
    let is_cancelled = matches!(transaction.status.as_deref(), Some("cancelled" | "canceled"));
    match transaction.id.clone() {
        _ if !is_cancelled => in_doubt("the answer to cancelTrx does not say cancelled"),
        None => in_doubt("the answer to cancelTrx has no usable id"),
        Some(other) if other != *id => ReversalVerdict::Another(other, transaction),
        Some(_) if transaction.contradicts(id, money) => in_doubt("the answer to cancelTrx has another currency"),
        Some(_) => ReversalVerdict::Reversed(transaction),
    }
}

/// Judges what came of the report named `what`.
pub fn of_report(what: &str, came: Result<Response, Broken>, elapsed: Duration) -> ReportVerdict {
    let response = match answered(what, came, elapsed) {
        Ok(response) => response,
        Err(Fate::NeverSent(error)) => return ReportVerdict::NeverSent(error),
        Err(Fate::Refused(error)) => return ReportVerdict::Refused(error),
        Err(Fate::InDoubt(error)) => return ReportVerdict::InDoubt(error),
    };
    let transaction = match SmartTransaction::parse(&response.body) {
        Ok(transaction) => transaction,
        Err(error) => return ReportVerdict::InDoubt(error),
    };
    match (transaction.status.as_deref(), &transaction.id) {
        (Some("ok"), Some(_)) => ReportVerdict::Done,
        (Some("failed"), Some(_)) => {
            ReportVerdict::Refused(Error::new(Status::Refused, format!("{what} has failed at the terminal")))
        }
        _ => {
            let word = transaction.status_text().unwrap_or("none".into());
            ReportVerdict::InDoubt(Error::new(Status::Protocol, format!("the status of {what} is not final: {word}")))
        }
    }
}

/// How a request ended that brought no answer with 200.
enum Fate {
    NeverSent(Error),
    Refused(Error),
    InDoubt(Error),
}

fn answered(what: &str, came: Result<Response, Broken>, elapsed: Duration) -> Result<Response, Fate> {
    let response = match came {
        Ok(response) if response.status == 200 => return Ok(response),
        Ok(response) => response,
        Err(Broken::NeverSent(error)) => return Err(Fate::NeverSent(error)),
        Err(Broken::MaybeSent(error)) => return Err(Fate::InDoubt(error)),
    };
    let error = refusal::error(what, &response);
    let is_the_api = matches!(Refusal::read(&response.body), Refusal::Api(_));
    Err(match response.status {
        // The token may have died while the terminal was at work.
        _ if refusal::is_token_refused(&response) && elapsed > REFUSED_AT_ONCE => Fate::InDoubt(error),
        401 if refusal::is_token_refused(&response) => Fate::Refused(error),
        408 | 429 => Fate::InDoubt(error),
        400..=499 if is_the_api => Fate::Refused(error),
        _ => Fate::InDoubt(error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const API_ERROR: &str = r#"{"status":"error","error":"ProductBackendproviderException","error_user":"x","code":9}"#;
    const TOKEN_ERROR: &str = r#"{"status":"error","error":"ProductNotAllowedException","code":2003}"#;

    fn answer(status: u16, body: &str) -> Result<Response, Broken> {
        Ok(Response { status, retry_after: None, date: None, body: body.as_bytes().to_vec() })
    }

    fn word(verdict: &impl std::fmt::Debug) -> String {
        let shown = format!("{verdict:?}");
        shown.split('(').next().unwrap_or_default().to_owned()
    }

    #[test]
    fn both_are_judged_by_when_they_broke() {
        let id = TransactionId::parse("STX_1").expect("an id");
        let money = Money { minor: 1, currency: "EUR".parse().expect("a currency") };
        let fault = || Error::new(Status::Unreachable, "x");
        let said = |id: &str, status: &str, currency: &str| {
            let body =
                format!(r#"{{"id":"{id}","status":"{status}","basket_info":{{"sum":1,"currency":"{currency}"}}}}"#);
            answer(200, &body)
        };
        let rows = [
            ("nothing was sent", Err(Broken::NeverSent(fault())), 0, "NeverSent", "NeverSent"),
            ("it broke later", Err(Broken::MaybeSent(fault())), 0, "InDoubt", "InDoubt"),
            ("empty body", answer(200, ""), 0, "InDoubt", "InDoubt"),
            ("a proxy's page", answer(200, "<html>"), 0, "InDoubt", "InDoubt"),
            ("204", answer(204, ""), 0, "InDoubt", "InDoubt"),
            ("redirect", answer(302, ""), 0, "InDoubt", "InDoubt"),
            ("408", answer(408, API_ERROR), 0, "InDoubt", "InDoubt"),
            ("429", answer(429, API_ERROR), 0, "InDoubt", "InDoubt"),
            ("500 by the API", answer(500, API_ERROR), 0, "InDoubt", "InDoubt"),
            ("404 by a proxy", answer(404, "<html>"), 0, "InDoubt", "InDoubt"),
            ("400 by the API", answer(400, API_ERROR), 60, "Refused", "Refused"),
            ("token refused at once", answer(403, TOKEN_ERROR), 5, "Refused", "Refused"),
            ("token refused late", answer(403, TOKEN_ERROR), 6, "InDoubt", "InDoubt"),
            ("401 late", answer(401, API_ERROR), 6, "InDoubt", "InDoubt"),
            ("cancelled", said("STX_1", "cancelled", "EUR"), 0, "Reversed", "InDoubt"),
            ("canceled", said("STX_1", "canceled", "EUR"), 0, "Reversed", "InDoubt"),
            ("another one cancelled", said("STX_2", "cancelled", "EUR"), 0, "Another", "InDoubt"),
            ("another currency", said("STX_1", "cancelled", "CHF"), 0, "InDoubt", "InDoubt"),
            ("no id", said("", "cancelled", "EUR"), 0, "InDoubt", "InDoubt"),
            ("ok", said("STX_1", "ok", "EUR"), 0, "InDoubt", "Done"),
            ("another one ok", said("STX_2", "ok", "EUR"), 0, "InDoubt", "Done"),
            ("failed", said("STX_1", "failed", "EUR"), 0, "InDoubt", "Refused"),
            ("created", said("STX_1", "created", "EUR"), 0, "InDoubt", "InDoubt"),
        ];
        for (case, came, seconds, reversal, report) in rows {
            let elapsed = Duration::from_secs(seconds);
            assert_eq!(word(&of_reversal(came.clone(), elapsed, &id, money)), reversal, "reversal: {case}");
            assert_eq!(word(&of_report("end of day", came, elapsed)), report, "report: {case}");
        }
    }
}
