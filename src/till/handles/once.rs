//! A value that comes once: whoever waits for it is told, and whoever has asked for a notice is given it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::error::Result;
use crate::till::handles::notice::Notice;

/// A value that comes once.
pub(crate) struct Once<T> {
    value: OnceLock<T>,
    /// What is given when it comes.
    notices: Mutex<Vec<Arc<Notice>>>,
    opened: Condvar,
}

impl<T> Once<T> {
    pub(crate) fn new() -> Self {
        Once { value: OnceLock::new(), notices: Mutex::default(), opened: Condvar::new() }
    }

    /// Sets it, once; a later one is ignored.
    pub(crate) fn set(&self, value: T) {
        let mut notices = self.lock();
        let _ = self.value.set(value);
        self.opened.notify_all();
        let due = std::mem::take(&mut *notices);
        drop(notices);
        for notice in due {
            // Where the system has no thread left, this one must do.
            if notice.give().is_err() {
                notice.give_here();
            }
        }
    }

    /// The value, once it has come.
    pub(crate) fn get(&self) -> Option<&T> {
        self.value.get()
    }

    /// Gives the notice when the value comes, or at once if it is there.
    pub(crate) fn notify(&self, notice: Arc<Notice>) -> Result<()> {
        let mut notices = self.lock();
        if self.get().is_some() {
            drop(notices);
            return notice.give();
        }
        notices.retain(|other| !other.has_ended());
        notices.push(notice);
        Ok(())
    }

    /// Waits for it: for ever without a limit, not at all with a limit of zero.
    pub(crate) fn wait(&self, limit: Option<Duration>) -> Option<&T> {
        let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
        let mut lock = self.lock();
        while self.get().is_none() {
            lock = match deadline {
                None => self.opened.wait(lock).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        break;
                    }
                    self.opened.wait_timeout(lock, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        self.get()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Notice>>> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn notice(sender: &mpsc::Sender<i32>, number: i32) -> Arc<Notice> {
        let sender = sender.clone();
        Notice::new(move || {
            let _ = sender.send(number);
        })
    }

    #[test]
    fn each_notice_is_given_once_before_or_after_the_value_has_come() {
        let once = Once::new();
        let (sender, told) = mpsc::channel();
        once.notify(notice(&sender, 1)).expect("it waits");
        once.notify(notice(&sender, 2)).expect("it waits");
        let taken_back = notice(&sender, 3);
        once.notify(taken_back.clone()).expect("it waits");
        taken_back.take_back();
        assert_eq!(told.try_recv(), Err(mpsc::TryRecvError::Empty));
        once.set("come");
        once.set("again");
        once.notify(notice(&sender, 4)).expect("a thread");
        drop(sender);
        let mut all: Vec<_> = told.iter().collect();
        all.sort_unstable();
        assert_eq!((all, once.get()), (vec![1, 2, 4], Some(&"come")));
    }

    #[test]
    fn a_value_that_never_comes_drops_what_would_have_been_called() {
        let once = Once::<()>::new();
        let (sender, told) = mpsc::channel();
        once.notify(notice(&sender, 1)).expect("it waits");
        drop((sender, once));
        assert!(told.recv().is_err());
    }
}
