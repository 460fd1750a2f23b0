//! What was seen of each attempt, from outside the till, and which of them were in doubt.

use serde_json::{Value, json};

/// Where a till or its connection was when it broke.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Window {
    /// The row is durable; the server has never seen start.
    RowSend,
    /// Start was sent; the customer was not done.
    SendCommit,
    /// The customer was done; the answer had not gone out whole.
    CommitAnswer,
    /// The answer had gone out; its result was not stored.
    AnswerStored,
}

impl Window {
    pub const ALL: [Window; 4] = [Window::RowSend, Window::SendCommit, Window::CommitAnswer, Window::AnswerStored];

    pub fn name(self) -> &'static str {
        match self {
            Window::RowSend => "row_send",
            Window::SendCommit => "send_commit",
            Window::CommitAnswer => "commit_answer",
            Window::AnswerStored => "answer_stored",
        }
    }
}

/// An attempt's transaction, as the simulator saw it. Times are Unix microseconds.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub reference: String,
    pub attempt: i32,
    /// When start came.
    pub started: Option<u64>,
    /// When the customer was done.
    pub committed: Option<u64>,
    pub is_paid: bool,
    /// When the whole answer to start had gone out, unless that said something else.
    pub answered: Option<u64>,
    /// How the service has disowned it.
    pub disowned: Option<&'static str>,
    /// Start came and will never be worked on.
    pub is_lost: bool,
}

impl Seen {
    /// The terminal may still have it, if it came after `since`.
    pub fn is_running(&self, since: u64) -> bool {
        self.started.is_some_and(|started| started > since) && self.committed.is_none() && !self.is_lost
    }

    /// In which window `at` lies.
    pub fn window(&self, at: u64) -> Window {
        let by_then = |time: Option<u64>| time.is_some_and(|time| time <= at);
        match () {
            // What was on its way when the till was killed was sent.
            () if self.started.is_none() => Window::RowSend,
            () if !by_then(self.committed) => Window::SendCommit,
            () if !by_then(self.answered) => Window::CommitAnswer,
            () => Window::AnswerStored,
        }
    }
}

/// An attempt that was in doubt.
#[derive(Clone, Debug)]
pub struct Case {
    pub transaction: String,
    /// `kill` or `break`.
    pub began: &'static str,
    /// Where the kill was aimed, or what broke.
    pub how: &'static str,
    /// When, in Unix microseconds.
    pub at: u64,
    /// What the till was told in the end: outcome, reason, who says so, and when.
    pub ended: Option<(String, String, String, u64)>,
}

impl Case {
    pub fn line(&self, seen: &Seen) -> Value {
        let (outcome, reason, decided_by, ended_at) = self
            .ended
            .clone()
            .map_or((None, None, None, None), |ended| (Some(ended.0), Some(ended.1), Some(ended.2), Some(ended.3)));
        json!({
            "reference": seen.reference,
            "attempt": seen.attempt,
            "transaction": self.transaction,
            "began": self.began,
            "how": self.how,
            "at": self.at,
            "started": seen.started,
            "committed": seen.committed,
            "answered": seen.answered,
            "window": seen.window(self.at).name(),
            "ended": outcome,
            "reason": reason,
            "decided_by": decided_by,
            "ended_at": ended_at,
        })
    }
}
