//! The service and its one terminal: transactions, the token, and the ledger, which is the truth.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::behaviour::{AbortWhileRunning, SecondStart, TokenKilled, WhileRunning};
use super::network::Flight;
use super::world::{Event, World};

const LAG: Duration = Duration::from_secs(5);
const RECEIPTS_AFTER: Duration = Duration::from_secs(10);

/// How every client is deceived. What it leads to is no fault of the till, if `conflict` is raised.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Deception {
    AbortedYetPaid,
    OkAfterFailed,
    DecidedWrongly,
    RefusedYetCarriedOut,
}

impl Deception {
    pub const ALL: [Deception; 4] = [
        Deception::AbortedYetPaid,
        Deception::OkAfterFailed,
        Deception::DecidedWrongly,
        Deception::RefusedYetCarriedOut,
    ];

    /// What it is, as the documentation says it.
    pub fn words(self) -> &'static str {
        match self {
            Deception::AbortedYetPaid => {
                "The service takes our abort of a payment that is running, calls it aborted, and the customer pays all the \
                 same."
            }
            Deception::OkAfterFailed => "The service calls a payment failed, and it is paid later.",
            Deception::DecidedWrongly => {
                "A person decides by what the terminal shows, but the start is still on its way; or the slip is that of \
                 another attempt of the same sale."
            }
            Deception::RefusedYetCarriedOut => {
                "The service refuses the token of a start within 5 s, carries it out all the same, and says `created` \
                 meanwhile. If the second start is carried out too, both are on one transaction, and what it says of \
                 the one hides the other."
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    Created,
    Running,
    Ended(&'static str),
}

pub struct Transaction {
    pub id: String,
    pub reference: String,
    pub amount: i64,
    phase: Phase,
    ended_at: Duration,
    /// What the service says although it is not so.
    pretends: Option<&'static str>,
    /// Ended by abort before it was started.
    abandoned: bool,
    /// Further starts that wait for the terminal.
    pub again: Vec<usize>,
    token_killed: bool,
    /// When it was charged, each time.
    pub charges: Vec<Duration>,
    decided_not_paid: bool,
    pub deceptions: BTreeSet<Deception>,
    receipt_number: i64,
}

#[derive(Default)]
pub struct Service {
    pub transactions: Vec<Transaction>,
    pub flights: Vec<Flight>,
    /// The only token that is valid, and until when.
    token: Option<(String, Duration)>,
    tokens: u64,
    receipts: i64,
}

/// What the service says to a request that has reached it.
pub enum Said {
    Body(u16, Value),
    ApiError(u16, i64),
}

/// What somebody sees who looks at the terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AtTerminal {
    Running,
    Paid,
    NotPaid,
}

impl World {
    /// `POST /oauth/token`: a new token kills the former.
    pub fn log_in(&mut self) -> Said {
        let killed = self.service.token.take().filter(|(_, until)| *until > self.now).map(|(token, _)| token);
        if let Some(killed) = killed {
            self.kill_token(&killed);
        }
        self.service.tokens += 1;
        let token = format!("token-{}", self.service.tokens);
        let lives_for = self.behaviour.token_lives_for_seconds;
        self.service.token = Some((token.clone(), self.now + Duration::from_secs(lives_for)));
        let body = json!({"access_token": token, "expires_in": lives_for, "token_type": "bearer", "scope": null,
            "refresh_token": "refresh"});
        Said::Body(200, body)
    }

    fn kill_token(&mut self, killed: &str) {
        for at in 0..self.service.transactions.len() {
            if self.service.transactions[at].phase != Phase::Running {
                continue;
            }
            let of_it = |flight: &&Flight| flight.transaction == at && flight.token == killed && flight.has_arrived;
            if !self.service.flights.iter().any(|flight| of_it(&flight)) {
                continue;
            }
            let by_its_own_till = self.service.flights.iter().filter(of_it).any(|flight| flight.is_waited_for);
            self.note(|| format!("its token is killed while transaction {at} is running"));
            let behaviour = self.behaviour.token_killed;
            let transaction = &mut self.service.transactions[at];
            transaction.token_killed = behaviour != TokenKilled::Lives;
            if behaviour == TokenKilled::CutOff {
                transaction.pretends = Some("failed");
                // A till that kills the token of its own running start is not deceived: it has been told not to.
                if !by_its_own_till {
                    transaction.deceptions.insert(Deception::OkAfterFailed);
                }
            }
        }
    }

    /// The service forgets the session.
    pub fn revoke_token(&mut self) {
        self.service.token = None;
    }

    pub fn takes(&self, token: &str) -> bool {
        self.service.token.as_ref().is_some_and(|(valid, until)| valid == token && *until > self.now)
    }

    pub fn create(&mut self, body: &Value) -> Said {
        let number = self.service.transactions.len();
        self.service.transactions.push(Transaction {
            id: format!("STX_{number}"),
            reference: body["merchantRef"].as_str().unwrap_or_default().to_owned(),
            amount: body["basket_info"]["sum"].as_i64().unwrap_or_default(),
            phase: Phase::Created,
            ended_at: Duration::ZERO,
            pretends: None,
            abandoned: false,
            again: Vec::new(),
            token_killed: false,
            charges: Vec::new(),
            decided_not_paid: false,
            deceptions: BTreeSet::new(),
            receipt_number: 0,
        });
        self.shows(number)
    }

    pub fn find(&self, id: &str) -> Option<usize> {
        self.service.transactions.iter().position(|transaction| transaction.id == id)
    }

    /// `GET`: what a read says.
    pub fn read(&self, at: usize) -> Said {
        let transaction = &self.service.transactions[at];
        let lags = self.behaviour.while_running == WhileRunning::CreatedAndLags;
        match (transaction.pretends, transaction.phase) {
            (Some(_), _) | (None, Phase::Created) => self.shows(at),
            (None, Phase::Ended(_)) if lags && !transaction.abandoned && self.now < transaction.ended_at + LAG => {
                Said::Body(200, self.body(at, "created"))
            }
            (None, Phase::Ended(_)) => self.shows(at),
            (None, Phase::Running) => match self.behaviour.while_running {
                WhileRunning::Created | WhileRunning::CreatedAndLags => Said::Body(200, self.body(at, "created")),
                WhileRunning::UnknownWord => Said::Body(200, self.body(at, "processing")),
                WhileRunning::NotFound => Said::ApiError(404, 1001),
            },
        }
    }

    /// The transaction as its own start's answer shows it: without any lag.
    fn shows(&self, at: usize) -> Said {
        let transaction = &self.service.transactions[at];
        let word = match (transaction.pretends, transaction.phase) {
            (Some(word), _) | (None, Phase::Ended(word)) => word,
            (None, Phase::Created) => "created",
            (None, Phase::Running) => "processing",
        };
        Said::Body(200, self.body(at, word))
    }

    fn body(&self, at: usize, word: &str) -> Value {
        let transaction = &self.service.transactions[at];
        let mut body = json!({"object": "smart.transactions", "id": transaction.id, "status": word,
            "merchantRef": transaction.reference, "basket_info": {"sum": transaction.amount, "currency": "EUR"}});
        let receipts_are_late = self.behaviour.receipts_late && self.now < transaction.ended_at + RECEIPTS_AFTER;
        if word == "ok" && !receipts_are_late {
            let receipt = json!([{"type": "textline", "value": {"text": "Kartenzahlung", "decoration": []}}]);
            body["receipt"] = receipt.clone();
            body["receipt_merchant"] = receipt;
            body["receipt_number"] = transaction.receipt_number.into();
        }
        body
    }

    pub fn abort(&mut self, at: usize) -> Said {
        let (phase, word, behaviour) = {
            let transaction = &self.service.transactions[at];
            (transaction.phase, self.behaviour.aborted_word, self.behaviour.abort)
        };
        self.note(|| format!("abort of transaction {at}, which is {phase:?}: {behaviour:?}"));
        let transaction = &mut self.service.transactions[at];
        match (phase, behaviour) {
            (Phase::Created, _) => {
                transaction.phase = Phase::Ended(word);
                transaction.abandoned = true;
                self.shows(at)
            }
            (Phase::Ended(_), _) | (Phase::Running, AbortWhileRunning::Refused) => Said::ApiError(409, 1001),
            (Phase::Running, AbortWhileRunning::NoEffect) => self.shows(at),
            (Phase::Running, AbortWhileRunning::SaysAbortedYetPays) => {
                transaction.pretends = Some(word);
                transaction.deceptions.insert(Deception::AbortedYetPaid);
                self.shows(at)
            }
            (Phase::Running, AbortWhileRunning::Kills) => {
                transaction.again.clear();
                self.ended_as(at, word);
                self.shows(at)
            }
        }
    }

    /// A start has reached the service.
    pub fn arrives(&mut self, flight: usize) {
        let (at, is_valid) = {
            let flight = &self.service.flights[flight];
            (flight.transaction, self.takes(&flight.token) || self.behaviour.token_killed == TokenKilled::Lives)
        };
        let is_busy = self.service.transactions.iter().any(|other| other.phase == Phase::Running);
        let (phase, abandoned) = (self.service.transactions[at].phase, self.service.transactions[at].abandoned);
        let second = self.behaviour.second_start;
        self.note(|| format!("start {flight} of transaction {at} arrives, which is {phase:?}; busy: {is_busy}"));
        self.service.flights[flight].has_arrived = true;
        match (phase, second) {
            _ if abandoned || !is_valid => self.refuses(flight),
            (Phase::Created, _) if is_busy => self.refuses(flight),
            (Phase::Created, _) => self.runs(at),
            (_, SecondStart::Refused) => self.refuses(flight),
            (Phase::Running, SecondStart::Charges) => self.service.transactions[at].again.push(flight),
            (Phase::Running, SecondStart::Same) => {}
            (Phase::Ended(_), SecondStart::Charges) if is_busy => self.refuses(flight),
            (Phase::Ended(_), SecondStart::Charges) => self.runs(at),
            (Phase::Ended(_), SecondStart::Same) => self.has_a_result(at),
        }
    }

    fn runs(&mut self, at: usize) {
        let thinks = match self.dice.below(10) {
            0..2 => self.dice.millis(1_500, 5_000),
            2..4 => self.dice.millis(5_000, 60_000),
            _ => self.dice.millis(60_000, 180_000),
        };
        self.service.transactions[at].phase = Phase::Running;
        self.expect(thinks, Event::Ends { transaction: at });
    }

    /// The customer is done.
    pub fn ends(&mut self, at: usize) {
        if self.service.transactions[at].phase != Phase::Running {
            return;
        }
        let word = match self.dice.below(100) {
            0..86 => "ok",
            86..92 => "failed",
            92..96 => "aborted",
            _ => "timeout",
        };
        if word == "ok" {
            self.charge(at);
            self.service.transactions[at].pretends = None;
        } else if self.behaviour.ok_after_failed && self.dice.percent(50) {
            let after = self.dice.millis(500, 60_000);
            self.expect(after, Event::TurnsOk { transaction: at });
        }
        self.ended_as(at, word);
        if !self.service.transactions[at].again.is_empty() {
            self.service.transactions[at].again.remove(0);
            self.runs(at);
        }
    }

    fn ended_as(&mut self, at: usize, word: &'static str) {
        self.note(|| format!("transaction {at} ends: {word}"));
        let now = self.now;
        let transaction = &mut self.service.transactions[at];
        transaction.phase = Phase::Ended(word);
        transaction.ended_at = now;
        self.has_a_result(at);
    }

    fn charge(&mut self, at: usize) {
        self.service.receipts += 1;
        let (now, number) = (self.now, self.service.receipts);
        let transaction = &mut self.service.transactions[at];
        transaction.charges.push(now);
        transaction.receipt_number = number;
        if transaction.decided_not_paid {
            transaction.deceptions.insert(Deception::DecidedWrongly);
        }
        self.note(|| format!("transaction {at} is charged"));
    }

    pub fn turns_ok(&mut self, at: usize) {
        let Phase::Ended("failed" | "aborted" | "timeout") = self.service.transactions[at].phase else { return };
        if self.service.transactions[at].abandoned {
            return;
        }
        self.charge(at);
        let transaction = &mut self.service.transactions[at];
        transaction.deceptions.insert(Deception::OkAfterFailed);
        transaction.pretends = None;
        transaction.phase = Phase::Ended("ok");
        self.note(|| format!("transaction {at} turns ok"));
    }

    /// What the start of this transaction is answered with once it has ended.
    pub fn result(&self, at: usize) -> Said {
        let transaction = &self.service.transactions[at];
        if transaction.token_killed { Said::ApiError(403, 2003) } else { self.shows(at) }
    }

    /// A person has said so of this transaction.
    pub fn is_decided(&mut self, id: &str, paid: bool) {
        let Some(at) = self.find(id) else { return };
        let transaction = &mut self.service.transactions[at];
        if !paid {
            transaction.decided_not_paid = true;
        } else if transaction.charges.is_empty() {
            transaction.deceptions.insert(Deception::DecidedWrongly);
        }
    }

    /// Whoever looks at the terminal and its slips sees what became of this reference.
    pub fn at_terminal(&self, reference: &str) -> AtTerminal {
        let of_it = || self.service.transactions.iter().filter(|transaction| transaction.reference == reference);
        if of_it().any(|transaction| transaction.phase == Phase::Running) {
            AtTerminal::Running
        } else if of_it().any(|transaction| !transaction.charges.is_empty()) {
            AtTerminal::Paid
        } else {
            AtTerminal::NotPaid
        }
    }
}
