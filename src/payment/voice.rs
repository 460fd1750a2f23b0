//! A sale speaks with one voice: which of its attempts is told, what is asked for with money and only once, and what the till
//! takes over when it acknowledges.

use crate::payment::action::Action;
pub use crate::payment::attempt::Told;
use crate::payment::attempt::{Attempt, Conflict, Copies, Demand, TakenOver};
use crate::payment::state::Standing;

/// The attempt that is told of a sale: one with an open contradiction before one in doubt, before one that took money, before
/// the last one.
pub fn speaker(attempts: &[Attempt]) -> Option<&Attempt> {
    let find = |is_it: &dyn Fn(&Attempt) -> bool| attempts.iter().rfind(|attempt| is_it(attempt));
    find(&|attempt| attempt.has_open_conflict())
        .or_else(|| find(&Attempt::needs_a_person))
        .or_else(|| find(&|attempt| attempt.forbids_another()))
        .or(attempts.last())
}

/// The attempts of a sale that need something, if there is more than one: then somebody must say which is meant.
pub fn ambiguity(attempts: &[Attempt]) -> Option<[i32; 2]> {
    let mut needy = attempts.iter().filter(|attempt| attempt.is_unfinished()).map(|attempt| attempt.attempt);
    Some([needy.next()?, needy.next()?])
}

/// What is known of all attempts at a sale, as far as it bears on what to do about one of them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct SaleBalance {
    /// The attempts were charged more than once the amount, less what was reversed.
    pub is_surplus: bool,
    /// The attempts together were charged all that was asked for.
    pub is_covered: bool,
    /// One of the attempts was reversed.
    pub was_reversed: bool,
    /// No attempt has asked for that surplus back, and none has an open contradiction, which would.
    pub is_unsaid: bool,
}

impl SaleBalance {
    /// Of all attempts at a sale.
    pub fn of(attempts: &[Attempt]) -> SaleBalance {
        let charged: i64 = attempts.iter().map(Attempt::charge).fold(0, i64::saturating_add);
        let asked = attempts.iter().map(|attempt| attempt.money.minor).max().unwrap_or(0);
        let charges = attempts.iter().filter(|attempt| attempt.charge() > 0).count();
        // A tip is no surplus: that is what was charged besides another charge.
        let is_surplus = charges > 1 && charged > asked;
        let back = |attempt: &Attempt| matches!(attempt.standing(), Standing::Reversed | Standing::DecidedReversed);
        let says_it = |attempt: &Attempt| {
            attempt.demanded(Action::Refund).is_some() || attempt.has_open_conflict() && attempt.is_paid_after_all()
        };
        let is_unsaid = is_surplus && !attempts.iter().any(says_it);
        SaleBalance { is_surplus, is_covered: charged >= asked, was_reversed: attempts.iter().any(back), is_unsaid }
    }
}

/// What is asked for with money.
const DEMANDS: [Action; 3] = [Action::Refund, Action::Collect, Action::CollectRest];

/// The same actions as they are told: what was asked for before is for the cashier to answer for. `in_a_list`: a list tells
/// nothing, so what it shows is to be recovered first.
pub fn told(actions: Vec<Action>, attempt: &Attempt, in_a_list: bool) -> Vec<Action> {
    let mut told: Vec<Action> = Vec::with_capacity(actions.len());
    for action in actions {
        let said = match () {
            () if !DEMANDS.contains(&action) => action,
            () if attempt.demanded(action).is_some() => Action::AskCashier,
            () if in_a_list => Action::RecoverLater,
            () => action,
        };
        if !told.contains(&said) {
            told.push(said);
        }
    }
    told
}

/// What these actions ask for that was not asked for before: to be stored before they are told.
pub fn new_demands(actions: &[Action], attempt: &Attempt, at: i64) -> Vec<Demand> {
    let is_new = |action: &Action| DEMANDS.contains(action) && attempt.demanded(*action).is_none();
    actions.iter().copied().filter(is_new).map(|action| Demand { action, at }).collect()
}

impl Told {
    /// What is told of an attempt as it stands. A list tells of no contradiction.
    pub fn of(attempt: &Attempt, in_a_list: bool) -> Told {
        let conflict = attempt.conflict.as_ref().map(|conflict| conflict.state).filter(|_| !in_a_list);
        let with = TakenOver { conflict, copies: attempt.copies };
        Told { state: Some(attempt.state), reversing: attempt.is_reversing(), with }
    }
}

