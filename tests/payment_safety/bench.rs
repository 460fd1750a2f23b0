//! A simulated server and a till at it, the till's restart, and what must hold after everything.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use secupos::error::Status;
use secupos::journal::{Attempt, Identity, IfMissing, Journal};
use secupos::till::Till;
use secupos::till::config::{Config, Timeout};
use secupos::till::outcome::{Outcome, Reason};
use secupos::till::payment::Payment;
use secupos::till::sale::Sale;
use secupos::till::settled::Settled;
use secupos_simulator::{Options, Simulator};

/// Where the state files are, empty at the beginning of each run; a child process uses its parent's.
static STATE_FILES: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("payment-safety");
    if !crate::processes::is_child() {
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
    }
    folder
});

/// A simulator and a till that is set up for it.
pub struct Bench {
    pub simulator: Simulator,
    pub config: Config,
    till: Option<Till>,
}

/// Where the till's state is, at this simulator.
pub fn state_file(client_id: &str) -> PathBuf {
    STATE_FILES.join(format!("{client_id}.db"))
}

/// Timeouts are short, but long enough for a machine with other things to do. The grace deadline is 6 s.
pub fn config(base_url: &str, client_id: &str, client_secret: &str, device_code: &str) -> Config {
    let mut config = Config::default();
    config.set_base_url(base_url).expect("a base URL");
    config.set_client_credentials(client_id, client_secret).expect("credentials");
    config.set_device_code(device_code).expect("a device code");
    config.set_state_file(&state_file(client_id), IfMissing::Create).expect("a state file");
    for (which, ms) in [
        (Timeout::Connect, 1_000),
        (Timeout::Request, 2_000),
        (Timeout::Payment, 2_000),
        (Timeout::Resolve, 1_500),
        (Timeout::Grace, 3_000),
        (Timeout::Report, 2_000),
    ] {
        config.set_timeout_ms(which, ms).expect("a timeout");
    }
    config
}

/// After this the server's clock, too, says that the grace deadline has passed.
pub const GRACE_IS_OVER: Duration = Duration::from_millis(7_300);

/// Opens a till as soon as the one before it has let go of the state file: its thread ends a moment after it.
pub fn opened(config: &Config) -> Till {
    loop {
        match Till::open(config) {
            Err(error) if error.status() == Status::StateLocked => std::thread::sleep(Duration::from_millis(5)),
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

/// Its outcome and reason, as the page shows them.
pub fn word(payment: &Payment) -> String {
    let settled = settled(payment);
    match settled.reason.map(Reason::name) {
        Some(reason) => format!("{} ({reason})", settled.outcome.name()),
        None => settled.outcome.name().to_owned(),
    }
}

impl Bench {
    pub fn new() -> Bench {
        Bench::with(|_| {})
    }

    /// With other settings than usual.
    pub fn with(change: impl FnOnce(&mut Config)) -> Bench {
        let simulator = Simulator::start(Options::default()).expect("a simulator");
        let (base_url, device_code) = (simulator.base_url(), simulator.device_code());
        let mut config = config(&base_url, simulator.client_id(), simulator.client_secret(), device_code);
        change(&mut config);
        let till = Some(Till::open(&config).expect("a till"));
        Bench { simulator, config, till }
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
        self.till = Some(opened(&self.config));
    }

    pub fn pay(&self, reference: &str, amount: i64) -> Arc<Payment> {
        self.till().pay(&sale(reference, amount)).expect("a payment")
    }

    /// The till asks what became of it, and waits for that.
    pub fn recover(&self, reference: &str) -> Arc<Payment> {
        let payment = self.till().recover(reference).expect("a payment");
        payment.wait(None);
        payment
    }

    /// How many requests went to paths that end like this.
    pub fn requests(&self, end: &str) -> usize {
        self.simulator.requests().iter().filter(|request| request.path.ends_with(end)).count()
    }

    pub fn starts(&self) -> usize {
        self.requests("/start/cashless")
    }

    pub fn creates(&self) -> usize {
        self.requests("/Smart/Transactions")
    }

    /// How often this sale was charged.
    pub fn charges(&self, reference: &str) -> usize {
        self.simulator.ledger().iter().filter(|entry| entry.reference == reference).count()
    }

    /// Waits until the customer is done with everything that was created.
    pub fn wait_for_customers(&self) {
        while self.simulator.transactions().iter().any(|transaction| transaction["status"] == "created") {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// What the state file says of this sale; the till is closed.
    pub fn attempts(&mut self, reference: &str) -> Vec<Attempt> {
        self.close();
        let id = self.simulator.client_id();
        let identity = Identity::of_device(&self.simulator.base_url(), id, self.simulator.device_code());
        loop {
            let opened = Journal::open(&state_file(id), &identity, IfMissing::Refuse, 0);
            match opened {
                Err(error) if error.status() == Status::StateLocked => std::thread::sleep(Duration::from_millis(5)),
                opened => return opened.expect("a journal").attempts(reference).expect("attempts"),
            }
        }
    }

    /// What the till was told and what was charged are the same thing, as far as anything was told.
    pub fn assert_true(&self, case: &str, payment: &Payment) {
        let charges = self.charges(&payment.ticket().reference);
        match payment.outcome() {
            Outcome::Approved => assert_eq!(charges, 1, "{case}: approved"),
            Outcome::Declined | Outcome::NotStarted => assert_eq!(charges, 0, "{case}: {}", word(payment)),
            Outcome::Unknown => assert!(charges <= 1, "{case}: charged {charges} times"),
            outcome => panic!("{case}: {outcome:?}"),
        }
    }

    /// Each start that came stands in the state file as one that might be sent. The till is closed.
    pub fn assert_started_once_per_row(&mut self, case: &str, reference: &str) {
        for attempt in self.attempts(reference) {
            let id = attempt.transaction_id.as_deref().unwrap_or("no transaction");
            let sent = self.requests(&format!("/{id}/start/cashless"));
            let rows = usize::try_from(attempt.starts).expect("a count");
            assert!(sent <= rows, "{case}: {sent} starts for {rows} rows of {reference} attempt {}", attempt.attempt);
        }
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
