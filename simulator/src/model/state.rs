//! All that the service and its terminals know. Time is what whoever runs the model says it is: so long since the beginning.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde_json::Value;

use crate::model::actions::Actions;
use crate::model::agenda::Agenda;
use crate::model::answer::{Answer, Refusal};
use crate::model::history::Transaction;
use crate::model::ids::Ids;
use crate::model::ledger::{Entry, Ledger};
use crate::model::logins::Logins;
use crate::model::node::Node;
use crate::model::refused::Refused;
use crate::model::request::{Pending, Reply, Request};
use crate::model::scenario::Script;
use crate::model::settings::Settings;
use crate::model::step::{Moment, Step};
use crate::model::terminal::{Terminal, Visit};

/// So many transactions are remembered: whoever runs the model may do so for weeks.
pub const REMEMBERED: usize = 5_000;

/// What a request comes to.
pub(crate) type Replied = Result<Reply, Refusal>;

/// The service and its terminals.
pub struct Model {
    /// What can be set.
    pub settings: Settings,
    /// The time since the beginning, and when that was, in Unix time.
    pub(crate) now: Duration,
    began: Duration,
    pub(crate) scripts: VecDeque<Script>,
    pub(crate) ledger: Ledger,
    /// In the order of their creation; of too many those that are over are forgotten, the oldest first.
    pub(crate) transactions: Vec<Transaction>,
    pub(crate) logins: Logins,
    pub(crate) actions: Actions,
    /// By their ids.
    terminals: BTreeMap<String, Terminal>,
    /// By their numbers.
    pub(crate) visits: BTreeMap<u64, Visit>,
    /// Whoever has started a payment and has not been answered.
    pub(crate) starts: Vec<Start>,
    /// What was told of closings and diagnoses.
    pub(crate) reports: Vec<Report>,
    /// How often the day was closed.
    pub(crate) closings: usize,
    pub(crate) agenda: Agenda<Event>,
    pub(crate) ids: Ids,
    /// How many visits and answers to come have been numbered.
    numbered: u64,
    /// How many requests the nodes have taken.
    taken: usize,
    answers: Vec<(Pending, Answer)>,
    steps: Vec<Step>,
}

/// What is going to happen.
pub(crate) enum Event {
    /// A visit ends, unless it has ended sooner.
    Ends(u64),
    /// What has failed in this visit is paid after all.
    PaidAfterAll(u64, Visit),
    /// A request is refused.
    Refuses(Pending, Refused),
}

/// A start that waits for its answer.
pub(crate) struct Start {
    pub(crate) answer: Pending,
    pub(crate) transaction: String,
    /// By which token it was let in.
    pub(crate) bearer: String,
    /// Which visit it waits for; none: whichever ends.
    pub(crate) visit: Option<u64>,
}

/// What the terminal was told to do besides payments, as a transaction of its own.
pub(crate) struct Report {
    pub(crate) since: Duration,
    pub(crate) body: Value,
}

impl Model {
    /// A new one, whose clock begins now, which is this Unix time. The same seed invents the same ids and secrets.
    pub fn new(settings: Settings, seed: u64, began: Duration) -> Model {
        Model {
            settings,
            now: Duration::ZERO,
            began,
            scripts: VecDeque::new(),
            ledger: Ledger::default(),
            transactions: Vec::new(),
            logins: Logins::new(Ids::new(!seed)),
            actions: Actions::default(),
            terminals: BTreeMap::new(),
            visits: BTreeMap::new(),
            starts: Vec::new(),
            reports: Vec::new(),
            closings: 0,
            agenda: Agenda::default(),
            ids: Ids::new(seed),
            numbered: 0,
            taken: 0,
            answers: Vec::new(),
            steps: Vec::new(),
        }
    }

    /// The Unix time.
    pub fn unix(&self) -> Duration {
        self.began + self.now
    }

    pub(crate) fn unix_ms(&self) -> u64 {
        u64::try_from(self.unix().as_millis()).unwrap_or(u64::MAX)
    }

    /// The node that takes the next request.
    pub fn next_node(&mut self) -> Node {
        self.taken += 1;
        Node::of(&self.settings, self.taken - 1)
    }

    /// Says what happens to the next payment that is created and has no script yet.
    pub fn script(&mut self, script: Script) {
        self.scripts.push_back(script);
    }

    /// Payments to come go by their amount, whatever was scripted for them before.
    pub fn forget_scripts(&mut self) {
        self.scripts.clear();
    }

