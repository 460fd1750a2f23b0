//! The service and its one terminal: transactions, the token, and the ledger, which is the truth.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::behaviour::{AbortWhileRunning, List, TokenKilled, WhileRunning};
use super::network::Flight;
use super::world::{Event, World};

/// Where reads lag, they lag by so much.
const LAG: Duration = Duration::from_secs(10);
const RECEIPTS_AFTER: Duration = Duration::from_secs(10);
/// For so long a name is remembered, where names are honoured.
const NAMES_KEPT: Duration = Duration::from_secs(180);
/// A word that start itself did not say is believed after a minute, and what follows on an abort after this.
const BELIEVED: Duration = Duration::from_secs(60);
const BELIEVED_AFTER_ABORT: Duration = Duration::from_secs(12);

/// How every client is deceived. What it leads to is no fault of the till, if `conflict` is raised.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Deception {
    AbortedYetPaid,
    OkAfterFailed,
    FailedForAMinute,
    DecidedWrongly,
}

impl Deception {
    pub const ALL: [Deception; 4] =
        [Deception::AbortedYetPaid, Deception::OkAfterFailed, Deception::FailedForAMinute, Deception::DecidedWrongly];

    /// What it is, as the documentation says it.
    pub fn words(self) -> &'static str {
        match self {
            Deception::AbortedYetPaid => {
                "The service takes our abort of a payment that is running, calls it aborted for 12 s, and the customer pays \
                 all the same."
            }
            Deception::OkAfterFailed => "The service calls a payment failed that is over, and it is paid later.",
            Deception::FailedForAMinute => {
                "The connection of start breaks while the customer stands at the terminal, the service says `failed` for more \
                 than 60 s, and then it is paid."
            }
            Deception::DecidedWrongly => {
                "A person decides by what the terminal shows, and the start is still on its way; or the slip is that of \
                 another attempt of the same sale."
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    Created,
    Running,
    /// The terminal has it, although an abort was told that it is aborted.
    Defied,
    Ended(&'static str),
}

/// What is so since a moment, and is what reads say sooner or later.
#[derive(Clone, Copy, Debug)]
struct Known {
    since: Duration,
    phase: Phase,
    /// Reads do not lag behind it.
    at_once: bool,
}

/// Money that moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Charge {
    pub at: Duration,
    pub minor: i64,
}

pub struct Transaction {
    pub id: String,
    pub reference: String,
    pub amount: i64,
    /// When it was created, by the clock of the node that did it.
    created: String,
    /// All that was ever so of it. The last is the truth.
    history: Vec<Known>,
    ended_at: Duration,
    token_killed: bool,
    /// The service calls it failed, although it runs.
    is_cut_off: bool,
    is_own_fault: bool,
    pub charges: Vec<Charge>,
    decided_not_paid: bool,
    /// How every client is deceived about it, and from when on: who has believed it sooner was not deceived.
    pub deceptions: BTreeMap<Deception, Duration>,
    receipt_number: i64,
}

impl Transaction {
    pub fn phase(&self) -> Phase {
        self.history.last().map_or(Phase::Created, |known| known.phase)
    }

    pub fn is_charged(&self) -> bool {
        !self.charges.is_empty()
    }
}

#[derive(Default)]
pub struct Service {
    pub transactions: Vec<Transaction>,
    pub flights: Vec<Flight>,
    /// The only token that is valid, and until when.
    token: Option<(String, Duration)>,
    tokens: u64,
    receipts: i64,
    /// What was first answered under each name, and when.
    named: BTreeMap<String, (Said, Duration)>,
    asked: i64,
}

/// What the service says to a request that has reached it.
#[derive(Clone)]
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
        let lives_for = self.behaviour.token_lives_for_seconds;
        let token = self.new_token(lives_for, true);
        let body = json!({"access_token": token, "expires_in": lives_for, "token_type": "bearer", "scope": null,
            "refresh_token": "refresh"});
        Said::Body(200, body)
    }

    /// `is_ours`: it is the till itself that logs in.
    fn new_token(&mut self, lives_for: u64, is_ours: bool) -> String {
        let killed = self.service.token.take().filter(|(_, until)| *until > self.now).map(|(token, _)| token);
        if let Some(killed) = killed {
            self.kill_token(&killed, is_ours);
        }
        self.service.tokens += 1;
        let token = format!("token-{}", self.service.tokens);
        self.service.token = Some((token.clone(), self.now + Duration::from_secs(lives_for)));
        token
    }

