//! Payments through the public Rust API against the simulator, over real HTTP.

mod broken;
mod hostile;
mod outcomes;
mod tokens;

use std::sync::Arc;

use secupos::till::Till;
use secupos::till::config::{Config, Timeout};
use secupos::till::payment::{Payment, Settled};
use secupos::till::sale::Sale;
use secupos_simulator::{Options, Simulator};

/// A simulator and a till that is set up for it.
struct Bench {
    simulator: Simulator,
    till: Till,
}

/// Timeouts are short, so that a payment in doubt is not waited for.
fn config(simulator: &Simulator) -> Config {
    let mut config = Config::default();
    config.set_base_url(&simulator.base_url()).expect("a base URL");
    config.set_client_credentials(simulator.client_id(), simulator.client_secret()).expect("credentials");
    config.set_device_code(simulator.device_code()).expect("a device code");
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

impl Bench {
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
