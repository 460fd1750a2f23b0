//! Payments through the public Rust API against the simulator, over real HTTP.

mod amounts;
mod broken;
#[path = "../clock/mod.rs"]
mod clock;
mod clocks;
mod contradicted;
mod errors;
mod fault_inside;
mod hostile;
mod lenient;
mod log;
mod moved;
mod outcomes;
mod own_first;
#[path = "../page/mod.rs"]
mod page;
mod peers;
mod phases;
mod redaction;
mod references;
mod registration;
mod requests;
mod restored;
mod reversal;
mod second_look;
mod somebodys_process;
mod tls;
mod tokens;
mod virtual_time;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use secupos::api::base_url::BaseUrl;
use secupos::api::http::{Http, Setup};
use secupos::error::Status;
use secupos::journal::IfMissing;
use secupos::till::Till;
use secupos::till::clock::Clock;
use secupos::till::config::{Config, Timeout};
use secupos::till::handles::payment::Payment;
use secupos::till::handles::settled::Settled;
use secupos::till::open::Surroundings;
use secupos::till::rules::Rules;
use secupos::till::sale::Sale;

use secupos_simulator::{Options, Simulator};

use crate::clock::FastClock;

/// So many times as fast as the machine's the tills' clock runs, where a test does not ask for more: on a machine with other
/// things to do, an answer that comes at once must still come within five seconds by it.
const FASTER: u32 = clock::FASTER / 4;

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

/// A simulator and a till that is set up for it. The network is real, and so are the waits for it; all else that takes time
/// goes by a clock that runs fast and can be sent ahead, and goes on when the till is opened again.
struct Bench {
    till: Till,
    clock: Arc<FastClock>,
    simulator: Simulator,
}

/// From the row of a start on until it can no longer arrive, and a little longer.
const GRACE: Duration = Duration::from_secs(2 + 2 + 300 + 30 + 1);

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
    config.set_timeout_ms(Timeout::Resolve, 30_000).expect("a timeout");
    config
}

fn bench() -> Bench {
    bench_with(|_| {})
}

fn bench_with(change: impl FnOnce(&mut Config)) -> Bench {
    bench_at(FASTER, change)
}

/// A bench whose clock runs so many times as fast as the machine's.
fn bench_at(faster: u32, change: impl FnOnce(&mut Config)) -> Bench {
    let simulator = Simulator::start(Options::default()).expect("a simulator");
    let mut config = config(&simulator);
    change(&mut config);
    let clock = Arc::new(FastClock::times(faster));
    let till = opened(&config, &simulator, clock.clone()).expect("a till");
    Bench { simulator, clock, till }
}

/// Opens a till at this simulator whose time is this clock's.
fn opened(config: &Config, simulator: &Simulator, clock: Arc<dyn Clock>) -> secupos::error::Result<Till> {
    let base_url = BaseUrl::parse(&simulator.base_url()).expect("a base URL");
    let connect_timeout = Duration::from_secs(2);
    let setup = Setup { base_url, connect_timeout, extra_roots: Vec::new(), proxy: None, user_agent_suffix: None };
    let transport = Box::new(Http::new(setup).expect("a transport"));
    Till::open_in(config, Surroundings { transport, clock, rules: Rules::default() })
}

/// Opens what the till before it lets go of in a moment, when its thread has ended.
fn once_free<T>(open: impl Fn() -> secupos::error::Result<T>) -> T {
    loop {
        match open() {
            Err(error) if error.status() == Status::StateFileLocked => std::thread::yield_now(),
            opened => return opened.expect("a till"),
        }
    }
}

/// A till in the machine's own time.
fn reopened(config: &Config) -> Till {
    once_free(|| Till::open(config))
}

impl Bench {
    /// The same till after a restart.
    fn restart(self) -> Bench {
        self.restart_with(|_| {})
    }

    fn restart_with(self, change: impl FnOnce(&mut Config)) -> Bench {
        let Bench { simulator, clock, till } = self;
        drop(till);
        let mut config = config(&simulator);
        change(&mut config);
        let till = once_free(|| opened(&config, &simulator, clock.clone()));
        Bench { simulator, clock, till }
    }

    /// So much time passes, until no start can arrive any more.
    fn let_the_grace_pass(&self) {
        self.clock.pass(GRACE);
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
