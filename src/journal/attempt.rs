//! One attempt to take a payment, as it stands on disk: the image that each of its events carries whole.

use serde::{Deserialize, Serialize};

use crate::journal::reversing::{Reversal, Stage};
use crate::journal::state::State;
use crate::journal::steps::Finish;
use crate::money::Money;

/// One attempt to take a payment. Times are Unix milliseconds, UTC.
///
/// Fields may be added, never removed or renamed: an older version reads what it knows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attempt {
    /// The till's number for the sale.
    pub reference: String,
    /// Which try this is.
    pub attempt: i32,
    /// What the till asked for.
    #[serde(with = "money_on_disk")]
    pub money: Money,
    /// The server's id for it; none if it was refused before there was one.
    pub transaction_id: Option<String>,
    /// Where the server's word has left it.
    pub state: State,
    /// When `pay` was called.
    pub created_at: i64,
    /// Who confirmed that it is no duplicate, where that was asked.
    pub confirmed_by: Option<String>,
    /// When start became possible: the time of the synced write.
    pub starting_at: Option<i64>,
    /// The server's clock in its answer before start.
    pub server_date: Option<i64>,
    /// From when on it may be fenced. Stored once, never restarted.
    pub grace_deadline: Option<i64>,
    /// How many starts may have been sent.
    pub starts: i32,
    /// Why it stands where it stands, in the flow's word.
    pub reason: Option<String>,
    /// The server's own word for where it stands.
    pub status_text: Option<String>,
    /// When it became final.
    pub finished_at: Option<i64>,
    /// Whether it became final through the fence, and not through the server's own final word.
    pub fenced: bool,
    /// What was charged, in minor units.
    pub amount_charged: Option<i64>,
    /// The terminal's number for it.
    pub receipt_number: Option<i64>,
    /// How long start took, in milliseconds.
    pub took: Option<i64>,
    /// The event whose response made it final; see [`response`](crate::journal::Journal::response).
    pub response: Option<i64>,
    /// What a person has decided while it was in doubt.
    pub decision: Option<Decision>,
    /// What the server said that cannot be true together with the above.
    pub conflict: Option<Conflict>,
    /// When the till took over its result.
    pub acknowledged_at: Option<i64>,
    /// Its reversal, if one was ever begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reversal: Option<Reversal>,
}

/// What a person has decided about a payment in doubt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Decision {
    /// Whether the customer has paid.
    pub paid: bool,
    /// Who decided.
    pub operator: String,
    /// Why.
    pub reason: String,
    /// The number on the terminal's slip, if there is one.
    pub slip_number: Option<i64>,
    /// When.
    pub decided_at: i64,
}

/// The server has said what contradicts the stored result. Somebody has to refund or to collect.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Conflict {
    /// What the server says now.
    pub state: State,
    /// When it was noticed.
    pub noticed_at: i64,
    /// The event that holds the server's response.
    pub response: Option<i64>,
    /// When the till took it over.
    pub acknowledged_at: Option<i64>,
}

impl Attempt {
    /// One of which no more is known than this.
    pub(crate) fn new(reference: &str, attempt: i32, money: Money, state: State, created_at: i64) -> Self {
        Attempt {
            reference: reference.to_owned(),
            attempt,
            money,
            transaction_id: None,
            state,
            created_at,
            confirmed_by: None,
            starting_at: None,
            server_date: None,
            grace_deadline: None,
            starts: 0,
            reason: None,
            status_text: None,
            finished_at: None,
            fenced: false,
            amount_charged: None,
            receipt_number: None,
            took: None,
            response: None,
            decision: None,
            conflict: None,
            acknowledged_at: None,
            reversal: None,
        }
    }

    /// The same attempt after it became final, by the response of that event.
    pub(crate) fn finished(self, finish: &Finish<'_>, response: Option<i64>) -> Self {
        let from = self.state;
        Attempt {
            state: finish.state,
            fenced: finish.fenced,
            finished_at: Some(finish.at),
            reason: finish.reason.map(str::to_owned),
            status_text: finish.status_text.map(str::to_owned).or(self.status_text),
            amount_charged: finish.amount_charged.or(self.amount_charged),
            receipt_number: finish.receipt_number.or(self.receipt_number),
            took: finish.took.or(self.took),
            response: response.or(self.response),
            // What was taken over as paid and is now reversed has to be taken over again.
            acknowledged_at: self.acknowledged_at.filter(|_| from == State::Starting),
            ..self
        }
    }

    /// Whether nobody knows if money has moved, neither the server nor a person.
    pub fn in_doubt(&self) -> bool {
        self.standing() == State::Starting
    }

    /// Whether the server took it for paid, and has said since that it was not.
    pub(crate) fn is_unpaid_after_all(&self) -> bool {
        let conflict = self.conflict.as_ref().filter(|_| self.state == State::Approved);
        conflict.is_some_and(|conflict| conflict.state != State::Approved)
    }

    /// What the till is told: the server's word, and where that is missing a person's.
    pub fn standing(&self) -> State {
        match (&self.decision, self.state) {
            (Some(Decision { paid: true, .. }), State::Starting) => State::Approved,
            (Some(Decision { paid: false, .. }), State::Starting) => State::NotStarted,
            (_, state) => state,
        }
    }

    /// Whether another attempt at the same sale would charge the customer twice, for all that anybody has said.
    pub fn forbids_another(&self) -> bool {
        let paid_after_all = self.conflict.as_ref().is_some_and(|conflict| conflict.state == State::Approved);
        paid_after_all || !self.standing().may_be_tried_again()
    }

    /// Whether nobody knows if it is reversed: a reversal may have been sent.
    pub fn is_reversing(&self) -> bool {
        self.state == State::Approved
            && self.reversal.as_ref().is_some_and(|reversal| reversal.stage == Stage::Reversing)
    }

    /// From when on the server is asked about it: its beginning, or that of its reversal.
    pub fn asked_about_from(&self) -> i64 {
        match &self.reversal {
            Some(reversal) if self.is_reversing() => reversal.begun_at,
            _ => self.created_at,
        }
    }

    /// Whether the till has to do something about it: it or its reversal is in doubt, or it is paid or reversed and not
    /// taken over, or in conflict.
    pub fn is_unfinished(&self) -> bool {
        let open_conflict = self.conflict.as_ref().is_some_and(|conflict| conflict.acknowledged_at.is_none());
        open_conflict
            || self.is_reversing()
            || match self.standing() {
                State::Starting => true,
                State::Approved | State::Reversed => self.acknowledged_at.is_none(),
                State::Declined | State::NotStarted => false,
            }
    }

    /// Whether the server has not yet said its own final word, so that reading goes on.
    pub fn is_unproven(&self) -> bool {
        self.conflict.is_none() && (self.state == State::Starting || self.fenced || self.is_reversing())
    }
}

/// Money as `{"minor": 1, "currency": "EUR"}`.
mod money_on_disk {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    use crate::money::Money;

    #[derive(Serialize, Deserialize)]
    struct OnDisk {
        minor: i64,
        currency: String,
    }

    pub(super) fn serialize<S: Serializer>(money: &Money, serializer: S) -> Result<S::Ok, S::Error> {
        OnDisk { minor: money.minor, currency: money.currency.code().to_owned() }.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        let OnDisk { minor, currency } = OnDisk::deserialize(deserializer)?;
        Ok(Money { minor, currency: currency.parse().map_err(D::Error::custom)? })
    }
}
