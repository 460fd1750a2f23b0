//! The service: its transactions, what is true of them, and what it says. It is written from the reference of the API alone
//! and shares nothing with the library.

use crate::graphs::{Behaviour, Graph, Scene};

/// How long what the service says may be behind the truth, in milliseconds.
pub const LAG: i64 = 10_000;
/// After so long nothing that was started is at the terminal any more, in milliseconds: a customer has five minutes, and a
/// start that is held back must not come so late that this is not over within the grace.
const OVER: i64 = 340_000;
/// Where the service calls a running payment failed, it says better before anybody could believe that: a minute after the
/// connection has ended, less the lag.
const CORRECTED: i64 = 45_000;
/// A service that takes back what start itself has said does so before it was asked about it again: 14 minutes.
const TAKEN_BACK: i64 = 14 * 60_000;

/// What is true of a transaction.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Truth {
    /// Nobody has started it.
    Created,
    /// A start is held back somewhere, and may still come.
    OnItsWay,
    /// The terminal asks for the card.
    AtTerminal,
    /// The service has called it failed, and the terminal still asks for the card.
    SaidFailed,
    /// Money has moved.
    Paid,
    /// It has failed.
    Failed,
    /// It was aborted and can never start.
    Aborted,
    /// The money went back.
    Reversed,
}

/// What the service says of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Word {
    Created,
    Processing,
    NotFound,
    Ok,
    Failed,
    Aborted,
    Cancelled,
}

impl Word {
    pub fn text(self) -> &'static str {
        match self {
            Word::Created => "created",
            Word::Processing => "processing",
            Word::NotFound => "404",
            Word::Ok => "ok",
            Word::Failed => "failed",
            Word::Aborted => "aborted",
            Word::Cancelled => "cancelled",
        }
    }
}

/// Money that has moved.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Charge {
    /// Whose card it was.
    pub payer: usize,
    /// How much.
    pub amount: i64,
}

/// A transaction. Times are those of the world.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Transaction {
    /// The purchase that it is for.
    pub purchase: usize,
    pub truth: Truth,
    pub word: Word,
    /// Since when the word is behind the truth.
    pub behind: Option<i64>,
    /// How often it was started.
    pub starts: u8,
    /// When.
    pub begun: Option<i64>,
    /// Somebody waits for the answer to start.
    pub connected: bool,
    /// When nobody did any more.
    pub ended: Option<i64>,
    pub charge: Option<Charge>,
    /// Whether the receipts are there.
    pub receipts: bool,
    /// When it was created: the service's own time.
    pub created: i64,
    /// A reversal that is on its way to the terminal, since when.
    pub reversing: Option<i64>,
    /// A cashier has read that it was not paid.
    pub called_unpaid: bool,
}

/// An answer, as it comes over the wire.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// None came.
    Lost,
    /// The transaction.
    Says(Word),
    /// The service's own error body.
    Error { http: u16, of_token: bool },
}

pub const REFUSED: Answer = Answer::Error { http: 400, of_token: false };
pub const TOKEN_REFUSED: Answer = Answer::Error { http: 403, of_token: true };

impl Transaction {
    pub fn new(purchase: usize, now: i64) -> Transaction {
        Transaction {
            purchase,
            truth: Truth::Created,
            word: Word::Created,
            behind: None,
            starts: 0,
            begun: None,
            connected: false,
            ended: None,
            charge: None,
            receipts: false,
            created: now,
            reversing: None,
            called_unpaid: false,
        }
    }

    /// Whether money may still move.
    pub fn is_running(&self) -> bool {
        matches!(self.truth, Truth::OnItsWay | Truth::AtTerminal | Truth::SaidFailed)
    }

    /// Whether nothing is going to happen by itself.
    pub fn is_quiet(&self) -> bool {
        !self.is_running() && self.behind.is_none() && self.reversing.is_none()
    }

    /// Money that has moved and has not come back.
    pub fn net(&self) -> i64 {
        self.charge.filter(|_| self.truth != Truth::Reversed).map_or(0, |charge| charge.amount)
    }

    /// Money that has come back over the card.
    pub fn reversed(&self) -> i64 {
        self.charge.filter(|_| self.truth == Truth::Reversed).map_or(0, |charge| charge.amount)
    }

    /// What should be said of the truth.
    fn due(&self, graph: &Graph) -> Word {
        match self.truth {
            Truth::Created | Truth::OnItsWay => Word::Created,
            Truth::AtTerminal => graph.word_while_running(),
            Truth::Paid => Word::Ok,
            Truth::Reversed if graph.has(Behaviour::SaysOkForEver) => Word::Ok,
            Truth::Reversed => Word::Cancelled,
            Truth::SaidFailed | Truth::Failed => Word::Failed,
            Truth::Aborted => Word::Aborted,
        }
    }

