//! `secupos simulate`: the simulator alone, until it is killed.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use secupos::journal::IfMissing;
use secupos::os::files::{Access, open_private};
use secupos_simulator::{Options, Simulator};
use serde_json::Value;

use crate::config_file;

/// The first line of the files that it writes, and may write over.
const MARK: &str = "# Written by `secupos simulate`, which may write over it.";

/// Simulate the secuconnect API and a payment terminal on this machine, until killed.
///
/// Prints where it listens and what it takes as base_url=…, client_id=…, client_secret=… and device_code=…, each on a
/// line of its own. No money moves. The amount says how a payment goes, by its last two digits in cents: 00 and 01 ELV
/// with signature, 03 contactless, 04 credit card with signature, 05 declined, 06 aborted, 07 timed out, 08 SEPA ELV,
/// 09 girocard, but the connection breaks before the till hears of it, 10 declined, and girocard when that amount is tried
/// again, 02 and all others girocard with PIN.
///
/// Tests script it with JSON under base_url/_control/, which needs no token: POST next {"scenario"}, fault, forget-faults,
/// settings, confirm-device, kill-tokens, refuse-connections; GET ledger, requests, transactions.
#[derive(Args)]
pub struct Simulate {
    /// The port on 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Write the settings of a till for it to this file; secupos.toml is where the other commands of this folder look for
    /// them. The till's state file is made in a folder of its own among the temporary files
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
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
        if let Some(file) = &self.config
            && let Err(fault) = set_up_till(&simulator, file)
        {
            eprintln!("{} cannot be written: {fault}", file.display());
            return ExitCode::FAILURE;
        }
        let mut told = "A simulated secuconnect and a terminal; stop them with Ctrl-C.\n".to_owned();
        for (name, value) in settings(&simulator) {
            told += &format!("{name}={value}\n");
        }
        let mut out = io::stdout();
        // Nobody reads it: then nobody needs to be told.
        let _ = out.write_all(told.as_bytes()).and_then(|()| out.flush());
        loop {
            std::thread::park();
        }
    }
}

fn settings(simulator: &Simulator) -> [(&'static str, String); 4] {
    [
        ("base_url", simulator.base_url()),
        ("client_id", simulator.client_id().to_owned()),
        ("client_secret", simulator.client_secret().to_owned()),
        ("device_code", simulator.device_code().to_owned()),
    ]
}

/// Writes the settings, and makes the state file: each simulator is another service, so each has one of its own.
fn set_up_till(simulator: &Simulator, file: &Path) -> io::Result<()> {
    match fs::read(file) {
        Ok(other) if !other.starts_with(MARK.as_bytes()) => return Err(io::Error::other("it is another file")),
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => return Err(fault),
        _ => {}
    }
    let folder = std::env::temp_dir().join(format!("secupos-{}", simulator.client_id()));
    fs::create_dir(&folder)?;
    let state_file = folder.join("till.db").to_string_lossy().into_owned();
    let mut text = format!("{MARK}\n");
    for (name, value) in settings(simulator).into_iter().chain([("state_file", state_file)]) {
        // Every string of JSON is one of TOML.
        text += &format!("{name} = {}\n", Value::from(value));
    }
    // It holds a secret, if only an invented one.
    let mut settings = open_private(file, &Access::Owner)?;
    settings.set_len(0)?;
    settings.write_all(text.as_bytes())?;
    let opened = config_file::read(file).and_then(|settings| settings.open(IfMissing::Create));
    opened.map(drop).map_err(io::Error::other)
}
