//! What the till should do next: one table, so that a till needs none of its own. The actions alone are enough to do right.

use std::cmp::Ordering;

use crate::payment::action::Action;
use crate::payment::attempt::Attempt;
use crate::payment::outcome::{Contradiction, Outcome, ReversalOutcome};
use crate::payment::reason::Reason;
use crate::payment::state::State;
use crate::payment::voice::SaleBalance;
use crate::receipt::Decision;

/// How what was charged compares with what was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum AmountCharged {
    /// The same.
    AsAsked,
    /// More: a tip.
    More,
    /// A part.
    Part,
    /// Nothing, or nobody can read it.
    Unclear,
}

impl AmountCharged {
    /// Of so many minor units, where so many were asked for.
    pub fn of(charged: i64, asked: i64) -> AmountCharged {
        match charged.cmp(&asked) {
            _ if charged <= 0 => AmountCharged::Unclear,
            Ordering::Equal => AmountCharged::AsAsked,
            Ordering::Less => AmountCharged::Part,
            Ordering::Greater => AmountCharged::More,
        }
    }
}

/// What the table of next actions depends on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Situation {
    /// What became of it.
    pub outcome: Outcome,
    /// Why.
    pub reason: Option<Reason>,
    /// Whether the customer must sign.
    pub signature: Decision,
    /// There is a merchant's copy.
    pub has_merchant_receipt: bool,
    /// There is a customer's copy.
    pub has_customer_receipt: bool,
    /// Its receipts were there, and have been removed from the archive.
    pub receipts_pruned: bool,
    /// Start took so long that the customer may have seen something else on the terminal than the till.
    pub took_long: bool,
    /// The contradiction that is open.
    pub contradiction: Option<Contradiction>,
    /// The attempts at the sale were charged more than once the amount, and none of them has been reversed.
    pub is_surplus: bool,
    /// It is for this attempt to say so: its contradiction does, or nobody else.
    pub says_surplus: bool,
    /// It is our own abort that has ended it.
    pub fenced: bool,
    /// What was charged.
    pub amount: AmountCharged,
    /// All attempts at the sale together were charged what was asked for.
    pub is_covered: bool,
    /// What became of its reversal.
    pub reversal: ReversalOutcome,
    /// The first request for its reversal was refused at once, and the payment stands.
    pub reversal_refused: bool,
    /// The cashier was asked to give its money back in another way.
    pub refund_was_asked_for: bool,
    /// Something else needs a person and has not been told.
    pub others_unfinished: bool,
}

/// After start has taken this long, in milliseconds, the customer may have seen something else on the terminal than the
/// till.
const LONG: i64 = 60_000;

/// What there is to print.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Printed {
    /// Whether the customer must sign.
    pub signature: Decision,
    /// There is a merchant's copy.
    pub has_merchant_receipt: bool,
    /// There is a customer's copy.
    pub has_customer_receipt: bool,
    /// Its receipts were there, and have been removed from the archive.
    pub receipts_pruned: bool,
}

impl Attempt {
    /// How what was charged compares with what was asked for. A person who decides that it was paid does not know.
    fn amount(&self) -> AmountCharged {
        match self.amount_charged {
            _ if self.outcome() != Outcome::Approved || self.state == State::Starting => AmountCharged::AsAsked,
            _ if self.amount_unreadable => AmountCharged::Unclear,
            Some(charged) => AmountCharged::of(charged, self.money.minor),
            None => AmountCharged::AsAsked,
        }
    }

    /// What is missing of what was asked for, in minor units, where only a part was charged.
    pub fn amount_due(&self) -> Option<i64> {
        let is_part = self.amount() == AmountCharged::Part;
        self.amount_charged.filter(|_| is_part).map(|charged| self.money.minor - charged)
    }
}

impl Situation {
    /// Of an attempt, with what is known of its sale and of everything else.
    pub fn of(attempt: &Attempt, sale: SaleBalance, printed: Printed, others_unfinished: bool) -> Situation {
        let Printed { signature, has_merchant_receipt, has_customer_receipt, receipts_pruned } = printed;
        let amount = attempt.amount();
        let is_decided = attempt.state == State::Starting && attempt.decision.is_some();
        let speaks = attempt.contradiction() == Some(Contradiction::PaidAfterAll);
        let refund_was_asked_for = attempt.demanded(Action::Refund).is_some();
        let differs = (amount != AmountCharged::AsAsked).then_some(Reason::AmountDiffers);
        Situation {
            outcome: attempt.outcome(),
            reason: attempt.told_reason().filter(|_| !is_decided).or(differs),
            signature,
            has_merchant_receipt,
            has_customer_receipt,
            receipts_pruned,
            took_long: attempt.took.is_some_and(|took| took > LONG),
            contradiction: attempt.contradiction(),
            is_surplus: sale.is_surplus && !sale.was_reversed,
            says_surplus: sale.is_surplus && !sale.was_reversed && (speaks || sale.is_unsaid || refund_was_asked_for),
            fenced: attempt.fenced,
            amount,
            is_covered: sale.is_covered,
            reversal: attempt.reversal_outcome(),
            reversal_refused: attempt.reversal.as_ref().is_some_and(|reversal| reversal.refused),
            refund_was_asked_for,
            others_unfinished,
        }
    }
}

