//! The reversal of an approved attempt: what may be sent stands here first, and what became of it follows.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, ServerWords, Status};
use crate::journal::Journal;
use crate::journal::attempt::Attempt;
use crate::journal::chain::Kind;
use crate::journal::moves::{Happening, Move};
use crate::journal::state::State;
use crate::journal::steps::Swap;

/// The reversal of an attempt, as it stands on disk. Times are Unix milliseconds, UTC.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Reversal {
    /// Where it stands.
    pub stage: Stage,
    /// When the last request became possible: the time of the synced write.
    pub begun_at: i64,
    /// How many requests may have been sent.
    pub requests: i32,
    /// An earlier request was in doubt when the last one became possible.
    pub was_in_doubt: bool,
    /// Who confirmed it, where that was asked.
    pub confirmed_by: Option<String>,
    /// What is worth knowing of it, in the flow's word.
    pub reason: Option<String>,
    /// What went wrong.
    pub fault: Option<Fault>,
}

/// Where a reversal stands. Whether it is done, the attempt's own state says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The request may have been sent, and nobody knows more.
    Reversing,
    /// It was refused, or never sent.
    NotReversed,
}

/// An error, as far as it is kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fault {
    status: i32,
    message: String,
    http_status: Option<u16>,
    code: Option<String>,
    text: Option<String>,
    support_id: Option<String>,
}

impl Fault {
    fn of(error: &Error) -> Fault {
        let ServerWords { code, text, support_id } = error.server().clone();
        let (status, message) = (error.status().number(), error.message().to_owned());
        Fault { status, message, http_status: error.http_status(), code, text, support_id }
    }

    /// The error again.
    pub fn to_error(&self) -> Error {
        let status = Status::from_number(self.status).unwrap_or(Status::Refused);
        let error = Error::new(status, self.message.clone());
        let Fault { code, text, support_id, .. } = self.clone();
        match self.http_status {
            Some(http_status) => error.with_answer(http_status, ServerWords { code, text, support_id }, None),
            None => error,
        }
    }
}

impl Journal {
    /// Stores that a reversal may be sent from here on. Only when this has returned may its first byte be written. Once
    /// more, only where somebody asks for it.
    pub fn begin_reversing(
        &mut self,
        reference: &str,
        attempt: i32,
        at: i64,
        confirmed_by: Option<&str>,
    ) -> Result<Swap> {
        self.may_start()?;
        let found = self.known(reference, attempt)?;
        if Move::of(found.place(), Happening::Reverse) == Move::Never {
            return Ok(Swap::Lost(Box::new(found)));
        }
        self.hold_room()?;
        let reversal = Reversal {
            stage: Stage::Reversing,
            begun_at: at,
            requests: found.reversal.as_ref().map_or(1, |before| before.requests.saturating_add(1)),
            was_in_doubt: found.is_reversing(),
            confirmed_by: confirmed_by.map(str::to_owned),
            reason: None,
            fault: None,
        };
        self.step(Kind::Reversing, at, None, State::Approved, Attempt { reversal: Some(reversal), ..found })
    }

    /// Stores what is known of a reversal that may have been sent: it was not done, or it is still in doubt. That it was
    /// done is told by [`finish`](Journal::finish).
    pub fn note_reversal(
        &mut self,
        reference: &str,
        attempt: i32,
        at: i64,
        stage: Stage,
        reason: Option<&str>,
        error: Option<&Error>,
    ) -> Result<Swap> {
        let found = self.known(reference, attempt)?;
        let may = Move::of(found.place(), Happening::NotReversed) != Move::Never;
        let Some(reversal) = found.reversal.clone().filter(|_| may) else {
            return Ok(Swap::Lost(Box::new(found)));
        };
        let (reason, fault) = (reason.map(str::to_owned), error.map(Fault::of));
        let noted = Attempt { reversal: Some(Reversal { stage, reason, fault, ..reversal }), ..found };
        let kind = if stage == Stage::Reversing { Kind::ReversalInDoubt } else { Kind::NotReversed };
        self.step(kind, at, None, State::Approved, noted)
    }
}
