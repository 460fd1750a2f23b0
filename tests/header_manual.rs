//! What the top of `secupos.h` tells is so: its tables are the core's, and its till is the one of the quick start.

use secupos::error::TABLE;
use secupos::payment::action::Action;
use secupos::payment::next_actions::{AmountCharged, Situation, next_actions};
use secupos::payment::outcome::{Outcome, ReversalOutcome};
use secupos::payment::reason::Reason;
use secupos::receipt::Decision;

const HEADER: &str = include_str!("../include/secupos.h");
const QUICK_START: &str = include_str!("../docs/quick-start-c.md");

/// What stands between two lines of the header's preamble, without the stars.
fn chapter(from: &str, to: &str) -> String {
    let text = HEADER.split_once(from).expect(from).1.split_once(to).expect(to).0;
    text.lines().skip(1).map(|line| format!("{}\n", line.strip_prefix(" *").unwrap_or(line))).collect()
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

#[test]
fn the_till_is_the_one_of_the_quick_start() {
    let shown = chapter("takes one payment and does what is to be done next:", " * Try it against the simulator");
    let program: String =
        shown.lines().map(|line| format!("{}\n", line.strip_prefix("     ").unwrap_or(line))).collect();
    let page = QUICK_START.split_once("```c\n").expect("a program").1.split_once("```\n").expect("its end").0;
    assert_eq!(program.trim(), page.trim());
    assert!(page.lines().count() > 60);
}

#[test]
fn each_status_says_what_the_cashier_reads() {
    let shown = chapter("What each status tells the cashier", " * Conventions\n");
    let rows: Vec<_> =
        TABLE.iter().map(|row| format!("{} {} {}", row.status.number(), row.name(), row.english)).collect();
    assert_eq!(words(&shown).join(" "), words(&rows.join(" ")).join(" "));
}

#[test]
fn what_the_cashier_may_do_is_what_the_core_says() {
    let shown = chapter("What the cashier may do", "\"Card again\"");
    let usual = Situation {
        outcome: Outcome::Unknown,
        reason: None,
        signature: Decision::Unknown,
        has_merchant_receipt: false,
        has_customer_receipt: false,
        receipts_pruned: false,
        took_long: false,
        contradiction: None,
        is_surplus: false,
        says_surplus: false,
        fenced: false,
        amount: AmountCharged::AsAsked,
        reversal: ReversalOutcome::None,
        reversal_refused: false,
        refund_was_asked_for: false,
        others_unfinished: false,
        is_covered: false,
    };
    let receipts = Situation { has_merchant_receipt: true, has_customer_receipt: true, ..usual };
    let situations = [
        Situation { outcome: Outcome::Approved, signature: Decision::Required, ..receipts },
        Situation { outcome: Outcome::Failed, reason: Some(Reason::Failed), ..usual },
        Situation { outcome: Outcome::NotStarted, reason: Some(Reason::NoConnection), ..usual },
        usual,
        Situation { outcome: Outcome::Reversed, has_customer_receipt: true, ..usual },
    ];
    for situation in situations {
        let name = situation.outcome.name().to_uppercase();
        let row = shown.lines().find(|line| words(line).first() == Some(&name.as_str())).expect("a row");
        let actions = next_actions(situation).into_iter().map(Action::name).collect::<Vec<_>>();
        assert!(row.ends_with(&format!("  {}", actions.join(", "))), "{row}: {actions:?}");
        let again = actions.contains(&"try_again");
        assert_eq!(row.contains("  no     yes         yes   no "), again, "{row}");
    }
}
