//! The reversal of an attempt, as it stands on disk with it.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ServerWords, Status};
use crate::payment::reason::Reason;

/// The reversal of an attempt, as it stands on disk. Times named `…_at` are Unix milliseconds, UTC, those named `…_till`
/// milliseconds of till time.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Reversal {
    /// Where it stands.
    pub stage: Stage,
    /// When the last request became possible: the time of the synced write.
    pub begun_at: i64,
    /// The same in till time.
    #[serde(default)]
    pub begun_till: i64,
    /// For how long it may still reach the terminal, in milliseconds of till time.
    #[serde(default)]
    pub grace: Option<i64>,
    /// The `X-Action` of its last request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// A request may have been sent, now or before.
    #[serde(default = "it_was")]
    pub was_sent: bool,
    /// A request may have been sent before the last one.
    #[serde(default = "it_was")]
    pub was_sent_before: bool,
    /// The first request was refused at once, with the service's own words, and a read said that the payment stands.
    #[serde(default)]
    pub refused: bool,
    /// Who confirmed it, where that was asked.
    pub confirmed_by: Option<String>,
    /// What is worth knowing of it, by the name of a [`Reason`].
    pub reason: Option<String>,
    /// What went wrong.
    pub fault: Option<Fault>,
    /// What a person has decided while it was in doubt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<ReversalDecision>,
}

/// An older file did not say it: then it may have been.
fn it_was() -> bool {
    true
}

/// Where a reversal stands. Whether it is done, the attempt's own state says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The request may have been sent, and nobody knows more.
    Reversing,
    /// It was refused, or never sent.
    NotReversed,
}

/// What a person has decided about a reversal in doubt.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ReversalDecision {
    /// Whether the money has gone back.
    pub reversed: bool,
    /// Who decided.
    pub operator: String,
    /// Why.
    pub reason: String,
    /// When.
    pub decided_at: i64,
    /// The same in till time.
    pub decided_till: i64,
}

/// An error, as far as it is kept.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Fault {
    status: i32,
    message: String,
    http_status: Option<u16>,
    code: Option<String>,
    text: Option<String>,
    support_id: Option<String>,
}

impl Fault {
    /// What is kept of an error.
    pub fn of(error: &Error) -> Fault {
        let ServerWords { code, text, support_id } = error.server().clone();
        let (status, message) = (error.status().number(), error.message().to_owned());
        Fault { status, message, http_status: error.http_status(), code, text, support_id }
    }

    /// The error again.
    pub fn to_error(&self) -> Error {
        let status = Status::from_number(self.status).unwrap_or(Status::ServerRefused);
        let error = Error::new(status, self.message.clone());
        let Fault { code, text, support_id, .. } = self.clone();
        match self.http_status {
            Some(http_status) => error.with_answer(http_status, ServerWords { code, text, support_id }, None),
            None => error,
        }
    }
}

impl Reversal {
    /// What is worth knowing of it.
    pub fn why(&self) -> Option<Reason> {
        self.reason.as_deref().and_then(Reason::named)
    }
}
