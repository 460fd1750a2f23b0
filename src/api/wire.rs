//! The one thread on which all requests of this process are carried, of whatever tills they are. A till that waits for its
//! terminal costs it a connection and a timer.
//!
//! It is begun with the first till, and ends when the last one is gone and nothing is carried any more.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, TryLockError, Weak};

use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::error::{Error, Result, Status};
use crate::os::threads;

/// Names are looked up on threads of their own, at most so many at a time: that is a call which may hang.
const LOOKING_UP: usize = 8;

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The thread.
pub(super) struct Wire {
    /// Threads do not survive a fork.
    process: u32,
    tasks: UnboundedSender<(Arc<Wire>, Task)>,
}

/// That of this process, as long as somebody has it.
static SHARED: Mutex<Weak<Wire>> = Mutex::new(Weak::new());

impl Wire {
    /// That of this process.
    pub(super) fn shared() -> Result<Arc<Wire>> {
        let mut shared = match SHARED.try_lock() {
            Ok(shared) => shared,
            Err(TryLockError::Poisoned(shared)) => shared.into_inner(),
            // Somebody begins one at this moment, or did so when this process was forked: then to wait would be for ever.
            Err(TryLockError::WouldBlock) => return Wire::begin(),
        };
        if let Some(wire) = shared.upgrade().filter(|wire| wire.process == std::process::id()) {
            return Ok(wire);
        }
        let wire = Wire::begin()?;
        *shared = Arc::downgrade(&wire);
        Ok(wire)
    }

    fn begin() -> Result<Arc<Wire>> {
        let failed = |fault| Error::new(Status::Internal, format!("no thread for requests: {fault}"));
        let mut builder = Builder::new_current_thread();
        let builder = builder.enable_all().max_blocking_threads(LOOKING_UP).thread_name("secupos-names");
        let runtime = builder.build().map_err(failed)?;
        let (tasks, mut queue) = unbounded_channel::<(Arc<Wire>, Task)>();
        let carry = async move {
            while let Some((wire, task)) = queue.recv().await {
                tokio::spawn(async move {
                    task.await;
                    // Until then it is held, so that what is being carried comes to its end.
                    drop(wire);
                });
            }
        };
        threads::start("secupos-wire", move || runtime.block_on(carry)).map_err(failed)?;
        Ok(Arc::new(Wire { process: std::process::id(), tasks }))
    }

    /// Carries a request to its end.
    pub(super) fn carry(self: &Arc<Self>, task: impl Future<Output = ()> + Send + 'static) {
        // Should the thread be gone, the task is dropped, and whoever waits for it learns that.
        let _ = self.tasks.send((self.clone(), Box::pin(task)));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    const LONG: Duration = Duration::from_secs(10);

    #[test]
    fn what_is_carried_comes_to_its_end_and_a_fault_in_it_costs_nothing_else() {
        let wire = Wire::shared().expect("a thread");
        let (done, told) = channel();
        let panics = done.clone();
        wire.carry(async move {
            let _told_by_its_end = panics;
            panic!("on purpose");
        });
        wire.carry(async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let _ = done.send(std::thread::current().name().map(str::to_owned));
        });
        drop(wire);
        assert_eq!(told.recv_timeout(LONG), Ok(Some("secupos-wire".to_owned())));
        assert!(told.recv_timeout(LONG).is_err(), "both are gone");
    }
}