/// The attempt after the till has taken over what it was `told` of it; what came later is left to be taken over.
pub fn acknowledged(attempt: &Attempt, told: Told, at: i64) -> Attempt {
    let is_known = told.state.is_none_or(|state| state == attempt.state);
    // It may have said something else since.
    let conflict = attempt.conflict.clone().map(|conflict| match told.with.conflict == Some(conflict.state) {
        true => Conflict { acknowledged_at: conflict.acknowledged_at.or(Some(at)), ..conflict },
        false => conflict,
    });
    let before = attempt.taken_over.unwrap_or_default();
    let taken_over = TakenOver {
        conflict: told.with.conflict.or(before.conflict),
        copies: Copies {
            merchant: before.copies.merchant || told.with.copies.merchant,
            customer: before.copies.customer || told.with.copies.customer,
        },
    };
    match is_known {
        true => Attempt {
            acknowledged_at: attempt.acknowledged_at.or(Some(at)),
            taken_over: Some(taken_over),
            conflict,
            ..attempt.clone()
        },
        false => attempt.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payment::samples::{approved, declined, in_doubt, reversing};
    use crate::payment::state::State;

    fn numbered(attempt: i32, of: Attempt) -> Attempt {
        Attempt { attempt, ..of }
    }

    fn paid_after_all(acknowledged_at: Option<i64>) -> Attempt {
        let conflict =
            Conflict { state: State::Approved, noticed_at: 0, response: None, acknowledged_at, of_reversal: false };
        Attempt { conflict: Some(conflict), ..declined() }
    }

    #[test]
    fn the_attempt_that_needs_a_person_speaks_for_the_sale() {
        for (case, attempts, expected) in [
            ("none", vec![], None),
            ("the last one", vec![declined(), numbered(2, declined())], Some(2)),
            ("what took money", vec![approved(), numbered(2, declined())], Some(1)),
            ("what is in doubt", vec![approved(), numbered(2, in_doubt()), numbered(3, approved())], Some(2)),
            ("what is being reversed", vec![reversing(), numbered(2, approved())], Some(1)),
            ("an open contradiction", vec![paid_after_all(None), numbered(2, in_doubt())], Some(1)),
            ("one that was taken over", vec![paid_after_all(Some(1)), numbered(2, in_doubt())], Some(2)),
        ] {
            assert_eq!(speaker(&attempts).map(|attempt| attempt.attempt), expected, "{case}");
        }
    }

    #[test]
    fn two_attempts_that_need_something_must_be_told_apart() {
        assert_eq!(ambiguity(&[paid_after_all(None), numbered(2, approved())]), Some([1, 2]));
        assert_eq!(ambiguity(&[declined(), numbered(2, approved())]), None);
        assert_eq!(ambiguity(&[]), None);
    }

    #[test]
    fn a_sale_that_was_charged_twice_has_a_surplus_until_one_is_reversed() {
        let reversed = || Attempt { state: State::Reversed, ..approved() };
        let tip = Attempt { amount_charged: Some(120), ..approved() };
        let part = |minor| Attempt { amount_charged: Some(minor), ..approved() };
        let open = |attempt: Attempt| Attempt { conflict: None, ..attempt };
        let asked_back =
            |attempt: Attempt| Attempt { demands: vec![Demand { action: Action::Refund, at: 7 }], ..attempt };
        for (case, attempts, is_surplus, was_reversed, is_unsaid) in [
            ("paid once", vec![approved()], false, false, false),
            ("with a tip, after one that failed", vec![declined(), numbered(2, tip.clone())], false, false, false),
            ("with a tip", vec![tip], false, false, false),
            ("paid twice", vec![paid_after_all(None), numbered(2, approved())], true, false, false),
            ("taken over too soon", vec![paid_after_all(Some(1)), numbered(2, approved())], true, false, true),
            ("and told", vec![paid_after_all(Some(1)), numbered(2, asked_back(approved()))], true, false, false),
            ("one of them reversed", vec![paid_after_all(None), numbered(2, reversed())], false, true, false),
            ("paid once, after all", vec![paid_after_all(None)], false, false, false),
            ("two parts", vec![part(40), numbered(2, part(60))], false, false, false),
            ("two parts too much", vec![part(40), numbered(2, part(61))], true, false, true),
            ("in doubt", vec![open(in_doubt())], false, false, false),
        ] {
            let sale = SaleBalance::of(&attempts);
            assert_eq!(
                (sale.is_surplus, sale.was_reversed, sale.is_unsaid),
                (is_surplus, was_reversed, is_unsaid),
                "{case}"
            );
        }
    }

    #[test]
    fn a_sale_is_covered_by_all_its_attempts_together() {
        let part = |minor| Attempt { amount_charged: Some(minor), ..approved() };
        for (attempts, expected) in [
            (vec![approved()], true),
            (vec![part(99)], false),
            (vec![part(40), numbered(2, part(60))], true),
            (vec![part(40), numbered(2, part(59))], false),
            (vec![declined()], false),
        ] {
            assert_eq!(SaleBalance::of(&attempts).is_covered, expected, "{attempts:?}");
        }
    }

    #[test]
    fn money_is_asked_for_once_and_never_by_a_list() {
        let actions = || vec![Action::Refund, Action::PrintMerchant];
        let fresh = approved();
        assert_eq!(told(actions(), &fresh, false), actions());
        assert_eq!(told(actions(), &fresh, true), [Action::RecoverLater, Action::PrintMerchant]);
        let demands = new_demands(&actions(), &fresh, 7);
        assert_eq!(demands, [Demand { action: Action::Refund, at: 7 }]);
        let asked = Attempt { demands, ..fresh };
        for in_a_list in [false, true] {
            assert_eq!(told(actions(), &asked, in_a_list), [Action::AskCashier, Action::PrintMerchant]);
        }
        assert_eq!(new_demands(&actions(), &asked, 8), []);
        let twice = told(vec![Action::Refund, Action::AskCashier], &asked, false);
        assert_eq!(twice, [Action::AskCashier], "nothing is said twice in one breath");
    }

    #[test]
    fn what_comes_later_is_left_to_be_taken_over() {
        let bare = Attempt { copies: Copies::default(), ..approved() };
        let taken = acknowledged(&bare, Told::of(&bare, false), 5);
        assert!(!taken.is_unfinished() && taken.acknowledged_at == Some(5));
        let with_receipts = Attempt { copies: approved().copies, ..taken };
        assert!(with_receipts.is_unfinished(), "a copy came later");
        let again = acknowledged(&with_receipts, Told::of(&with_receipts, false), 6);
        assert!(!again.is_unfinished() && again.acknowledged_at == Some(5), "the first time counts");

        let seen_before = Told::of(&declined(), false);
        let contradicted = paid_after_all(None);
        assert!(acknowledged(&contradicted, seen_before, 5).has_open_conflict(), "it was not told");
        assert!(
            acknowledged(&contradicted, Told::of(&contradicted, true), 5).has_open_conflict(),
            "a list tells nothing"
        );
        assert!(!acknowledged(&contradicted, Told::of(&contradicted, false), 5).has_open_conflict());

        let lagged = Conflict { state: State::Declined, ..contradicted.conflict.clone().expect("one") };
        let before = Told::of(&Attempt { conflict: Some(lagged), ..contradicted.clone() }, false);
        assert!(acknowledged(&contradicted, before, 5).has_open_conflict(), "it has said something else since");
        let bare_after_all = acknowledged(&contradicted, Told::of(&contradicted, false), 5);
        assert!(!bare_after_all.is_unfinished());
        let with_receipts = Attempt { copies: approved().copies, ..bare_after_all };
        assert!(with_receipts.is_unfinished(), "its copies came later");

        let merchant = |copies: Copies| Copies { customer: false, ..copies };
        let one_copy = Attempt { copies: merchant(approved().copies), ..approved() };
        let taken = acknowledged(&one_copy, Told::of(&one_copy, false), 5);
        assert_eq!(taken.taken_over.map(|taken| taken.copies), Some(one_copy.copies));
        let kept = acknowledged(&taken, Told::of(&bare, false), 6);
        assert_eq!(kept.taken_over.map(|taken| taken.copies), Some(one_copy.copies), "what was taken over stays so");
        let twice = paid_after_all(None);
        let once = acknowledged(&twice, Told::of(&twice, false), 5);
        let again = acknowledged(&once, Told::of(&twice, true), 6);
        assert_eq!(again.taken_over.and_then(|taken| taken.conflict), Some(State::Approved));

        let reversed = Attempt { state: State::Reversed, ..approved() };
        let told_as_paid = Told::of(&approved(), false);
        assert!(acknowledged(&reversed, told_as_paid, 5).is_unfinished(), "it stands elsewhere now");
    }
}
