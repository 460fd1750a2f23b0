//! The commands that look at the state file or write to it. They wait for no network.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use secupos::error::Result;
use secupos::till::Verdict;
use serde_json::json;

use crate::setup::Setup;
use crate::show::Format;

/// List what has to be done something about: payments in doubt, those approved or reversed and not acknowledged, conflicts.
///
/// Go through it each time the till is started: recover each, print, acknowledge.
#[derive(Args)]
pub struct Unfinished {
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

impl Unfinished {
    pub fn run(self) -> Result<ExitCode> {
        let unfinished = self.setup.open()?.unfinished()?;
        self.format.print_all(unfinished.iter().map(Arc::as_ref));
        Ok(ExitCode::SUCCESS)
    }
}

/// Say that the result of a payment is booked and its receipts are printed. Closes the reference.
///
/// Prints what was unfinished of it: nobody takes over a contradiction that was not shown.
#[derive(Args)]
pub struct Acknowledge {
    /// The sale's number
    reference: String,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

impl Acknowledge {
    pub fn run(self) -> Result<ExitCode> {
        let till = self.setup.open()?;
        let unfinished = till.unfinished()?;
        till.acknowledge(&self.reference)?;
        let its_own = unfinished.iter().map(Arc::as_ref).filter(|open| open.ticket().reference == self.reference);
        self.format.print_all(its_own);
        Ok(ExitCode::SUCCESS)
    }
}

/// Say what became of a payment that is in doubt. The service is still asked, and may contradict.
#[derive(Args)]
pub struct Decide {
    /// The sale's number
    reference: String,
    #[command(flatten)]
    decision: Decision,
    /// Who says so
    #[arg(long, value_name = "NAME")]
    operator: String,
    /// Why: what the terminal shows, whether there is a slip
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The number on the slip
    #[arg(long, value_name = "N")]
    slip_number: Option<i64>,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Decision {
    /// The customer has paid
    #[arg(long)]
    paid: bool,
    /// The customer has not paid
    #[arg(long)]
    not_paid: bool,
}

impl Decide {
    pub fn run(self) -> Result<ExitCode> {
        let Decide { reference, decision, operator, reason, slip_number, setup, format } = self;
        let verdict = Verdict { paid: decision.paid, operator, reason, slip_number };
        format.print(&*setup.open()?.decide(&reference, &verdict)?);
        Ok(ExitCode::SUCCESS)
    }
}

/// List payments, whatever became of them, oldest first.
#[derive(Args)]
pub struct Payments {
    /// Begun then or later, in milliseconds since 1970 UTC
    #[arg(long, value_name = "MS", default_value_t = i64::MIN, hide_default_value = true)]
    from: i64,
    /// Begun before then
    #[arg(long, value_name = "MS", default_value_t = i64::MAX, hide_default_value = true)]
    to: i64,
    /// With this number of the terminal's
    #[arg(long, value_name = "N")]
    receipt_number: Option<i64>,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

impl Payments {
    pub fn run(self) -> Result<ExitCode> {
        let found = self.setup.open()?.find_payments(self.from, self.to, self.receipt_number)?;
        self.format.print_all(found.iter().map(Arc::as_ref));
        Ok(ExitCode::SUCCESS)
    }
}

/// Say how the till stands: how many payments wait for the end of the terminal's day; with --json also since when.
#[derive(Args)]
pub struct Status {
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

impl Status {
    pub fn run(self) -> Result<ExitCode> {
        let status = self.setup.open()?.to_json()?;
        let waiting = &status["end_of_day_due"]["payments"];
        self.format.say(|| format!("payments that wait for the end of the day: {waiting}\n"), || status.clone());
        Ok(ExitCode::SUCCESS)
    }
}

/// Accept that the state file was damaged or lost and that payments in it may be forgotten; until then none begins.
///
/// For a person who has compared the last slips with what the till has booked.
#[derive(Args)]
pub struct AcceptJournalLoss {
    /// Who accepts it
    #[arg(long, value_name = "NAME")]
    operator: String,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

impl AcceptJournalLoss {
    pub fn run(self) -> Result<ExitCode> {
        self.setup.open()?.accept_journal_loss(&self.operator)?;
        self.format.say(|| "accepted\n".into(), || json!({ "accepted_by": self.operator }));
        Ok(ExitCode::SUCCESS)
    }
}
