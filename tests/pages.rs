//! The pages in `docs/` show the tables that the library runs by.

mod page;

use page::assert_shows;
use secupos::journal::{Happening, Move, Place};
use secupos::receipt::Decision;
use secupos::till::outcome::{Action, Outcome, Reason, Reversal, Situation, next_actions};

const SAFETY: &str = "payment-safety.md";

fn cell(place: Place, comes: Move) -> String {
    match comes {
        Move::To(next) => next.name().into(),
        Move::Stay => String::new(),
        Move::Conflict(next) if next == place => "!".into(),
        Move::Conflict(next) => format!("! {}", next.name()),
        Move::Never => "-".into(),
    }
}

fn row(cells: impl IntoIterator<Item = String>) -> String {
    format!("| {} |\n", cells.into_iter().collect::<Vec<_>>().join(" | "))
}

#[test]
fn the_page_shows_where_an_attempt_may_go() {
    let mut expected = String::from("```mermaid\nstateDiagram-v2\n");
    let id = |place: Place| place.name().replace(|letter: char| !letter.is_alphanumeric(), "_");
    for place in Place::ALL {
        expected += &format!("    {} : {}\n", id(place), place.name());
    }
    for place in Place::ALL {
        for happening in Happening::ALL {
            if let Move::To(next) | Move::Conflict(next) = Move::of(place, happening)
                && next != place
            {
                let mark = if matches!(Move::of(place, happening), Move::Conflict(_)) { "! " } else { "" };
                expected += &format!("    {} --> {} : {mark}{}\n", id(place), id(next), happening.name());
            }
        }
    }
    expected += "```\n\n";
    expected += &row(std::iter::once("event".to_owned()).chain(Place::ALL.map(|place| place.name().to_owned())));
    expected += &row(std::iter::repeat_n("---".to_owned(), Place::ALL.len() + 1));
    for happening in Happening::ALL {
        let cells = Place::ALL.map(|place| cell(place, Move::of(place, happening)));
        expected += &row(std::iter::once(happening.name().to_owned()).chain(cells));
    }
    assert_shows(SAFETY, "moves", &expected);
}

#[test]
fn the_page_shows_what_to_do_next() {
    let mut expected = row(["outcome", "reason", "signature", "next actions"].map(str::to_owned));
    expected += &row(std::iter::repeat_n("---".to_owned(), 4));
    let usual = Situation {
        outcome: Outcome::Unknown,
        reason: None,
        signature: Decision::Unknown,
        has_merchant_receipt: false,
        has_customer_receipt: false,
        took_long: false,
        conflict: false,
        unpaid_after_all: false,
        reversal: Reversal::None,
    };
    let mut add = |reason: &str, signature: &str, situation: Situation| {
        let actions = next_actions(situation).into_iter().map(Action::name).collect::<Vec<_>>().join(", ");
        expected += &row([situation.outcome.name(), reason, signature, &actions].map(str::to_owned));
    };
    let paid =
        Situation { outcome: Outcome::Approved, has_merchant_receipt: true, has_customer_receipt: true, ..usual };
    for signature in [Decision::Required, Decision::Unknown, Decision::NotRequired] {
        add("", signature.name(), Situation { signature, ..paid });
    }
    add("no receipts", "unknown", Situation { outcome: Outcome::Approved, ..usual });
    let unstored = Situation { reason: Some(Reason::JournalFailed), signature: Decision::NotRequired, ..paid };
    add("journal_failed", "not_required", unstored);
    add("conflict", "not_required", Situation { conflict: true, signature: Decision::NotRequired, ..paid });
    let taken_back = Situation { conflict: true, unpaid_after_all: true, signature: Decision::NotRequired, ..paid };
    add("conflict: not paid after all", "not_required", taken_back);
    let declined = Situation { outcome: Outcome::Declined, ..usual };
    for reason in [Reason::Failed, Reason::Aborted, Reason::TimedOut, Reason::Cancelled] {
        add(reason.name(), "", Situation { reason: Some(reason), ..declined });
    }
    let failed = Situation { reason: Some(Reason::Failed), ..declined };
    add("failed, with a receipt", "", Situation { has_customer_receipt: true, ..failed });
    add("failed, after more than 60 s", "", Situation { took_long: true, ..failed });
    add("conflict", "", Situation { conflict: true, ..declined });
    for reason in Reason::ALL.into_iter().filter(|reason| (10..20).contains(&(*reason as i32))) {
        add(reason.name(), "", Situation { outcome: Outcome::NotStarted, reason: Some(reason), ..usual });
    }
    add("conflict", "", Situation { outcome: Outcome::NotStarted, conflict: true, ..usual });
    let wrong = Some(Reason::WrongPaymentReversed);
    for reversal in [Reversal::Unknown, Reversal::Refused] {
        add(&format!("reversal {}", reversal.name()), "", Situation { reversal, ..paid });
        let named = format!("reversal {}, wrong_payment_reversed", reversal.name());
        add(&named, "", Situation { reversal, reason: wrong, ..paid });
    }
    for reason in
        [Reason::NoConnection, Reason::LoginFailed, Reason::TerminalBusy, Reason::ServerFailed, Reason::JournalFailed]
    {
        let named = format!("reversal refused, {}", reason.name());
        add(&named, "", Situation { reversal: Reversal::Refused, reason: Some(reason), ..paid });
    }
    add("any", "", usual);
    add("", "", Situation { outcome: Outcome::Reversed, has_customer_receipt: true, ..usual });
    add("conflict", "", Situation { outcome: Outcome::Reversed, conflict: true, ..usual });
    assert_shows(SAFETY, "next actions", &expected);
}
