//! What the commands print, and what their exit codes say.

use std::fs::File;
use std::io::{self, Write};
#[cfg(unix)]
use std::os::fd::AsFd;
#[cfg(windows)]
use std::os::windows::io::AsHandle;
use std::process::ExitCode;

use clap::Args;
use secupos::error::{Error, Language, Result};
use secupos::payment::outcome::{Outcome, ReversalOutcome};
use secupos::receipt::{Options, Receipt};
use secupos::till::Till;
use secupos::till::handles::payment::Payment;
use secupos::till::handles::report::{Report, ReportOutcome};
use serde_json::{Value, json};

use crate::waiting::write;

/// The exit codes, for the help.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  approved (pay, recover); done (all others, reverse, end-of-day and diagnose among them;
     recover-all has its payments' outcomes in its list)
  1  not paid: failed, not started or reversed (pay, recover); not reversed (reverse);
     not run (end-of-day, diagnose); the archive is damaged (journal verify); not registered
     (register, registered)
  2  the command line is wrong; nothing was sent
  3  unknown: money may have moved. Do not charge again: recover later, or decide.
     It may be reversed (reverse), it may have run (end-of-day, diagnose): look at the terminal
  4  an error, told on stderr; this call has sent nothing. With STATE_FILE_LOCKED, BUSY, REFERENCE_CONFLICT and REFERENCE_CLOSED
     an earlier one may have: do not take it for not paid
Whatever else it ends with, a signal included, treat as 3.";

const NOT_PAID: u8 = 1;
/// Nobody knows.
pub const UNKNOWN: u8 = 3;
const FAILED: u8 = 4;

/// The till is no device of the service.
pub const NOT_REGISTERED: u8 = 1;
/// The archive is not as it was written.
pub const DAMAGED: u8 = 1;

/// 80 mm paper in the printers' own font.
const COLUMNS: u16 = 42;

/// How it is printed.
#[derive(Args, Clone, Copy, Default)]
pub struct Format {
    /// Print one JSON object for programs instead of text for people; an error, too
    #[arg(long)]
    json: bool,
}

impl Format {
    /// Tells one payment.
    pub fn tell(self, till: &Till, payment: &Payment) {
        if self.say(|| in_words(payment) + &receipts(payment), || payment.to_json()) {
            confirm_told(till, payment);
        }
    }

    /// Tells several: as text without their receipts, as JSON with them.
    pub fn tell_all<'a>(self, till: &Till, payments: impl Iterator<Item = &'a Payment> + Clone) {
        if self.list(payments.clone()) {
            payments.for_each(|payment| confirm_told(till, payment));
        }
    }

    /// Prints a report of the terminal's.
    pub fn print_report(self, report: &Report) -> Result<()> {
        let printed = report.render(&Options::default())?;
        let in_words = || {
            let outcome = report.outcome().name().replace('_', " ");
            let (name, told) = (report.kind().name().replace('_', " "), report.cashier_text(Language::English));
            let why = report.error().map_or(String::new(), |error| format!("{error}\n"));
            format!("{name}: {outcome}\n{told}\n{why}{}", String::from_utf8_lossy(&printed))
        };
        self.say(in_words, || report.to_json());
        Ok(())
    }

    /// Lists several, which tells nobody of them, and says whether it is out.
    pub fn list<'a>(self, payments: impl Iterator<Item = &'a Payment> + Clone) -> bool {
        self.say(
            || payments.clone().map(in_words).collect(),
            || json!({ "payments": payments.clone().map(Payment::to_json).collect::<Value>() }),
        )
    }

    /// Prints what there is to say, in one way or the other, and says whether it is out. Whether anybody reads it or not: the
    /// exit code must be that of the payment.
    pub fn say(self, in_words: impl FnOnce() -> String, as_json: impl FnOnce() -> Value) -> bool {
        let text = if self.json { format!("{}\n", as_json()) } else { in_words() };
        let mut out = io::stdout();
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).and_then(|()| sync(&out)).is_ok()
    }

    /// Tells an error, and that nothing was sent.
    pub fn failure(self, error: &Error) -> ExitCode {
        write(&format!("{error}\n{}\n", error.cashier_text(Language::English)));
        let (german, english) = (error.cashier_text(Language::German), error.cashier_text(Language::English));
        let as_json = || json!({ "error": error.to_json(), "cashier_text": { "de": german, "en": english } });
        self.say(String::new, as_json);
        FAILED.into()
    }
}

/// What was printed counts as told from here on: what it asks for with money is asked for once.
fn confirm_told(till: &Till, payment: &Payment) {
    if let Err(error) = till.confirm_told(payment) {
        write(&format!("What was told cannot be stored, and will be told again: {error}\n"));
    }
}

/// What is printed to a file is out when it is on the disk.
fn sync(out: &io::Stdout) -> io::Result<()> {
    #[cfg(unix)]
    let out = out.as_fd().try_clone_to_owned()?;
    #[cfg(windows)]
    let out = out.as_handle().try_clone_to_owned()?;
    let file = File::from(out);
    if file.metadata().is_ok_and(|what| what.is_file()) { file.sync_all() } else { Ok(()) }
}

/// What became of a reversal as an exit code.
pub fn reversal_code(reversal: ReversalOutcome) -> ExitCode {
    match reversal {
        ReversalOutcome::Done => ExitCode::SUCCESS,
        ReversalOutcome::Refused | ReversalOutcome::None => NOT_PAID.into(),
        ReversalOutcome::Unknown | ReversalOutcome::Pending => UNKNOWN.into(),
    }
}

/// What became of a report as an exit code.
pub fn report_code(outcome: ReportOutcome) -> ExitCode {
    match outcome {
        ReportOutcome::Done => ExitCode::SUCCESS,
        ReportOutcome::Refused | ReportOutcome::NotRun => NOT_PAID.into(),
        ReportOutcome::MayHaveRun | ReportOutcome::Pending => UNKNOWN.into(),
    }
}

/// What a payment's outcome is as an exit code.
pub fn exit_code(outcome: Outcome) -> ExitCode {
    match outcome {
        Outcome::Approved => ExitCode::SUCCESS,
        Outcome::Failed | Outcome::NotStarted | Outcome::Reversed => NOT_PAID.into(),
        Outcome::Unknown | Outcome::Pending => UNKNOWN.into(),
    }
}

fn in_words(payment: &Payment) -> String {
    let ticket = payment.ticket();
    let settled = payment.settled();
    let mut text = format!(
        "{}, attempt {}, {}: {}\n{}\n",
        ticket.reference,
        ticket.attempt,
        ticket.money,
        payment.outcome().name().replace('_', " "),
        payment.cashier_text(Language::English)
    );
    let next: Vec<_> =
        settled.map_or(&[][..], |settled| &settled.next_actions).iter().map(|next| next.name()).collect();
    if !next.is_empty() {
        text += &format!("next: {}\n", next.join(", "));
    }
    if let Some(number) = settled.and_then(|settled| settled.receipt_number) {
        text += &format!("receipt number: {number}\n");
    }
    text
}

/// Both copies, the merchant's first; nothing of what is not there.
fn receipts(payment: &Payment) -> String {
    let copies = payment.settled().map(|settled| [&settled.merchant_receipt, &settled.customer_receipt]);
    let printed = |receipt: &Receipt| {
        let rows = receipt.to_text(COLUMNS).expect("it is a width that paper has");
        format!("{}\n{rows}", "-".repeat(COLUMNS.into()))
    };
    copies.into_iter().flatten().filter(|receipt| !receipt.is_empty()).map(printed).collect()
}