    /// Something becomes true. What the service says follows, at once or later.
    pub fn becomes(&mut self, truth: Truth, graph: &Graph, now: i64) {
        self.truth = truth;
        // What was said to be aborted goes on being said so, where the service is deaf to its terminal.
        let is_deaf = graph.has(Behaviour::AbortedThenPaid) && self.word == Word::Aborted && self.is_running();
        match () {
            () if is_deaf => {}
            () if graph.has(Behaviour::Lags) => self.behind = self.behind.or(Some(now)),
            () => self.word = self.due(graph),
        }
    }

    /// The word catches up with the truth.
    pub fn catches_up(&mut self, graph: &Graph) {
        (self.word, self.behind) = (self.due(graph), None);
    }

    /// By when something has to have happened.
    pub fn limit(&self, graph: &Graph) -> Option<i64> {
        let begun = self.begun.unwrap_or_default();
        let running = match self.truth {
            Truth::OnItsWay | Truth::AtTerminal => Some(begun + OVER),
            Truth::SaidFailed => Some(begun + TAKEN_BACK),
            _ => None,
        };
        let says_failed = graph.has(Behaviour::RunningSaysFailed) && !graph.has(Behaviour::FailedForLong);
        let corrected = self.ended.filter(|_| says_failed && self.truth == Truth::AtTerminal).map(|at| at + CORRECTED);
        let caught_up = self.behind.map(|since| since + LAG);
        let reversed = self.reversing.map(|since| since + OVER);
        [running, corrected, caught_up, reversed].into_iter().flatten().min()
    }

    /// `GET`.
    pub fn read(&self) -> Answer {
        match self.word {
            Word::NotFound => Answer::Error { http: 404, of_token: false },
            word => Answer::Says(word),
        }
    }

    /// `POST …/abort`.
    pub fn abort(&mut self, graph: &Graph, now: i64) -> Answer {
        let never_started = self.truth == Truth::Created;
        let is_open = never_started || matches!(self.truth, Truth::OnItsWay | Truth::AtTerminal);
        let says_open = matches!(self.word, Word::Created | Word::Processing);
        match () {
            () if graph.has(Behaviour::AbortHasNoEffect) => Answer::Says(self.word),
            () if graph.has(Behaviour::AbortKills) && is_open => {
                self.becomes(Truth::Aborted, graph, now);
                Answer::Says(Word::Aborted)
            }
            // It goes by what it says itself, and does not ask the terminal.
            () if (graph.has(Behaviour::AbortFollows) || graph.has(Behaviour::AbortedThenPaid)) && says_open => {
                if never_started {
                    self.truth = Truth::Aborted;
                }
                self.word = Word::Aborted;
                if graph.has(Behaviour::AbortedThenPaid) && self.is_running() {
                    self.behind = None;
                }
                Answer::Says(Word::Aborted)
            }
            () => REFUSED,
        }
    }

    /// The answer to start, once there is one.
    pub fn answer_to_start(&self) -> Option<Answer> {
        let word = match self.truth {
            Truth::Paid => Word::Ok,
            Truth::Failed | Truth::SaidFailed => Word::Failed,
            Truth::Aborted => Word::Aborted,
            Truth::Reversed => Word::Cancelled,
            Truth::Created | Truth::OnItsWay | Truth::AtTerminal => return None,
        };
        Some(Answer::Says(word))
    }

    /// The clocks are set to nought. Where nobody waits for a second, time goes in steps here, too.
    pub fn grow_older(&mut self, real: i64, graph: &Graph, is_idle: bool) {
        let is_quiet = self.is_quiet();
        self.created = if graph.scene == Scene::BroughtBack { self.created - real } else { 0 };
        for time in [&mut self.behind, &mut self.ended] {
            *time = time.map(|time| if is_quiet { 0 } else { time - real });
        }
        if !graph.has(Behaviour::RunningSaysFailed) {
            self.ended = self.ended.map(|_| 0);
        }
        for time in [&mut self.begun, &mut self.reversing] {
            *time = time.map(|time| match time - real {
                _ if is_quiet => 0,
                _ if is_idle => 0,
                time => time,
            });
        }
    }

    /// Nobody waits for the answer to start any more.
    pub fn hangs_up(&mut self, now: i64) {
        if self.connected {
            (self.connected, self.ended) = (false, Some(now));
        }
    }
}
