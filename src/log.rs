//! What the library says about its work: lines, each with its level, for whoever has asked for them.
//!
//! A log calls its receiver on a thread of its own, one line after the other, never on a till's thread. A payment does
//! not notice how long the receiver takes, whether it panics, or what it does with the till. Lines wait for the
//! receiver. If too many wait, the log counts the next ones and drops them.
//!
//! A log belongs to a till's settings, not to the process: somebody else in the process may have a log, too.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;

use crate::callback;
use crate::error::{Error, Result, Status};
use crate::os::threads;
use crate::receipt::{clean, without_card_numbers};

/// As many lines wait for a slow receiver.
const MOST_WAITING: usize = 1024;

/// How much a line matters; a log has the lines of its level and those that matter more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(i32)]
pub enum Level {
    /// Something is broken: the disk, secupos itself.
    Error = 1,
    /// Something failed that may mend itself, or a payment is in doubt.
    Warning = 2,
    /// What a till does: opened, each payment's beginning and end.
    Info = 3,
    /// Each request.
    Debug = 4,
}

impl Level {
    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info => "info",
            Level::Debug => "debug",
        }
    }
}

/// Where lines are written. Cheap to clone; none unless one is made. Its receiver is dropped after the last line, when
/// the last clone has gone and all lines have been received.
#[derive(Clone, Default)]
pub struct Log(Option<Arc<Writer>>);

struct Writer {
    level: Level,
    queue: Arc<Queue>,
}

struct Queue {
    /// Threads do not survive a fork.
    process: u32,
    waiting: Mutex<Waiting>,
    changed: Condvar,
    ended: Condvar,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Waiting {
    lines: VecDeque<(Level, String)>,
    lost: usize,
    is_closed: bool,
    /// The last line has been received, and the receiver dropped.
    has_ended: bool,
}

/// The logs of this process, so that they can be ended before what receives them goes away.
static ALL: Mutex<Vec<Weak<Queue>>> = Mutex::new(Vec::new());

impl Log {
    /// A log of this level. `receive` is called on a thread of the log's own; a line on which it panics is lost.
    pub fn new(level: Level, receive: impl FnMut(Level, &str) + Send + 'static) -> Result<Log> {
        let queue = Arc::new(Queue {
            process: std::process::id(),
            waiting: Mutex::default(),
            changed: Condvar::new(),
            ended: Condvar::new(),
            thread: Mutex::default(),
        });
        let own = queue.clone();
        let thread = threads::start("secupos-log", move || own.deliver(receive));
        let thread = thread.map_err(|fault| Error::new(Status::Internal, format!("no thread for the log: {fault}")))?;
        *locked(&queue.thread) = Some(thread);
        let mut all = locked(&ALL);
        all.retain(|log| log.strong_count() > 0);
        all.push(Arc::downgrade(&queue));
        Ok(Log(Some(Arc::new(Writer { level, queue }))))
    }

    /// Writes a line, if the log has its level.
    pub(crate) fn write(&self, level: Level, line: impl FnOnce() -> String) {
        if let Some(writer) = self.0.as_ref().filter(|writer| level <= writer.level) {
            writer.queue.push(level, line());
        }
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Log({})", self.0.as_ref().map_or("off", |writer| writer.level.name()))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.close(|_| ());
    }
}

/// Ends all logs of this process. When it returns, no receiver is running, none will be called any more, and each has been
/// dropped. A receiver that calls this itself waits for none. Tills and payments are left alone.
pub fn end_all() {
    // Without the lock: a receiver that is waited for may make a log itself.
    let all: Vec<_> = locked(&ALL).iter().filter_map(Weak::upgrade).filter(|queue| queue.is_ours()).collect();
    all.iter().for_each(|queue| queue.close(|lines| lines.clear()));
    if callback::is_inside() {
        return;
    }
    for queue in all {
        queue.wait_for_the_end();
        let thread = locked(&queue.thread).take();
        thread.map(JoinHandle::join);
    }
}

impl Queue {
    /// A forked child has neither the thread, nor does it know who held the lock.
    fn is_ours(&self) -> bool {
        self.process == std::process::id()
    }

    fn push(&self, level: Level, line: String) {
        if !self.is_ours() {
            return;
        }
        let mut waiting = locked(&self.waiting);
        match waiting.lines.len() {
            _ if waiting.is_closed => return,
            MOST_WAITING.. => waiting.lost += 1,
            _ => waiting.lines.push_back((level, line)),
        }
        self.changed.notify_one();
    }