    fn kill_token(&mut self, killed: &str, is_ours: bool) {
        for at in 0..self.service.transactions.len() {
            let of_it = |flight: &&Flight| flight.transaction == at && flight.token == killed && flight.has_arrived;
            let Some(flight) = self.service.flights.iter().find(of_it) else { continue };
            if self.service.transactions[at].phase() != Phase::Running {
                continue;
            }
            // A till that kills the token of its own running start is not deceived: it has been told not to.
            let is_own_fault = is_ours && flight.is_waited_for;
            self.note(|| format!("its token is killed while transaction {at} is running"));
            let behaviour = self.behaviour.token_killed;
            let transaction = &mut self.service.transactions[at];
            transaction.is_own_fault |= is_own_fault;
            match behaviour {
                TokenKilled::Lives => {}
                TokenKilled::RefusedAfter => transaction.token_killed = true,
                TokenKilled::CutOff => {
                    transaction.is_cut_off = true;
                    self.is_cut_off(at);
                }
            }
        }
    }

    /// Another till logs in as the same device.
    pub fn another_logs_in(&mut self) {
        self.note(|| "another till logs in".into());
        self.new_token(600, false);
    }

    pub fn takes(&self, token: &str) -> bool {
        self.service.token.as_ref().is_some_and(|(valid, until)| valid == token && *until > self.now)
    }

    /// The clock of the node that is asked: Unix seconds.
    pub fn node_seconds(&mut self) -> i64 {
        self.service.asked += 1;
        let skew = if self.service.asked % 2 == 0 { self.behaviour.skew_seconds } else { 0 };
        1_700_000_123 + i64::try_from(self.now.as_secs()).expect("fits") + skew
    }

    /// What the same request was answered before, where names are honoured.
    pub fn remembers(&self, name: &str) -> Option<Said> {
        let (said, at) = self.service.named.get(name).filter(|_| self.behaviour.honours_actions)?;
        (self.now < *at + NAMES_KEPT).then(|| said.clone())
    }

    pub fn remember(&mut self, name: &str, said: &Said) {
        self.service.named.insert(name.to_owned(), (said.clone(), self.now));
    }

    pub fn create(&mut self, body: &Value) -> Said {
        let number = self.service.transactions.len();
        let seconds = self.node_seconds() - 1_700_000_000;
        let (day, seconds) = (14 + seconds / 86_400, seconds % 86_400);
        // 14 November 2023, 22:13:20, is when these clocks begin; no schedule takes two weeks.
        let created = format!(
            "2023-11-{day:02}T{:02}:{:02}:{:02}+00:00",
            (seconds / 3600) % 24,
            (seconds / 60) % 60,
            seconds % 60
        );
        let history = vec![Known { since: self.now, phase: Phase::Created, at_once: true }];
        self.service.transactions.push(Transaction {
            id: format!("STX_{number}"),
            reference: body["merchantRef"].as_str().unwrap_or_default().to_owned(),
            amount: body["basket_info"]["sum"].as_i64().unwrap_or_default(),
            created,
            history,
            ended_at: Duration::ZERO,
            token_killed: false,
            is_cut_off: false,
            is_own_fault: false,
            charges: Vec::new(),
            decided_not_paid: false,
            deceptions: BTreeMap::new(),
            receipt_number: 0,
        });
        self.shows(number)
    }

    pub fn find(&self, id: &str) -> Option<usize> {
        self.service.transactions.iter().position(|transaction| transaction.id == id)
    }

    /// How far reads have got in the history of a transaction.
    fn seen(&self, at: usize) -> usize {
        let lag = if self.behaviour.lags { LAG } else { Duration::ZERO };
        let is_seen = |known: &Known| known.at_once || known.since + lag <= self.now;
        self.service.transactions[at].history.iter().rposition(is_seen).unwrap_or(0)
    }

    /// What a read says; none where it is hidden.
    fn as_read(&self, at: usize) -> Option<Value> {
        let seen = self.service.transactions[at].history[self.seen(at)].phase;
        let word = match (seen, self.behaviour.while_running) {
            (Phase::Running, _) if self.service.transactions[at].is_cut_off => "failed",
            (Phase::Created, _) => "created",
            (Phase::Defied, _) => self.behaviour.aborted_word,
            (Phase::Ended(word), _) => word,
            (Phase::Running, WhileRunning::Created) => "created",
            (Phase::Running, WhileRunning::UnknownWord) => "processing",
            (Phase::Running, WhileRunning::Failed) => "failed",
            (Phase::Running, WhileRunning::NotFound) => return None,
        };
        Some(self.body(at, word))
    }

