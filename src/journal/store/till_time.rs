//! Till time: the one clock by which the journal decides. It counts the time during which the machine ran awake with the file
//! known, so nobody can set it, no server can speed it up, and a reboot costs nothing but time. Each event carries it.

/// What the system's clocks show.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Moment {
    /// Unix time in milliseconds, UTC. For the records: a person may set it.
    pub at: i64,
    /// For how long the machine has been awake since it was started, in milliseconds.
    pub awake: i64,
    /// Which start of the machine that was; none where the system does not say, which no other is the same as.
    pub boot: Option<String>,
}

/// Till time at an event, and the system's clock with it, from which it goes on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct TillClock {
    pub(super) till: i64,
    pub(super) awake: i64,
    pub(super) boot: Option<String>,
}

impl TillClock {
    /// The same clock at a later moment. Of what happened while the machine was off, or was started again, it knows nothing.
    pub(super) fn at(&self, moment: &Moment) -> TillClock {
        let is_same_boot = self.boot.is_some() && self.boot == moment.boot;
        let passed = if is_same_boot { moment.awake.saturating_sub(self.awake).max(0) } else { 0 };
        TillClock { till: self.till.saturating_add(passed), awake: moment.awake, boot: moment.boot.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(awake: i64, boot: Option<&str>) -> Moment {
        Moment { at: 0, awake, boot: boot.map(str::to_owned) }
    }

    #[test]
    fn it_never_runs_faster_than_the_machine_was_awake() {
        let first = TillClock::default().at(&moment(5_000, Some("a")));
        assert_eq!(first.till, 0, "what was before the file was known does not count");
        let second = first.at(&moment(7_000, Some("a")));
        assert_eq!(second.till, 2_000);
        assert_eq!(second.at(&moment(6_000, Some("a"))).till, 2_000, "a clock that goes back");
        let started_again = second.at(&moment(100, Some("b")));
        assert_eq!(started_again.till, 2_000, "another start of the machine");
        assert_eq!(started_again.at(&moment(600, Some("b"))).till, 2_500, "it goes on from there");
        let unknown = second.at(&moment(9_000, None));
        assert_eq!(unknown.at(&moment(10_000, None)).till, 2_000, "nobody knows which start that was");
    }
}
