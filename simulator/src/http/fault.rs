//! What goes wrong on the way, request by request: for which endpoint, when, and what.
//!
//! In JSON: `{"endpoint": "start", "when": "after", "what": "reset", "count": 1}`; a `what` with a parameter is
//! `{"drip": 10}`, `{"cut": {"after": 20, "ending": "close"}}`, `{"answer": {"status": 502, "body": "<html>"}}`.

use serde::{Deserialize, Serialize};

pub use crate::model::endpoint::Endpoint;

/// When it goes wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Before the request does anything, and then it does nothing; one that is only delayed is done later, even if the
    /// client has gone by then.
    Before,
    /// As soon as the request has begun to do something. Start: while the customer is thinking, who then pays all the
    /// same. What changes an answer waits for it, and so is the same as after.
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
    /// The answer's bytes, its head included, end after so many of them: 0 is no answer at all.
    Cut {
        /// How many bytes go out.
        after: usize,
        /// What happens to the connection then.
        ending: Ending,
    },
    /// The answer comes, but from just before it on new connections are refused for so many milliseconds. So an answer
    /// to create can be the last thing before a start that nobody takes.
    RefuseConnections(u64),
    /// The answer comes, but from just before it on new connections are not taken for so many milliseconds: they stand,
    /// and what is sent over them is read and done only then.
    HoldConnections(u64),
    /// The server is gone: all its connections are reset, and new ones are refused for so many milliseconds. What the
    /// terminal has begun goes on.
    Crash(u64),
    /// The connection is closed without an answer if it has carried a request before this one; else all is well.
    CloseReused,
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
    /// Another answer comes instead. One that redirects names the path it was asked for, so that following it is seen.
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
    /// The answer quotes the secrets of all who have logged in, and account numbers, in each of its texts: in an error body with
    /// this HTTP status, or, if it is 200, in the status of the transaction.
    Indiscreet(u16),
    /// In the answer, the value at a JSON pointer is another one.
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

impl What {
    /// The request and its answer are as ever, but late.
    pub(crate) fn only_takes_time(&self) -> bool {
        matches!(self, What::Delay(_) | What::RefuseConnections(_) | What::HoldConnections(_))
    }

    /// It needs the answer that it changes.
    pub(crate) fn changes_an_answer(&self) -> bool {
        !matches!(
            self,
            What::Reset
                | What::Close
                | What::CloseReused
                | What::Crash(_)
                | What::Silence
                | What::Answer { .. }
                | What::ApiError { .. }
                | What::Cut { .. }
        )
    }
}

/// How a connection ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It is reset (RST).
    Reset,
    /// It is closed (FIN).
    Close,
    /// The server says that it has finished (FIN), and keeps the connection.
    HalfClose,
}

/// A fault.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// When it goes wrong.
    pub when: When,
    /// What goes wrong.
    pub what: What,
    /// How many requests it is for, one after the other.
    #[serde(default = "once")]
    pub count: u32,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// A fault of one request.
    pub fn new(when: When, what: What) -> Fault {
        Fault { when, what, count: once() }
    }

    /// A fault of so many requests.
    #[must_use]
    pub fn times(self, count: u32) -> Fault {
        Fault { count, ..self }
    }
}
