//! What to do with an attempt of which nobody knows whether it was paid: one pure function.
//!
//! Whatever it says, only the server's final word ends the doubt; it never says that something was not started.

use std::time::Duration;

/// So long after a refused token the server must still say `created` before a second start is dared: a read may lag
/// behind the charge.
pub const SECOND_START_AFTER: Duration = Duration::from_secs(6);

/// What a read said that is not final.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Said {
    /// `created`.
    Created,
    /// Another word, or nothing that can be understood.
    NothingFinal,
}

/// How the API has refused to start.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    /// It did not take the token.
    Token,
    /// Any other way; or nothing was sent at all.
    Start,
}

/// What is known of an attempt in doubt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Situation {
    /// What the last read said; none before the first one.
    pub said: Option<Said>,
    /// How start was refused; none where it broke.
    pub refused: Option<Refused>,
    /// How long ago that was.
    pub since_refusal: Duration,
    /// How many starts may have been sent.
    pub starts: i32,
    /// Whether the grace deadline has passed.
    pub grace_over: bool,
    /// Whether it was fenced just now, and if so, whether the server took the abort.
    pub fence: Option<bool>,
    /// How much time is left for finding out.
    pub left: Duration,
    /// How long to wait before the next read.
    pub pause: Duration,
}

/// What to do next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Wait and read.
    Read {
        /// For how long to wait.
        after: Duration,
    },
    /// Start a second time.
    StartAgain,
    /// Abort, so that it can never start any more, and read.
    Fence,
    /// Call it not started, whatever the server says. The library itself never does.
    CallNotStarted,
    /// Call it unknown, for now.
    GiveUp,
}

/// The rules of the flow that the proof replaces, one at a time, to show that each is needed.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// What to do with an attempt in doubt.
    pub next_step: fn(&Situation) -> Step,
    /// Whether the token may be renewed while a start is running.
    pub may_renew_in_flight: fn() -> bool,
}

impl Default for Rules {
    fn default() -> Self {
        // A new token kills the former, and what becomes of a start whose token has died is not documented.
        Rules { next_step, may_renew_in_flight: || false }
    }
}

/// What to do with an attempt in doubt.
pub fn next_step(situation: &Situation) -> Step {
    let Situation { said, refused, since_refusal, starts, grace_over, fence, left, pause } = *situation;
    let may_start_again = refused == Some(Refused::Token) && starts == 1;
    match said {
        None => Step::Read { after: Duration::ZERO },
        Some(Said::Created) if may_start_again && fence.is_none() => match since_refusal >= SECOND_START_AFTER {
            true => Step::StartAgain,
            false => Step::Read { after: SECOND_START_AFTER - since_refusal },
        },
        Some(Said::Created) if refused.is_some() && fence.is_none() => Step::Fence,
        Some(_) if grace_over && fence.is_none() => Step::Fence,
        Some(_) if left.is_zero() => Step::GiveUp,
        Some(_) => Step::Read { after: pause.min(left) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_secs(1);

    /// An attempt whose start broke a moment ago and that was read once.
    fn broken() -> Situation {
        Situation {
            said: Some(Said::Created),
            refused: None,
            since_refusal: Duration::ZERO,
            starts: 1,
            grace_over: false,
            fence: None,
            left: Duration::from_secs(60),
            pause: PAUSE,
        }
    }

    #[test]
    fn what_is_in_doubt_is_read_fenced_or_left_open() {
        let read = |after| Step::Read { after };
        let refused =
            |how, seconds| Situation { refused: Some(how), since_refusal: Duration::from_secs(seconds), ..broken() };
        let unclear = Situation { said: Some(Said::NothingFinal), ..broken() };
        for (case, situation, expected) in [
            ("first of all it is read", Situation { said: None, ..broken() }, read(Duration::ZERO)),
            (
                "so is one that was refused",
                Situation { said: None, ..refused(Refused::Start, 0) },
                read(Duration::ZERO),
            ),
            ("after the fence too", Situation { said: None, fence: Some(true), ..broken() }, read(Duration::ZERO)),
            ("created, and it broke", broken(), read(PAUSE)),
            ("another word", unclear, read(PAUSE)),
            ("the last pause is shorter", Situation { left: PAUSE / 2, ..broken() }, read(PAUSE / 2)),
            ("no time left", Situation { left: Duration::ZERO, ..broken() }, Step::GiveUp),
            ("the deadline has passed", Situation { grace_over: true, ..broken() }, Step::Fence),
            ("the deadline has passed, another word", Situation { grace_over: true, ..unclear }, Step::Fence),
            ("fenced once only", Situation { grace_over: true, fence: Some(true), ..broken() }, read(PAUSE)),
            ("refused, created", refused(Refused::Start, 0), Step::Fence),
            (
                "refused, another word",
                Situation { said: Some(Said::NothingFinal), ..refused(Refused::Start, 0) },
                read(PAUSE),
            ),
            ("refused and fenced", Situation { fence: Some(false), ..refused(Refused::Start, 0) }, read(PAUSE)),
            (
                "refused, fenced, no time",
                Situation { fence: Some(false), left: Duration::ZERO, ..refused(Refused::Start, 9) },
                Step::GiveUp,
            ),
            ("the token was refused a moment ago", refused(Refused::Token, 2), read(Duration::from_secs(4))),
            ("the token was refused, still created", refused(Refused::Token, 6), Step::StartAgain),
            (
                "the token was refused, another word",
                Situation { said: Some(Said::NothingFinal), ..refused(Refused::Token, 9) },
                read(PAUSE),
            ),
            ("refused a second time", Situation { starts: 2, ..refused(Refused::Token, 9) }, Step::Fence),
        ] {
            assert_eq!(next_step(&situation), expected, "{case}");
        }
    }

    /// All there is: said x refused x time x starts x grace x fence x time left.
    fn all() -> Vec<Situation> {
        let mut all = Vec::new();
        for said in [None, Some(Said::Created), Some(Said::NothingFinal)] {
            for refused in [None, Some(Refused::Token), Some(Refused::Start)] {
                for since_refusal in [Duration::ZERO, SECOND_START_AFTER] {
                    for starts in [1, 2] {
                        for grace_over in [false, true] {
                            for fence in [None, Some(false), Some(true)] {
                                for left in [Duration::ZERO, PAUSE] {
                                    let situation = Situation {
                                        said,
                                        refused,
                                        since_refusal,
                                        starts,
                                        grace_over,
                                        fence,
                                        left,
                                        pause: PAUSE,
                                    };
                                    all.push(situation);
                                }
                            }
                        }
                    }
                }
            }
        }
        all
    }

    #[test]
    fn whatever_is_known_nothing_is_started_fenced_or_called_not_started_without_need() {
        for situation in all() {
            let Situation { said, refused, starts, grace_over, fence, .. } = situation;
            match next_step(&situation) {
                Step::StartAgain => {
                    assert_eq!(
                        (said, refused, starts),
                        (Some(Said::Created), Some(Refused::Token), 1),
                        "{situation:?}"
                    );
                    assert_eq!(fence, None, "{situation:?}");
                }
                Step::Fence => assert!((grace_over || refused.is_some()) && fence.is_none(), "{situation:?}"),
                Step::CallNotStarted => panic!("{situation:?}"),
                Step::Read { .. } | Step::GiveUp => {}
            }
        }
    }
}
