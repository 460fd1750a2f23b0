//! What a till's log says of its work: that it was opened, and of each payment and each report its beginning and its end.
//! The lines between them, those of the requests, name the payment by its number here, because a reference may be long.

use crate::error::{Error, Status};
use crate::log::{Level, Log};
use crate::payment::outcome::Outcome;
use crate::payment::reason::Reason;
use crate::till::handles::payment::Ticket;
use crate::till::handles::report::{Ended, ReportKind, ReportOutcome};
use crate::till::handles::settled::Settled;

/// Writes a till's lines and counts its payments.
pub(crate) struct PaymentLog {
    log: Log,
    payments: u64,
    reports: u64,
}

impl PaymentLog {
    pub(crate) fn new(log: Log) -> Self {
        PaymentLog { log, payments: 0, reports: 0 }
    }

    pub(crate) fn opened(&self, base_url: &str, grant: &str) {
        let version = env!("CARGO_PKG_VERSION");
        self.log.write(Level::Info, || format!("till opened: secupos {version}, {base_url}, as {grant}"));
    }

    /// Something happens to a payment. Returns what its requests are told by.
    pub(crate) fn payment_begins(&mut self, ticket: &Ticket, what: &str) -> String {
        self.payments += 1;
        let Ticket { reference, attempt, money, .. } = ticket;
        let subject = format!("payment {} attempt {attempt}", self.payments);
        self.log.write(Level::Info, || format!("{subject} {what}: reference {reference:?} over {money}"));
        subject
    }

    pub(crate) fn payment_ends(&self, subject: &str, settled: &Settled) {
        let level = level_of(settled.error.as_ref(), settled.outcome == Outcome::Unknown || settled.conflict);
        self.log.write(level, || {
            let mut line = format!("{subject} ends: {}", settled.outcome.name());
            line += &settled.reason.map(Reason::name).map_or(String::new(), |reason| format!(" ({reason})"));
            line += if settled.conflict { ", in contradiction to what was believed before" } else { "" };
            line + &settled.error.as_ref().map_or(String::new(), |error| format!(": {error}"))
        });
    }

    /// A report begins. Returns what its requests are told by.
    pub(crate) fn report_begins(&mut self, kind: ReportKind) -> String {
        self.reports += 1;
        let subject = format!("report {}", self.reports);
        self.log.write(Level::Info, || format!("{subject} begins: {}", kind.name()));
        subject
    }

    pub(crate) fn report_ends(&self, subject: &str, ended: &Ended) {
        let level = level_of(ended.error.as_ref(), ended.outcome == ReportOutcome::MayHaveRun);
        let error = ended.error.as_ref().map_or(String::new(), |error| format!(": {error}"));
        self.log.write(level, || format!("{subject} ends: {}{error}", ended.outcome.name()));
    }

    pub(crate) fn failed(&self, subject: &str) {
        self.log.write(Level::Error, || format!("{subject}: a fault inside secupos was caught"));
    }
}

fn level_of(error: Option<&Error>, is_in_doubt: bool) -> Level {
    match error.map(Error::status) {
        Some(Status::Internal | Status::JournalFailed) => Level::Error,
        _ if is_in_doubt => Level::Warning,
        _ => Level::Info,
    }
}
