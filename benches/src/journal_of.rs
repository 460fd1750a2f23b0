//! Makes a state file with so many payments, by the library's own journal: `cargo xtask journal --payments 1000000 FILE`.
//!
//! It tells the same story each time: of every hundred payments ninety-eight are paid and taken over, one is declined, and one
//! is paid and then reversed; the newest 20 000 were taken today, and before that 2 000 a day with an end of day each night.
//! Nothing waits for the disk meanwhile, so a crash leaves half a file.
#![allow(unsafe_code)]

use std::ffi::c_int;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use secupos::error::Result;
use secupos::journal::{Identity, IfMissing, Journal, Moment, NewAttempt, Opening, Start};
use secupos::money::Money;
use secupos::os::files::Access;
use secupos::payment::attempt::{Copies, Finish};
use secupos::payment::changes::Reversing;
use secupos::payment::state::State;
use secupos::payment::voice::Told;

const TODAY: u64 = 20_000;
const A_DAY_BEFORE: u64 = 2_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// The real answer to a payment, with both receipts.
const PAID: &str = include_str!("../../tests/fixtures/payment-elv-ok.json");
const DECLINED: &str = include_str!("../../tests/fixtures/payment-failed.json");

/// In place of the system's own: what is made here can be made again.
#[unsafe(no_mangle)]
pub extern "C" fn fsync(_file: c_int) -> c_int {
    0
}

/// The same.
#[unsafe(no_mangle)]
pub extern "C" fn fdatasync(_file: c_int) -> c_int {
    0
}

#[derive(Parser)]
struct Arguments {
    /// How many payments
    #[arg(long)]
    payments: u64,
    /// The till's address, client and device
    #[arg(long, default_value = "https://connect.secucard.com")]
    base_url: String,
    #[arg(long, default_value = "client")]
    client_id: String,
    #[arg(long, default_value = "device code")]
    device_code: String,
    /// When the last of them was taken, in Unix milliseconds
    #[arg(long, default_value_t = 1_800_000_000_000)]
    until: i64,
    /// The state file, which must not be there yet
    file: PathBuf,
}

fn main() -> ExitCode {
    match make(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("journal-of: {error}");
            ExitCode::FAILURE
        }
    }
}

fn make(arguments: &Arguments) -> Result<()> {
    let Arguments { payments, base_url, client_id, device_code, until, file } = arguments;
    let identity = Identity::of_device(base_url, client_id, device_code);
    let opening = Opening {
        path: file,
        head_file: None,
        access: &Access::Owner,
        identity: &identity,
        if_missing: IfMissing::Create,
    };
    let story = Story { until: *until, payments: *payments };
    let mut journal = Journal::open(&opening, &story.moment(0))?;
    for number in 0..*payments {
        story.pay(&mut journal, number)?;
    }
    Ok(())
}

struct Story {
    until: i64,
    payments: u64,
}

impl Story {
    /// How many days before today a payment is taken, and which one of that day it is.
    fn day(&self, number: u64) -> (i64, u64) {
        let from_the_end = self.payments - 1 - number.min(self.payments - 1);
        if from_the_end < TODAY {
            return (0, number - self.payments.saturating_sub(TODAY));
        }
        let before = from_the_end - TODAY;
        let day = before / A_DAY_BEFORE;
        (day as i64 + 1, A_DAY_BEFORE - 1 - before % A_DAY_BEFORE)
    }

    fn moment(&self, number: u64) -> Moment {
        let (days, of_the_day) = self.day(number);
        // Each day's payments take twelve hours, and today's have just ended.
        let a_day = if days == 0 { TODAY.min(self.payments) } else { A_DAY_BEFORE };
        let before_the_end = (a_day - 1 - of_the_day) as i64 * (DAY_MS / 2) / a_day as i64;
        let at = self.until - days * DAY_MS - before_the_end;
        Moment { at, awake: at, boot: Some("the one start of this machine".to_owned()) }
    }

    fn pay(&self, journal: &mut Journal, number: u64) -> Result<()> {
        let now = self.moment(number);
        let (_, of_the_day) = self.day(number);
        let (reference, id) = (format!("sale-{number}"), format!("STX_{number:026}"));
        let money = Money::payable(100 + (number % 9_900) as i64, "EUR".parse()?)?;
        let new = NewAttempt {
            reference: &reference,
            attempt: 1,
            money,
            transaction_id: Some(&id),
            created_at: now.at,
            confirmed_by: None,
        };
        let start = Start { server_date: Some(now.at), grace: 410_000, action: "f9a1c2d3-0000-4000-8000-000000000000" };
        journal.begin_starting(&new, &start, &now)?;
        let is_declined = number % 100 == 42;
        let receipt_number = of_the_day as i64 + 1;
        let till = journal.till(&now);
        let paid = Finish {
            state: if is_declined { State::Declined } else { State::Approved },
            at: now.at,
            till,
            said_by_start: true,
            fenced: false,
            reason: None,
            status_text: Some(if is_declined { "failed" } else { "ok" }),
            amount_charged: None,
            amount_unreadable: false,
            receipt_number: (!is_declined).then_some(receipt_number),
            terminal: (!is_declined).then_some("TRM_1"),
            copies: Copies { merchant: !is_declined, customer: !is_declined },
            brand: (!is_declined).then_some("girocard"),
            took: Some(8_000),
            response: Some(if is_declined { DECLINED } else { PAID }.as_bytes()),
        };
        let attempt = journal.finish(&reference, 1, &paid, &now)?.into_attempt();
        if is_declined {
            journal.prove(&reference, 1, &now)?;
        } else {
            journal.acknowledge(&reference, 1, Told::of(&attempt, false), &now)?;
        }
        if number % 100 == 77 {
            let reversing = Reversing { at: now.at, till, grace: 410_000, action: "a reversal", confirmed_by: None };
            journal.begin_reversing(&reference, 1, &reversing, &now)?;
            let reversed = Finish { state: State::Reversed, ..paid };
            let attempt = journal.finish(&reference, 1, &reversed, &now)?.into_attempt();
            journal.acknowledge(&reference, 1, Told::of(&attempt, false), &now)?;
        }
        let (days, last) = self.day(number);
        if days > 0 && last == A_DAY_BEFORE - 1 {
            let event = journal.begin_end_of_day(false, "an end of day", &now)?;
            journal.end_report(event, "done", None, &now)?;
        }
        Ok(())
    }
}
