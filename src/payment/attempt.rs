//! One attempt to take a payment, as it stands on disk: the image that each of its events carries whole.

use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::payment::action::Action;
use crate::payment::reason::Reason;
use crate::payment::reversal_record::{Reversal, ReversalDecision, Stage};
use crate::payment::state::{Standing, State};
use crate::payment::trigger::Trigger;

/// One attempt to take a payment. Times named `…_at` are Unix milliseconds, UTC, for the records; those named `…_till` are
/// milliseconds of till time, which nobody can set, and by which everything is decided.
///
/// Fields may be added, never removed or renamed: an older version reads what it knows.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
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
    /// The same in till time; of what was never started, when that was stored.
    #[serde(default)]
    pub begun_till: i64,
    /// The server's clock in its answer before start.
    pub server_date: Option<i64>,
    /// For how long start may still reach the terminal, in milliseconds of till time. Stored once, never restarted.
    #[serde(default)]
    pub grace: Option<i64>,
    /// The `X-Action` of its start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Start was refused so soon that it may never have reached the terminal.
    #[serde(default)]
    pub refused: bool,
    /// Our abort may have been sent: that the service calls it aborted may be our own doing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub abort_sent: bool,
    /// Why it stands where it stands, by the name of a [`Reason`].
    pub reason: Option<String>,
    /// The server's own word for where it stands.
    pub status_text: Option<String>,
    /// Since when, in till time, that word has been read unchanged after the connection of its start had ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word_since_till: Option<i64>,
    /// When it became final.
    pub finished_at: Option<i64>,
    /// The same in till time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_till: Option<i64>,
    /// Whether start itself said how it ended.
    #[serde(default)]
    pub said_by_start: bool,
    /// Whether it became final through our abort, and not through the server's own final word.
    pub fenced: bool,
    /// Whether the server has said the same again, so much later that it is not asked any more.
    #[serde(default)]
    pub proven: bool,
    /// What was charged, in minor units.
    pub amount_charged: Option<i64>,
    /// The server said an amount that cannot be read.
    #[serde(default)]
    pub amount_unreadable: bool,
    /// The terminal's number for it.
    pub receipt_number: Option<i64>,
    /// The terminal that took it, by the server's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal: Option<String>,
    /// How long start took, in milliseconds.
    pub took: Option<i64>,
    /// The event whose response made it final; see [`response`](crate::journal::Journal::response).
    pub response: Option<i64>,
    /// Which copies of the receipt that response has.
    #[serde(default)]
    pub copies: Copies,
    /// The card's brand as they print it, where they name one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// What a person has decided while it was in doubt.
    pub decision: Option<Decision>,
    /// What the server said that cannot be true together with the above.
    pub conflict: Option<Conflict>,
    /// When the till took over its result.
    pub acknowledged_at: Option<i64>,
    /// What the till took over with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_over: Option<TakenOver>,
    /// What was told of it last, where the process that was told may be another one than the one that takes it over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Told>,
    /// What was asked for once, and is not asked for again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub demands: Vec<Demand>,
    /// Its reversal, if one was ever begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reversal: Option<Reversal>,
}

/// Which copies of a receipt there are.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Copies {
    /// The merchant's.
    pub merchant: bool,
    /// The customer's.
    pub customer: bool,
}

impl Copies {
    /// Whether there is one here that `others` lack.
    pub fn has_more_than(self, others: Copies) -> bool {
        self.merchant && !others.merchant || self.customer && !others.customer
    }
}

/// What a person has decided about a payment in doubt.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
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
    /// The same in till time.
    #[serde(default)]
    pub decided_till: i64,
}

/// The server has said what contradicts the stored result. A person has to see to it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Conflict {
    /// What the server says now.
    pub state: State,
    /// When it was noticed.
    pub noticed_at: i64,
    /// The event that holds the server's response.
    pub response: Option<i64>,
    /// When the till took it over.
    pub acknowledged_at: Option<i64>,
    /// It contradicts what a person said of a reversal.
    #[serde(default)]
    pub of_reversal: bool,
}

/// What the till knew of an attempt when it took over its result.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct TakenOver {
    /// What the server had said in contradiction to itself or a person, if it had.
    pub conflict: Option<State>,
    /// Which copies of the receipt it had.
    pub copies: Copies,
}

