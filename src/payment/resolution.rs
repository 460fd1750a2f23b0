//! What to do with an attempt in doubt: one pure function from all that is known to the next step. It concludes nothing
//! negative without proof, and it aborts nothing by a guess.

use std::time::Duration;

use crate::payment::attempt::Attempt;
use crate::payment::reason::Reason;
use crate::payment::state::State;
use crate::payment::verdict::{ReadVerdict, RemoteStatus};

/// A read lags behind the truth; what is read so long after our abort was taken is believed.
pub const BELIEVED_AFTER_ABORT: Duration = Duration::from_secs(12);
/// A word for "not paid" that start itself did not say is believed when it has been read unchanged for so long since start's
/// connection ended.
pub const BELIEVED_UNCHANGED: Duration = Duration::from_secs(60);

/// What became of our abort. There is one for each attempt and process.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Abort {
    /// It has not been sent.
    Untried,
    /// The service did not take it, or nobody knows.
    Refused,
    /// The service has taken it, so long before the last read was begun.
    Taken(Duration),
}

impl Conclusion {
    /// How the attempt ends by it. `refused`: why the service has refused to start, as this process knows it.
    pub fn ending(self, attempt: &Attempt, refused: Option<Reason>) -> Ending {
        let refused = refused.or(attempt.refused.then_some(Reason::StartRefused));
        match self {
            Conclusion::AsSaid(status) => {
                let (state, reason) = status.ends_as(State::Starting);
                Ending { state, reason, fenced: attempt.abort_sent && status.is_what_an_abort_leaves() }
            }
            // Both are our own doing or guess, and are asked about again.
            Conclusion::NeverStarted | Conclusion::NotStartedUnproven => {
                let reason = Some(refused.unwrap_or(Reason::NeverStarted));
                Ending { state: State::NotStarted, reason, fenced: true }
            }
        }
    }
}

/// How an attempt ends by a conclusion.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ending {
    /// Where it stands.
    pub state: State,
    /// Why.
    pub reason: Option<Reason>,
    /// It is not the service's own word.
    pub fenced: bool,
}

/// The service's word for a transaction, and since when, in till time, it has been read unchanged.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Word {
    /// The word.
    pub text: Option<String>,
    /// Since when.
    pub since: Option<i64>,
}

impl Word {
    /// As it was noted.
    pub fn of(attempt: &Attempt) -> Word {
        Word { text: attempt.status_text.clone(), since: attempt.word_since_till }
    }

    /// After it was read again: another word begins anew.
    #[must_use]
    pub fn after(self, text: Option<String>, till: i64) -> Word {
        if self.text == text && self.since.is_some() { self } else { Word { text, since: Some(till) } }
    }

    /// For how long it has been read unchanged.
    pub fn age(&self, till: i64) -> Duration {
        let age = self.since.map_or(0, |since| till.saturating_sub(since));
        Duration::from_millis(u64::try_from(age).unwrap_or(0))
    }
}

/// What is known of an attempt in doubt.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Situation {
    /// What the last read said; none before the first one.
    pub said: Option<ReadVerdict>,
    /// For how long that word has been read unchanged, since the connection of start ended.
    pub unchanged: Duration,
    /// Whether start was refused at once, with the service's own words.
    pub refused: bool,
    /// Whether the grace is over.
    pub grace_over: bool,
    /// Whether a person has decided, and if so, whether it was paid.
    pub decided: Option<bool>,
    /// What became of our abort.
    pub abort: Abort,
    /// How much time is left for finding out.
    pub left: Duration,
    /// How long to wait before the next read.
    pub pause: Duration,
}

/// What to do next.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    /// Wait, and read.
    Read {
        /// For how long to wait.
        after: Duration,
    },
    /// Abort it, so that it can never start any more.
    Abort,
    /// That is how it ended.
    Conclude(Conclusion),
    /// Leave it in doubt, for now.
    GiveUp,
}

/// How an attempt in doubt ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Conclusion {
    /// As the service says.
    AsSaid(RemoteStatus),
    /// It was never started, and never will be: the service has taken our abort and says so.
    NeverStarted,
    /// It was refused, the service still says `created` after the grace, and does not take our abort.
    NotStartedUnproven,
}

