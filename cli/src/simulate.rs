//! `secupos simulate`: the simulator alone, until it is killed.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use secupos_simulator::{Options, Simulator};

/// Simulate the secuconnect API and a payment terminal on this machine, until killed.
///
/// Prints where it listens and what it takes as base_url=…, client_id=…, client_secret=… and device_code=…, each on a
/// line of its own. No money moves. The amount says how a payment goes, by its last two digits in cents: 00 and 01 ELV
/// with signature, 03 contactless, 04 credit card with signature, 05 declined, 06 aborted, 07 timed out, 08 SEPA ELV,
/// 09 girocard, but the connection breaks before the till hears of it, 10 declined, and girocard when that amount is tried
/// again, 02 and all others girocard with PIN. Tests script it with JSON under base_url/_control, which needs no token.
#[derive(Args)]
pub struct Simulate {
    /// The port on 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// How long the customer takes at the terminal, in milliseconds
    #[arg(long, default_value_t = 1500)]
    think_ms: u64,
    /// After so long a person confirms each new device, in milliseconds; without it nobody does until /_control is told to
    #[arg(long, value_name = "MS")]
    confirmed_after_ms: Option<u64>,
}

impl Simulate {
    pub fn run(self) -> ExitCode {
        let options = Options { port: self.port, think: Duration::from_millis(self.think_ms), ..Options::default() };
        let simulator = match Simulator::start(options) {
            Ok(simulator) => simulator,
            Err(fault) => {
                eprintln!("port {} on 127.0.0.1 cannot be used: {fault}", self.port);
                return ExitCode::FAILURE;
            }
        };
        simulator.set(|settings| settings.confirmed_after_ms = self.confirmed_after_ms);
        let told = format!(
            "A simulated secuconnect and a terminal; stop them with Ctrl-C.\n\
             base_url={}\nclient_id={}\nclient_secret={}\ndevice_code={}\n",
            simulator.base_url(),
            simulator.client_id(),
            simulator.client_secret(),
            simulator.device_code(),
        );
        let mut out = std::io::stdout();
        // Nobody reads it: then nobody needs to be told.
        let _ = out.write_all(told.as_bytes()).and_then(|()| out.flush());
        loop {
            std::thread::park();
        }
    }
}
