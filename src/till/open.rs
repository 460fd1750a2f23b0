//! Opening a till, and binding its state file to another host, device or client.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use crate::api::endpoints::Api;
use crate::api::http::{Http, Setup};
use crate::api::oauth::Credentials;
use crate::api::secret::Secret;
use crate::api::transport::Transport;
use crate::error::Result;
use crate::journal::{Identity, IfMissing, Journal};
use crate::till::clock::{Clock, SystemClock};
use crate::till::config::{Config, Environment};
use crate::till::handles::payment::check_process;
use crate::till::handles::state_file::{Place, StateFile};
use crate::till::rules::Rules;
use crate::till::sale::{LONGEST_TEXT, check_text};
use crate::till::worker::engine::Engine;
use crate::till::worker::payment_log::PaymentLog;
use crate::till::worker::session::Session;
use crate::till::{Till, worker};

/// What a till stands in: the network and time. The real ones, unless it is simulated.
pub struct Surroundings {
    /// Carries the requests.
    pub transport: Box<dyn Transport>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// What to do in doubt; the default, unless the proof replaces one of them.
    pub rules: Rules,
}

impl Till {
    /// Opens a till and its state file. Waits for no network; what was left in doubt is asked about in the background.
    pub fn open(config: &Config) -> Result<Till> {
        let (base_url, ..) = config.complete()?;
        let http = Http::new(Setup {
            base_url,
            connect_timeout: config.timeouts.connect,
            extra_roots: config.extra_roots.clone(),
            proxy: config.proxy.clone(),
            user_agent_suffix: config.user_agent_suffix.clone(),
        })?;
        let (transport, clock) = (Box::new(http), Arc::new(SystemClock::new()));
        Till::open_in(config, Surroundings { transport, clock, rules: Rules::default() })
    }

    /// Opens a till somewhere else than in the real network and time.
    pub fn open_in(config: &Config, surroundings: Surroundings) -> Result<Till> {
        let (base_url, mut credentials, file) = config.complete()?;
        let Surroundings { transport, clock, rules } = surroundings;
        let timeouts = config.timeouts.clone();
        let place = place(config, base_url.as_str(), &credentials, file.path);
        let state = StateFile::open(place, file.if_missing, clock.clone(), config.stores_demands)?;
        let is_configured = credentials.device_code.is_some();
        if !is_configured {
            credentials.device_code = state.hold().journal()?.device_code()?.map(Secret::new);
        }
        let is_device = Arc::new(AtomicBool::new(credentials.device_code.is_some()));
        let api = Api::new(transport, config.log.clone(), timeouts.request, timeouts.payment, timeouts.report);
        let session = Session::new(credentials, is_device.clone(), state.clone());
        let log = PaymentLog::new(config.log.clone());
        log.opened(base_url.as_str(), session.credentials().grant().name());
        let engine = Engine::new(api, session, clock.clone(), state.clone(), rules, timeouts);
        let jobs = worker::spawn(engine, log, state.clone())?;
        Ok(Till {
            is_configured,
            is_device,
            process: std::process::id(),
            clock,
            state,
            running: Mutex::default(),
            registration: Mutex::default(),
            jobs,
            exporting: Mutex::default(),
        })
    }

    /// Binds the state file to the host, device and client of this configuration, because a person says that it is the same
    /// till: after the vendor has renamed a host, or the device code has changed. Kept with who says so and why. Refused while
    /// anything is in doubt or may still reach the terminal, and between the two environments. For reversals it counts as
    /// an end of day. The till must not be open.
    pub fn rebind(config: &Config, operator: &str, reason: &str) -> Result<()> {
        check_text("operator", operator, LONGEST_TEXT)?;
        check_text("reason", reason, LONGEST_TEXT)?;
        let (base_url, credentials, file) = config.complete()?;
        let place = place(config, base_url.as_str(), &credentials, file.path);
        let now = SystemClock::new().moment();
        Journal::rebind(&place.opening(IfMissing::Refuse), operator, reason, &now)
    }

    /// Accepts that the state file was damaged or lost and that payments in it may be forgotten; until then none begins.
    pub fn accept_journal_loss(&self, operator: &str) -> Result<()> {
        check_text("operator", operator, LONGEST_TEXT)?;
        check_process(self.process)?;
        let mut held = self.state.hold();
        let now = held.now();
        held.sound_journal()?.accept_journal_loss(operator, &now)
    }
}

/// Where the state file is, and whose.
fn place(config: &Config, base_url: &str, credentials: &Credentials, path: PathBuf) -> Place {
    let identity = match &credentials.device_code {
        Some(code) => Identity::of_device(base_url, &credentials.client_id, code.reveal()),
        None => Identity::of_client(base_url, &credentials.client_id),
    };
    let identity = match config.environment.map(Environment::name) {
        Some(name) => identity.in_environment(name),
        None => identity,
    };
    Place { path, head_file: config.head_file.clone(), access: config.access.clone(), identity }
}
