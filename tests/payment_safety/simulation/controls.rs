//! What the library does not do, and why: the same till with one rule replaced. A proof that cannot tell these from the
//! real one would prove nothing.

use std::time::Duration;

use secupos::payment::resolution::{
    Abort, BELIEVED_AFTER_ABORT, BELIEVED_UNCHANGED, Conclusion, Situation, Step, next_step,
};
use secupos::till::rules::Rules;

pub struct Control {
    pub name: &'static str,
    pub rules: fn() -> Rules,
}

pub const CONTROLS: [Control; 6] = [
    Control { name: "read_once", rules: || with(read_once) },
    Control { name: "created_at_grace", rules: || with(created_at_grace) },
    Control { name: "abort_believed_at_once", rules: || with(abort_believed_at_once) },
    Control { name: "negative_believed_at_once", rules: || with(negative_believed_at_once) },
    Control { name: "always_unknown", rules: || with(|_| Step::GiveUp) },
    Control { name: "renew_mid_start", rules: || Rules { may_renew_in_flight: || true, ..Rules::default() } },
];

fn with(next_step: fn(&Situation) -> Step) -> Rules {
    Rules { next_step, ..Rules::default() }
}

/// What the service does not call final at once was not started.
fn read_once(situation: &Situation) -> Step {
    match situation.said {
        None => Step::Read { after: Duration::ZERO },
        Some(_) => match next_step(situation) {
            Step::Conclude(conclusion) => Step::Conclude(conclusion),
            _ => Step::Conclude(Conclusion::NeverStarted),
        },
    }
}

/// What still says `created` after the grace was not started: no abort makes sure of that.
fn created_at_grace(situation: &Situation) -> Step {
    match next_step(situation) {
        Step::Abort if situation.grace_over => Step::Conclude(Conclusion::NeverStarted),
        other => other,
    }
}

/// What a read says right after our abort is so: no read lags.
fn abort_believed_at_once(situation: &Situation) -> Step {
    let abort = match situation.abort {
        Abort::Taken(ago) => Abort::Taken(ago.max(BELIEVED_AFTER_ABORT)),
        other => other,
    };
    next_step(&Situation { abort, ..*situation })
}

/// What a read says is so, whatever it says of a payment that may be running.
fn negative_believed_at_once(situation: &Situation) -> Step {
    next_step(&Situation { unchanged: BELIEVED_UNCHANGED, ..*situation })
}
