//! The archive: what the till has stored is verified, exported day by day, and removed when it has been kept for long
//! enough. Finding is [`Till::find_payments`], which gives the stored receipts again. Nothing here uses the network.

use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use serde_json::{Value, json};

use crate::api::transaction::SmartTransaction;
use crate::error::Result;
use crate::journal::{self, Archived, Body, Damage, DayFiles, DayWriter, Journal, Pruned, Reader};
use crate::payment::outcome::Outcome;
use crate::receipt::{Receipt, ReceiptCopy};
use crate::till::business_day::Day;
use crate::till::handles::payment::{self, Payment};
use crate::till::handles::settled::{Known, Settled};
use crate::till::sale::{LONGEST_TEXT, check_text};
use crate::till::{Till, busy};

/// The receipts are exported as printed on paper of 80 mm.
const COLUMNS: u16 = 42;

/// A day that has been exported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Export {
    /// One payment a line, as JSON, and the checksums in the last line.
    pub payments_file: PathBuf,
    /// The receipts, as printed.
    pub receipts_file: PathBuf,
    /// How many payments were begun on that day.
    pub payments: usize,
    /// How many responses are not as they were received; each is marked. Best look at what
    /// [`Till::verify_archive`] says.
    pub damaged: usize,
    /// Whether the same had been exported before, so that nothing was written.
    pub was_there: bool,
}

impl Export {
    /// `{"payments_file", "receipts_file", "payments", "damaged", "was_there"}`.
    pub fn to_json(&self) -> Value {
        let Export { payments_file, receipts_file, payments, damaged, was_there } = self;
        json!({
            "payments_file": payments_file.to_string_lossy(),
            "receipts_file": receipts_file.to_string_lossy(),
            "payments": payments,
            "damaged": damaged,
            "was_there": was_there,
        })
    }
}

impl Till {
    /// Goes through the whole state file, responses included, and names all that is not as it was written; nothing, if
    /// it is whole. Takes about a second for 100 MB; no payment can begin meanwhile, and while one is running it is
    /// refused.
    pub fn verify_archive(&self) -> Result<Vec<Damage>> {
        self.undisturbed(|journal| journal.verify())
    }

