//! The model under the real clock: it is woken when something is due, and whoever waits for an answer gets it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::{Notify, oneshot};

use crate::http::clock::Clock;
use crate::http::connection::Door;
use crate::http::fault::Fault;
use crate::model::Model;
use crate::model::answer::Answer;
use crate::model::endpoint::Endpoint;
use crate::model::request::{Pending, Reply, Request};
use crate::model::settings::Settings;
use crate::model::step::{Moment, Step};

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

/// So many requests are remembered: a simulator may run for weeks.
pub(crate) const REMEMBERED: usize = 10_000;

/// Hears of each step. It is called while the simulator holds still, so it must be quick.
pub(crate) type Watcher = Box<dyn Fn(&Step) + Send>;

/// A model that runs.
pub(crate) struct Running {
    state: Mutex<State>,
    clock: Clock,
    pub(crate) door: Door,
    /// Something is due at another time than before.
    changed: Notify,
}

/// The model, and what there is around it.
pub(crate) struct State {
    pub(crate) model: Model,
    pub(crate) faults: VecDeque<(Endpoint, Fault)>,
    /// The newest last.
    requests: VecDeque<RequestSeen>,
    pub(crate) watchers: Vec<Watcher>,
    waiting: HashMap<Pending, oneshot::Sender<Answer>>,
}

impl Running {
    pub(crate) fn new(settings: Settings, seed: u64, door: Door) -> Running {
        let clock = Clock::begin();
        let state = State {
            model: Model::new(settings, seed, clock.began),
            faults: VecDeque::new(),
            requests: VecDeque::new(),
            watchers: Vec::new(),
            waiting: HashMap::new(),
        };
        Running { state: Mutex::new(state), clock, door, changed: Notify::new() }
    }

    /// Does something now, after all that was due by now.
    pub(crate) fn act<T>(&self, act: impl FnOnce(&mut State, Duration) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        let due = state.model.next_due();
        state.model.advance(now);
        let done = act(&mut state, now);
        state.pass_on();
        if state.model.next_due() != due {
            self.changed.notify_one();
        }
        done
    }

    /// The answer to a request, when it comes.
    pub(crate) async fn ask(&self, request: &Request<'_>) -> Option<Answer> {
        let later = self.act(|state, now| match state.model.ask(now, request) {
            Reply::Now(answer) => Err(answer),
            Reply::Later(awaited) => Ok(state.waits_for(awaited)),
        });
        match later {
            Err(answer) => Some(answer),
            Ok(later) => later.await.ok(),
        }
    }

    /// Wakes the model whenever something is due.
    pub(crate) async fn keep_time(&self) {
        loop {
            let due = self.act(|state, now| state.model.next_due().map(|due| due.saturating_sub(now)));
            let sleeps = async {
                match due {
                    Some(time) => tokio::time::sleep(time).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = sleeps => {}
                () = self.changed.notified() => {}
            }
        }
    }
}

impl State {
    /// Remembers that a request has come, and forgets the oldest one where there are too many.
    pub(crate) fn remembers(&mut self, request: RequestSeen) {
        if self.requests.len() == REMEMBERED {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }

    pub(crate) fn requests(&self) -> Vec<RequestSeen> {
        self.requests.iter().cloned().collect()
    }

    fn waits_for(&mut self, awaited: Pending) -> oneshot::Receiver<Answer> {
        let (tell, told) = oneshot::channel();
        self.waiting.insert(awaited, tell);
        told
    }

    /// Tells those who watch of something that happens now on the way.
    pub(crate) fn tell(&mut self, transaction: &str, moment: Moment) {
        self.pass_on();
        let step = self.model.step(transaction, moment);
        self.watchers.iter().for_each(|watcher| watcher(&step));
    }

    /// Passes on what has come of the model: its steps, and the answers that were waited for.
    fn pass_on(&mut self) {
        for step in self.model.take_steps() {
            self.watchers.iter().for_each(|watcher| watcher(&step));
        }
        for (awaited, answer) in self.model.take_answers() {
            // Whoever has waited may have gone.
            let _ = self.waiting.remove(&awaited).map(|tell| tell.send(answer));
        }
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
}