impl Situation {
    /// Of an attempt that has not been read, and for which there is no time. `refused`: start was refused at once, as this
    /// process knows it.
    pub fn of(attempt: &Attempt, refused: bool, till: i64) -> Situation {
        Situation {
            said: None,
            unchanged: Duration::ZERO,
            refused: refused || attempt.refused,
            grace_over: attempt.is_grace_over(till),
            decided: attempt.decision.as_ref().map(|decision| decision.paid),
            abort: Abort::Untried,
            left: Duration::ZERO,
            pause: Duration::ZERO,
        }
    }

    /// Whether there is a reason to ask whether it was ever started. What a person calls paid is never aborted.
    fn has_ground(&self) -> bool {
        self.decided != Some(true) && (self.refused || self.grace_over || self.decided == Some(false))
    }

    /// Reads again after a pause, if there is time for it.
    fn read_on(&self, after: Duration) -> Step {
        if self.left.is_zero() { Step::GiveUp } else { Step::Read { after: after.min(self.left) } }
    }
}

/// What to do with an attempt in doubt.
pub fn next_step(situation: &Situation) -> Step {
    let Situation { said, unchanged, refused, grace_over, abort, pause, .. } = *situation;
    let has_ground = situation.has_ground();
    let Some(said) = said else { return Step::Read { after: Duration::ZERO } };
    let ReadVerdict::Says(status) = said else { return situation.read_on(pause) };
    match (status, abort) {
        (RemoteStatus::Paid | RemoteStatus::Reversed, _) => Step::Conclude(Conclusion::AsSaid(status)),
        (status, Abort::Taken(ago)) if has_ground && status.is_what_an_abort_leaves() => {
            if ago >= BELIEVED_AFTER_ABORT {
                Step::Conclude(Conclusion::NeverStarted)
            } else {
                situation.read_on(BELIEVED_AFTER_ABORT - ago)
            }
        }
        (status, _) if status.is_negative() => {
            if unchanged >= BELIEVED_UNCHANGED {
                Step::Conclude(Conclusion::AsSaid(status))
            } else {
                situation.read_on(pause.min(BELIEVED_UNCHANGED - unchanged))
            }
        }
        (RemoteStatus::Created, Abort::Untried) if has_ground => Step::Abort,
        (RemoteStatus::Created, Abort::Refused) if has_ground && refused && grace_over => {
            Step::Conclude(Conclusion::NotStartedUnproven)
        }
        _ => situation.read_on(pause),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payment::samples::in_doubt;

    const PAUSE: Duration = Duration::from_secs(1);
    const ALL: [RemoteStatus; 9] = [
        RemoteStatus::Paid,
        RemoteStatus::Failed,
        RemoteStatus::Aborted,
        RemoteStatus::TimedOut,
        RemoteStatus::Cancelled,
        RemoteStatus::Deleted,
        RemoteStatus::Reversed,
        RemoteStatus::Created,
        RemoteStatus::Open,
    ];

    fn says(status: RemoteStatus) -> Situation {
        Situation {
            said: Some(ReadVerdict::Says(status)),
            unchanged: Duration::ZERO,
            refused: false,
            grace_over: false,
            decided: None,
            abort: Abort::Untried,
            left: Duration::from_secs(90),
            pause: PAUSE,
        }
    }

    #[test]
    fn what_is_in_doubt_is_read_aborted_concluded_or_left_open() {
        let seconds = Duration::from_secs;
        let created = says(RemoteStatus::Created);
        let refused = Situation { refused: true, ..created };
        let aborted =
            |ago| Situation { abort: Abort::Taken(seconds(ago)), refused: true, ..says(RemoteStatus::Aborted) };
        let failed = says(RemoteStatus::Failed);
        let read = |after| Step::Read { after };
        let as_said = |status| Step::Conclude(Conclusion::AsSaid(status));
        for (case, situation, expected) in [
            ("first of all it is read", Situation { said: None, ..created }, read(Duration::ZERO)),
            ("nothing was understood", Situation { said: Some(ReadVerdict::Nothing), ..refused }, read(PAUSE)),
            ("the token", Situation { said: Some(ReadVerdict::TokenRefused), ..refused }, read(PAUSE)),
            ("paid", says(RemoteStatus::Paid), as_said(RemoteStatus::Paid)),
            (
                "paid, whatever was done",
                Situation { abort: Abort::Taken(seconds(60)), refused: true, ..says(RemoteStatus::Paid) },
                as_said(RemoteStatus::Paid),
            ),
            ("cancelled after paid", says(RemoteStatus::Reversed), as_said(RemoteStatus::Reversed)),
            ("created, and it broke", created, read(PAUSE)),
            ("no time left", Situation { left: Duration::ZERO, ..created }, Step::GiveUp),
            ("the last pause is shorter", Situation { left: PAUSE / 2, ..created }, read(PAUSE / 2)),
            ("refused, created", refused, Step::Abort),
            ("the grace is over, created", Situation { grace_over: true, ..created }, Step::Abort),
            ("a person says not paid", Situation { decided: Some(false), ..created }, Step::Abort),
            ("a person says paid", Situation { decided: Some(true), grace_over: true, ..refused }, read(PAUSE)),
            ("once only", Situation { abort: Abort::Refused, ..refused }, read(PAUSE)),
            (
                "refused, abort refused, the grace is over",
                Situation { abort: Abort::Refused, grace_over: true, ..refused },
                Step::Conclude(Conclusion::NotStartedUnproven),
            ),
            (
                "it broke, abort refused, the grace is over",
                Situation { abort: Abort::Refused, grace_over: true, ..created },
                read(PAUSE),
            ),
            ("aborted, read too soon", aborted(2), read(seconds(10))),
            ("aborted", aborted(12), Step::Conclude(Conclusion::NeverStarted)),
            ("still created after the abort", Situation { abort: Abort::Taken(seconds(30)), ..refused }, read(PAUSE)),
            ("failed, not for long", Situation { unchanged: seconds(59), ..failed }, read(PAUSE)),
            ("failed, the rest", Situation { unchanged: Duration::from_millis(59_500), ..failed }, read(PAUSE / 2)),
            ("failed for long", Situation { unchanged: seconds(60), ..failed }, as_said(RemoteStatus::Failed)),
            (
                "failed after our abort",
                Situation { unchanged: seconds(59), abort: Abort::Taken(seconds(59)), refused: true, ..failed },
                read(PAUSE),
            ),
            ("another word", Situation { refused: true, grace_over: true, ..says(RemoteStatus::Open) }, read(PAUSE)),
        ] {
            assert_eq!(next_step(&situation), expected, "{case}");
        }
    }

    fn all() -> Vec<Situation> {
        let words = ALL.map(|status| Some(ReadVerdict::Says(status)));
        let others = [None, Some(ReadVerdict::Nothing), Some(ReadVerdict::TokenRefused)];
        let aborts = [
            Abort::Untried,
            Abort::Refused,
            Abort::Taken(BELIEVED_AFTER_ABORT - Duration::from_millis(1)),
            Abort::Taken(BELIEVED_AFTER_ABORT),
        ];
        let mut all = Vec::new();
        for said in words.into_iter().chain(others) {
            for unchanged in [BELIEVED_UNCHANGED - Duration::from_millis(1), BELIEVED_UNCHANGED] {
                for (refused, grace_over) in [(false, false), (false, true), (true, false), (true, true)] {
                    for decided in [None, Some(false), Some(true)] {
                        for abort in aborts {
                            for left in [Duration::ZERO, PAUSE] {
                                let pause = PAUSE;
                                all.push(Situation {
                                    said,
                                    unchanged,
                                    refused,
                                    grace_over,
                                    decided,
                                    abort,
                                    left,
                                    pause,
                                });
                            }
                        }
                    }
                }
            }
        }
        all
    }

    #[test]
    fn a_refusal_is_known_to_this_process_or_was_noted_by_an_earlier_one() {
        for (now, noted, expected) in
            [(false, false, false), (true, false, true), (false, true, true), (true, true, true)]
        {
            let attempt = Attempt { refused: noted, ..in_doubt() };
            assert_eq!(Situation::of(&attempt, now, 0).refused, expected, "{now} {noted}");
        }
    }

    #[test]
    fn a_word_is_as_old_as_it_has_been_read_unchanged() {
        let noted = Attempt { status_text: Some("failed".into()), word_since_till: Some(3), ..in_doubt() };
        assert_eq!(Word::of(&noted), Word { text: Some("failed".into()), since: Some(3) });
        let word = Word::default();
        assert_eq!(word.age(7_000), Duration::ZERO, "never read");
        let failed = word.after(Some("failed".into()), 1_000).after(Some("failed".into()), 5_000);
        assert_eq!(failed.age(61_000), Duration::from_secs(60));
        let created = failed.clone().after(Some("created".into()), 61_000);
        assert_eq!(created.age(61_000), Duration::ZERO);
        assert_eq!(created.after(Some("failed".into()), 62_000).age(63_000), Duration::from_secs(1));
        assert_eq!(failed.age(0), Duration::ZERO, "till time never goes back, and if it did");
    }

    #[test]
    fn what_is_our_own_doing_is_marked_as_such() {
        for (status, abort_sent, reason, fenced) in [
            (RemoteStatus::Failed, true, Reason::Failed, false),
            (RemoteStatus::Aborted, false, Reason::Aborted, false),
            (RemoteStatus::Aborted, true, Reason::Aborted, true),
            (RemoteStatus::Deleted, true, Reason::Cancelled, true),
        ] {
            let attempt = Attempt { abort_sent, ..in_doubt() };
            let ending = Conclusion::AsSaid(status).ending(&attempt, Some(Reason::StartRefused));
            assert_eq!(ending, Ending { state: State::Declined, reason: Some(reason), fenced }, "{status:?}");
        }
        for conclusion in [Conclusion::NeverStarted, Conclusion::NotStartedUnproven] {
            for (refused, expected) in [(None, Reason::NeverStarted), (Some(Reason::LoginTaken), Reason::LoginTaken)] {
                let ending = conclusion.ending(&Attempt { abort_sent: true, ..in_doubt() }, refused);
                assert_eq!(ending, Ending { state: State::NotStarted, reason: Some(expected), fenced: true });
            }
            let noted = Attempt { refused: true, ..in_doubt() };
            assert_eq!(
                conclusion.ending(&noted, None).reason,
                Some(Reason::StartRefused),
                "an earlier process knew it"
            );
        }
    }

    #[test]
    fn whatever_is_known_nothing_is_aborted_or_concluded_without_need() {
        let mut seen = std::collections::HashSet::new();
        for situation in all() {
            let Situation { said, unchanged, refused, grace_over, decided, abort, left, .. } = situation;
            let says = |status: RemoteStatus| said == Some(ReadVerdict::Says(status));
            let has_ground = refused || grace_over || decided == Some(false);
            let step = next_step(&situation);
            match step {
                Step::Abort => {
                    assert!(says(RemoteStatus::Created) && has_ground && decided != Some(true), "{situation:?}");
                    assert_eq!(abort, Abort::Untried, "{situation:?}");
                }
                Step::Conclude(Conclusion::NeverStarted) => {
                    assert!(matches!(abort, Abort::Taken(ago) if ago >= BELIEVED_AFTER_ABORT), "{situation:?}");
                    assert!(has_ground && decided != Some(true), "{situation:?}");
                    assert!(ALL.into_iter().any(|s| says(s) && s.is_what_an_abort_leaves()), "{situation:?}");
                }
                Step::Conclude(Conclusion::NotStartedUnproven) => {
                    assert!(refused && grace_over && abort == Abort::Refused, "{situation:?}");
                    assert!(says(RemoteStatus::Created) && decided != Some(true), "{situation:?}");
                }
                Step::Conclude(Conclusion::AsSaid(status)) => {
                    assert!(says(status) && status.is_final(), "{situation:?}");
                    assert!(!status.is_negative() || unchanged >= BELIEVED_UNCHANGED, "{situation:?}");
                }
                Step::Read { after } => assert!(said.is_none() || after <= left, "{situation:?}"),
                Step::GiveUp => assert!(left.is_zero(), "{situation:?}"),
            }
            seen.insert(std::mem::discriminant(&step));
        }
        assert_eq!(seen.len(), 4, "each step is reached");
    }
}