    /// `GET /Smart/Transactions/{id}`
    pub fn read(&self, at: usize) -> Said {
        self.as_read(at).map_or(Said::ApiError(404, 1001), |body| Said::Body(200, body))
    }

    /// `GET /Smart/Transactions`: the newest first.
    pub fn list(&self) -> Said {
        if self.behaviour.list == List::Refused {
            return Said::ApiError(403, 9007);
        }
        let late = if self.behaviour.list == List::Late { Duration::from_secs(30) } else { Duration::ZERO };
        let is_listed = |at: &usize| self.service.transactions[*at].history[0].since + late <= self.now;
        let all = (0..self.service.transactions.len()).rev().filter(is_listed);
        let data: Vec<Value> = all.filter_map(|at| self.as_read(at)).take(20).collect();
        Said::Body(200, json!({"count": data.len(), "data": data}))
    }

    /// The transaction as its own start's answer shows it: without any lag.
    fn shows(&self, at: usize) -> Said {
        let word = match self.service.transactions[at].phase() {
            Phase::Ended(word) => word,
            Phase::Created => "created",
            Phase::Running | Phase::Defied => "processing",
        };
        Said::Body(200, self.body(at, word))
    }

    fn body(&self, at: usize, word: &str) -> Value {
        let transaction = &self.service.transactions[at];
        let mut body = json!({"object": "smart.transactions", "id": transaction.id, "status": word,
            "merchantRef": transaction.reference, "created": transaction.created,
            "device_source": {"object": "smart.devices", "id": "SDV_TILL"},
            "basket_info": {"sum": transaction.amount, "currency": "EUR"}});
        let receipts_are_late = self.behaviour.receipts_late && self.now < transaction.ended_at + RECEIPTS_AFTER;
        if word == "ok" {
            let charged = transaction.charges.last().map_or(transaction.amount, |charge| charge.minor);
            body["basket_info"]["sum"] = charged.into();
        }
        if word == "ok" && !receipts_are_late {
            let receipt = json!([{"type": "textline", "value": {"text": "Kartenzahlung", "decoration": []}}]);
            body["receipt"] = receipt.clone();
            body["receipt_merchant"] = receipt;
            body["receipt_number"] = transaction.receipt_number.into();
        }
        body
    }

    /// `POST …/{id}/abort`
    pub fn abort(&mut self, at: usize) -> Said {
        let seen = self.seen(at);
        let (truth, behaviour) = (self.service.transactions[at].phase(), self.behaviour.abort);
        let history = &self.service.transactions[at].history;
        let follows = behaviour == AbortWhileRunning::FollowsStatus;
        let phase = if follows { history[seen].phase } else { truth };
        self.note(|| format!("abort of transaction {at}, which is {truth:?}: {behaviour:?}"));
        let aborted = Phase::Ended(self.behaviour.aborted_word);
        match (phase, behaviour) {
            (Phase::Created, _) => {
                let known = Known { since: self.now, phase: aborted, at_once: follows };
                let history = &mut self.service.transactions[at].history;
                // Where it is at the terminal by now, reads say so later.
                if seen + 1 == history.len() { history.push(known) } else { history.insert(seen + 1, known) }
            }
            (Phase::Running, AbortWhileRunning::NoEffect) => return self.shows(at),
            (Phase::Running, AbortWhileRunning::SaysAbortedYetPays) => {
                self.becomes(at, Phase::Defied, true);
                let from = self.now + BELIEVED_AFTER_ABORT;
                self.service.transactions[at].deceptions.insert(Deception::AbortedYetPaid, from);
            }
            (Phase::Running, AbortWhileRunning::Kills) => self.ended_as(at, self.behaviour.aborted_word),
            (Phase::Running | Phase::Defied | Phase::Ended(_), _) => return Said::ApiError(409, 1001),
        }
        Said::Body(200, self.body(at, self.behaviour.aborted_word))
    }

    fn becomes(&mut self, at: usize, phase: Phase, at_once: bool) {
        let since = self.now;
        self.service.transactions[at].history.push(Known { since, phase, at_once });
    }

    /// A start has reached the service.
    pub fn arrives(&mut self, flight: usize) {
        let at = self.service.flights[flight].transaction;
        let is_valid = self.service.flights[flight].is_let_in || self.takes(&self.service.flights[flight].token);
        let is_at_work = |other: &Transaction| matches!(other.phase(), Phase::Running | Phase::Defied);
        let is_busy = self.service.transactions.iter().any(is_at_work);
        let phase = self.service.transactions[at].phase();
        self.note(|| format!("start {flight} of transaction {at} arrives, which is {phase:?}; busy: {is_busy}"));
        self.service.flights[flight].has_arrived = true;
        match phase {
            Phase::Created if is_valid && !is_busy => self.runs(at),
            _ => self.refuses(flight),
        }
    }