    /// Exports all payments that were begun on that day, by the service's clock if that has said what time it was, into a folder, with the server's responses as received and the
    /// receipts as printed, to two files: `secupos-2026-11-23.jsonl` and `.txt`.
    ///
    /// They hold account numbers, but nothing with which one could log in; only their owner can read them. Each is there
    /// as a whole or not at all, and none is ever written over: exported again, the same day changes nothing, and a day
    /// that has changed since gets files with a number. One till, one folder.
    pub fn export_day(&self, day: &Day, into: &Path) -> Result<Export> {
        payment::check_process(self.process)?;
        // Two at once would write over what the other has begun.
        let _alone = self.exporting.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut payments, mut damaged) = (0, 0);
        let mut reader = Reader::new(day.from(), day.to());
        let mut writer = DayWriter::new(into, day.date())?;
        loop {
            // Held for a page at a time, so that a payment need not wait.
            let page = reader.next_page(self.state.hold().sound_journal()?)?;
            if page.is_empty() {
                break;
            }
            for one in &page {
                writer.write(&self.line(one).to_string(), &printed(one)?)?;
                damaged += one.responses.iter().filter(|response| response.body == Body::Damaged).count();
            }
            payments += page.len();
        }
        let (of_lines, of_receipts) = writer.checksums();
        let checksums = json!({
            "format": "secupos-day-1",
            "date": day.date(),
            "from": day.from(),
            "to": day.to(),
            "payments": payments,
            "sha256_of_lines": of_lines,
            "sha256_of_receipts": of_receipts,
        });
        writer.write(&checksums.to_string(), "")?;
        let DayFiles { lines: payments_file, receipts: receipts_file, was_there } = writer.put()?;
        Ok(Export { payments_file, receipts_file, payments, damaged, was_there })
    }

    /// Removes the server's responses, and with them the receipts, of payments that were begun more than this many days
    /// ago; without a number, more than [`RETENTION_DAYS`](journal::RETENTION_DAYS). This cannot be taken back: export
    /// before. `operator` is kept as who wanted it.
    ///
    /// What the till has to do something about stays, as does what is not proven, and so does all that is known of a
    /// payment but the response: its reference stays used, and the archive can be verified as before. No payment can
    /// begin meanwhile, and while one is running it is refused.
    pub fn prune_archive(&self, retention_days: Option<u32>, operator: &str) -> Result<Pruned> {
        check_text("operator", operator, LONGEST_TEXT)?;
        let now = self.clock.moment();
        let days = retention_days.unwrap_or(journal::RETENTION_DAYS);
        self.undisturbed(|journal| journal.prune(days, operator, &now))
    }

    /// Does what takes its time, while no payment is running and none can begin: a result must not wait for it.
    fn undisturbed<T>(&self, work: impl FnOnce(&mut Journal) -> Result<T>) -> Result<T> {
        payment::check_process(self.process)?;
        let running = self.running();
        if running.is_some() {
            return Err(busy());
        }
        work(self.state.hold().sound_journal()?)
    }

    /// A payment as one line: as it is told to the till, as it stands in the journal, and what the server sent.
    fn line(&self, archived: &Archived) -> Value {
        let Archived { attempt, event, hash, responses } = archived;
        let contradicting = attempt.conflict.as_ref().and_then(|conflict| conflict.response);
        let settled_by = contradicting.or(attempt.response);
        let answer = responses.iter().find(|one| Some(one.event) == settled_by).and_then(|one| received(&one.body));
        let settled = Settled::of(attempt, answer, None, Known { at: attempt.created_at, ..Known::default() });
        let payment = Payment::replayed_as(attempt, self.grant(), settled);
        let mut told = payment.to_json();
        if payment.outcome() == Outcome::Unknown {
            // It has not been settled, whenever it is asked.
            told["completed_at"] = Value::Null;
        }
        let responses: Vec<_> = responses.iter().map(response).collect();
        json!({ "payment": told, "stored": attempt, "event": event, "hash": hash, "responses": responses })
    }
}

fn received(body: &Body) -> Option<&[u8]> {
    match body {
        Body::AsReceived(bytes) => Some(bytes),
        Body::Pruned | Body::Damaged => None,
    }
}

fn response(one: &journal::Original) -> Value {
    let mut told = json!({ "event": one.event, "at": one.at, "kind": one.kind, "sha256": one.sha256 });
    match &one.body {
        Body::AsReceived(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => told["body"] = text.into(),
            Err(_) => told["body_in_hex"] = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into(),
        },
        Body::Pruned => told["missing"] = "pruned".into(),
        Body::Damaged => told["missing"] = "damaged".into(),
    }
    told
}

/// All receipts of a payment, each under a line that says whose it is.
fn printed(archived: &Archived) -> Result<String> {
    let Archived { attempt, responses, .. } = archived;
    let mut text = String::new();
    for one in responses {
        let transaction = received(&one.body).and_then(|body| SmartTransaction::parse(body).ok());
        for copy in [ReceiptCopy::Merchant, ReceiptCopy::Customer] {
            // One that cannot be read is in the lines as it was received.
            let receipt = transaction.as_ref().and_then(|known| Receipt::from_transaction(&known.body, copy).ok());
            let Some(receipt) = receipt.filter(|receipt| !receipt.is_empty()) else { continue };
            let (reference, number, copy, event) = (&attempt.reference, attempt.attempt, copy.name(), one.event);
            text += &format!("=== {reference:?}, attempt {number}, event {event}, {copy} ===\n");
            text += &receipt.to_text(COLUMNS)?;
            text.push('\n');
        }
    }
    Ok(text)
}
