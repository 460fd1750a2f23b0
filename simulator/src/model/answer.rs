//! How the API answers: JSON, and refusals in its error body.

use serde_json::{Value, json};

use crate::model::endpoint::Endpoint;
use crate::model::quirks::Quirk;
use crate::model::refused::Refused;
use crate::model::settings::Settings;

/// An answer.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    /// Its HTTP status.
    pub status: u16,
    /// What stands beside the status in place of the usual words.
    pub reason: Option<&'static str>,
    /// Its body.
    pub body: Value,
    /// What is odd about its bytes.
    pub quirk: Option<Quirk>,
    /// It never comes: the connection breaks instead.
    pub is_lost: bool,
}

impl Answer {
    /// An answer with this body.
    pub(crate) fn new(status: u16, body: Value) -> Answer {
        Answer { status, reason: None, body, quirk: None, is_lost: false }
    }

    /// The answer to a request that was done: 200, or what is set for this endpoint.
    pub(crate) fn success(settings: &Settings, endpoint: Endpoint, body: Value) -> Answer {
        Answer::new(settings.success_status.get(&endpoint).copied().unwrap_or(200), body)
    }
}

/// A refusal with the API's error body.
pub(crate) struct Refusal {
    status: u16,
    exception: &'static str,
    code: i64,
    /// For the developer.
    details: String,
    /// For the user.
    user: String,
}

/// Codes that are documented nowhere are invented, from 9000 on.
impl Refusal {
    fn new(status: u16, exception: &'static str, code: i64, details: String) -> Refusal {
        let user = format!("Es ist ein unbekannter Fehler aufgetreten (Code {code})");
        Refusal { status, exception, code, details, user }
    }

    /// There is no token, or it is not alive.
    pub(crate) fn token(status: u16) -> Refusal {
        Refusal::new(status, "ProductNotAllowedException", 2003, "Valid auth token required".into())
    }

    pub(crate) fn invalid(details: String) -> Refusal {
        Refusal::new(400, "ProductInternalException", 1001, details)
    }

    pub(crate) fn sum_differs(details: String) -> Refusal {
        Refusal::new(400, "ProductInternalException", 9001, details)
    }

    pub(crate) fn started_before(id: &str) -> Refusal {
        Refusal::new(400, "ProductNotAllowedException", 9002, format!("{id} has been started or abandoned before"))
    }

    pub(crate) fn not_reversible(number: &str) -> Refusal {
        let details = format!("{number} cannot be cancelled at the terminal");
        let user = "Storno nicht möglich".into();
        Refusal { user, ..Refusal::new(400, "ProductBackendproviderException", 9005, details) }
    }

    pub(crate) fn reversed_before(number: &str) -> Refusal {
        let details = format!("{number} has already been cancelled");
        let user = "Die Zahlung wurde bereits storniert".into();
        Refusal { user, ..Refusal::new(400, "ProductBackendproviderException", 9006, details) }
    }

    pub(crate) fn not_allowed() -> Refusal {
        Refusal::new(403, "ProductNotAllowedException", 9007, "Not allowed for this device".into())
    }

    pub(crate) fn busy() -> Refusal {
        let user = "Das Terminal ist belegt".into();
        Refusal { user, ..Refusal::new(400, "ProductBackendproviderException", 9008, "The terminal is busy".into()) }
    }

    pub(crate) fn unknown(id: &str) -> Refusal {
        Refusal::new(404, "ProductNotFoundException", 9004, format!("There is no {id}"))
    }

    pub(crate) fn scripted(status: u16, code: i64, text: String) -> Refusal {
        Refusal { user: text.clone(), ..Refusal::new(status, "ProductBackendproviderException", code, text) }
    }

    /// What a script refuses.
    pub(crate) fn of(refused: Refused) -> Refusal {
        match refused.code {
            2003 => Refusal::token(refused.status),
            code => Refusal::scripted(refused.status, code, "Das Terminal antwortet nicht".into()),
        }
    }

    /// As the API tells it: each time under another number for its support.
    pub(crate) fn told(self, support: String) -> Answer {
        let Refusal { status, exception, code, details, user } = self;
        let body = json!({"status": "error", "error": exception, "error_details": details, "error_user": user,
            "code": code, "supportId": support});
        // The documentation shows the exception in place of the usual "Forbidden".
        Answer { reason: Some(exception), ..Answer::new(status, body) }
    }
}
