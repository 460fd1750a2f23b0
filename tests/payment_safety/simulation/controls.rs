//! What the library does not do, and why: the same till with one rule replaced. A proof that cannot tell these from the
//! real one would prove nothing.

use std::time::Duration;

use secupos::till::doubt::{Rules, Said, Situation, Step, next_step};

pub struct Control {
    pub name: &'static str,
    pub rules: fn() -> Rules,
}

pub const CONTROLS: [Control; 5] = [
    Control { name: "read_once", rules: || with(read_once) },
    Control { name: "start_again", rules: || with(start_again) },
    Control { name: "created_at_deadline", rules: || with(created_at_deadline) },
    Control { name: "always_unknown", rules: || with(|_| Step::GiveUp) },
    Control { name: "renew_mid_start", rules: || Rules { may_renew_in_flight: || true, ..Rules::default() } },
];

fn with(next_step: fn(&Situation) -> Step) -> Rules {
    Rules { next_step, ..Rules::default() }
}

/// What the server does not call final at once was not started.
fn read_once(situation: &Situation) -> Step {
    match situation.said {
        None => Step::Read { after: Duration::ZERO },
        Some(_) => Step::CallNotStarted,
    }
}

/// What still says `created` is started again.
fn start_again(situation: &Situation) -> Step {
    match situation.said {
        Some(Said::Created) if situation.starts == 1 && situation.fence.is_none() => Step::StartAgain,
        _ => next_step(situation),
    }
}

/// What still says `created` after the deadline was not started: no abort makes sure of that.
fn created_at_deadline(situation: &Situation) -> Step {
    match next_step(situation) {
        Step::Fence if situation.grace_over => Step::CallNotStarted,
        other => other,
    }
}
