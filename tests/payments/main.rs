//! Payments through the public Rust API against the simulator, over real HTTP.

mod broken;
mod contradicted;
mod errors;
mod fault_inside;
mod hostile;
mod log;
mod outcomes;
#[path = "../page/mod.rs"]
mod page;
mod peers;
mod redaction;
mod registration;
mod reversal;
mod somebodys_process;
mod tls;
mod tokens;
mod virtual_time;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use secupos::error::Status;
use secupos::journal::IfMissing;
use secupos::till::Till;
use secupos::till::config::{Config, Timeout};
use secupos::till::payment::Payment;
use secupos::till::sale::Sale;
use secupos::till::settled::Settled;
use secupos_simulator::{Options, Simulator};

/// Where the state files are, empty at the beginning of each run.
static STATE_FILES: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("payments");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
});

/// The state file of the till that pays at this simulator.
fn state_file(simulator: &Simulator) -> PathBuf {
    STATE_FILES.join(format!("{}.db", simulator.client_id()))
}

/// A simulator and a till that is set up for it.
struct Bench {
    simulator: Simulator,
    till: Till,
}

/// Timeouts are short, so that a payment in doubt is not waited for.
fn config(simulator: &Simulator) -> Config {
    let mut config = without_device(simulator);
    config.set_device_code(simulator.device_code()).expect("a device code");
    config
}

/// The same for a till that is no device yet.
fn without_device(simulator: &Simulator) -> Config {
    let mut config = Config::default();
    config.set_base_url(&simulator.base_url()).expect("a base URL");
    config.set_client_credentials(simulator.client_id(), simulator.client_secret()).expect("credentials");
    config.set_state_file(&state_file(simulator), IfMissing::Create).expect("a state file");
    config.set_timeout_ms(Timeout::Connect, 2_000).expect("a timeout");
    config.set_timeout_ms(Timeout::Request, 2_000).expect("a timeout");
    config.set_timeout_ms(Timeout::Payment, 3_000).expect("a timeout");
    config.set_timeout_ms(Timeout::Resolve, 3_000).expect("a timeout");
    config
}

fn bench() -> Bench {
    bench_with(|_| {})
}

fn bench_with(change: impl FnOnce(&mut Config)) -> Bench {
    let simulator = Simulator::start(Options::default()).expect("a simulator");
    let mut config = config(&simulator);
    change(&mut config);
    let till = Till::open(&config).expect("a till");
    Bench { simulator, till }
}

/// Opens a till as soon as the one before it has let go of the state file: its thread ends a moment after it.
fn reopened(config: &Config) -> Till {
    loop {
        match Till::open(config) {
            Err(error) if error.status() == Status::StateLocked => std::thread::yield_now(),
            opened => return opened.expect("a till"),
        }
    }
}

impl Bench {
    /// The same till after a restart.
    fn restart(self) -> Bench {
        let Bench { simulator, till } = self;
        drop(till);
        let till = reopened(&config(&simulator));
        Bench { simulator, till }
    }

    fn pay(&self, amount: i64) -> Arc<Payment> {
        self.till.pay(&Sale::new("r1", amount, "EUR").expect("a sale")).expect("a payment")
    }

    /// How many requests went to paths that end like this.
    fn requests(&self, end: &str) -> usize {
        self.simulator.requests().iter().filter(|request| request.path.ends_with(end)).count()
    }

    /// Start went over the wire once, and no more than this was charged.
    fn assert_started_once_and_charged(&self, times: usize) {
        assert_eq!(self.requests("/start/cashless"), 1);
        assert_eq!(self.simulator.ledger().len(), times);
    }
}

fn settled(payment: &Payment) -> &Settled {
    payment.settled().expect("pay returns a settled payment")
}
