//! What the simulated server knows, shared by all its requests.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::HeaderMap;
use serde::Serialize;

use crate::http::connection::Door;
use crate::http::fault::{Endpoint, Fault};
use crate::model::actions::Actions;
use crate::model::answer::Refusal;
use crate::model::closing::Report;
use crate::model::history::Transaction;
use crate::model::ids;
use crate::model::logins::Logins;
use crate::model::queue::Place;
use crate::model::scenario::Script;
use crate::model::settings::Settings;
use crate::model::terminal::Terminal;

/// Money that moved.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Entry {
    /// Unix time in milliseconds, UTC.
    pub time: u64,
    /// The transaction's id.
    pub transaction: String,
    /// The till's reference: merchantRef.
    pub reference: String,
    /// In minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// +1: paid; -1: given back.
    pub change: i8,
}

/// A request that came.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RequestSeen {
    /// Unix time in milliseconds, UTC.
    pub time_ms: u64,
    /// GET or POST.
    pub method: String,
    /// Its path, with known words as the guide spells them.
    pub path: String,
    /// Which connection carried it, counted from 1.
    pub connection: u64,
    /// It has an `Authorization` header.
    pub bearer: bool,
    /// Its `X-Action` header.
    pub action: Option<String>,
    /// Its `Accept-Encoding` header.
    pub accept_encoding: Option<String>,
}

/// Something that happened, told at the moment at which it did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// Unix time in microseconds, UTC.
    pub time_us: u64,
    /// The transaction's id; empty where the request names none.
    pub transaction: String,
    /// What happened.
    pub moment: Moment,
}

/// What can happen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moment {
    /// A request came.
    Arrived(Endpoint),
    /// A fault strikes: the request was not worked on, or its answer is lost or another one.
    Spoilt(Endpoint),
    /// The whole answer has been handed to the connection.
    Answered(Endpoint),
    /// A transaction was created.
    Created,
    /// The customer is done, and money has moved.
    Paid,
    /// The customer is done, and no money has moved.
    NotPaid,
}

/// Hears of each step. It is called while the simulator holds still, so it must be quick.
pub(crate) type Watcher = Box<dyn Fn(&Step) + Send>;

pub(crate) struct World {
    pub(crate) settings: Settings,
    pub(crate) scripts: VecDeque<Script>,
    pub(crate) faults: VecDeque<(Endpoint, Fault)>,
    pub(crate) ledger: Vec<Entry>,
    pub(crate) requests: Vec<RequestSeen>,
    /// How many requests have passed the gateway.
    pub(crate) passed: usize,
    /// In the order of their creation.
    pub(crate) transactions: Vec<Transaction>,
    pub(crate) logins: Logins,
    pub(crate) actions: Actions,
    /// By their ids.
    pub(crate) terminals: HashMap<String, Terminal>,
    /// What was told of closings and diagnoses.
    pub(crate) reports: Vec<Report>,
    /// How often the day was closed.
    pub(crate) closings: usize,
    pub(crate) door: Door,
    pub(crate) watchers: Vec<Watcher>,
}

pub(crate) type Shared = Arc<Mutex<World>>;

pub(crate) fn locked(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    pub(crate) fn new(settings: Settings, door: Door) -> World {
        World {
            settings,
            scripts: VecDeque::new(),
            faults: VecDeque::new(),
            ledger: Vec::new(),
            requests: Vec::new(),
            passed: 0,
            transactions: Vec::new(),
            logins: Logins::default(),
            actions: Actions::default(),
            terminals: HashMap::new(),
            reports: Vec::new(),
            closings: 0,
            door,
            watchers: Vec::new(),
        }
    }

    /// Whether a request may pass, and from which device it comes.
    pub(crate) fn admits(&self, headers: &HeaderMap) -> Result<Option<String>, Refusal> {
        self.logins.admit(headers, &self.settings).map(|device| device.map(str::to_owned))
    }

    /// Tells those who watch.
    pub(crate) fn tell(&self, transaction: &str, moment: Moment) {
        let step = Step { time_us: ids::now_us(), transaction: transaction.to_owned(), moment };
        self.watchers.iter().for_each(|watcher| watcher(&step));
    }

    /// The first fault that waits for a request to this endpoint.
    pub(crate) fn take_fault(&mut self, endpoint: Endpoint) -> Option<Fault> {
        let at = self.faults.iter().position(|(of, fault)| *of == endpoint && fault.count > 0)?;
        let fault = &mut self.faults[at].1;
        fault.count -= 1;
        let taken = fault.clone();
        if taken.count == 0 {
            self.faults.remove(at);
        }
        Some(taken)
    }

    /// The terminal with this id.
    pub(crate) fn terminal(&mut self, id: &str) -> &mut Terminal {
        self.terminals.entry(id.to_owned()).or_default()
    }

    /// The terminal that the till is routed to.
    pub(crate) fn routed(&mut self) -> &mut Terminal {
        let id = self.settings.device_destination.clone();
        self.terminal(&id)
    }

    /// Comes to the terminal that the till is routed to.
    pub(crate) fn queues(&mut self) -> Result<Place, Refusal> {
        let busy = self.settings.terminal_busy;
        self.routed().queue.joined(busy)
    }

    /// The transaction with this id. The newest are asked for most.
    pub(crate) fn transaction(&mut self, id: &str) -> Option<&mut Transaction> {
        self.transactions.iter_mut().rev().find(|transaction| transaction.id == id)
    }
}
