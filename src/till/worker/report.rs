//! Running what the terminal does for itself: the end of its day, and its diagnosis.

use std::sync::Arc;

use crate::api::action::ActionId;
use crate::api::answer::{Answer, Expected};
use crate::error::{Error, Result, Status};
use crate::payment::phase::Phase;
use crate::payment::verdict::{self, Body, Came, ReportVerdict};
use crate::receipt::ReceiptCopy;
use crate::till::clock::Stopwatch;
use crate::till::handles::report::{Ended, Report, ReportKind, ReportOutcome, nothing_printed};
use crate::till::handles::settled;
use crate::till::worker::engine::{Engine, TOKEN_MARGIN, journal_failed, still_in_doubt};

impl Engine {
    /// Runs a report. An error says that it was not sent.
    pub(crate) fn run(&mut self, report: &Arc<Report>) -> Ended {
        self.try_running(report.kind()).unwrap_or_else(|error| Ended::without_answer(ReportOutcome::NotRun, error))
    }

    fn try_running(&mut self, kind: ReportKind) -> Result<Ended> {
        let mut token = self.session.token(&self.api, &*self.clock, self.timeouts.report + TOKEN_MARGIN)?;
        let holder = self.look_at_holders(&mut token)?;
        let stops = match kind {
            ReportKind::EndOfDay { forced: true } | ReportKind::Diagnosis { forced: true } => None,
            ReportKind::EndOfDay { forced: false } | ReportKind::Diagnosis { forced: false } => holder,
        };
        if let Some(open) = stops {
            return Err(still_in_doubt(&open));
        }
        let action = ActionId::draw();
        let watch = Stopwatch::start(&*self.clock);
        let began = match kind {
            ReportKind::EndOfDay { forced } => {
                let mut held = self.state.hold();
                let now = held.now();
                Some(held.journal()?.begin_end_of_day(forced, action.as_str(), &now)?)
            }
            ReportKind::Diagnosis { .. } => None,
        };
        self.enter(Phase::WaitingForTerminal);
        let sent = Stopwatch::start(&*self.clock);
        let look = self.second_look(watch);
        let came = match kind {
            ReportKind::EndOfDay { .. } => self.api.end_of_day(&token, &action, look),
            ReportKind::Diagnosis { .. } => self.api.diagnosis(&token, &action, look),
        };
        let answer = Answer::read(kind.name(), came, Expected::Any);
        let outcome = match verdict::of_report(answer.came, sent.read(&*self.clock)) {
            ReportVerdict::NeverSent => ReportOutcome::NotRun,
            ReportVerdict::Refused => ReportOutcome::Refused,
            ReportVerdict::Done => ReportOutcome::Done,
            ReportVerdict::InDoubt => ReportOutcome::MayHaveRun,
        };
        if matches!(answer.came, Came::Answer(_, Body::Refusal { of_token: true })) {
            // For the next time: a report is never sent twice by itself.
            let _ = self.session.renew(&self.api, &*self.clock);
        }
        let failed = || Error::new(Status::ServerRefused, format!("{} has failed at the terminal", kind.name()));
        let mut error = answer.error.clone().or_else(|| (outcome == ReportOutcome::Refused).then(failed));
        if let Some(event) = began {
            let mut held = self.state.hold();
            let now = held.now();
            let body = answer.body.as_deref();
            let stored = held.journal().and_then(|journal| journal.end_report(event, outcome.name(), body, &now));
            // Without it the day may have been closed, for all that the journal knows.
            error = error.or(stored.err().map(journal_failed));
        }
        let transaction = answer.transaction.as_deref();
        let [merchant, customer] =
            [ReceiptCopy::Merchant, ReceiptCopy::Customer].map(|copy| settled::receipt(transaction, copy));
        let error = error.or(merchant.1).or(customer.1);
        let error = error.map(|error| if outcome == ReportOutcome::NotRun { error } else { error.of_what_was_sent() });
        let receipt = [merchant.0, customer.0].into_iter().find(|receipt| !receipt.is_empty());
        let mut receipt = receipt.unwrap_or_else(nothing_printed);
        receipt.mark_report();
        Ok(Ended { outcome, receipt, error })
    }
}
