//! A simulated server and a till at it, the till's restart, and what must hold after everything.
//!
//! The network is real, and so are the waits for it. All else that takes time goes by a clock that runs fast and can be sent
//! ahead, so that a grace of minutes passes at once; all tills of a bench share it, also after a restart.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use secupos::api::base_url::BaseUrl;
use secupos::api::http::{Http, Setup};
use secupos::error::Status;
use secupos::journal::{Identity, IfMissing, Journal, Opening};
use secupos::os::files::Access;
use secupos::payment::action::Action;
use secupos::payment::attempt::Attempt;
use secupos::payment::outcome::Outcome;
use secupos::payment::reason::Reason;
use secupos::till::Till;
use secupos::till::clock::Clock;
use secupos::till::config::{Config, Timeout};
use secupos::till::handles::payment::Payment;
use secupos::till::handles::settled::Settled;
use secupos::till::open::Surroundings;
use secupos::till::rules::Rules;
use secupos::till::sale::Sale;

use secupos_simulator::{Options, Simulator};

use crate::clock::{self, FastClock};

/// So many times as fast as the machine's the tills' clock runs: on a machine with other things to do, an answer that comes
/// at once must still come within five seconds by it.
const FASTER: u32 = clock::FASTER / 4;

/// So many seconds of the tills' time, in the simulator's milliseconds.
pub const fn ms(seconds: u64) -> u64 {
    seconds * 1000 / FASTER as u64
}

