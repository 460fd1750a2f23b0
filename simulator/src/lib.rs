//! The secuconnect API and a payment terminal, scripted, on 127.0.0.1, with a ledger of the money that moved.
//!
//! Knows nothing of the library that it tries out: a second opinion about the wire, not a mirror. Where the API's
//! documentation is silent, what it does can be set.
//!
//! - [`mod@scenario`]: what the customer and the terminal do
//! - [`mod@receipts`]: what the terminal prints
//! - [`mod@fault`]: what goes wrong on the way
//! - [`mod@world`]: tokens, transactions, the ledger
//! - `api`: the endpoints of secuconnect
//! - `control`: the endpoints for tests, under `/_control`
//! - `connection`: sockets that can be cut

mod api;
mod connection;
mod control;
pub mod fault;
pub mod receipts;
pub mod scenario;
pub mod world;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::fault::{Endpoint, Fault};
use crate::scenario::Script;
use crate::world::{Entry, RequestSeen, Settings, World};

/// How a simulator begins.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes any that is free.
    pub port: u16,
    /// How long the customer takes, unless a script says otherwise.
    pub think: Duration,
    /// How long access tokens live.
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
    world: Arc<Mutex<World>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Starts one on a thread of its own.
    pub fn start(options: Options) -> std::io::Result<Simulator> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let settings = Settings { think: options.think, token_lifetime: options.token_lifetime, ..Settings::default() };
        let world = Arc::new(Mutex::new(World::new(settings)));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let shared = world.clone();
        let serve = move || {
            runtime.block_on(async {
                tokio::select! {
                    () = connection::serve(listener, shared) => {}
                    _ = stopped => {}
                }
            });
            runtime.shutdown_background();
        };
        let thread = std::thread::Builder::new().name("secupos-simulator".into()).spawn(serve)?;
        Ok(Simulator { address, world, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The client id that it takes.
    pub fn client_id(&self) -> &'static str {
        world::CLIENT_ID
    }

    /// The client secret that it takes.
    pub fn client_secret(&self) -> &'static str {
        world::CLIENT_SECRET
    }

    /// The code of a device that is registered already.
    pub fn device_code(&self) -> &'static str {
        world::DEVICE_CODE
    }

    /// Says what happens to the next payment that is created and has no script yet.
    pub fn script(&self, script: Script) {
        self.world().scripts.push_back(script);
    }

    /// Makes the next request to `endpoint` that has no fault yet go wrong.
    pub fn fault(&self, endpoint: Endpoint, fault: Fault) {
        self.world().faults.push_back((endpoint, fault));
    }

    /// Changes the settings.
    pub fn set(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.world().settings);
    }

    /// Ends all tokens, as another login of the same device would.
    pub fn kill_tokens(&self) {
        self.world().kill_tokens();
    }

    /// The money that moved so far.
    pub fn ledger(&self) -> Vec<Entry> {
        self.world().ledger.clone()
    }

    /// The requests that came so far, those to `/_control` excepted.
    pub fn requests(&self) -> Vec<RequestSeen> {
        self.world().requests.clone()
    }

    fn world(&self) -> std::sync::MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
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