/// What a till was told of an attempt, and so what it takes over when it acknowledges that.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Told {
    /// Where it stood.
    pub state: Option<State>,
    /// Whether its reversal was in doubt.
    #[serde(default)]
    pub reversing: bool,
    /// What came with it.
    pub with: TakenOver,
}

/// What the till was asked to do with money. Said once: whoever is asked twice pays twice.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Demand {
    /// What.
    pub action: Action,
    /// When it was said.
    pub at: i64,
}

/// How an attempt became final, or what the server says of one that already is.
#[derive(Clone, Copy, Debug)]
pub struct Finish<'a> {
    /// Where it stands now; never [`State::Starting`].
    pub state: State,
    /// Now.
    pub at: i64,
    /// Now, in till time.
    pub till: i64,
    /// Whether start itself said so.
    pub said_by_start: bool,
    /// Whether this is what our abort has brought about, and not the server's own final word.
    pub fenced: bool,
    /// Why.
    pub reason: Option<Reason>,
    /// The server's own word.
    pub status_text: Option<&'a str>,
    /// What was charged, in minor units.
    pub amount_charged: Option<i64>,
    /// The server said an amount that cannot be read.
    pub amount_unreadable: bool,
    /// The terminal's number for it.
    pub receipt_number: Option<i64>,
    /// The terminal that took it.
    pub terminal: Option<&'a str>,
    /// Which copies of the receipt there are.
    pub copies: Copies,
    /// The card's brand as they print it.
    pub brand: Option<&'a str>,
    /// How long start took, in milliseconds.
    pub took: Option<i64>,
    /// The server's whole answer, as received.
    pub response: Option<&'a [u8]>,
}

impl Finish<'_> {
    /// What it is for the table of transitions.
    pub fn trigger(&self) -> Trigger {
        match self.state {
            State::Starting => Trigger::NothingFinal,
            State::Approved => Trigger::Paid,
            State::Declined => Trigger::NotPaid,
            State::Reversed => Trigger::Cancelled,
            State::NotStarted if self.fenced => Trigger::AbortTook,
            State::NotStarted => Trigger::NeverSent,
        }
    }
}

impl Attempt {
    /// An attempt about which nothing else is known.
    pub fn new(reference: &str, attempt: i32, money: Money, state: State, created_at: i64) -> Self {
        Attempt {
            reference: reference.to_owned(),
            attempt,
            money,
            transaction_id: None,
            state,
            created_at,
            confirmed_by: None,
            starting_at: None,
            begun_till: 0,
            server_date: None,
            grace: None,
            action: None,
            refused: false,
            abort_sent: false,
            reason: None,
            status_text: None,
            word_since_till: None,
            finished_at: None,
            finished_till: None,
            said_by_start: false,
            fenced: false,
            proven: false,
            amount_charged: None,
            amount_unreadable: false,
            receipt_number: None,
            terminal: None,
            took: None,
            response: None,
            copies: Copies::default(),
            brand: None,
            decision: None,
            conflict: None,
            acknowledged_at: None,
            taken_over: None,
            told: None,
            demands: Vec::new(),
            reversal: None,
        }
    }

    /// Where it stands.
    pub fn standing(&self) -> Standing {
        match (self.state, &self.decision) {
            (State::Starting, None) => Standing::InDoubt,
            (State::Starting, Some(Decision { paid: true, .. })) => Standing::DecidedPaid,
            (State::Starting, Some(Decision { paid: false, .. })) => Standing::DecidedNotPaid,
            (State::Approved, _) => match &self.reversal {
                Some(Reversal { stage: Stage::Reversing, decision: None, .. }) => Standing::Reversing,
                Some(Reversal { decision: Some(ReversalDecision { reversed: true, .. }), .. }) => {
                    Standing::DecidedReversed
                }
                Some(Reversal { decision: Some(_), .. } | Reversal { refused: true, .. }) => Standing::NotReversed,
                Some(_) | None => Standing::Approved,
            },
            (State::Declined, _) => Standing::Declined,
            (State::NotStarted, _) if self.fenced => Standing::Fenced,
            (State::NotStarted, _) => Standing::NotStarted,
            (State::Reversed, _) => Standing::Reversed,
        }
    }

    /// Its name.
    pub fn key(&self) -> (String, i32) {
        (self.reference.clone(), self.attempt)
    }

    /// Why it stands where it stands.
    pub fn why(&self) -> Option<Reason> {
        self.reason.as_deref().and_then(Reason::named)
    }

