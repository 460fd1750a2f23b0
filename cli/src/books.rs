//! The commands that look at the state file or write to it. They wait for no network.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use secupos::error::Result;
use secupos::till::Till;
use secupos::till::decide::{ReversalVerdict, Verdict};

use serde_json::{Value, json};

use crate::setup::{Setup, Which};
use crate::show::Format;

/// List what has to be done something about: payments in doubt, those approved or reversed and not acknowledged, conflicts.
///
/// A list to look at: it asks nobody, and what is to be refunded or collected is told by `recover` or `recover-all` alone.
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
        self.format.list(unfinished.iter().map(Arc::as_ref));
        Ok(ExitCode::SUCCESS)
    }
}

/// Say that what was told of a payment is booked, and its receipts are printed. Closes the reference.
///
/// What came after it was told is not taken over: a contradiction, a receipt. Prints what is still unfinished of the sale, as a
/// rule nothing.
#[derive(Args)]
pub struct Acknowledge {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

impl Acknowledge {
    pub fn run(self) -> Result<ExitCode> {
        let Which { reference, .. } = &self.which;
        let attempt = self.which.attempt()?;
        let till = self.setup.open()?;
        till.acknowledge(reference, attempt)?;
        let unfinished = till.unfinished()?;
        self.format.list(unfinished.iter().map(Arc::as_ref).filter(|open| open.ticket().reference == *reference));
        Ok(ExitCode::SUCCESS)
    }
}

/// Say what became of a payment that is in doubt. The service is still asked, and may contradict.
#[derive(Args)]
pub struct Decide {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    decision: Decision,
    #[command(flatten)]
    says: Says,
    /// The number on the slip
    #[arg(long, value_name = "N")]
    slip_number: Option<i64>,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

/// Who says something, and why.
#[derive(Args)]
struct Says {
    /// Who says so
    #[arg(long, value_name = "NAME")]
    operator: String,
    /// Why: what the terminal shows, whether there is a slip
    #[arg(long, value_name = "TEXT")]
    reason: String,
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
        let Decide { which, decision, says: Says { operator, reason }, slip_number, setup, format } = self;
        let verdict = Verdict { paid: decision.paid, operator, reason, slip_number };
        let attempt = which.attempt()?;
        let till = setup.open()?;
        format.tell(&till, &*till.decide(&which.reference, attempt, &verdict)?);
        Ok(ExitCode::SUCCESS)
    }
}

/// Say what became of a reversal that is in doubt. The service is still asked, and may contradict.
#[derive(Args)]
pub struct DecideReversal {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    decision: ReversalDecision,
    #[command(flatten)]
    says: Says,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct ReversalDecision {
    /// The money has gone back
    #[arg(long)]
    reversed: bool,
    /// The payment stands
    #[arg(long)]
    not_reversed: bool,
}

impl DecideReversal {
    pub fn run(self) -> Result<ExitCode> {
        let DecideReversal { which, decision, says: Says { operator, reason }, setup, format } = self;
        let verdict = ReversalVerdict { reversed: decision.reversed, operator, reason };
        let attempt = which.attempt()?;
        let till = setup.open()?;
        format.tell(&till, &*till.decide_reversal(&which.reference, attempt, &verdict)?);
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
        self.format.list(found.iter().map(Arc::as_ref));
        Ok(ExitCode::SUCCESS)
    }
}

/// Say how the till stands: how many payments wait for the end of the terminal's day, and what was noticed of the service.
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
        self.format.say(|| in_words(&status), || status.clone());
        Ok(ExitCode::SUCCESS)
    }
}

fn in_words(status: &Value) -> String {
    let mut text = format!("payments that wait for the end of the day: {}\n", status["end_of_day_due"]["payments"]);
    if status["rollback_unnoticed"] == true {
        text += "the service lists its payments in no way by which a state file of an older day would be noticed\n";
    }
    if status["logins_taken"] != 0 {
        text += &format!("times that somebody else has logged in as this till: {}\n", status["logins_taken"]);
    }
    text
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

/// Bind the state file to these settings: the vendor has renamed the host, or the device code or the client is another.
///
/// For a person who knows that it is the same till at the same terminal. Refused while a payment is in doubt (decide it with
/// the old settings), and between testing and production. What was paid before can no longer be reversed by the till.
#[derive(Args)]
pub struct Rebind {
    /// Who says so
    #[arg(long, value_name = "NAME")]
    operator: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

impl Rebind {
    pub fn run(self) -> Result<ExitCode> {
        let Rebind { operator, reason, setup, format } = self;
        let (settings, if_missing) = setup.settings()?;
        Till::rebind(&settings.config(if_missing)?, &operator, &reason)?;
        format.say(|| "bound\n".into(), || json!({ "bound_by": operator }));
        Ok(ExitCode::SUCCESS)
    }
}