/// What to do next, in this order.
pub fn next_actions(situation: Situation) -> Vec<Action> {
    let rows = match situation.outcome {
        Outcome::Approved => match situation.reversal {
            ReversalOutcome::Unknown | ReversalOutcome::Refused => of_reversal(situation),
            ReversalOutcome::None | ReversalOutcome::Pending | ReversalOutcome::Done => of_approved(situation),
        },
        Outcome::Failed | Outcome::NotStarted | Outcome::Reversed if situation.contradiction.is_some() => {
            of_contradicted(situation)
        }
        Outcome::Failed => of_declined(situation),
        Outcome::NotStarted => of_not_started(situation),
        Outcome::Unknown => vec![Action::LookAtTerminal, Action::AskCashier, Action::RecoverLater],
        Outcome::Reversed => due(&[
            // It may have been given back twice now.
            (situation.refund_was_asked_for, Action::AskCashier),
            (situation.has_customer_receipt, Action::PrintCustomer),
        ]),
        Outcome::Pending => return Vec::new(),
    };
    let mut actions = Vec::with_capacity(rows.len() + 1);
    for action in rows.into_iter().chain(situation.others_unfinished.then_some(Action::CheckUnfinished)) {
        if !actions.contains(&action) {
            actions.push(action);
        }
    }
    actions
}

fn due(rows: &[(bool, Action)]) -> Vec<Action> {
    rows.iter().filter(|(due, _)| *due).map(|(_, action)| *action).collect()
}

fn of_approved(situation: Situation) -> Vec<Action> {
    use Action::*;
    let Situation { reason, signature, has_merchant_receipt, has_customer_receipt, amount, .. } = situation;
    let paid_after_all = situation.contradiction == Some(Contradiction::PaidAfterAll);
    let lacks_receipt = !has_merchant_receipt && !situation.receipts_pruned;
    let is_unclear = amount == AmountCharged::Unclear;
    due(&[
        // Somebody may have been asked to pay again: whether that has happened, the sale says, or the cashier.
        (situation.says_surplus, Refund),
        (paid_after_all && !situation.is_surplus, AskCashier),
        // Only somebody who sees what was booked can say which word of the service's is true.
        (situation.contradiction == Some(Contradiction::UnpaidAfterAll), CallSupport),
        (reason == Some(Reason::JournalFailed), CallSupport),
        (has_merchant_receipt, PrintMerchant),
        (has_merchant_receipt && signature != Decision::NotRequired, TakeSignature),
        (has_customer_receipt, PrintCustomer),
        // Without the merchant's copy nobody knows whether a signature is due; the terminal may show it.
        (lacks_receipt || is_unclear, LookAtTerminal),
        (is_unclear, AskCashier),
        (amount == AmountCharged::Part && !situation.is_covered, CollectRest),
        (lacks_receipt, RecoverLater),
    ])
}

fn of_reversal(situation: Situation) -> Vec<Action> {
    use Action::*;
    let reason = situation.reason;
    let wrong = reason == Some(Reason::WrongPaymentReversed);
    if situation.reversal == ReversalOutcome::Unknown {
        return due(&[(wrong, CallSupport), (true, LookAtTerminal), (true, AskCashier), (true, RecoverLater)]);
    }
    // Where nobody has refused it, it is for the cashier to reverse it again, or to leave it. Money given back besides might
    // be given back twice.
    let is_refused = !wrong && !reason.is_some_and(Reason::is_passing);
    due(&[
        (wrong, CallSupport),
        (is_refused && situation.reversal_refused, Refund),
        (is_refused && !situation.reversal_refused, AskCashier),
    ])
}

fn of_contradicted(situation: Situation) -> Vec<Action> {
    match situation.contradiction {
        // What our own abort has ended, or somebody has reversed, is no reason to ask anybody for money.
        Some(Contradiction::NotPaid) if !situation.fenced && situation.outcome != Outcome::Reversed => {
            vec![Action::Collect]
        }
        Some(Contradiction::NotPaid) => vec![Action::AskCashier],
        _ => vec![Action::CallSupport],
    }
}