    /// The same attempt after it became final, by the response of that event.
    pub fn finished(self, finish: &Finish<'_>, response: Option<i64>) -> Self {
        let from = self.state;
        Attempt {
            state: finish.state,
            fenced: finish.fenced,
            said_by_start: finish.said_by_start,
            proven: false,
            finished_at: Some(finish.at),
            finished_till: Some(finish.till),
            reason: finish.reason.map(|reason| reason.name().to_owned()),
            status_text: finish.status_text.map(str::to_owned).or(self.status_text),
            amount_charged: finish.amount_charged.or(self.amount_charged),
            amount_unreadable: finish.amount_unreadable,
            receipt_number: finish.receipt_number.or(self.receipt_number),
            terminal: finish.terminal.map(str::to_owned).or(self.terminal),
            took: finish.took.or(self.took),
            response: response.or(self.response),
            copies: if response.is_some() { finish.copies } else { self.copies },
            brand: finish.brand.map(str::to_owned).or(self.brand),
            // What was taken over as paid and is now reversed has to be taken over again.
            acknowledged_at: self.acknowledged_at.filter(|_| from == State::Starting),
            ..self
        }
    }

    /// Whether nobody knows if money has moved, neither the server nor a person.
    pub fn in_doubt(&self) -> bool {
        self.standing() == Standing::InDoubt
    }

    /// Whether the server took it for paid, and has said since that it was not.
    pub fn is_unpaid_after_all(&self) -> bool {
        let conflict = self.conflict.as_ref().filter(|_| self.state == State::Approved);
        conflict.is_some_and(|conflict| conflict.state != State::Approved)
    }

    /// Whether it was taken for not paid, and was paid.
    pub fn is_paid_after_all(&self) -> bool {
        self.conflict.as_ref().is_some_and(|conflict| conflict.state == State::Approved)
    }

    /// Whether there is a contradiction that nobody has taken over.
    pub fn has_open_conflict(&self) -> bool {
        self.conflict.as_ref().is_some_and(|conflict| conflict.acknowledged_at.is_none())
    }

    /// Whether money has moved and has not come back, for all that the server says.
    pub fn took_money(&self) -> bool {
        self.is_paid_after_all() && self.state != State::Reversed || self.state == State::Approved
    }

    /// What it has charged and not given back, in minor units: what was asked for, where nobody knows better.
    pub fn charge(&self) -> i64 {
        match self.standing() {
            Standing::DecidedReversed => 0,
            _ if self.took_money() && !self.is_unpaid_after_all() => self.amount_charged.unwrap_or(self.money.minor),
            _ => 0,
        }
    }

    /// Whether another attempt at the same sale would charge the customer twice, for all that anybody has said.
    pub fn forbids_another(&self) -> bool {
        let may = matches!(
            self.standing(),
            Standing::Declined | Standing::NotStarted | Standing::Fenced | Standing::DecidedNotPaid
        );
        self.is_paid_after_all() || !may
    }

    /// Whether a reversal may have been sent and nobody knows what became of it, whatever a person has said about it.
    pub fn is_reversing(&self) -> bool {
        let reversing = |reversal: &Reversal| reversal.stage == Stage::Reversing;
        self.state == State::Approved && self.reversal.as_ref().is_some_and(reversing)
    }

    /// Whether the till has to do something about it: it or its reversal is in doubt, it is paid or reversed and not taken
    /// over, something has come since it was, or it is in conflict.
    pub fn is_unfinished(&self) -> bool {
        let came_later = self.acknowledged_at.is_some()
            && self.taken_over.is_some_and(|taken| self.copies.has_more_than(taken.copies));
        self.has_open_conflict()
            || match self.standing() {
                Standing::InDoubt | Standing::Reversing => true,
                Standing::DecidedPaid
                | Standing::Approved
                | Standing::DecidedReversed
                | Standing::NotReversed
                | Standing::Reversed => self.acknowledged_at.is_none() || came_later,
                Standing::DecidedNotPaid | Standing::Declined | Standing::NotStarted | Standing::Fenced => {
                    self.is_paid_after_all() && came_later
                }
                Standing::New => false,
            }
    }

    /// Whether a person has to see to it: it or its reversal is in doubt, or something contradicts.
    pub fn needs_a_person(&self) -> bool {
        self.has_open_conflict() || matches!(self.standing(), Standing::InDoubt | Standing::Reversing)
    }

