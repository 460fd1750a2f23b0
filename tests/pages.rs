//! The pages in `docs/` show the tables that the library runs by. What pages name is there, and the index lists them all.

mod page;

use std::path::{Path, PathBuf};

use page::assert_shows;
use secupos::payment::action::Action;
use secupos::payment::next_actions::{AmountCharged, Situation, next_actions};
use secupos::payment::outcome::Contradiction;
use secupos::payment::outcome::{Outcome, ReversalOutcome};
use secupos::payment::reason::Reason;
use secupos::payment::state::Standing;
use secupos::payment::transitions::Transition;
use secupos::payment::trigger::Trigger;
use secupos::receipt::Decision;

const SAFETY: &str = "payment-safety.md";

fn cell(standing: Standing, comes: Transition) -> String {
    match comes {
        Transition::To(next) => next.name().into(),
        Transition::Stay => String::new(),
        Transition::Conflict(next) if next == standing => "!".into(),
        Transition::Conflict(next) => format!("! {}", next.name()),
        Transition::Never => "-".into(),
    }
}

fn row(cells: impl IntoIterator<Item = String>) -> String {
    format!("| {} |\n", cells.into_iter().collect::<Vec<_>>().join(" | "))
}

#[test]
fn the_page_shows_where_an_attempt_may_go() {
    let mut expected = String::from("```mermaid\nstateDiagram-v2\n");
    let id = |standing: Standing| standing.name().replace(|letter: char| !letter.is_alphanumeric(), "_");
    for standing in Standing::ALL {
        expected += &format!("    {} : {}\n", id(standing), standing.name());
    }
    for standing in Standing::ALL {
        for trigger in Trigger::ALL {
            if let Transition::To(next) | Transition::Conflict(next) = Transition::of(standing, trigger)
                && next != standing
            {
                let is_conflict = matches!(Transition::of(standing, trigger), Transition::Conflict(_));
                let mark = if is_conflict { "! " } else { "" };
                expected += &format!("    {} --> {} : {mark}{}\n", id(standing), id(next), trigger.name());
            }
        }
    }
    expected += "```\n\n";
    expected += &row(std::iter::once("event".to_owned()).chain(Standing::ALL.map(|one| one.name().to_owned())));
    expected += &row(std::iter::repeat_n("---".to_owned(), Standing::ALL.len() + 1));
    for trigger in Trigger::ALL {
        let cells = Standing::ALL.map(|standing| cell(standing, Transition::of(standing, trigger)));
        expected += &row(std::iter::once(trigger.name().to_owned()).chain(cells));
    }
    assert_shows(SAFETY, "moves", &expected);
}

/// A payment without receipts of which there is nothing special to say.
fn usual(outcome: Outcome) -> Situation {
    Situation {
        outcome,
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
        is_covered: outcome == Outcome::Approved,
        reversal: ReversalOutcome::None,
        reversal_refused: false,
        refund_was_asked_for: false,
        others_unfinished: false,
    }
}