    /// The money that moved so far.
    pub fn ledger(&self) -> &[Entry] {
        self.ledger.entries()
    }

    /// All transactions as they really are, in the order of their creation.
    pub fn truths(&self) -> impl DoubleEndedIterator<Item = Value> {
        self.transactions.iter().map(Transaction::whole_truth)
    }

    /// How often the day was closed.
    pub fn closings(&self) -> usize {
        self.closings
    }

    /// Whether the terminal has this transaction.
    pub fn is_running(&self, id: &str) -> bool {
        self.transaction(id).is_ok_and(Transaction::is_running)
    }

    /// Whether this token is alive.
    pub fn takes(&self, token: &str) -> bool {
        self.logins.takes(token, self.now)
    }

    /// The secrets of those who have logged in or wait to be confirmed.
    pub(crate) fn secrets(&self) -> Vec<String> {
        self.logins.secrets()
    }

    /// A person confirms the device that shows this code. Whether one waited with it.
    pub fn confirm_device(&mut self, user_code: &str) -> bool {
        self.logins.confirm(user_code)
    }

    /// The terminal that the till is routed to counts its receipts from the beginning again.
    pub fn restart_receipt_numbers(&mut self) {
        self.routed().restart_counter();
    }

    /// Whether a request may pass, and from which device it comes.
    pub(crate) fn admits(&self, request: &Request<'_>) -> Result<Option<String>, Refusal> {
        if request.is_let_in {
            return Ok(None);
        }
        let device = self.logins.admit(request.bearer, &self.settings, self.now)?;
        Ok(device.map(str::to_owned))
    }

    /// The terminal with this id.
    pub(crate) fn terminal(&mut self, id: &str) -> &mut Terminal {
        self.terminals.entry(id.to_owned()).or_default()
    }

    /// The terminal that the till is routed to.
    pub(crate) fn routed(&mut self) -> &mut Terminal {
        self.terminals.entry(self.settings.device_destination.clone()).or_default()
    }

    fn find(&self, id: &str) -> Result<usize, Refusal> {
        // The newest are asked for most.
        self.transactions.iter().rposition(|transaction| transaction.id == id).ok_or_else(|| Refusal::unknown(id))
    }

    /// The transaction with this id.
    pub(crate) fn transaction(&self, id: &str) -> Result<&Transaction, Refusal> {
        self.find(id).map(|at| &self.transactions[at])
    }

    /// The same, with the settings and the time, so that something can be done to it.
    pub(crate) fn change(&mut self, id: &str) -> Result<(&mut Transaction, &Settings, Duration), Refusal> {
        let at = self.find(id)?;
        Ok((&mut self.transactions[at], &self.settings, self.now))
    }

    /// A number that nothing else has.
    pub(crate) fn number(&mut self) -> u64 {
        self.numbered += 1;
        self.numbered
    }

    /// Something is going to happen in so many milliseconds.
    pub(crate) fn expect(&mut self, after_ms: u64, event: Event) {
        self.agenda.enter(self.now.saturating_add(Duration::from_millis(after_ms)), event);
    }

    /// A refusal as an answer.
    pub(crate) fn refuse(&mut self, refusal: Refusal) -> Answer {
        let support = self.ids.hex() + &self.ids.hex();
        refusal.told(support)
    }

    /// What was awaited has come, also for those who have asked the same.
    pub(crate) fn answer(&mut self, awaited: Pending, answer: Result<Answer, Refusal>) {
        let answer = answer.unwrap_or_else(|refusal| self.refuse(refusal));
        let others = self.actions.answered(awaited, &answer);
        self.answers.push((awaited, answer));
        self.answers.extend(others);
    }

    /// The answers that have come since this was asked last.
    pub fn take_answers(&mut self) -> Vec<(Pending, Answer)> {
        std::mem::take(&mut self.answers)
    }

    /// A step of what happens now.
    pub(crate) fn step(&self, transaction: &str, moment: Moment) -> Step {
        let time_us = u64::try_from(self.unix().as_micros()).unwrap_or(u64::MAX);
        Step { time_us, transaction: transaction.to_owned(), moment }
    }

    /// Something has happened to a transaction.
    pub(crate) fn tell(&mut self, transaction: &str, moment: Moment) {
        self.steps.push(self.step(transaction, moment));
    }

    /// The steps that have happened since this was asked last.
    pub fn take_steps(&mut self) -> Vec<Step> {
        std::mem::take(&mut self.steps)
    }
}
