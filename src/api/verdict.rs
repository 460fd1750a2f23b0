//! When did it break, and what does that mean for the money? Two pure functions: one for the answer to start (or what
//! came instead), one for the word in `status`. The tests hold their table.

use std::time::Duration;

use crate::api::refusal::{self, Refusal};
use crate::api::transaction::{SmartTransaction, TransactionId};
use crate::api::transport::{Broken, Response};
use crate::error::{Error, Status};
use crate::money::Money;

/// A refused token means "refused before starting" only this soon after sending. Later, the customer may have paid
/// before the token died.
pub const REFUSED_AT_ONCE: Duration = Duration::from_secs(5);

/// What the server's status word says of the money.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// `ok`: paid.
    Paid,
    /// `failed`: refused, aborted or timed out; the API does not say which.
    Failed,
    /// `aborted`.
    Aborted,
    /// `timeout`.
    TimedOut,
    /// `cancelled` or `canceled`, of a payment that was never made.
    Cancelled,
    /// `cancelled` or `canceled`, of a payment that was made: there are receipts or a receipt number.
    Reversed,
    /// `created`: not started, or started and the server does not show it.
    Created,
    /// Any other word, or none. Not final.
    Open,
}

/// What a transaction's status says of the money. Only `ok` means paid.
pub fn standing(transaction: &SmartTransaction) -> Standing {
    let was_paid = transaction.has_receipts() || transaction.receipt_number.is_some();
    match transaction.status.as_deref() {
        Some("ok") => Standing::Paid,
        Some("failed") => Standing::Failed,
        Some("aborted") => Standing::Aborted,
        Some("timeout") => Standing::TimedOut,
        Some("cancelled" | "canceled") if was_paid => Standing::Reversed,
        Some("cancelled" | "canceled") => Standing::Cancelled,
        Some("created") => Standing::Created,
        _ => Standing::Open,
    }
}

/// Why nothing final is known.
#[derive(Clone, PartialEq, Debug)]
pub struct Doubt {
    /// What went wrong, or that the server's word is not final.
    pub error: Error,
    /// The server's word, where the right transaction carried one that is not final.
    pub status_word: Option<String>,
}

impl From<Error> for Doubt {
    fn from(error: Error) -> Self {
        Doubt { error, status_word: None }
    }
}

/// What came of start.
#[derive(Clone, PartialEq, Debug)]
pub enum StartVerdict {
    /// Provably not one byte was sent: not started.
    NeverSent(Error),
    /// The API refused the token at once: refused before starting, but read before believing it.
    TokenRefused(Error),
    /// The API refused: terminal off, busy, unknown. Read; what still says `created` may be fenced.
    Refused(Error),
    /// The server's last word.
    Final(Standing, Box<SmartTransaction>),
    /// Nobody knows.
    InDoubt(Doubt),
}

/// What came of reading a transaction.
#[derive(Clone, PartialEq, Debug)]
pub enum ReadVerdict {
    /// The server's last word.
    Final(Standing, Box<SmartTransaction>),
    /// It says `created`.
    Created,
    /// The token is not taken: renew it and read again.
    TokenRefused(Error),
    /// Nothing final.
    InDoubt(Doubt),
}

/// Judges what came of start. `elapsed` is the time from sending to the answer.
pub fn of_start(came: Result<Response, Broken>, elapsed: Duration, id: &TransactionId, money: Money) -> StartVerdict {
    let response = match came {
        Err(Broken::NeverSent(error)) => return StartVerdict::NeverSent(error),
        Err(Broken::MaybeSent(error)) => return StartVerdict::InDoubt(error.into()),
        Ok(response) => response,
    };
    if response.status == 200 {
        return match understand(&response, id, money) {
            Ok((Standing::Created | Standing::Open, transaction)) => StartVerdict::InDoubt(not_final(transaction)),
            Ok((standing, transaction)) => StartVerdict::Final(standing, Box::new(transaction)),
            Err(error) => StartVerdict::InDoubt(error.into()),
        };
    }
    let error = refusal::error("start", &response);
    let is_the_api = matches!(Refusal::read(&response.body), Refusal::Api(_));
    match response.status {
        _ if refusal::is_token_refused(&response) => match elapsed <= REFUSED_AT_ONCE {
            true => StartVerdict::TokenRefused(error),
            false => StartVerdict::InDoubt(error.into()),
        },
        408 | 429 => StartVerdict::InDoubt(error.into()),
        400..=499 if is_the_api => StartVerdict::Refused(error),
        _ => StartVerdict::InDoubt(error.into()),
    }
}