#[test]
fn the_page_shows_what_to_do_next() {
    let mut expected = row(["outcome", "reason", "signature", "next actions"].map(str::to_owned));
    expected += &row(std::iter::repeat_n("---".to_owned(), 4));
    let mut add = |reason: &str, signature: &str, situation: Situation| {
        let actions = next_actions(situation).into_iter().map(Action::name).collect::<Vec<_>>().join(", ");
        expected += &row([situation.outcome.name(), reason, signature, &actions].map(str::to_owned));
    };
    let with_receipts =
        Situation { has_merchant_receipt: true, has_customer_receipt: true, ..usual(Outcome::Approved) };
    for signature in [Decision::Required, Decision::Unknown, Decision::NotRequired] {
        add("", signature.name(), Situation { signature, ..with_receipts });
    }
    let paid = Situation { signature: Decision::NotRequired, ..with_receipts };
    add("no receipts", "unknown", usual(Outcome::Approved));
    add("receipts pruned", "unknown", Situation { receipts_pruned: true, ..usual(Outcome::Approved) });
    add("journal_failed", "not_required", Situation { reason: Some(Reason::JournalFailed), ..paid });
    for (said, amount) in
        [("a tip", AmountCharged::More), ("a part", AmountCharged::Part), ("0 or unreadable", AmountCharged::Unclear)]
    {
        let is_covered = amount != AmountCharged::Part;
        let reason = Some(Reason::AmountDiffers);
        add(&format!("amount_differs: {said}"), "not_required", Situation { reason, amount, is_covered, ..paid });
    }
    let after_all = Situation { contradiction: Some(Contradiction::PaidAfterAll), ..paid };
    add("conflict: paid after all, and only once", "not_required", after_all);
    let twice = Situation { is_surplus: true, says_surplus: true, ..after_all };
    add("conflict: paid after all, and more than once", "not_required", twice);
    let unpaid = Some(Contradiction::UnpaidAfterAll);
    add("conflict: not paid after all", "not_required", Situation { contradiction: unpaid, ..paid });
    for reason in [Reason::Failed, Reason::Aborted, Reason::TimedOut, Reason::Cancelled] {
        add(reason.name(), "", Situation { reason: Some(reason), ..usual(Outcome::Failed) });
    }
    let failed = Situation { reason: Some(Reason::Failed), ..usual(Outcome::Failed) };
    add("failed, with a receipt", "", Situation { has_customer_receipt: true, ..failed });
    add("failed, after more than 60 s", "", Situation { took_long: true, ..failed });
    let not_started = |reason: &Reason| {
        let number = *reason as i32;
        (10..20).contains(&number) || [Reason::LoginTaken, Reason::StateFileOld, Reason::Internal].contains(reason)
    };
    for reason in Reason::ALL.into_iter().filter(not_started) {
        add(reason.name(), "", Situation { reason: Some(reason), ..usual(Outcome::NotStarted) });
    }
    let not_paid = Some(Contradiction::NotPaid);
    for outcome in [Outcome::Failed, Outcome::NotStarted, Outcome::Reversed] {
        let contradicted = Situation { contradiction: not_paid, ..usual(outcome) };
        add("conflict: decided paid, and it was not", "", contradicted);
        add("the same, ended by our own abort", "", Situation { fenced: true, ..contradicted });
    }
    let wrong = Some(Reason::WrongPaymentReversed);
    for reversal in [ReversalOutcome::Unknown, ReversalOutcome::Refused] {
        add(&format!("reversal {}", reversal.name()), "", Situation { reversal, ..paid });
        let named = format!("reversal {}, wrong_payment_reversed", reversal.name());
        add(&named, "", Situation { reversal, reason: wrong, ..paid });
    }
    let refused = Situation { reversal: ReversalOutcome::Refused, ..paid };
    add("reversal refused at once, and never sent before", "", Situation { reversal_refused: true, ..refused });
    for reason in Reason::ALL.into_iter().filter(|reason| reason.is_passing()) {
        add(&format!("reversal refused, {}", reason.name()), "", Situation { reason: Some(reason), ..refused });
    }
    add("any", "", usual(Outcome::Unknown));
    let reversed = Situation { has_customer_receipt: true, ..usual(Outcome::Reversed) };
    add("", "", reversed);
    add("money back was asked for before", "", Situation { refund_was_asked_for: true, ..reversed });
    let of_reversal = Some(Contradiction::ReversedAfterAll);
    add("conflict: decided not reversed, and it was", "", Situation { contradiction: of_reversal, ..reversed });
    add("something else needs a person", "not_required", Situation { others_unfinished: true, ..paid });
    assert_shows(SAFETY, "next actions", &expected);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every page but the changelog, which tells of files that are gone.
fn pages() -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for folder in ["", "docs", "tests", "tests/fixtures", "bindings/python", "bindings/csharp"] {
        let entries =
            std::fs::read_dir(root().join(folder)).expect(folder).map(|entry| entry.expect("an entry").path());
        pages.extend(entries.filter(|path| path.extension().is_some_and(|ext| ext == "md")));
    }
    pages.retain(|page| !page.ends_with("CHANGELOG.md"));
    pages
}

/// A page without its programs.
fn prose(page: &Path) -> String {
    let text = std::fs::read_to_string(page).expect("a page");
    let mut in_program = false;
    let is_prose = |line: &&str| {
        let is_fence = line.trim_start().starts_with("```");
        in_program ^= is_fence;
        !in_program && !is_fence
    };
    text.lines().filter(is_prose).map(|line| line.to_owned() + "\n").collect()
}

/// The files of the repository that a page names between two backticks.
fn files_named(prose: &str) -> Vec<PathBuf> {
    let is_plain = |word: &&str| word.chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c));
    let is_ours = |word: &&str| {
        let first = word.split('/').next().unwrap_or_default();
        word.contains('/') && !["", "target", "dist"].contains(&first) && root().join(first).exists()
    };
    prose.split('`').skip(1).step_by(2).filter(is_plain).filter(is_ours).map(|word| root().join(word)).collect()
}

/// Where the links of a page lead, within the repository.
fn files_linked(page: &Path, prose: &str) -> Vec<PathBuf> {
    let targets = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')')?.0.split('#').next());
    let ours = targets.filter(|target| !target.is_empty() && !target.contains(':'));
    ours.map(|target| page.parent().expect("a folder").join(target)).collect()
}

#[test]
fn every_file_that_a_page_names_is_there() {
    let mut missing = Vec::new();
    for page in pages() {
        let prose = prose(&page);
        let (named, linked) = (files_named(&prose), files_linked(&page, &prose));
        if page.ends_with("docs/architecture.md") {
            assert!(named.len() > 100, "only {} files were found in {}", named.len(), page.display());
        }
        let gone = named.iter().chain(&linked).filter(|file| !file.exists());
        missing.extend(gone.map(|file| format!("{} names {}", page.display(), file.display())));
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn the_index_lists_every_page() {
    let index = root().join("docs/README.md");
    let listed = files_linked(&index, &prose(&index));
    for page in pages().iter().filter(|page| page.parent() == index.parent() && **page != index) {
        assert!(listed.contains(page), "docs/README.md does not list {}", page.display());
    }
}