    fn close(&self, what_waits: impl FnOnce(&mut VecDeque<(Level, String)>)) {
        if self.is_ours() {
            let mut waiting = locked(&self.waiting);
            what_waits(&mut waiting.lines);
            waiting.is_closed = true;
            self.changed.notify_one();
        }
    }

    fn wait_for_the_end(&self) {
        let mut waiting = locked(&self.waiting);
        while !waiting.has_ended {
            waiting = self.ended.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn deliver(&self, mut receive: impl FnMut(Level, &str)) {
        while let Some((level, line)) = self.next() {
            // Whoever has put a card number there: the till's reference may be one.
            callback::call(|| receive(level, &without_card_numbers(&clean(&line))));
        }
        callback::call(|| drop(receive));
        locked(&self.waiting).has_ended = true;
        self.ended.notify_all();
    }

    /// Waits for a line; none comes after the log has ended.
    fn next(&self) -> Option<(Level, String)> {
        let mut waiting = locked(&self.waiting);
        loop {
            if let Some(line) = waiting.lines.pop_front() {
                return Some(line);
            }
            if waiting.lost > 0 {
                let lost = std::mem::take(&mut waiting.lost);
                return Some((Level::Warning, format!("{lost} lines were lost: the log's receiver is too slow")));
            }
            if waiting.is_closed {
                return None;
            }
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Says when it is dropped.
    struct Farewell(mpsc::Sender<String>);

    impl Drop for Farewell {
        fn drop(&mut self) {
            let _ = self.0.send("dropped".into());
        }
    }

    fn log(level: Level) -> (Log, mpsc::Receiver<String>) {
        let (sender, receiver) = mpsc::channel();
        let farewell = Farewell(sender);
        let receive = move |level: Level, line: &str| {
            let _ = farewell.0.send(format!("{} {line}", level.name()));
        };
        (Log::new(level, receive).expect("a log"), receiver)
    }

    #[test]
    fn lines_of_its_level_come_in_order_and_the_receiver_is_dropped_after_the_last() {
        let (log, lines) = log(Level::Info);
        let clone = log.clone();
        for level in [Level::Error, Level::Warning, Level::Info, Level::Debug] {
            log.write(level, || format!("{level:?}"));
        }
        drop(log);
        clone.write(Level::Info, || "a clone keeps it".into());
        drop(clone);
        let lines: Vec<_> = lines.iter().collect();
        assert_eq!(lines, ["error Error", "warning Warning", "info Info", "info a clone keeps it", "dropped"]);
    }

    #[test]
    fn card_numbers_and_line_breaks_are_not_written() {
        let (log, lines) = log(Level::Debug);
        log.write(Level::Info, || "Kundenkarte 4111111111111111\nerror faked".into());
        drop(log);
        assert_eq!(lines.recv().as_deref(), Ok("info Kundenkarte 411111######1111 error faked"));
    }

    #[test]
    fn a_receiver_that_panics_gets_the_next_line() {
        let (sender, lines) = mpsc::channel();
        let receive = move |_: Level, line: &str| {
            assert!(line != "bad", "on purpose");
            let _ = sender.send(line.to_owned());
        };
        let log = Log::new(Level::Debug, receive).expect("a log");
        for line in ["bad", "good"] {
            log.write(Level::Info, || line.into());
        }
        drop(log);
        assert_eq!(lines.iter().collect::<Vec<_>>(), ["good"]);
    }

    #[test]
    fn who_writes_never_waits_and_what_was_lost_is_counted() {
        let (gate, opened) = mpsc::channel::<()>();
        let (sender, lines) = mpsc::channel();
        let receive = move |_: Level, line: &str| {
            let _ = opened.recv();
            let _ = sender.send(line.to_owned());
        };
        let log = Log::new(Level::Debug, receive).expect("a log");
        for number in 0..2 * MOST_WAITING {
            log.write(Level::Debug, || number.to_string());
        }
        drop((log, gate));
        let lines: Vec<_> = lines.iter().collect();
        let (last, kept) = lines.split_last().expect("lines");
        let numbers: Vec<usize> = kept.iter().map(|line| line.parse().expect("a number")).collect();
        // One or more after the first that were lost: the receiver may have taken its first line only then.
        assert!(numbers.is_sorted() && numbers.iter().take(MOST_WAITING).copied().eq(0..MOST_WAITING), "{numbers:?}");
        let lost = 2 * MOST_WAITING - kept.len();
        assert_eq!(*last, format!("{lost} lines were lost: the log's receiver is too slow"));
    }
}
