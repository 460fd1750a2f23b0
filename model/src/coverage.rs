//! What a search has reached: a proof about what never happens proves nothing.

use std::collections::BTreeSet;

use secupos::payment::action::Action;
use secupos::payment::outcome::{Outcome, ReversalOutcome};
use secupos::payment::state::Standing;
use secupos::payment::transitions::Transition;
use secupos::payment::trigger::Trigger;

/// What was reached, each by its name.
#[derive(Clone, Default)]
pub struct Coverage(BTreeSet<String>);

impl Coverage {
    /// This was reached.
    pub fn reach(&mut self, what: &str) {
        if !self.0.contains(what) {
            self.0.insert(what.to_owned());
        }
    }

    /// This row and column of the table of transitions was used.
    pub fn reach_cell(&mut self, standing: Standing, trigger: Trigger) {
        self.reach(&cell(standing, trigger));
    }

    /// And what another search has reached.
    pub fn and(&mut self, other: Coverage) {
        self.0.extend(other.0);
    }

    /// What was not reached of all that there is.
    pub fn missing(&self, moves: &[&str]) -> Vec<String> {
        let cells = Standing::ALL.into_iter().flat_map(|standing| {
            let may_be = move |trigger: &Trigger| {
                Transition::of(standing, *trigger) != Transition::Never && !is_impossible(standing, *trigger)
            };
            Trigger::ALL.into_iter().filter(may_be).map(move |trigger| cell(standing, trigger))
        });
        let actions = Action::ALL.into_iter().map(|action| told(action).to_owned());
        let outcomes = OUTCOMES.into_iter().map(|outcome| of_payment(outcome).to_owned());
        let reversals = REVERSALS.into_iter().map(|outcome| of_reversal(outcome).to_owned());
        let moves = moves.iter().map(|name| (*name).to_owned());
        let all = cells.chain(actions).chain(outcomes).chain(reversals).chain(moves);
        all.filter(|one| !self.0.contains(one)).collect()
    }
}

/// `pending` is told of what is still running, and never to somebody who waits for the result.
const OUTCOMES: [Outcome; 5] =
    [Outcome::Unknown, Outcome::Approved, Outcome::Failed, Outcome::NotStarted, Outcome::Reversed];
const REVERSALS: [ReversalOutcome; 4] =
    [ReversalOutcome::Unknown, ReversalOutcome::None, ReversalOutcome::Done, ReversalOutcome::Refused];

fn cell(standing: Standing, trigger: Trigger) -> String {
    format!("{} x {}", standing.name(), trigger.name())
}

/// The name of an action that was told.
pub fn told(action: Action) -> &'static str {
    action.name()
}

/// The name of what became of a payment.
pub fn of_payment(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Unknown => "outcome unknown",
        Outcome::Approved => "outcome approved",
        Outcome::Failed => "outcome failed",
        Outcome::NotStarted => "outcome not_started",
        Outcome::Reversed => "outcome reversed",
        Outcome::Pending => "outcome pending",
    }
}

/// The name of what became of a reversal.
pub fn of_reversal(outcome: ReversalOutcome) -> &'static str {
    match outcome {
        ReversalOutcome::Unknown => "reversal unknown",
        ReversalOutcome::None => "reversal none",
        ReversalOutcome::Pending => "reversal pending",
        ReversalOutcome::Done => "reversal done",
        ReversalOutcome::Refused => "reversal refused",
    }
}

/// What cannot be reached, and why.
fn is_impossible(standing: Standing, trigger: Trigger) -> bool {
    let is_open = matches!(standing, Standing::InDoubt | Standing::DecidedPaid | Standing::DecidedNotPaid);
    match trigger {
        // Only the process that was about to send knows it, before anybody could say or decide anything.
        Trigger::NeverSent => !matches!(standing, Standing::New | Standing::InDoubt),
        // Only what is in doubt is concluded by our abort, and never what a person calls paid.
        Trigger::AbortTook => !is_open || standing == Standing::DecidedPaid,
        // What was never sent, and what went back, is not asked about again.
        Trigger::Paid | Trigger::NotPaid | Trigger::Cancelled | Trigger::NothingFinal => {
            matches!(standing, Standing::NotStarted | Standing::Reversed)
        }
        _ => false,
    }
}
