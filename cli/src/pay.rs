//! `secupos pay`, `recover` and `recover-all`: what became of payments, waited for.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use secupos::error::Result;
use secupos::payment::outcome::Outcome;
use secupos::till::config::Timeout;
use secupos::till::sale::Sale;

use crate::setup::{self, Setup, Which};
use crate::show::{self, Format};
use crate::waiting::{Interrupted, wait_during, wait_for, wait_for_card};

/// Take a card payment and wait for its outcome.
///
/// Asking again with the same reference and attempt is always safe, after an error, a crash or Ctrl-C: it goes on with the
/// payment or tells again what became of it, and charges nothing twice. After one that was declined or not started, ask
/// with the next attempt. What was approved is booked, its receipts are printed, and then it is acknowledged.
///
/// Ctrl-C asks for an abort; the outcome is waited for all the same. A second Ctrl-C ends the program: recover it later.
///
/// Example: secupos pay --reference 2026-11-23/0042 --amount 1250 --currency EUR
#[derive(Args)]
#[command(after_help = show::EXIT_CODES)]
pub struct Pay {
    /// Your own number for the sale, which is never used again
    #[arg(long)]
    reference: String,
    /// How much, in cents
    #[arg(long, value_name = "CENTS", value_parser = cents, allow_negative_numbers = true)]
    amount: i64,
    /// Three capital letters
    #[arg(long, default_value = "EUR")]
    currency: String,
    /// Which try this is
    #[arg(long, default_value_t = 1, value_name = "N", allow_negative_numbers = true)]
    attempt: i32,
    /// Who has looked and says that this is another sale than the one over the same amount that is in doubt
    #[arg(long, value_name = "NAME")]
    confirm_not_duplicate: Option<String>,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

fn cents(text: &str) -> std::result::Result<i64, String> {
    text.parse().map_err(|_| "it is in whole cents, such as 1250 for 12.50 EUR".to_owned())
}

impl Pay {
    pub fn run(self) -> Result<ExitCode> {
        let mut sale = Sale::new(&self.reference, self.amount, &self.currency)?;
        sale.set_attempt(self.attempt)?;
        if let Some(operator) = &self.confirm_not_duplicate {
            sale.confirm_not_duplicate(operator)?;
        }
        let till = self.setup.open()?;
        let interrupted = Interrupted::listen()?;
        let payment = till.start_payment(&sale)?;
        wait_for_card(&payment, &interrupted);
        self.format.tell(&till, &payment);
        Ok(show::exit_code(payment.outcome()))
    }
}

/// Find out what became of a payment, and wait for that. Starts nothing.
///
/// For what is still unknown after a payment or after `recover-all`, and for what `unfinished` lists. What is known and proven it
/// tells from the state file alone, and prints the receipts again.
#[derive(Args)]
#[command(after_help = show::EXIT_CODES)]
pub struct Recover {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

impl Recover {
    pub fn run(self) -> Result<ExitCode> {
        let attempt = self.which.attempt()?;
        let till = self.setup.open()?;
        let payment = till.recover(&self.which.reference, attempt)?;
        wait_for(format!("{}: asking the service", self.which.reference), |limit| {
            payment.wait(Some(limit)) != Outcome::Pending
        });
        self.format.tell(&till, &payment);
        Ok(show::exit_code(payment.outcome()))
    }
}

/// For how long `recover-all` asks, where nothing is said of it.
const RECOVERED_FOR: Duration = Duration::from_secs(90);

/// Find out what became of everything that is unfinished, one after the other. Starts nothing.
///
/// Each time the till is started, and whenever a payment says check_unfinished: do what each says, book and print it, and then
/// acknowledge it. What is still in doubt after the time is told as unknown.
#[derive(Args)]
#[command(after_help = show::EXIT_CODES)]
#[command(mut_arg("timeout", |arg| arg
    .value_name("SECONDS")
    .value_parser(all_or_one)
    .help("For how long it asks, for all together [default: 90, or the resolve timeout if that is set]; or another timeout, \
        as NAME=MS")))]
pub struct RecoverAll {
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

/// How long finding out may take, in seconds; or any timeout by its name.
fn all_or_one(given: &str) -> std::result::Result<(Timeout, i64), String> {
    if given.contains('=') {
        return setup::timeout(given);
    }
    match given.parse() {
        Ok(seconds @ 0..=3600) => Ok((Timeout::Resolve, seconds * 1000)),
        _ => Err("it must be in whole seconds, at most 3600".into()),
    }
}

impl RecoverAll {
    pub fn run(self) -> Result<ExitCode> {
        let (settings, if_missing) = self.setup.settings()?;
        let limit = settings.resolve_limit().unwrap_or(RECOVERED_FOR);
        let till = settings.open(if_missing)?;
        let recovered = wait_during("asking the service".into(), || till.recover_all(limit))?;
        self.format.tell_all(&till, recovered.iter().map(Arc::as_ref));
        Ok(ExitCode::SUCCESS)
    }
}