    /// Whether the server is asked about it again: what it has not said its own final word on, what failed and was not
    /// proven by a second word much later, what was paid without receipts, and a reversal that may have been sent. Only that
    /// it was paid is believed at once: that it was not may be said by a read that lags, also of what a person calls paid.
    pub fn is_unproven(&self) -> bool {
        let lacks_receipts = !self.copies.merchant && self.transaction_id.is_some();
        match self.state {
            State::Declined | State::NotStarted if self.is_paid_after_all() => lacks_receipts,
            State::Starting => true,
            State::Declined => !self.proven,
            State::NotStarted => self.fenced,
            State::Approved => lacks_receipts || self.reversal.as_ref().is_some_and(|reversal| reversal.was_sent),
            State::Reversed => false,
        }
    }

    /// Whether this was asked for before, and when.
    pub fn demanded(&self, action: Action) -> Option<i64> {
        self.demands.iter().find(|demand| demand.action == action).map(|demand| demand.at)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payment::reversal_record::ReversalDecision;
    use crate::payment::samples::{approved, declined, in_doubt, reversing};

    fn finish(state: State) -> Finish<'static> {
        Finish {
            state,
            at: 5,
            till: 6,
            said_by_start: true,
            fenced: true,
            reason: Some(Reason::Failed),
            status_text: Some("failed"),
            amount_charged: Some(70),
            amount_unreadable: true,
            receipt_number: Some(3),
            terminal: Some("T"),
            copies: Copies { merchant: true, customer: false },
            brand: Some("VISA"),
            took: Some(8),
            response: None,
        }
    }

    fn contradicted(attempt: Attempt, state: State) -> Attempt {
        let conflict = Conflict { state, noticed_at: 0, response: None, acknowledged_at: None, of_reversal: false };
        Attempt { conflict: Some(conflict), ..attempt }
    }

    fn decided_reversed() -> Attempt {
        let attempt = reversing();
        let (operator, reason) = ("Anna".to_owned(), "seen".to_owned());
        let decision = ReversalDecision { reversed: true, operator, reason, decided_at: 0, decided_till: 0 };
        let reversal = attempt.reversal.clone().map(|reversal| Reversal { decision: Some(decision), ..reversal });
        Attempt { reversal, ..attempt }
    }

    #[test]
    fn it_is_named_by_its_sale_and_its_number() {
        assert_eq!(Attempt { attempt: 2, ..in_doubt() }.key(), ("r1".to_owned(), 2));
    }

    #[test]
    fn a_result_says_all_that_is_known_of_it() {
        let before = Attempt {
            proven: true,
            acknowledged_at: Some(1),
            status_text: Some("created".into()),
            amount_charged: Some(1),
            took: Some(2),
            brand: Some("girocard".into()),
            ..in_doubt()
        };
        let after = before.clone().finished(&finish(State::Declined), Some(9));
        assert_eq!((after.state, after.finished_at, after.finished_till), (State::Declined, Some(5), Some(6)));
        assert!(after.said_by_start && after.fenced && after.amount_unreadable && !after.proven);
        assert_eq!((after.why(), after.status_text.as_deref()), (Some(Reason::Failed), Some("failed")));
        assert_eq!((after.amount_charged, after.took, after.response), (Some(70), Some(8), Some(9)));
        assert_eq!((after.receipt_number, after.terminal.as_deref()), (Some(3), Some("T")));
        assert_eq!(after.brand.as_deref(), Some("VISA"));
        assert_eq!((after.copies.merchant, after.acknowledged_at), (true, Some(1)), "a person's word was taken over");
        let silent = Finish {
            status_text: None,
            amount_charged: None,
            receipt_number: None,
            terminal: None,
            brand: None,
            took: None,
            ..finish(State::Declined)
        };
        let kept = before.finished(&silent, None);
        assert_eq!((kept.status_text.as_deref(), kept.amount_charged, kept.took), (Some("created"), Some(1), Some(2)));
        assert_eq!(kept.brand.as_deref(), Some("girocard"));
        assert_eq!(kept.copies, Copies::default(), "without its answer there is nothing to print");
        let taken_over = Attempt { acknowledged_at: Some(1), ..approved() };
        let reversed = taken_over.finished(&finish(State::Reversed), None);
        assert_eq!(reversed.acknowledged_at, None, "it has to be taken over again");
    }

