//! What the till tells the cashier of an attempt: its outcome and what to do next, by the shipping tables. What asks for money
//! is stored before it is told.

use secupos::payment::action::Action;
use secupos::payment::attempt::Attempt;
use secupos::payment::next_actions::{AmountCharged, Printed, Situation, next_actions};
use secupos::payment::outcome::Contradiction;
use secupos::payment::outcome::Outcome;
use secupos::payment::voice::{SaleBalance, Told, new_demands, told};
use secupos::receipt::Decision;

use crate::coverage;
use crate::till::{Call, Phase};
use crate::world::Step;

/// What a till's program holds of an attempt that it was told of.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Object {
    pub at: usize,
    pub outcome: Outcome,
    pub contradiction: Option<Contradiction>,
    pub actions: Vec<Action>,
    /// What was charged, if somebody can read it.
    pub amount: Option<i64>,
    /// What is missing.
    pub due: Option<i64>,
    pub told: Told,
}

impl Step<'_> {
    /// What is told of an attempt now.
    fn object(&self, at: usize) -> Object {
        let attempt = self.attempt(at);
        let process = self.world.process.as_ref().expect("a process");
        let is_new = |other: usize, attempt: &Attempt| !process.told.contains(&(other, Told::of(attempt, false)));
        let mut others = self.world.file.attempts.iter().enumerate();
        let others_unfinished =
            others.any(|(other, attempt)| other != at && attempt.needs_a_person() && is_new(other, attempt));
        let printed = Printed {
            signature: Decision::Required,
            has_merchant_receipt: attempt.copies.merchant,
            has_customer_receipt: attempt.copies.customer,
            receipts_pruned: false,
        };
        let balance = SaleBalance::of(&self.sale(&attempt.reference));
        let mut situation = Situation::of(attempt, balance, printed, others_unfinished);
        if self.graph.is_without(15) {
            situation.amount = AmountCharged::AsAsked;
        }
        Object {
            at,
            outcome: situation.outcome,
            contradiction: situation.contradiction,
            actions: told(next_actions(situation), attempt, false),
            amount: attempt.amount_charged.filter(|_| !self.graph.is_without(15)),
            due: attempt.amount_due(),
            told: Told::of(attempt, false),
        }
    }

    /// What asks for money is on the disk before anybody reads it.
    pub fn store_what_is_told(&mut self, of: &[usize]) {
        let of: Vec<usize> = match self.open().call.clone() {
            // Without axiom 11 a sale is told by its last attempt, whatever needs a person.
            Some((Call::RecoverAll, _)) if self.graph.is_without(11) => {
                let last = |at: &usize| {
                    let sale = self.sale(&self.attempt(*at).reference);
                    self.place_of(sale.last().expect("an attempt"))
                };
                let mut last: Vec<usize> = of.iter().map(last).collect();
                last.dedup();
                last
            }
            _ => of.to_vec(),
        };
        let mut objects = Vec::new();
        for at in of {
            let object = self.object(at);
            let demands = new_demands(&object.actions, self.attempt(at), 0);
            if let Some(asked) = self.attempt(at).after_demands(&demands) {
                self.say(|| format!("The library stores that it asks for {}.", demands[0].action.name()));
                self.world.file.attempts[at] = asked;
            }
            if self.attempt(at).needs_a_person() {
                let told = &mut self.open().told;
                told.retain(|(known, _)| *known != at);
                told.push((at, object.told));
                told.sort_unstable_by_key(|(at, _)| *at);
            }
            objects.push(object);
        }
        self.is_over(Phase::Telling { objects });
    }

    /// The till's program has it, and the cashier reads it.
    pub fn hand_over(&mut self, objects: Vec<Object>) {
        for object in &objects {
            let attempt = self.attempt(object.at);
            let (reference, number, reversal) =
                (attempt.reference.clone(), attempt.attempt, attempt.reversal_outcome());
            let actions: Vec<_> = object.actions.iter().map(|action| action.name()).collect();
            self.say(|| {
                format!("The till tells of {reference}/{number}: {}: {}.", object.outcome.name(), actions.join(", "))
            });
            self.play.coverage.reach(coverage::of_payment(object.outcome));
            self.play.coverage.reach(coverage::of_reversal(reversal));
            for action in &object.actions {
                self.play.coverage.reach(coverage::told(*action));
            }
            if let Some(number) = self.number_of(object.at) {
                let is_negative = matches!(object.outcome, Outcome::Failed | Outcome::NotStarted);
                self.world.service[number].called_unpaid |= is_negative && object.contradiction.is_none();
                let purchase = self.world.service[number].purchase;
                let tells = object.contradiction == Some(Contradiction::PaidAfterAll)
                    && object.actions.iter().any(|action| matches!(action, Action::Refund | Action::AskCashier));
                self.world.purchases[purchase].surplus_told |= tells;
            }
        }
        let was_start_up = matches!(self.open().call, Some((Call::RecoverAll, _)));
        self.hang_up();
        self.world.cashier.is_told(objects, was_start_up);
        if was_start_up && !self.world.cashier.is_acting() {
            self.world.is_told = true;
        }
    }
}
