//! What the terminal does for itself: the end of its day, and its diagnosis. A report comes once, as a payment does.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::error::{Error, Language, Result, Status};
use crate::payment::cashier_text::running_report_text;
use crate::payment::phase::Phase;
use crate::receipt::{Options, Receipt, ReceiptCopy};
use crate::till::handles::current_phase::CurrentPhase;
use crate::till::handles::notice::Notice;
use crate::till::handles::once::Once;
use crate::till::handles::payment::check_process;
use crate::till::handles::settled;

/// Which report.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReportKind {
    /// The end of the terminal's day: girocard and direct debit payments are cleared, and can no longer be reversed.
    EndOfDay {
        /// Even if a payment or its reversal holds the terminal.
        forced: bool,
    },
    /// The terminal calls its host and updates itself.
    Diagnosis {
        /// Even if a payment or its reversal holds the terminal.
        forced: bool,
    },
}

impl ReportKind {
    /// The name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            ReportKind::EndOfDay { .. } => "end_of_day",
            ReportKind::Diagnosis { .. } => "diagnosis",
        }
    }
}

/// What became of a report.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(i32)]
pub enum ReportOutcome {
    /// Nobody knows: look at the terminal.
    MayHaveRun = 0,
    /// It was run.
    Done = 1,
    /// The service or the terminal refused.
    Refused = 2,
    /// It was provably not sent.
    NotRun = 3,
    /// It is still running.
    Pending = 4,
}

impl ReportOutcome {
    /// The name, as in JSON and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            ReportOutcome::MayHaveRun => "may_have_run",
            ReportOutcome::Done => "done",
            ReportOutcome::Refused => "refused",
            ReportOutcome::NotRun => "not_run",
            ReportOutcome::Pending => "pending",
        }
    }

    /// Whether an end of day with this name in the journal may have closed the day. A word that is not known may mean it.
    pub(crate) fn may_have_closed(name: &str) -> bool {
        ![ReportOutcome::Refused, ReportOutcome::NotRun].map(ReportOutcome::name).contains(&name)
    }
}

/// How a report ended.
pub(crate) struct Ended {
    pub(crate) outcome: ReportOutcome,
    /// What the terminal prints.
    pub(crate) receipt: Receipt,
    pub(crate) error: Option<Error>,
}

impl Ended {
    pub(crate) fn without_answer(outcome: ReportOutcome, error: Error) -> Ended {
        Ended { outcome, receipt: nothing_printed(), error: Some(error) }
    }
}

/// A report, as the till holds it. Shared between threads; dropping it stops nothing.
pub struct Report {
    kind: ReportKind,
    created_at: i64,
    process: u32,
    phase: Arc<CurrentPhase>,
    ended: Once<Ended>,
}

impl Report {
    pub(crate) fn new(kind: ReportKind, created_at: i64) -> Self {
        let phase = Arc::new(CurrentPhase::new(Phase::LoggingIn));
        Report { kind, created_at, process: std::process::id(), phase, ended: Once::new() }
    }

    pub(crate) fn end(&self, ended: Ended) {
        self.ended.set(ended);
    }

    /// How it ended, once it has.
    pub(crate) fn ended(&self) -> Option<&Ended> {
        self.ended.get()
    }

    /// Which report it is.
    pub fn kind(&self) -> ReportKind {
        self.kind
    }

    /// Refuses to be used by a forked child, in which nobody would ever end it.
    pub fn check_process(&self) -> Result<()> {
        check_process(self.process)
    }

    /// What became of it so far.
    pub fn outcome(&self) -> ReportOutcome {
        self.ended().map_or(ReportOutcome::Pending, |ended| ended.outcome)
    }

    /// How far it has come while it is running.
    pub fn phase(&self) -> Phase {
        if self.ended().is_some() { Phase::None } else { self.phase.get() }
    }

    /// What the till's thread says that in.
    pub(crate) fn current_phase(&self) -> &Arc<CurrentPhase> {
        &self.phase
    }

    /// When it was begun: Unix time in milliseconds, UTC.
    pub fn created_at(&self) -> i64 {
        self.created_at
    }

    /// Waits for the result: for ever without a limit, not at all with a limit of zero. Leaving the wait stops nothing.
    pub fn wait(&self, limit: Option<Duration>) -> ReportOutcome {
        self.ended.wait(limit);
        self.outcome()
    }

    /// Gives the notice when there is a result, or at once if there is one.
    pub fn notify(&self, notice: Arc<Notice>) -> Result<()> {
        self.check_process()?;
        self.ended.notify(notice)
    }

    /// What went wrong, where something did.
    pub fn error(&self) -> Option<&Error> {
        self.ended()?.error.as_ref()
    }

    /// What the terminal prints, rendered; empty if it prints nothing.
    pub fn render(&self, options: &Options) -> Result<Vec<u8>> {
        match self.ended() {
            Some(ended) => ended.receipt.render(options),
            None => nothing_printed().render(options),
        }
    }

    /// What the cashier reads, with the server's own words where it sent some.
    pub fn cashier_text(&self, language: Language) -> String {
        let (german, english) = match self.outcome() {
            ReportOutcome::Done if self.error().is_some_and(was_ours) => (
                "Erledigt, aber die Kasse konnte es nicht speichern. Bitte Speicherplatz prüfen.",
                "Done, but the till could not store it. Please check the free space.",
            ),
            ReportOutcome::Done => ("Erledigt.", "Done."),
            ReportOutcome::Refused => ("Nicht ausgeführt: abgelehnt.", "Not run: it was refused."),
            ReportOutcome::NotRun => ("Nicht ausgeführt.", "Not run."),
            ReportOutcome::MayHaveRun => (
                "Unklar, ob es ausgeführt wurde. Bitte auf das Kartengerät sehen: Hat es gedruckt?",
                "Not known whether it was run. Please look at the terminal: did it print?",
            ),
            ReportOutcome::Pending => return running_report_text(self.phase(), language).to_owned(),
        };
        let own = if language == Language::German { german } else { english };
        match self.error().filter(|error| !(self.outcome() == ReportOutcome::Done && was_ours(error))) {
            Some(error) => format!("{own} {}", error.cashier_text(language)),
            None => own.to_owned(),
        }
    }

    /// The report as one JSON object, the same in every binding and on the command line.
    pub fn to_json(&self) -> Value {
        json!({
            "report": self.kind.name(),
            "outcome": self.outcome().name(),
            "phase": self.phase().name(),
            "created_at": self.created_at,
            "cashier_text": {
                "de": self.cashier_text(Language::German),
                "en": self.cashier_text(Language::English),
            },
            "error": self.error().map(Error::to_json),
            "receipt": self.ended().map(|ended| ended.receipt.to_json()),
        })
    }
}

/// The terminal has done its part.
fn was_ours(error: &Error) -> bool {
    error.status() == Status::JournalFailed
}

pub(crate) fn nothing_printed() -> Receipt {
    settled::receipt(None, ReceiptCopy::Merchant).0
}
