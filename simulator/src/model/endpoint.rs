//! What the service can be asked for.

use serde::{Deserialize, Serialize};

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// `POST /oauth/token`
    Token,
    /// `POST /Smart/Transactions`
    Create,
    /// `GET /Smart/Transactions`
    List,
    /// `GET /Smart/Transactions/{id}`
    Read,
    /// `POST …/start/cashless`
    Start,
    /// `POST …/abort`
    Abort,
    /// `POST …/{receipt_number}/cancelTrx`
    Cancel,
    /// `POST …/me/EndOfDay`
    EndOfDay,
    /// `POST …/me/diagnosis`
    Diagnosis,
}

impl Endpoint {
    /// The endpoint of a request.
    pub fn of(method: &str, path: &str) -> Option<Endpoint> {
        match (method, path) {
            ("POST", "/oauth/token") => Some(Endpoint::Token),
            ("POST", "/api/v2/Smart/Transactions") => Some(Endpoint::Create),
            ("POST", path) if path.ends_with("/start/cashless") => Some(Endpoint::Start),
            ("POST", path) if path.ends_with("/abort") => Some(Endpoint::Abort),
            ("POST", path) if path.ends_with("/cancelTrx") => Some(Endpoint::Cancel),
            ("POST", path) if path.ends_with("/me/EndOfDay") => Some(Endpoint::EndOfDay),
            ("POST", path) if path.ends_with("/me/diagnosis") => Some(Endpoint::Diagnosis),
            ("GET", "/api/v2/Smart/Transactions") => Some(Endpoint::List),
            ("GET", path) if path.starts_with("/api/v2/Smart/Transactions/") => Some(Endpoint::Read),
            _ => None,
        }
    }
}
