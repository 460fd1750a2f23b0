//! What is going to happen, and when. Nothing happens by itself: whoever has the model asks it when something is due next.

use std::collections::BTreeMap;
use std::time::Duration;

/// Things to come, the first one first; of those that are due together, the one that was entered first.
pub(crate) struct Agenda<T> {
    entries: BTreeMap<(Duration, u64), T>,
    entered: u64,
}

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Agenda { entries: BTreeMap::new(), entered: 0 }
    }
}

impl<T> Agenda<T> {
    /// Enters something for this time.
    pub(crate) fn enter(&mut self, at: Duration, what: T) {
        self.entered += 1;
        self.entries.insert((at, self.entered), what);
    }

    /// When something is due next.
    pub(crate) fn next(&self) -> Option<Duration> {
        self.entries.keys().next().map(|(at, _)| *at)
    }

    /// Takes out what is due first, if it is due by now.
    pub(crate) fn take(&mut self, now: Duration) -> Option<(Duration, T)> {
        let first = self.entries.first_entry().filter(|first| first.key().0 <= now)?;
        let ((at, _), what) = first.remove_entry();
        Some((at, what))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Agenda;

    #[test]
    fn what_is_due_comes_in_its_order_and_nothing_else_does() {
        let second = Duration::from_secs;
        let mut agenda = Agenda::default();
        for (at, what) in [(2, "late"), (1, "soon"), (2, "later"), (3, "too late")] {
            agenda.enter(second(at), what);
        }
        let due = std::iter::from_fn(|| agenda.take(second(2))).collect::<Vec<_>>();
        assert_eq!(due, [(second(1), "soon"), (second(2), "late"), (second(2), "later")]);
        assert_eq!(agenda.next(), Some(second(3)));
    }
}
