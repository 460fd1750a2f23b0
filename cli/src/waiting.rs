//! What is shown while the terminal is waited for, and what Ctrl-C does then.

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use secupos::error::{Error, Result, Status};
use secupos::payment::outcome::Outcome;
use secupos::till::handles::payment::{Abort, Payment};

use crate::show::UNKNOWN;

/// How often is looked whether anything has happened.
const GLANCE: Duration = Duration::from_millis(100);

/// Whether somebody has pressed Ctrl-C. The second one ends the program at once.
pub struct Interrupted(Arc<AtomicBool>);

impl Interrupted {
    /// Hears it from here on. Before anything is begun: where that fails, nothing was sent.
    pub fn listen() -> Result<Interrupted> {
        let asked = Arc::new(AtomicBool::new(false));
        let heard = asked.clone();
        let hear = move || {
            if heard.swap(true, Ordering::AcqRel) {
                std::process::exit(UNKNOWN.into());
            }
        };
        let cannot = |fault| Error::new(Status::Internal, format!("Ctrl-C cannot be heard: {fault}"));
        ctrlc::set_handler(hear).map_err(cannot)?;
        Ok(Interrupted(asked))
    }
}

/// Waits for the outcome of a payment that is taken. Ctrl-C asks for an abort, and the outcome is waited for all the same; a
/// second one ends the program, and the state file keeps the payment.
pub fn wait_for_card(payment: &Payment, interrupted: &Interrupted) {
    let ticket = payment.ticket();
    let what = format!("{}, {}: waiting for the card", ticket.reference, ticket.money);
    let mut line = Line::new(what, "; Ctrl-C aborts");
    let mut is_told = false;
    while payment.wait(Some(GLANCE)) == Outcome::Pending {
        if interrupted.0.load(Ordering::Acquire) && !is_told {
            is_told = true;
            line.say(match payment.abort() {
                Ok(Abort::Abandoned) => "Aborted: it will not be started.",
                Ok(Abort::AtTerminal) => {
                    "It is at the terminal: press STOP there. Whatever becomes of it is told here."
                }
                Ok(Abort::TooLate) | Err(_) => "It has its outcome already.",
            });
        }
        line.glance();
    }
}

/// Waits for what Ctrl-C does not stop: it ends the program, and what was begun goes on.
pub fn wait_for(what: String, mut has_ended: impl FnMut(Duration) -> bool) {
    let mut line = Line::new(what, "");
    while !has_ended(GLANCE) {
        line.glance();
    }
}

/// Waits for what says nothing until it is done.
pub fn wait_during<T: Send>(what: String, work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let (done, is_done) = mpsc::channel::<()>();
        let working = scope.spawn(move || {
            let result = work();
            drop(done);
            result
        });
        wait_for(what, |limit| is_done.recv_timeout(limit) != Err(RecvTimeoutError::Timeout));
        working.join().unwrap_or_else(|fault| std::panic::resume_unwind(fault))
    })
}

/// A line on standard error that says what goes on, if somebody looks on; removed at the end.
struct Line {
    text: String,
    hint: &'static str,
    since: Instant,
    /// What of it can be seen, if it is shown at all.
    shown: Option<String>,
}

impl Line {
    fn new(text: String, hint: &'static str) -> Line {
        let shown = std::io::stderr().is_terminal().then(String::new);
        Line { text, hint, since: Instant::now(), shown }
    }

    fn glance(&mut self) {
        let line = format!("{} … {} s{}", self.text, self.since.elapsed().as_secs(), self.hint);
        if self.shown.as_ref().is_some_and(|shown| *shown != line) {
            self.clear();
            write(&line);
            self.shown = Some(line);
        }
    }

    /// Says something above the line, to a file, too.
    fn say(&mut self, words: &str) {
        self.hint = "";
        self.clear();
        write(&format!("{words}\n"));
    }

    fn clear(&mut self) {
        if let Some(shown) = self.shown.as_mut().filter(|shown| !shown.is_empty()) {
            write(&format!("\r{:1$}\r", "", shown.chars().count()));
            shown.clear();
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Writes to standard error, whether anybody reads it or not.
pub fn write(text: &str) {
    let mut out = std::io::stderr();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