    fn runs(&mut self, at: usize) {
        let thinks = match self.dice.below(10) {
            _ if self.behaviour.slow_customers => self.dice.millis(60_000, 180_000),
            0..2 => self.dice.millis(1_500, 5_000),
            2..4 => self.dice.millis(5_000, 60_000),
            _ => self.dice.millis(60_000, 180_000),
        };
        self.becomes(at, Phase::Running, false);
        self.expect(thinks, Event::Ends { transaction: at });
    }

    /// The customer is done.
    pub fn ends(&mut self, at: usize) {
        if !matches!(self.service.transactions[at].phase(), Phase::Running | Phase::Defied) {
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
        } else if self.behaviour.ok_after_failed && self.dice.percent(50) {
            let after = self.dice.millis(500, 60_000);
            self.expect(after, Event::TurnsOk { transaction: at });
        }
        self.ended_as(at, word);
    }

    fn ended_as(&mut self, at: usize, word: &'static str) {
        self.note(|| format!("transaction {at} ends: {word}"));
        self.service.transactions[at].ended_at = self.now;
        self.becomes(at, Phase::Ended(word), false);
        self.has_a_result(at);
    }

    fn charge(&mut self, at: usize) {
        self.service.receipts += 1;
        let (now, number, says) = (self.now, self.service.receipts, self.behaviour.while_running);
        let asked = self.service.transactions[at].amount;
        let minor = match self.behaviour.odd_sums && self.dice.percent(30) {
            true => self.dice.pick(&[asked / 2, asked + 50]),
            false => asked,
        };
        let broke = |flight: &Flight| flight.ended_at.filter(|_| flight.transaction == at);
        let believed_from = self.service.flights.iter().find_map(broke).map(|broke| broke + BELIEVED);
        let lags_until = now + if self.behaviour.lags { LAG } else { Duration::ZERO };
        let transaction = &mut self.service.transactions[at];
        let says_failed = says == WhileRunning::Failed || transaction.is_cut_off;
        let is_deceiving = says_failed && !transaction.is_own_fault;
        let believed_from = believed_from.filter(|from| is_deceiving && *from <= lags_until);
        transaction.charges.push(Charge { at: now, minor });
        transaction.receipt_number = number;
        if transaction.decided_not_paid {
            transaction.deceptions.insert(Deception::DecidedWrongly, Duration::ZERO);
        }
        if let Some(from) = believed_from {
            transaction.deceptions.insert(Deception::FailedForAMinute, from);
        }
        self.note(|| format!("transaction {at} is charged {minor}"));
    }

    pub fn turns_ok(&mut self, at: usize) {
        let Phase::Ended("failed" | "aborted" | "timeout") = self.service.transactions[at].phase() else { return };
        self.charge(at);
        self.service.transactions[at].deceptions.insert(Deception::OkAfterFailed, Duration::ZERO);
        self.becomes(at, Phase::Ended("ok"), false);
        self.note(|| format!("transaction {at} turns ok"));
    }

    /// What the start of this transaction is answered with once it has ended.
    pub fn result(&self, at: usize) -> Said {
        match self.service.transactions[at].token_killed {
            true => Said::ApiError(self.behaviour.dead_token, 2003),
            false => self.shows(at),
        }
    }

    /// A person has said so of this transaction.
    pub fn is_decided(&mut self, id: &str, paid: bool) {
        let Some(at) = self.find(id) else { return };
        let transaction = &mut self.service.transactions[at];
        if !paid {
            transaction.decided_not_paid = true;
        } else if !transaction.is_charged() {
            transaction.deceptions.insert(Deception::DecidedWrongly, Duration::ZERO);
        }
    }

    /// Whoever looks at the terminal and its slips sees what became of this reference.
    pub fn at_terminal(&self, reference: &str) -> AtTerminal {
        let of_it = || self.service.transactions.iter().filter(|transaction| transaction.reference == reference);
        if of_it().any(|transaction| matches!(transaction.phase(), Phase::Running | Phase::Defied)) {
            AtTerminal::Running
        } else if of_it().any(Transaction::is_charged) {
            AtTerminal::Paid
        } else {
            AtTerminal::NotPaid
        }
    }
}
