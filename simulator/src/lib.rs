//! The secuconnect API and a payment terminal, scripted, on 127.0.0.1, with a ledger of the money that moved.
//!
//! Knows nothing of the library that it tries out: a second opinion about the wire, not a mirror. Where the API's
//! documentation is silent, what it does can be set.
//!
//! - [`mod@model`]: the service and its terminals, under any clock. [`mod@scenario`]: what the customer and the terminal do;
//!   [`mod@settings`]: times, and what the server does where nobody has documented it; [`mod@refused`]: what is refused, although
//!   it is being done; [`mod@quirks`]: what is odd about an answer that says all it should; [`mod@receipts`]: what the terminal
//!   prints
//! - `http/`: how clients reach it. [`mod@fault`]: what goes wrong on the way; [`mod@control`]: the endpoints for tests, under
//!   `/_control`
#![forbid(unsafe_code)]

mod http;
pub mod model;

use std::hash::{BuildHasher, RandomState};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::oneshot;

use crate::http::connection::{self, Door, Shutting};
pub use crate::http::running::RequestSeen;
use crate::http::running::Running;
pub use crate::http::{control, fault};
pub use crate::model::ledger::Entry;
pub use crate::model::step::{Moment, Step};
pub use crate::model::{quirks, receipts, refused, scenario, settings};

use crate::fault::{Endpoint, Fault};
use crate::model::logins;
use crate::scenario::Script;
use crate::settings::Settings;

/// How a simulator begins.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes any that is free.
    pub port: u16,
    /// How long the customer takes, unless a script says otherwise.
    pub think: Duration,
    /// How long access tokens live, in whole seconds.
    pub token_lifetime: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Options { port: 0, think: Duration::ZERO, token_lifetime: Duration::from_secs(1200) }
    }
}

/// A running simulator. Dropping it ends it.
pub struct Simulator {
    address: SocketAddr,
    client_id: String,
    running: Arc<Running>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Simulator {
    /// So many requests are remembered, because a simulator may run for weeks...
    pub const REMEMBERED_REQUESTS: usize = http::running::REMEMBERED;
    /// ...and so many transactions.
    pub const REMEMBERED_TRANSACTIONS: usize = model::REMEMBERED;

    /// Starts one on a thread of its own.
    pub fn start(options: Options) -> std::io::Result<Simulator> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let settings = Settings {
            think_ms: u64::try_from(options.think.as_millis()).unwrap_or(u64::MAX),
            token_lifetime_s: options.token_lifetime.as_secs(),
            ..Settings::default()
        };
        let (door, orders) = Door::new();
        let running = Arc::new(Running::new(settings, random(), door));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let runs = running.clone();
        let serve = move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = connection::serve(listener, orders, http::router(&runs)) => {}
                    () = runs.keep_time() => {}
                    _ = stopped => {}
                }
            });
            runtime.shutdown_background();
        };
        let thread = std::thread::Builder::new().name("secupos-simulator".into()).spawn(serve)?;
        let client_id = format!("{}-{:016x}", logins::CLIENT_ID, random());
        Ok(Simulator { address, client_id, running, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The client id that it takes.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The client secret that it takes.
    pub fn client_secret(&self) -> &'static str {
        logins::CLIENT_SECRET
    }

    /// The code of a device that is registered and confirmed already.
    pub fn device_code(&self) -> &'static str {
        logins::DEVICE_CODE
    }

    /// Says what happens to the next payment that is created and has no script yet.
    pub fn script(&self, script: Script) {
        self.running.act(|state, _| state.model.script(script));
    }

    /// Makes the next request to `endpoint` that has no fault yet go wrong, or the next [`Fault::count`] of them.
    pub fn fault(&self, endpoint: Endpoint, fault: Fault) {
        self.running.act(|state, _| state.faults.push_back((endpoint, fault)));
    }

    /// Forgets the faults that have not struck yet.
    pub fn forget_faults(&self) {
        self.running.act(|state, _| state.faults.clear());
    }

    /// Payments to come go by their amount, whatever was scripted for them before.
    pub fn forget_scripts(&self) {
        self.running.act(|state, _| state.model.forget_scripts());
    }

    /// From now on `watcher` hears of each step at the moment at which it happens. It must be quick, and must not ask
    /// the simulator anything.
    pub fn watch(&self, watcher: impl Fn(&Step) + Send + 'static) {
        self.running.act(|state, _| state.watchers.push(Box::new(watcher)));
    }

    /// Changes the settings.
    pub fn set(&self, change: impl FnOnce(&mut Settings)) {
        self.running.act(|state, _| change(&mut state.model.settings));
    }

    /// Ends all tokens, as another login of the same device would.
    pub fn kill_tokens(&self) {
        self.running.act(|state, now| state.model.kill_tokens(now));
    }

    /// A person confirms the device that shows this code. Whether one waited with it.
    pub fn confirm_device(&self, user_code: &str) -> bool {
        self.running.act(|state, _| state.model.confirm_device(user_code))
    }

    /// New connections are refused from now on, for so long. Those that stand are left alone.
    pub fn refuse_connections(&self, time: Duration) {
        let shut = self.running.door.shut(Shutting::Refuse, time);
        // An error says that the simulator has ended, and with it the listening.
        let _ = shut.blocking_recv();
    }

    /// The money that moved so far.
    pub fn ledger(&self) -> Vec<Entry> {
        self.running.act(|state, _| state.model.ledger().to_vec())
    }

    /// The requests that came so far, those to `/_control` excepted; of more than [`Self::REMEMBERED_REQUESTS`] the last ones.
    pub fn requests(&self) -> Vec<RequestSeen> {
        self.running.act(|state, _| state.requests())
    }

    /// The merchant gives the money of this transaction back at the terminal, if it was paid and has not been given back.
    pub fn give_back(&self, transaction: &str) {
        self.running.act(|state, now| state.model.give_back(now, transaction));
    }

    /// How often the day was closed.
    pub fn closings(&self) -> usize {
        self.running.act(|state, _| state.model.closings())
    }

    /// The terminal that the till is routed to counts its receipts from the beginning again.
    pub fn restart_receipt_numbers(&self) {
        self.running.act(|state, _| state.model.restart_receipt_numbers());
    }

    /// All transactions as they really are, in the order of their creation; of more than [`Self::REMEMBERED_TRANSACTIONS`]
    /// the last ones.
    pub fn transactions(&self) -> Vec<Value> {
        self.running.act(|state, _| state.model.truths().collect())
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The standard library's only source of randomness is the keys of its hash maps; for invented data it will do.
fn random() -> u64 {
    RandomState::new().hash_one(())
}