/// A folder of its own for a state file: in memory, where there is such a place, because what a disk keeps is shown elsewhere.
fn new_folder(name: &str) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let parent = if memory.is_dir() { memory } else { Path::new(env!("CARGO_TARGET_TMPDIR")) };
    let folder = parent.join(format!("secupos-payment-safety-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// A simulator and a till that is set up for it.
pub struct Bench {
    pub simulator: Simulator,
    pub config: Config,
    pub clock: Arc<FastClock>,
    pub state_file: PathBuf,
    till: Option<Till>,
}

const CONNECT: Duration = Duration::from_secs(1);
const REQUEST: Duration = Duration::from_secs(2);

/// From the row on until no start can arrive any more, and a little longer: the connect and request timeouts, 300 s, 30 s.
pub const GRACE: Duration = Duration::from_secs(1 + 2 + 300 + 30 + 1);

/// Timeouts are short, but long enough for a machine with other things to do.
pub fn config(at: [&str; 4], state_file: &Path) -> Config {
    let [base_url, client_id, client_secret, device_code] = at;
    let mut config = Config::default();
    config.set_base_url(base_url).expect("a base URL");
    config.set_client_credentials(client_id, client_secret).expect("credentials");
    config.set_device_code(device_code).expect("a device code");
    config.set_state_file(state_file, IfMissing::Create).expect("a state file");
    let ms = |duration: Duration| i64::try_from(duration.as_millis()).expect("it fits");
    for (which, ms) in [
        (Timeout::Connect, ms(CONNECT)),
        (Timeout::Request, ms(REQUEST)),
        (Timeout::Payment, 2_000),
        (Timeout::Resolve, 30_000),
        (Timeout::Terminal, 2_000),
    ] {
        config.set_timeout_ms(which, ms).expect("a timeout");
    }
    config
}

/// For so long a doubt is looked into.
pub fn resolving(seconds: i64) -> impl FnOnce(&mut Config) {
    move |config| config.set_timeout_ms(Timeout::Resolve, seconds * 1000).expect("a timeout")
}

/// Opens a till over real HTTP as soon as the one before it has let go of the state file: its thread ends a moment after it.
pub fn opened(config: &Config, base_url: &str, clock: Arc<dyn Clock>) -> Till {
    loop {
        let http = Http::new(Setup {
            base_url: BaseUrl::parse(base_url).expect("a base URL"),
            connect_timeout: CONNECT,
            extra_roots: Vec::new(),
            proxy: None,
            user_agent_suffix: None,
        });
        let transport = Box::new(http.expect("a transport"));
        let surroundings = Surroundings { transport, clock: clock.clone(), rules: Rules::default() };
        match Till::open_in(config, surroundings) {
            Err(error) if error.status() == Status::StateFileLocked => std::thread::sleep(Duration::from_millis(5)),
            opened => return opened.expect("a till"),
        }
    }
}

pub fn sale(reference: &str, amount: i64) -> Sale {
    Sale::new(reference, amount, "EUR").expect("a sale")
}

pub fn attempt(reference: &str, attempt: i32, amount: i64) -> Sale {
    let mut sale = sale(reference, amount);
    sale.set_attempt(attempt).expect("an attempt");
    sale
}

pub fn settled(payment: &Payment) -> &Settled {
    payment.settled().expect("a settled payment")
}

/// What to do next.
pub fn actions(payment: &Payment) -> &[Action] {
    &settled(payment).next_actions
}

/// Its outcome and reason, as the page shows them.
pub fn word(payment: &Payment) -> String {
    let settled = settled(payment);
    match settled.reason.map(Reason::name) {
        Some(reason) => format!("{} ({reason})", settled.outcome.name()),
        None => settled.outcome.name().to_owned(),
    }
}

/// Waits until it holds: what happens in the background has happened.
pub fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let since = Instant::now();
    while !holds() {
        assert!(since.elapsed() < Duration::from_secs(30), "never: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

impl Bench {
    pub fn new() -> Bench {
        Bench::with(|_| {})
    }

    /// With other settings than usual.
    pub fn with(change: impl FnOnce(&mut Config)) -> Bench {
        Bench::at(FASTER, change)
    }

    /// With a clock that runs so many times as fast as the machine's.
    pub fn at(faster: u32, change: impl FnOnce(&mut Config)) -> Bench {
        let simulator = Simulator::start(Options::default()).expect("a simulator");
        let base_url = simulator.base_url();
        let state_file = new_folder(simulator.client_id()).join("till.db");
        let at = [&base_url, simulator.client_id(), simulator.client_secret(), simulator.device_code()];
        let mut config = config(at, &state_file);
        change(&mut config);
        let clock = Arc::new(FastClock::times(faster));
        let till = Some(opened(&config, &base_url, clock.clone()));
        Bench { simulator, config, clock, state_file, till }
    }

    pub fn till(&self) -> &Till {
        self.till.as_ref().expect("an open till")
    }

    /// The till ends.
    pub fn close(&mut self) {
        self.till = None;
    }

    /// The till ends and is opened again.
    pub fn restart(&mut self) {
        self.close();
        self.till = Some(opened(&self.config, &self.simulator.base_url(), self.clock.clone()));
    }

    /// Another till with the same device code: its own state file, at the same terminal.
    pub fn another_till(&self) -> Till {
        let mut config = self.config.clone();
        config.set_state_file(&self.state_file.with_file_name("another.db"), IfMissing::Create).expect("a path");
        opened(&config, &self.simulator.base_url(), self.clock.clone())
    }

    /// So much time passes, until no start can arrive any more.
    pub fn let_the_grace_pass(&self) {
        self.clock.pass(GRACE);
    }

    pub fn pay(&self, reference: &str, amount: i64) -> Arc<Payment> {
        self.till().pay(&sale(reference, amount)).expect("a payment")
    }

    pub fn pay_attempt(&self, reference: &str, number: i32, amount: i64) -> Arc<Payment> {
        self.till().pay(&attempt(reference, number, amount)).expect("a payment")
    }

    /// The till asks what became of a sale's only attempt that needs something, and waits for that.
    pub fn recover(&self, reference: &str) -> Arc<Payment> {
        let payment = self.till().recover(reference, None).expect("a payment");
        payment.wait(None);
        payment
    }

    /// The same of this attempt.
    pub fn recover_attempt(&self, reference: &str, number: i32) -> Arc<Payment> {
        let payment = self.till().recover(reference, Some(number)).expect("a payment");
        payment.wait(None);
        payment
    }

    /// What is listed as unfinished, by its name.
    pub fn unfinished(&self) -> Vec<(String, i32)> {
        let listed = self.till().unfinished().expect("a list");
        listed.iter().map(|payment| (payment.ticket().reference.clone(), payment.ticket().attempt)).collect()
    }

    /// How many requests went to paths that end like this.
    pub fn requests(&self, end: &str) -> usize {
        self.simulator.requests().iter().filter(|request| request.path.ends_with(end)).count()
    }

    pub fn starts(&self) -> usize {
        self.requests("/start/cashless")
    }

    /// How often something was created; the list is read at the same place.
    pub fn creates(&self) -> usize {
        let is_create = |method: &str, path: &str| method == "POST" && path.ends_with("/Smart/Transactions");
        self.simulator.requests().iter().filter(|request| is_create(&request.method, &request.path)).count()
    }

    /// How often this sale was charged.
    pub fn charges(&self, reference: &str) -> usize {
        self.simulator.ledger().iter().filter(|entry| entry.reference == reference && entry.change > 0).count()
    }

    /// Waits until the customer is done with everything that was created.
    pub fn wait_for_customers(&self) {
        let is_open = |transaction: &serde_json::Value| transaction["status"] == "created";
        wait_until("done", || !self.simulator.transactions().iter().any(is_open));
    }

    /// Waits until this sale was charged so often.
    pub fn wait_for_charges(&self, reference: &str, charges: usize) {
        wait_until(&format!("{reference} is charged"), || self.charges(reference) >= charges);
    }

    /// The state file itself; the till is closed.
    pub fn journal(&mut self) -> Journal {
        self.close();
        let id = self.simulator.client_id();
        let identity = Identity::of_device(&self.simulator.base_url(), id, self.simulator.device_code());
        let (path, if_missing) = (self.state_file.as_path(), IfMissing::Refuse);
        let opening = Opening { path, head_file: None, access: &Access::Owner, identity: &identity, if_missing };
        loop {
            match Journal::open(&opening, &self.clock.moment()) {
                Err(error) if error.status() == Status::StateFileLocked => std::thread::sleep(Duration::from_millis(5)),
                opened => return opened.expect("a journal"),
            }
        }
    }

    /// What the state file says of this sale; the till is closed.
    pub fn attempts(&mut self, reference: &str) -> Vec<Attempt> {
        self.journal().attempts(reference).expect("attempts")
    }

    /// What the till was told and what was charged are the same thing, as far as anything was told.
    pub fn assert_true(&self, case: &str, payment: &Payment) {
        let charges = self.charges(&payment.ticket().reference);
        match payment.outcome() {
            Outcome::Approved => assert_eq!(charges, 1, "{case}: approved"),
            Outcome::Failed | Outcome::NotStarted => assert_eq!(charges, 0, "{case}: {}", word(payment)),
            Outcome::Unknown => assert!(charges <= 1, "{case}: charged {charges} times"),
            outcome => panic!("{case}: {outcome:?}"),
        }
    }

    /// Each start that came stands in the state file as one that might be sent, and nothing was started twice. The till is
    /// closed.
    pub fn assert_each_start_has_its_row(&mut self, case: &str) {
        let rows = self.journal().find(0, i64::MAX, None).expect("attempts");
        let is_row = |id: &str| {
            let mut of_it = rows.iter().filter(|row| row.transaction_id.as_deref() == Some(id));
            of_it.any(|row| row.starting_at.is_some())
        };
        for transaction in self.simulator.transactions() {
            let id = transaction["id"].as_str().unwrap_or_default();
            let sent = self.requests(&format!("/{id}/start/cashless"));
            assert!(sent <= usize::from(is_row(id)), "{case}: {sent} starts of {id}, a row: {}", is_row(id));
        }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.close();
        self.state_file.parent().map(std::fs::remove_dir_all);
    }
}

/// Does it for all cases, some at the same time: nearly all of their time is waiting. In their order.
pub fn in_parallel<C: Sync, R: Send>(cases: &[C], at_once: usize, run: impl Fn(&C) -> R + Sync) -> Vec<R> {
    let done: Mutex<Vec<Option<R>>> = Mutex::new(cases.iter().map(|_| None).collect());
    let next = Mutex::new(0..cases.len());
    std::thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                while let Some(index) = { next.lock().expect("not poisoned").next() } {
                    let result = run(&cases[index]);
                    done.lock().expect("not poisoned")[index] = Some(result);
                }
            });
        }
    });
    done.into_inner().expect("not poisoned").into_iter().map(|result| result.expect("it has run")).collect()
}