/// Judges what came of a read. Nothing but a final status of the right transaction is final: not 404, not 403.
pub fn of_read(came: Result<Response, Broken>, id: &TransactionId, money: Money) -> ReadVerdict {
    let response = match came {
        Err(broken) => return ReadVerdict::InDoubt(broken.into_error().into()),
        Ok(response) => response,
    };
    if response.status != 200 {
        let error = refusal::error("reading the transaction", &response);
        return match refusal::is_token_refused(&response) {
            true => ReadVerdict::TokenRefused(error),
            false => ReadVerdict::InDoubt(error.into()),
        };
    }
    match understand(&response, id, money) {
        Ok((Standing::Created, _)) => ReadVerdict::Created,
        Ok((Standing::Open, transaction)) => ReadVerdict::InDoubt(not_final(transaction)),
        Ok((standing, transaction)) => ReadVerdict::Final(standing, Box::new(transaction)),
        Err(error) => ReadVerdict::InDoubt(error.into()),
    }
}

/// The right transaction, or a protocol error.
fn understand(response: &Response, id: &TransactionId, money: Money) -> Result<(Standing, SmartTransaction), Error> {
    let transaction = SmartTransaction::parse(&response.body)?;
    if transaction.contradicts(id, money) {
        return Err(Error::new(Status::Protocol, "the answer speaks of another transaction or currency"));
    }
    Ok((standing(&transaction), transaction))
}

