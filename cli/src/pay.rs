//! `secupos pay` and `secupos recover`: one payment, waited for.

use std::process::ExitCode;

use clap::Args;
use secupos::error::Result;
use secupos::till::outcome::Outcome;
use secupos::till::payment::Payment;
use secupos::till::sale::Sale;

use crate::setup::Setup;
use crate::show::{self, Format};
use crate::waiting::{Interrupted, wait_for, wait_for_card};

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
    #[arg(long, default_value_t = 1, value_name = "N")]
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
        Ok(shown(&payment, self.format))
    }
}

/// Find out what became of a payment, and wait for that. Starts nothing.
///
/// After a crash, for each that `unfinished` lists, and later again for what is still unknown. Of what is known it asks the
/// state file alone, and prints the receipts again.
#[derive(Args)]
#[command(after_help = show::EXIT_CODES)]
pub struct Recover {
    /// The sale's number
    reference: String,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

impl Recover {
    pub fn run(self) -> Result<ExitCode> {
        let payment = self.setup.open()?.recover(&self.reference)?;
        wait_for(format!("{}: asking the service", self.reference), |limit| {
            payment.wait(Some(limit)) != Outcome::Pending
        });
        Ok(shown(&payment, self.format))
    }
}

fn shown(payment: &Payment, format: Format) -> ExitCode {
    format.print(payment);
    show::exit_code(payment.outcome())
}
