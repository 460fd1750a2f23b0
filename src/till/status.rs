//! How a till stands: what a till program shows on its menu.

use serde_json::{Value, json};

use crate::error::Result;
use crate::journal::{Approved, EndOfDay, Journal};
use crate::receipt::fields::brand::Brand;
use crate::till::Till;
use crate::till::handles::payment;
use crate::till::handles::report::ReportOutcome;

/// What the next end of day clears.
pub struct EndOfDayDue {
    /// So many payments.
    pub payments: i64,
    /// When the first of them was begun: Unix time in milliseconds, UTC.
    pub since: Option<i64>,
}

impl Till {
    /// What the next end of day clears. Uses no network.
    pub fn end_of_day_due(&self) -> Result<EndOfDayDue> {
        payment::check_process(self.process)?;
        let mut held = self.state.hold();
        let journal = held.sound_journal()?;
        let last = last_end_of_day(journal)?;
        due(journal, last.as_ref())
    }

    /// How the till stands as one JSON object. Uses no network.
    pub fn to_json(&self) -> Result<Value> {
        payment::check_process(self.process)?;
        let mut held = self.state.hold();
        let journal = held.sound_journal()?;
        let last = last_end_of_day(journal)?;
        let due = due(journal, last.as_ref())?;
        Ok(json!({
            "end_of_day_due": { "payments": due.payments, "since": due.since },
            "last_end_of_day": last.map(|end| end.begun_at),
            "logins_taken": journal.logins_taken()?,
            "rollback_unnoticed": !journal.is_list_usable()?,
        }))
    }
}

fn last_end_of_day(journal: &Journal) -> Result<Option<EndOfDay>> {
    let done = ReportOutcome::Done.name();
    Ok(journal.ends_of_days(0)?.into_iter().rfind(|end| end.outcome.as_deref() == Some(done)))
}

fn due(journal: &Journal, last: Option<&EndOfDay>) -> Result<EndOfDayDue> {
    let approved = journal.approved_after(last.map_or(0, |end| end.event))?;
    let waiting: Vec<&Approved> = approved.iter().filter(|of_brand| waits(of_brand.brand.as_deref())).collect();
    Ok(EndOfDayDue {
        payments: waiting.iter().map(|of_brand| of_brand.payments).sum(),
        since: waiting.iter().map(|of_brand| of_brand.since).min(),
    })
}

fn waits(brand: Option<&str>) -> bool {
    !brand.and_then(Brand::of).is_some_and(is_cleared_elsewhere)
}

/// Whether the end of the terminal's day leaves a brand's payments alone. Whatever else a receipt says, or if it says
/// nothing, the payment counts as waiting.
fn is_cleared_elsewhere(brand: Brand) -> bool {
    match brand {
        Brand::Girocard | Brand::DirectDebit => false,
        Brand::Visa
        | Brand::VPay
        | Brand::Mastercard
        | Brand::Maestro
        | Brand::AmericanExpress
        | Brand::DinersClub
        | Brand::Jcb => true,
    }
}
