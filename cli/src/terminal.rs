//! `secupos reverse`, `end-of-day` and `diagnose`: what the terminal does besides taking payments, waited for.

use std::process::ExitCode;

use clap::Args;
use secupos::error::Result;
use secupos::payment::outcome::Outcome;
use secupos::till::handles::report::{ReportKind, ReportOutcome};

use crate::setup::{Setup, Which};
use crate::show::{self, Format};
use crate::waiting::wait_for;

/// Reverse an approved payment at the terminal and wait for that: girocard and direct debit, until the end of its day.
///
/// Asking again is safe: where it is in doubt, the service is asked first. What stays in doubt is for a person to decide:
/// `decide-reversal`.
#[derive(Args)]
#[command(after_help = show::EXIT_CODES)]
pub struct Reverse {
    #[command(flatten)]
    which: Which,
    /// Who has compared the receipt number with the customer's slip; needed after 24 hours
    #[arg(long, value_name = "NAME")]
    confirmed_by: Option<String>,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

impl Reverse {
    pub fn run(self) -> Result<ExitCode> {
        let attempt = self.which.attempt()?;
        let till = self.setup.open()?;
        let payment = till.reverse(&self.which.reference, attempt, self.confirmed_by.as_deref())?;
        wait_for("reversal: waiting for the terminal".into(), |limit| payment.wait(Some(limit)) != Outcome::Pending);
        self.format.tell(&till, &payment);
        Ok(show::reversal_code(payment.reversal()))
    }
}

/// Close the terminal's day and wait for that. girocard and direct debit payments are cleared by it.
///
/// At the end of each business day: what is not cleared is not paid out, and what is cleared can no longer be reversed.
/// Refused while a payment is in doubt: recover it first.
#[derive(Args)]
#[command(after_help = show::EXIT_CODES)]
pub struct EndOfDay {
    /// Even if a payment or its reversal is in doubt
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

impl EndOfDay {
    pub fn run(self) -> Result<ExitCode> {
        run(self.setup, self.format, ReportKind::EndOfDay { forced: self.force })
    }
}

/// Have the terminal call its host and update its settings, and wait for that.
///
/// When payments fail and nobody knows why, or when the vendor's support asks for it.
#[derive(Args)]
#[command(after_help = show::EXIT_CODES)]
pub struct Diagnose {
    /// Even if a payment or its reversal may still reach the terminal
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

impl Diagnose {
    pub fn run(self) -> Result<ExitCode> {
        run(self.setup, self.format, ReportKind::Diagnosis { forced: self.force })
    }
}

fn run(setup: Setup, format: Format, kind: ReportKind) -> Result<ExitCode> {
    let report = setup.open()?.run_report(kind)?;
    wait_for(format!("{}: waiting for the terminal", kind.name().replace('_', " ")), |limit| {
        report.wait(Some(limit)) != ReportOutcome::Pending
    });
    format.print_report(&report)?;
    Ok(show::report_code(report.outcome()))
}
