//! A notice to somebody outside that something is done. It is given once, on a thread that lives only for that, unless it is
//! taken back before. Nothing of the library is locked meanwhile, and nobody here waits for what the receiver does.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;

use crate::callback;
use crate::error::{Error, Result, Status};
use crate::os::threads;

/// What is called when the notice is given. It is dropped after that, or when the notice is taken back.
type Receiver = Box<dyn FnOnce() + Send>;

/// A notice, which is given once.
pub struct Notice {
    /// Threads do not survive a fork.
    process: u32,
    state: Mutex<State>,
    ended: Condvar,
    thread: Mutex<Option<JoinHandle<()>>>,
}

enum State {
    /// For what it tells.
    Waiting(Receiver),
    /// The receiver is being called, or dropped.
    Busy,
    /// The receiver is gone.
    Ended,
}

/// The notices of this process, so that they can be taken back before whoever receives them goes away.
static ALL: Mutex<Vec<Weak<Notice>>> = Mutex::new(Vec::new());

/// Takes all notices of this process back.
pub fn take_all_back() {
    // Without the lock: a receiver that is waited for may ask for another notice.
    let all: Vec<_> = locked(&ALL).iter().filter_map(Weak::upgrade).collect();
    all.iter().for_each(|notice| notice.take_back());
}

impl Notice {
    /// A notice that is given by this call.
    pub fn new(receiver: impl FnOnce() + Send + 'static) -> Arc<Notice> {
        let notice = Arc::new(Notice {
            process: std::process::id(),
            state: Mutex::new(State::Waiting(Box::new(receiver))),
            ended: Condvar::new(),
            thread: Mutex::default(),
        });
        let mut all = locked(&ALL);
        all.retain(|other| other.strong_count() > 0);
        all.push(Arc::downgrade(&notice));
        notice
    }

    /// Gives it, on a thread of its own.
    pub(crate) fn give(self: &Arc<Self>) -> Result<()> {
        let own = self.clone();
        // Whoever takes it back meanwhile finds the thread here.
        let mut place = locked(&self.thread);
        let thread = threads::start("secupos-notice", move || own.give_here());
        let fault = |fault| Error::new(Status::Internal, format!("no thread for the notice: {fault}"));
        *place = Some(thread.map_err(fault)?);
        Ok(())
    }

    /// Gives it on this thread, unless it has been given or taken back.
    pub(crate) fn give_here(&self) {
        if let Some(receiver) = self.begin() {
            callback::call(receiver);
            self.end();
        }
    }

    /// Takes it back. When this returns, its receiver is not being called, will not be, and has been dropped. Inside a
    /// callback it does not wait for a receiver that is being called.
    pub fn take_back(&self) {
        // A forked child has not got the thread, and does not know who held the lock.
        if self.process != std::process::id() {
            return;
        }
        if let Some(receiver) = self.begin() {
            callback::call(|| drop(receiver));
            self.end();
        }
        if callback::is_inside() {
            return;
        }
        let mut state = locked(&self.state);
        while !matches!(*state, State::Ended) {
            state = self.ended.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        drop(state);
        let thread = locked(&self.thread).take();
        thread.map(JoinHandle::join);
    }

    /// Whether nothing will come of it any more.
    pub fn has_ended(&self) -> bool {
        matches!(*locked(&self.state), State::Ended)
    }

    /// The receiver, for whoever comes first.
    fn begin(&self) -> Option<Receiver> {
        let mut state = locked(&self.state);
        match std::mem::replace(&mut *state, State::Busy) {
            State::Waiting(receiver) => Some(receiver),
            other => {
                *state = other;
                None
            }
        }
    }

    fn end(&self) {
        *locked(&self.state) = State::Ended;
        self.ended.notify_all();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use std::thread;

    use super::*;

    const LONG: Duration = Duration::from_secs(10);

    #[test]
    fn it_is_given_once_on_a_thread_of_its_own() {
        let (sender, told) = mpsc::channel();
        let notice = Notice::new(move || {
            let _ = sender.send((thread::current().id(), callback::is_inside()));
        });
        notice.give().expect("a thread");
        notice.give().expect("a thread");
        let (on, inside) = told.recv_timeout(LONG).expect("it is given");
        assert!(on != thread::current().id() && inside);
        notice.take_back();
        assert!(notice.has_ended() && told.recv().is_err(), "given twice, or the receiver is still there");
    }

    #[test]
    fn what_is_taken_back_is_never_given_and_its_receiver_is_dropped() {
        let (sender, told) = mpsc::channel();
        let notice = Notice::new(move || {
            let _ = sender.send(());
        });
        notice.take_back();
        notice.give_here();
        notice.take_back();
        assert_eq!(told.try_recv(), Err(mpsc::TryRecvError::Disconnected));
    }

    #[test]
    fn to_take_back_what_is_being_given_waits_until_it_was() {
        let (begun, has_begun) = mpsc::channel();
        let (sender, told) = mpsc::channel();
        let notice = Notice::new(move || {
            let _ = begun.send(());
            thread::sleep(Duration::from_millis(100));
            let _ = sender.send(());
        });
        notice.give().expect("a thread");
        has_begun.recv_timeout(LONG).expect("it begins");
        notice.take_back();
        assert_eq!(told.try_recv(), Ok(()));
    }

    #[test]
    fn a_receiver_that_takes_its_own_notice_back_does_not_wait_and_one_that_panics_ends() {
        let (sender, itself) = mpsc::channel::<Arc<Notice>>();
        let notice = Notice::new(move || {
            itself.recv_timeout(LONG).expect("itself").take_back();
            panic!("on purpose");
        });
        sender.send(notice.clone()).expect("it waits");
        notice.give().expect("a thread");
        notice.take_back();
        assert!(notice.has_ended());
    }
}
