//! What goes wrong on the way, request by request.

use serde::{Deserialize, Serialize};

/// Which requests a fault is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// `POST /oauth/token`
    Token,
    /// `POST /Smart/Transactions`
    Create,
    /// `GET /Smart/Transactions/{id}`
    Read,
    /// `POST …/start/cashless`
    Start,
    /// `POST …/abort`
    Abort,
}

impl Endpoint {
    /// The endpoint of a request.
    pub fn of(method: &str, path: &str) -> Option<Endpoint> {
        match (method, path) {
            ("POST", "/oauth/token") => Some(Endpoint::Token),
            ("POST", "/api/v2/Smart/Transactions") => Some(Endpoint::Create),
            ("POST", path) if path.ends_with("/start/cashless") => Some(Endpoint::Start),
            ("POST", path) if path.ends_with("/abort") => Some(Endpoint::Abort),
            ("GET", path) if path.starts_with("/api/v2/Smart/Transactions/") => Some(Endpoint::Read),
            _ => None,
        }
    }
}

/// When it goes wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Before the request does anything.
    Before,
    /// As soon as the request has begun to do something. Start: while the customer is thinking, who then pays all the
    /// same. Everything else is done at once, so this is the same as after.
    During,
    /// After the request has done all it does.
    After,
}

/// What goes wrong.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The connection is reset (RST).
    Reset,
    /// The connection is closed (FIN) without an answer.
    Close,
    /// No answer ever comes.
    Silence,
    /// The answer is cut in its body, and the connection closed.
    Truncate,
    /// The answer is cut in its body, and the connection reset.
    ResetInAnswer,
    /// The answer comes byte by byte, one in so many milliseconds.
    Drip(u64),
    /// The answer comes so many milliseconds late.
    Delay(u64),
    /// Another answer comes instead.
    Answer {
        /// Its HTTP status.
        status: u16,
        /// Its body.
        body: String,
    },
    /// The API's error body comes instead.
    ApiError {
        /// Its HTTP status.
        status: u16,
        /// Its code.
        code: i64,
        /// Its text for the user.
        text: String,
    },
    /// In the answer, the text at a JSON pointer is another one.
    Replace {
        /// For example `/id` or `/basket_info/currency`.
        pointer: String,
        /// What is there instead.
        value: serde_json::Value,
    },
    /// The answer's body has so many bytes.
    Huge(usize),
    /// The answer's body is JSON nested so deeply.
    Deep(usize),
    /// The receipts in the answer have so many lines.
    Lines(usize),
}

/// A fault.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// When it goes wrong.
    pub when: When,
    /// What goes wrong.
    pub what: What,
}

impl Fault {
    /// A fault.
    pub fn new(when: When, what: What) -> Fault {
        Fault { when, what }
    }
}