fn not_final(transaction: SmartTransaction) -> Doubt {
    let word = transaction.status_text().unwrap_or("none".into());
    let error = Error::new(Status::Protocol, format!("the transaction's status is not final: {word}"));
    Doubt { error, status_word: transaction.status_text() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    const API_ERROR: &str = r#"{"status":"error","error":"ProductInternalException","error_user":"x","code":1009}"#;
    const TOKEN_ERROR: &str = r#"{"status":"error","error":"ProductNotAllowedException","code":2003}"#;

    fn id() -> TransactionId {
        TransactionId::parse("STX_1").expect("an id")
    }

    fn money() -> Money {
        Money { minor: 1, currency: "EUR".parse().expect("a currency") }
    }

    fn answer(status: u16, body: &str) -> Result<Response, Broken> {
        Ok(Response { status, retry_after: None, date: None, body: body.as_bytes().to_vec() })
    }

    fn transaction(status: &str) -> String {
        format!(r#"{{"id":"STX_1","status":{status},"basket_info":{{"sum":1,"currency":"EUR"}}}}"#)
    }

    fn name(verdict: &StartVerdict) -> String {
        match verdict {
            StartVerdict::Final(standing, _) => format!("{standing:?}"),
            StartVerdict::NeverSent(_) => "NeverSent".into(),
            StartVerdict::TokenRefused(_) => "TokenRefused".into(),
            StartVerdict::Refused(_) => "Refused".into(),
            StartVerdict::InDoubt(_) => "InDoubt".into(),
        }
    }

    #[test]
    fn start_is_judged_by_when_it_broke() {
        let fault = || Error::new(Status::Unreachable, "x");
        let paid = transaction(r#""ok""#);
        let refund = paid.replace("\"ok\"", "\"cancelled\"");
        let with_number = refund.replace("{\"id\"", "{\"receipt_number\":3,\"id\"");
        let with_receipt = refund.replace("{\"id\"", "{\"receipt\":[{\"type\":\"space\"}],\"id\"");
        let rows = [
            ("nothing was sent", Err(Broken::NeverSent(fault())), 0, "NeverSent"),
            ("it broke later", Err(Broken::MaybeSent(fault())), 0, "InDoubt"),
            ("empty body", answer(200, ""), 0, "InDoubt"),
            ("truncated", answer(200, &paid[..paid.len() - 1]), 0, "InDoubt"),
            ("a proxy's page with 200", answer(200, "<html>"), 0, "InDoubt"),
            ("204", answer(204, ""), 0, "InDoubt"),
            ("redirect", answer(302, ""), 0, "InDoubt"),
            ("408", answer(408, API_ERROR), 0, "InDoubt"),
            ("429", answer(429, API_ERROR), 0, "InDoubt"),
            ("500 by the API", answer(500, API_ERROR), 0, "InDoubt"),
            ("502 by a proxy", answer(502, "<html>"), 0, "InDoubt"),
            ("404 by a proxy", answer(404, "<html>"), 0, "InDoubt"),
            ("404 by the API", answer(404, API_ERROR), 0, "Refused"),
            ("400 by the API", answer(400, API_ERROR), 299, "Refused"),
            ("403 by the API, another code", answer(403, API_ERROR), 0, "Refused"),
            ("token refused at once", answer(403, TOKEN_ERROR), 5, "TokenRefused"),
            ("401 at once", answer(401, API_ERROR), 5, "TokenRefused"),
            ("token refused late", answer(403, TOKEN_ERROR), 6, "InDoubt"),
            ("401 late", answer(401, API_ERROR), 6, "InDoubt"),
            ("another id", answer(200, &paid.replace("STX_1", "STX_2")), 0, "InDoubt"),
            ("no id", answer(200, &paid.replace("\"id\"", "\"no\"")), 0, "InDoubt"),
            ("another currency", answer(200, &paid.replace("EUR", "CHF")), 0, "InDoubt"),
            ("paid", answer(200, &paid), 0, "Paid"),
            ("paid another sum", answer(200, &paid.replace("\"sum\":1", "\"sum\":2")), 0, "Paid"),
            ("failed", answer(200, &transaction(r#""failed""#)), 0, "Failed"),
            ("aborted", answer(200, &transaction(r#""aborted""#)), 0, "Aborted"),
            ("timeout", answer(200, &transaction(r#""timeout""#)), 0, "TimedOut"),
            ("cancelled", answer(200, &refund), 0, "Cancelled"),
            ("canceled", answer(200, &refund.replace("cancelled", "canceled")), 0, "Cancelled"),
            ("cancelled with a number", answer(200, &with_number), 0, "Reversed"),
            ("cancelled with a receipt", answer(200, &with_receipt), 0, "Reversed"),
            ("created", answer(200, &transaction(r#""created""#)), 0, "InDoubt"),
            ("approved is not paid", answer(200, &transaction(r#""approved""#)), 0, "InDoubt"),
            ("pending", answer(200, &transaction(r#""pending""#)), 0, "InDoubt"),
            ("OK is not ok", answer(200, &transaction(r#""OK""#)), 0, "InDoubt"),
            ("ok with something invisible", answer(200, &transaction(r#"" o\u0000k\u202e""#)), 0, "InDoubt"),
            ("no status", answer(200, &transaction("null")), 0, "InDoubt"),
        ];
        for (case, came, seconds, expected) in rows {
            let verdict = of_start(came, Duration::from_secs(seconds), &id(), money());
            assert_eq!(name(&verdict), expected, "{case}");
        }
    }

    #[test]
    fn only_a_final_status_of_the_right_transaction_ends_the_reading() {
        let in_doubt = |came| matches!(of_read(came, &id(), money()), ReadVerdict::InDoubt(_));
        assert!(in_doubt(Err(Broken::NeverSent(Error::new(Status::Unreachable, "x")))));
        assert!(in_doubt(answer(404, API_ERROR)));
        assert!(in_doubt(answer(403, API_ERROR)));
        assert!(in_doubt(answer(200, &transaction(r#""ok""#).replace("STX_1", "STX_2"))));
        assert!(in_doubt(answer(200, &transaction(r#""processing""#))));
        assert!(matches!(of_read(answer(403, TOKEN_ERROR), &id(), money()), ReadVerdict::TokenRefused(_)));
        assert_eq!(of_read(answer(200, &transaction(r#""created""#)), &id(), money()), ReadVerdict::Created);
        let paid = of_read(answer(200, &transaction(r#""ok""#)), &id(), money());
        assert!(matches!(paid, ReadVerdict::Final(Standing::Paid, _)));
    }

    #[test]
    fn the_servers_unknown_word_is_kept() {
        let verdict = of_start(answer(200, &transaction(r#""thinking""#)), Duration::ZERO, &id(), money());
        let StartVerdict::InDoubt(doubt) = verdict else { panic!("{verdict:?}") };
        assert_eq!(doubt.status_word.as_deref(), Some("thinking"));
    }
}
