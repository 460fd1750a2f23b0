//! What a till costs beside the network, on a state file of any length: `till-costs FILE [--times N]`. It prints one JSON
//! object with medians in microseconds. The file is used, and grows.

mod service;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use secupos::error::Result;
use secupos::journal::IfMissing;
use secupos::payment::outcome::Outcome;
use secupos::till::Till;
use secupos::till::clock::SystemClock;
use secupos::till::config::Config;
use secupos::till::open::Surroundings;
use secupos::till::rules::Rules;
use secupos::till::sale::Sale;
use serde_json::{Map, Value, json};

use crate::service::Service;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[derive(Parser)]
struct Arguments {
    /// The state file, as `journal-of` makes it
    file: PathBuf,
    /// How often each thing is done
    #[arg(long, default_value_t = 50)]
    times: u32,
    /// When its last payment was taken, in Unix milliseconds
    #[arg(long, default_value_t = 1_800_000_000_000)]
    until: i64,
    /// Only this, for those who count instructions: open or pay
    #[arg(long)]
    only: Option<String>,
}

fn main() -> std::process::ExitCode {
    match measure(&Arguments::parse()) {
        Ok(told) => {
            println!("{told}");
            std::process::ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("till-costs: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn config(arguments: &Arguments) -> Result<Config> {
    let mut config = Config::default();
    config.set_base_url("https://connect.secucard.com")?;
    config.set_client_credentials("client", "secret")?;
    config.set_device_code("device code")?;
    config.set_state_file(&arguments.file, IfMissing::Refuse)?;
    Ok(config)
}

fn open(config: &Config) -> Result<Till> {
    let surroundings = Surroundings {
        transport: Box::<Service>::default(),
        clock: Arc::new(SystemClock::new()),
        rules: Rules::default(),
    };
    Till::open_in(config, surroundings)
}

/// A till lets go of its file a moment after it was dropped.
fn opened(config: &Config) -> Result<Till> {
    loop {
        match open(config) {
            Err(error) if error.status().name() == "STATE_FILE_LOCKED" => std::thread::sleep(Duration::from_millis(1)),
            other => return other,
        }
    }
}

fn measure(arguments: &Arguments) -> Result<Value> {
    let config = config(arguments)?;
    let mut told = Map::new();
    if arguments.only.as_deref() == Some("open") {
        drop(opened(&config)?);
        return Ok(Value::Object(told));
    }
    let till = opened(&config)?;
    let run = std::process::id();
    let mut count = 0;
    let mut pay = || -> Result<Duration> {
        count += 1;
        let sale = Sale::new(&format!("bench-{run}-{count}"), 100 + count % 9_900, "EUR")?;
        let since = Instant::now();
        let payment = till.pay(&sale)?;
        let took = since.elapsed();
        assert_eq!(payment.outcome(), Outcome::Approved, "{:?}", payment.settled());
        till.acknowledge(&payment.ticket().reference, None)?;
        Ok(took)
    };
    // The login, and the first comparison with the service's list, are not of every payment.
    pay()?;
    let mut put = |name: &str, took: Vec<Duration>| drop(told.insert(name.to_owned(), json!(micros(took))));
    put("pay", (0..arguments.times).map(|_| pay()).collect::<Result<_>>()?);
    if arguments.only.is_some() {
        return Ok(Value::Object(told));
    }
    let timed = |what: &dyn Fn() -> Result<()>| -> Result<Vec<Duration>> {
        (0..arguments.times)
            .map(|_| {
                let since = Instant::now();
                what()?;
                Ok(since.elapsed())
            })
            .collect()
    };
    put("unfinished", timed(&|| till.unfinished().map(drop))?);
    put("status", timed(&|| till.to_json().map(drop))?);
    put("find by reference", timed(&|| till.recover("sale-42", None).map(drop))?);
    let day = arguments.until - 5 * DAY_MS;
    put("find by day", timed(&|| till.find_payments(day - DAY_MS / 2, day + 1, None).map(drop))?);
    let mut reversals = Vec::new();
    for number in 1..=arguments.times.min(20) {
        let since = Instant::now();
        let payment = till.reverse(&format!("bench-{run}-{number}"), None, None)?;
        payment.wait(None);
        reversals.push(since.elapsed());
    }
    put("reverse", reversals);
    drop(till);
    let mut opens = Vec::new();
    for _ in 0..arguments.times.min(20) {
        loop {
            let since = Instant::now();
            match open(&config) {
                Err(error) if error.status().name() == "STATE_FILE_LOCKED" => {
                    std::thread::sleep(Duration::from_millis(1))
                }
                till => {
                    opens.push(since.elapsed());
                    drop(till?);
                    break;
                }
            }
        }
    }
    put("open", opens);
    Ok(Value::Object(told))
}

/// The median.
fn micros(mut took: Vec<Duration>) -> f64 {
    took.sort_unstable();
    took[took.len() / 2].as_nanos() as f64 / 1000.0
}