    #[test]
    fn a_result_is_a_trigger() {
        for (state, fenced, expected) in [
            (State::Starting, false, Trigger::NothingFinal),
            (State::Approved, false, Trigger::Paid),
            (State::Declined, false, Trigger::NotPaid),
            (State::Declined, true, Trigger::NotPaid),
            (State::Reversed, false, Trigger::Cancelled),
            (State::NotStarted, false, Trigger::NeverSent),
            (State::NotStarted, true, Trigger::AbortTook),
        ] {
            assert_eq!(Finish { fenced, ..finish(state) }.trigger(), expected, "{state:?} {fenced}");
        }
    }

    #[test]
    fn either_copy_that_was_missing_is_more() {
        let copies = |merchant, customer| Copies { merchant, customer };
        for (has, had, expected) in [
            (copies(true, false), copies(false, false), true),
            (copies(false, true), copies(false, false), true),
            (copies(true, true), copies(true, false), true),
            (copies(true, true), copies(true, true), false),
            (copies(false, false), copies(true, true), false),
        ] {
            assert_eq!(has.has_more_than(had), expected, "{has:?} {had:?}");
        }
    }

    #[test]
    fn money_is_where_the_service_says_that_it_is() {
        let part = Attempt { amount_charged: Some(40), ..approved() };
        let reversed = |attempt| Attempt { state: State::Reversed, ..attempt };
        for (case, attempt, took, charge) in [
            ("in doubt", in_doubt(), false, 0),
            ("paid", approved(), true, 100),
            ("a part", part, true, 40),
            ("failed", declined(), false, 0),
            ("being reversed", reversing(), true, 100),
            ("a person says reversed", decided_reversed(), true, 0),
            ("reversed", reversed(approved()), false, 0),
            ("paid after all", contradicted(declined(), State::Approved), true, 100),
            ("reversed, and said to be paid", contradicted(reversed(approved()), State::Approved), false, 0),
            ("unpaid after all", contradicted(approved(), State::Declined), true, 0),
        ] {
            assert_eq!((attempt.took_money(), attempt.charge()), (took, charge), "{case}");
        }
    }

    #[test]
    fn a_reversal_is_open_only_of_what_was_paid() {
        assert!(reversing().is_reversing() && decided_reversed().is_reversing());
        assert!(!approved().is_reversing());
        assert!(!Attempt { state: State::Reversed, ..reversing() }.is_reversing());
    }

    #[test]
    fn a_person_is_needed_for_what_is_in_doubt_or_contradicts() {
        for (attempt, expected) in [
            (in_doubt(), true),
            (reversing(), true),
            (contradicted(approved(), State::Declined), true),
            (approved(), false),
            (declined(), false),
            (decided_reversed(), false),
        ] {
            assert_eq!(attempt.needs_a_person(), expected, "{attempt:?}");
        }
    }

    #[test]
    fn what_was_never_sent_stands_elsewhere_than_what_our_abort_has_ended() {
        for (fenced, expected) in [(false, Standing::NotStarted), (true, Standing::Fenced)] {
            assert_eq!(Attempt { state: State::NotStarted, fenced, ..in_doubt() }.standing(), expected);
        }
    }

    #[test]
    fn what_may_change_is_asked_about() {
        let fenced = Attempt { state: State::NotStarted, fenced: true, ..in_doubt() };
        let bare = Attempt { copies: Copies::default(), ..approved() };
        for (case, attempt, expected) in [
            ("in doubt", in_doubt(), true),
            ("failed", declined(), true),
            ("failed, and proven", Attempt { proven: true, ..declined() }, false),
            ("ended by our abort", fenced.clone(), true),
            ("never sent", Attempt { fenced: false, ..fenced }, false),
            ("paid", approved(), false),
            ("paid without receipts", bare.clone(), true),
            ("paid by a transaction that nobody knows", Attempt { transaction_id: None, ..bare }, false),
            ("being reversed", reversing(), true),
            ("reversed", Attempt { state: State::Reversed, ..approved() }, false),
            ("paid after all, without receipts", contradicted(declined(), State::Approved), true),
            (
                "paid after all",
                Attempt { copies: approved().copies, ..contradicted(declined(), State::Approved) },
                false,
            ),
            ("not paid, of what a person calls paid", contradicted(declined(), State::Declined), true),
        ] {
            assert_eq!(attempt.is_unproven(), expected, "{case}");
        }
    }
}