fn of_declined(situation: Situation) -> Vec<Action> {
    let timed_out = situation.reason == Some(Reason::TimedOut);
    due(&[
        (situation.took_long || timed_out, Action::LookAtTerminal),
        (situation.has_customer_receipt, Action::PrintCustomer),
        (true, Action::TryAgain),
    ])
}

fn of_not_started(situation: Situation) -> Vec<Action> {
    let is_one_of = |reasons: &[Reason]| situation.reason.is_some_and(|reason| reasons.contains(&reason));
    let ours = [Reason::LoginFailed, Reason::LoginTaken, Reason::JournalFailed, Reason::StateFileOld, Reason::Internal];
    due(&[
        (is_one_of(&[Reason::TerminalBusy]), Action::LookAtTerminal),
        (is_one_of(&[Reason::TerminalBusy, Reason::AlreadyPaid, Reason::StateFileOld]), Action::AskCashier),
        (is_one_of(&ours), Action::CallSupport),
        // Neither until somebody has looked: this sale may be among what the file has forgotten.
        (!is_one_of(&[Reason::AlreadyPaid, Reason::StateFileOld]), Action::TryAgain),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payment::attempt::{Conflict, Decision as Decided, Demand};
    use crate::payment::samples::{approved, declined, in_doubt, reversing};
    use Decision::{NotRequired, Required, Unknown as Silent};

    /// A payment without receipts that is nothing special.
    fn situation(outcome: Outcome, reason: Option<Reason>) -> Situation {
        Situation {
            outcome,
            reason,
            signature: Silent,
            has_merchant_receipt: false,
            has_customer_receipt: false,
            receipts_pruned: false,
            took_long: false,
            contradiction: None,
            is_surplus: false,
            says_surplus: false,
            fenced: false,
            amount: AmountCharged::AsAsked,
            is_covered: false,
            reversal: ReversalOutcome::None,
            reversal_refused: false,
            refund_was_asked_for: false,
            others_unfinished: false,
        }
    }

    fn printed() -> Situation {
        Situation {
            signature: NotRequired,
            has_merchant_receipt: true,
            has_customer_receipt: true,
            ..situation(Outcome::Approved, None)
        }
    }

    fn named(situation: Situation) -> String {
        next_actions(situation).into_iter().map(Action::name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_outcome_says_what_to_do_next() {
        use Outcome::*;
        for (outcome, reason, signature, receipts, took_long, expected) in [
            (Approved, None, Required, true, false, "print_merchant take_signature print_customer"),
            (Approved, None, Silent, true, false, "print_merchant take_signature print_customer"),
            (Approved, None, NotRequired, true, false, "print_merchant print_customer"),
            (Approved, None, Silent, false, false, "look_at_terminal recover_later"),
            (Failed, Some(Reason::Failed), NotRequired, false, false, "try_again"),
            (Failed, Some(Reason::Failed), NotRequired, true, false, "print_customer try_again"),
            (Failed, Some(Reason::Failed), NotRequired, false, true, "look_at_terminal try_again"),
            (Failed, Some(Reason::TimedOut), NotRequired, false, false, "look_at_terminal try_again"),
            (Failed, Some(Reason::Aborted), NotRequired, false, false, "try_again"),
            (NotStarted, Some(Reason::NoConnection), Silent, false, false, "try_again"),
            (NotStarted, Some(Reason::LoginFailed), Silent, false, false, "call_support try_again"),
            (NotStarted, Some(Reason::LoginTaken), Silent, false, false, "call_support try_again"),
            (NotStarted, Some(Reason::Internal), Silent, false, false, "call_support try_again"),
            (NotStarted, Some(Reason::JournalFailed), Silent, false, false, "call_support try_again"),
            (NotStarted, Some(Reason::Abandoned), Silent, false, false, "try_again"),
            (NotStarted, Some(Reason::NeverStarted), Silent, false, false, "try_again"),
            (NotStarted, Some(Reason::TerminalBusy), Silent, false, false, "look_at_terminal ask_cashier try_again"),
            (NotStarted, Some(Reason::AlreadyPaid), Silent, false, false, "ask_cashier"),
            (NotStarted, Some(Reason::StateFileOld), Silent, false, false, "ask_cashier call_support"),
            (
                Approved,
                Some(Reason::JournalFailed),
                NotRequired,
                true,
                false,
                "call_support print_merchant print_customer",
            ),
            (Unknown, Some(Reason::ConnectionLost), Silent, false, true, "look_at_terminal ask_cashier recover_later"),
            (Reversed, None, Silent, true, false, "print_customer"),
            (Pending, None, Silent, false, false, ""),
        ] {
            let usual = situation(outcome, reason);
            let case = Situation {
                signature,
                has_merchant_receipt: receipts,
                has_customer_receipt: receipts,
                took_long,
                ..usual
            };
            assert_eq!(named(case), expected, "{outcome:?} {reason:?}");
        }
        let pruned = Situation { receipts_pruned: true, ..situation(Outcome::Approved, None) };
        assert_eq!(named(pruned), "", "what was removed on purpose comes no more");
    }

    #[test]
    fn what_was_charged_is_compared_with_what_was_asked_for() {
        for (charged, expected) in [
            (-1, AmountCharged::Unclear),
            (0, AmountCharged::Unclear),
            (1, AmountCharged::Part),
            (99, AmountCharged::Part),
            (100, AmountCharged::AsAsked),
            (101, AmountCharged::More),
        ] {
            assert_eq!(AmountCharged::of(charged, 100), expected, "{charged}");
        }
    }

    #[test]
    fn an_attempt_makes_its_situation() {
        let nothing = Printed {
            signature: Silent,
            has_merchant_receipt: false,
            has_customer_receipt: false,
            receipts_pruned: false,
        };
        let of = |attempt: &Attempt| Situation::of(attempt, SaleBalance::default(), nothing, false);
        let paid = |charged| Attempt { amount_charged: charged, ..approved() };
        for (charged, amount, due) in [
            (Some(100), AmountCharged::AsAsked, None),
            (Some(40), AmountCharged::Part, Some(60)),
            (Some(120), AmountCharged::More, None),
            (Some(0), AmountCharged::Unclear, None),
            (None, AmountCharged::AsAsked, None),
        ] {
            assert_eq!((of(&paid(charged)).amount, paid(charged).amount_due()), (amount, due), "{charged:?}");
            let reason = (amount != AmountCharged::AsAsked).then_some(Reason::AmountDiffers);
            assert_eq!(of(&paid(charged)).reason, reason, "{charged:?}");
        }
        let (operator, why) = ("Anna".to_owned(), "seen".to_owned());
        let decision = Decided { paid: true, operator, reason: why, slip_number: None, decided_at: 0, decided_till: 0 };
        let noted = Some(Reason::ConnectionLost.name().to_owned());
        let decided = Attempt { decision: Some(decision), reason: noted.clone(), ..in_doubt() };
        assert_eq!(of(&decided).reason, None, "a person has decided");
        let open = Attempt { reason: noted, ..in_doubt() };
        assert_eq!(of(&open).reason, Some(Reason::ConnectionLost));
        let agreed = Attempt { state: State::Declined, reason: Some("failed".into()), ..decided };
        assert_eq!(of(&agreed).reason, Some(Reason::Failed), "the service's word has come");
        let unreadable = Attempt { amount_unreadable: true, ..paid(None) };
        assert_eq!(of(&unreadable).amount, AmountCharged::Unclear);
        let failed = Attempt { amount_charged: Some(40), took: Some(LONG + 1), ..declined() };
        assert_eq!((of(&failed).amount, of(&failed).took_long), (AmountCharged::AsAsked, true));
        assert!(!of(&Attempt { took: Some(LONG), ..declined() }).took_long);
        for (is_surplus, was_reversed) in [(false, false), (true, false), (true, true)] {
            for is_unsaid in [false, true] {
                let sale = SaleBalance { is_surplus, was_reversed, is_unsaid, ..SaleBalance::default() };
                let situation = Situation::of(&approved(), sale, nothing, true);
                assert_eq!(situation.is_surplus, is_surplus && !was_reversed);
                assert_eq!(situation.says_surplus, is_surplus && !was_reversed && is_unsaid);
                assert!(situation.others_unfinished);
            }
        }
        let refund = Demand { action: Action::Refund, at: 0 };
        let asked = Attempt { demands: vec![refund], ..approved() };
        assert!(of(&asked).refund_was_asked_for);
        let surplus = SaleBalance { is_surplus: true, ..SaleBalance::default() };
        assert!(Situation::of(&asked, surplus, nothing, false).says_surplus, "who has said it says when");
        let conflict = Conflict {
            state: State::Approved,
            noticed_at: 0,
            response: None,
            acknowledged_at: None,
            of_reversal: false,
        };
        let speaks = Attempt { conflict: Some(conflict), ..declined() };
        assert!(Situation::of(&speaks, surplus, nothing, false).says_surplus, "its contradiction says it");
        assert!(!of(&reversing()).reversal_refused && of(&reversing()).reversal == ReversalOutcome::Unknown);
    }

    #[test]
    fn a_part_is_not_the_whole_and_what_nobody_can_read_is_looked_at() {
        for (amount, expected) in [
            (AmountCharged::AsAsked, "print_merchant print_customer"),
            (AmountCharged::More, "print_merchant print_customer"),
            (AmountCharged::Part, "print_merchant print_customer collect_rest"),
            (AmountCharged::Unclear, "print_merchant print_customer look_at_terminal ask_cashier"),
        ] {
            assert_eq!(named(Situation { amount, ..printed() }), expected, "{amount:?}");
        }
    }

    #[test]
    fn the_rest_of_a_sale_that_is_covered_otherwise_is_not_collected() {
        let part = Situation { amount: AmountCharged::Part, is_covered: true, ..printed() };
        assert_eq!(named(part), "print_merchant print_customer");
        let covered = SaleBalance { is_covered: true, ..SaleBalance::default() };
        let nothing = Printed {
            signature: Silent,
            has_merchant_receipt: false,
            has_customer_receipt: false,
            receipts_pruned: false,
        };
        assert!(Situation::of(&approved(), covered, nothing, false).is_covered);
    }

    #[test]
    fn what_contradicts_is_made_good_first_and_only_a_surplus_is_given_back() {
        let contradicted = |contradiction| Situation { contradiction: Some(contradiction), ..printed() };
        let paid = contradicted(Contradiction::PaidAfterAll);
        assert_eq!(named(paid), "ask_cashier print_merchant print_customer");
        let surplus = |of| Situation { is_surplus: true, ..of };
        let says = |of| Situation { says_surplus: true, ..surplus(of) };
        assert_eq!(named(says(paid)), "refund print_merchant print_customer");
        assert_eq!(named(says(printed())), "refund print_merchant print_customer");
        assert_eq!(named(surplus(printed())), "print_merchant print_customer", "another attempt says so");
        let unpaid = contradicted(Contradiction::UnpaidAfterAll);
        assert_eq!(named(surplus(unpaid)), "call_support print_merchant print_customer");
        for outcome in [Outcome::Failed, Outcome::NotStarted, Outcome::Reversed] {
            let not_paid = Situation { outcome, ..contradicted(Contradiction::NotPaid) };
            // What somebody has reversed at the terminal went back on purpose.
            let expected = if outcome == Outcome::Reversed { "ask_cashier" } else { "collect" };
            assert_eq!(named(not_paid), expected, "{outcome:?}");
            assert_eq!(named(Situation { fenced: true, ..not_paid }), "ask_cashier", "{outcome:?}");
            let reversed = Situation { outcome, ..contradicted(Contradiction::ReversedAfterAll) };
            assert_eq!(named(reversed), "call_support", "{outcome:?}");
        }
    }

    #[test]
    fn a_reversal_that_is_not_done_says_what_to_do() {
        let wrong = Some(Reason::WrongPaymentReversed);
        for (reversal, refused, reason, expected) in [
            (ReversalOutcome::Unknown, false, None, "look_at_terminal ask_cashier recover_later"),
            (ReversalOutcome::Unknown, false, wrong, "call_support look_at_terminal ask_cashier recover_later"),
            (ReversalOutcome::Refused, true, None, "refund"),
            (ReversalOutcome::Refused, false, None, "ask_cashier"),
            (ReversalOutcome::Refused, false, Some(Reason::NoConnection), ""),
            (ReversalOutcome::Refused, false, Some(Reason::TerminalBusy), ""),
            (ReversalOutcome::Refused, true, wrong, "call_support"),
        ] {
            let case = Situation { reversal, reversal_refused: refused, ..situation(Outcome::Approved, reason) };
            assert_eq!(named(case), expected, "{reversal:?} {reason:?}");
        }
    }

    #[test]
    fn what_is_reversed_after_its_refund_was_asked_for_is_looked_into() {
        let reversed = Situation { refund_was_asked_for: true, ..situation(Outcome::Reversed, None) };
        assert_eq!(named(reversed), "ask_cashier");
    }

    #[test]
    fn what_else_needs_a_person_is_said_with_everything_that_is_final() {
        for outcome in [Outcome::Approved, Outcome::Failed, Outcome::NotStarted, Outcome::Unknown, Outcome::Reversed] {
            let case = Situation { others_unfinished: true, ..situation(outcome, None) };
            assert_eq!(next_actions(case).last(), Some(&Action::CheckUnfinished), "{outcome:?}");
        }
    }
}
