//! Rows 4, 10 and 14 of issue 13: a state file that is not what it was charges nobody again.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use secupos::error::Status;
use secupos::payment::action::Action;
use secupos::payment::outcome::{Outcome, ReversalOutcome};
use secupos::payment::reason::Reason;
use secupos::till::Till;
use secupos::till::handles::payment::Payment;
use secupos::till::handles::report::{ReportKind, ReportOutcome};
use secupos::till::sale::Sale;
use secupos_simulator::Simulator;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::refused::Refused;
use secupos_simulator::settings::{DeviceSource, Reversal};
use serde_json::json;

use crate::{Bench, bench, once_free, opened, settled, state_file, without_device};

fn sale(reference: &str, attempt: i32, amount: i64) -> Sale {
    let mut sale = Sale::new(reference, amount, "EUR").expect("a sale");
    sale.set_attempt(attempt).expect("an attempt");
    sale
}

fn pay(bench: &Bench, reference: &str, amount: i64) -> Arc<Payment> {
    bench.till.pay(&sale(reference, 1, amount)).expect("a payment")
}

/// The state file and its head.
fn files(simulator: &Simulator) -> [PathBuf; 2] {
    let file = state_file(simulator);
    let head = PathBuf::from(format!("{}.head", file.display()));
    [file, head]
}

fn backup_of(path: &Path) -> PathBuf {
    PathBuf::from(format!("{}.last-night", path.display()))
}

/// The till is closed, something is done to its files, and it is opened again.
fn meanwhile(bench: Bench, change: impl Fn(&[PathBuf; 2])) -> Bench {
    let Bench { till, clock, simulator } = bench;
    drop(till);
    let open = || opened(&crate::config(&simulator), &simulator, clock.clone());
    // It could be opened, and whoever does nothing closes at once: nobody has it open now.
    drop(once_free(open));
    change(&files(&simulator));
    let till = once_free(open);
    Bench { till, clock, simulator }
}

/// The folder is kept.
fn back_up(bench: Bench) -> Bench {
    meanwhile(bench, |files| {
        for file in files {
            std::fs::copy(file, backup_of(file)).expect("copied");
        }
    })
}

/// The folder is as it was last night.
fn restore(bench: Bench) -> Bench {
    meanwhile(bench, |files| {
        for file in files {
            std::fs::copy(backup_of(file), file).expect("restored");
        }
    })
}

/// Only the head is gone.
fn lose_head(bench: Bench) -> Bench {
    meanwhile(bench, |[_, head]| std::fs::remove_file(head).expect("removed"))
}

fn rollback_unnoticed(till: &Till) -> bool {
    till.to_json().expect("a status")["rollback_unnoticed"].as_bool().expect("a boolean")
}

/// A till with a backup of last night, in which one payment stands.
fn with_a_backup() -> Bench {
    let bench = bench();
    assert_eq!(pay(&bench, "yesterday", 102).outcome(), Outcome::Approved);
    // The service dates to the second, and today is another one.
    std::thread::sleep(Duration::from_millis(1_100));
    back_up(bench)
}

#[test]
fn a_folder_that_was_restored_from_last_nights_backup_is_noticed_at_the_first_payment_and_starts_nothing() {
    let bench = with_a_backup();
    assert_eq!(pay(&bench, "today", 202).outcome(), Outcome::Approved);
    let bench = restore(bench);
    let (starts, moves) = (bench.requests("/start/cashless"), bench.simulator.ledger().len());
    // The sale of today, which the file does not know any more, is asked for again.
    let payment = pay(&bench, "today", 202);
    assert_eq!((payment.outcome(), settled(&payment).reason), (Outcome::NotStarted, Some(Reason::StateFileOld)));
    assert_eq!(settled(&payment).error.as_ref().expect("why").status(), Status::StateFileDamaged);
    assert!(!settled(&payment).next_actions.contains(&Action::TryAgain), "{:?}", settled(&payment).next_actions);
    for reference in ["today", "another"] {
        let mut next = sale(reference, 2, 202);
        next.set_attempt(if reference == "today" { 2 } else { 1 }).expect("an attempt");
        assert_eq!(bench.till.pay(&next).err().expect("refused").status(), Status::StateFileDamaged, "{reference}");
    }
    assert_eq!((bench.requests("/start/cashless"), bench.simulator.ledger().len()), (starts, moves));

    // Nobody has accepted it, so that it is so after a restart, too.
    let bench = bench.restart();
    assert_eq!(bench.till.pay(&sale("another", 1, 302)).err().expect("refused").status(), Status::StateFileDamaged);
    bench.till.accept_journal_loss("Erna").expect("accepted");
    assert_eq!(pay(&bench, "another", 302).outcome(), Outcome::Approved);
    // What was told as not started stays so, and the next attempt is the next one.
    assert_eq!(pay(&bench, "today", 202).outcome(), Outcome::NotStarted);
    assert_eq!(bench.till.pay(&sale("today", 2, 202)).expect("a payment").outcome(), Outcome::Approved);
    // What has been seen then is not seen as new again.
    let bench = bench.restart();
    assert_eq!(pay(&bench, "one more", 402).outcome(), Outcome::Approved);
    assert!(!rollback_unnoticed(&bench.till));
}

#[test]
fn a_payment_that_was_reversed_today_shows_it_as_well() {
    let bench = with_a_backup();
    pay(&bench, "today", 202);
    let reversed = bench.till.reverse("today", None, None).expect("a reversal");
    reversed.wait(None);
    assert_eq!(reversed.outcome(), Outcome::Reversed);
    let bench = restore(bench);
    assert_eq!(settled(&pay(&bench, "another", 302)).reason, Some(Reason::StateFileOld));
}

#[test]
fn what_is_no_newer_payment_of_ours_is_no_reason_to_stop() {
    // What happened today besides.
    let unpaid = |bench: &Bench| {
        assert_eq!(pay(bench, "refused", 205).outcome(), Outcome::Failed);
        bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, What::Reset));
        bench.till.start_payment(&sale("never started", 1, 302)).expect("a payment");
    };
    let reports = |bench: &Bench| {
        for kind in [ReportKind::Diagnosis { forced: false }, ReportKind::EndOfDay { forced: false }] {
            assert_eq!(bench.till.run_report(kind).expect("a report").wait(None), ReportOutcome::Done);
        }
    };
    let another_device = |bench: &Bench| {
        bench.simulator.set(|settings| settings.confirmed_after_ms = Some(0));
        bench.simulator.set(|settings| settings.poll_interval_s = 1);
        let mut config = without_device(&bench.simulator);
        let file = state_file(&bench.simulator).with_extension("another.db");
        config.set_state_file(&file, secupos::journal::IfMissing::Create).expect("a path");
        let till = opened(&config, &bench.simulator, bench.clock.clone()).expect("a till");
        till.register("/vendor/unknown/cashier/2").expect("a registration").wait(None).expect("registered");
        assert_eq!(till.pay(&sale("another till's", 1, 202)).expect("a payment").outcome(), Outcome::Approved);
    };
    type Today<'a> = &'a dyn Fn(&Bench);
    let cases: [(&str, Today<'_>); 4] =
        [("nothing", &|_| {}), ("unpaid", &unpaid), ("reports", &reports), ("another device's", &another_device)];
    for (case, today) in cases {
        let bench = with_a_backup();
        today(&bench);
        let bench = restore(bench);
        let payment = pay(&bench, "next", 402);
        assert_eq!(payment.outcome(), Outcome::Approved, "{case}: {:?}", settled(&payment));
        assert!(!rollback_unnoticed(&bench.till), "{case}");
    }
}

#[test]
fn a_list_that_names_no_devices_is_taken_for_ours() {
    for device_source in [DeviceSource::Told, DeviceSource::NotListed, DeviceSource::NeverTold] {
        let bench = with_a_backup();
        bench.simulator.set(|settings| settings.device_source = device_source);
        pay(&bench, "today", 202);
        let bench = restore(bench);
        assert_eq!(settled(&pay(&bench, "next", 302)).reason, Some(Reason::StateFileOld), "{device_source:?}");
    }
}

#[test]
fn where_the_list_cannot_be_used_the_status_says_so_and_the_payment_goes_on() {
    type Make = fn(&Bench);
    let unusable: [(&str, Make); 5] = [
        ("refused", |bench| bench.simulator.set(|settings| settings.list_refused = true)),
        ("our own new one is missing", |bench| bench.simulator.set(|settings| settings.list_lag_ms = 60_000)),
        ("a proxy's page", |bench| answer(bench, What::Answer { status: 200, body: "<html>".into() })),
        ("no list", |bench| answer(bench, What::Answer { status: 200, body: json!({"data": 7}).to_string() })),
        ("the connection breaks", |bench| answer(bench, What::Reset)),
    ];
    for (case, make) in unusable {
        let bench = with_a_backup();
        pay(&bench, "today", 202);
        let bench = restore(bench);
        assert!(!rollback_unnoticed(&bench.till), "{case}: nobody has looked yet");
        make(&bench);
        let payment = pay(&bench, "next", 302);
        assert_eq!(payment.outcome(), Outcome::Approved, "{case}: {:?}", settled(&payment));
        assert!(rollback_unnoticed(&bench.till), "{case}");
    }
}

fn answer(bench: &Bench, what: What) {
    bench.simulator.fault(Endpoint::List, Fault::new(When::After, what));
}

/// Row 10.
#[test]
fn a_reversal_that_was_refused_stays_refused_when_only_the_head_is_deleted() {
    let bench = bench();
    pay(&bench, "closed", 102);
    let day = bench.till.run_report(ReportKind::EndOfDay { forced: false }).expect("a report");
    assert_eq!(day.wait(None), ReportOutcome::Done);
    pay(&bench, "open", 202);
    let refused = |bench: &Bench| bench.till.reverse("closed", None, None).err().expect("refused").status();
    assert_eq!(refused(&bench), Status::InvalidState);
    let bench = lose_head(bench);
    assert_eq!(bench.till.pay(&sale("next", 1, 302)).err().expect("in recovery").status(), Status::StateFileDamaged);
    bench.till.accept_journal_loss("Erna").expect("accepted");
    assert_eq!((refused(&bench), bench.requests("/cancelTrx")), (Status::InvalidState, 0));
    // And what may be reversed may be reversed.
    let reversed = bench.till.reverse("open", None, None).expect("a reversal");
    reversed.wait(None);
    assert_eq!((reversed.reversal(), bench.requests("/cancelTrx")), (ReversalOutcome::Done, 1));
    assert!(!state_file(&bench.simulator).with_extension("db.damaged-1").exists());
}

/// Row 10, by the terminal's own refusal: money is asked back once, and the request is not sent a second time by itself.
#[test]
fn what_the_service_has_refused_to_reverse_is_known_when_only_the_head_is_deleted() {
    let bench = bench();
    pay(&bench, "r1", 102);
    bench.simulator.set(|settings| settings.reversal = Reversal::Refused(Refused::after(std::time::Duration::ZERO)));
    let payment = bench.till.reverse("r1", None, None).expect("a reversal");
    payment.wait(None);
    assert_eq!(
        (payment.reversal(), &settled(&payment).next_actions[..]),
        (ReversalOutcome::Refused, &[Action::Refund][..])
    );
    let bench = lose_head(bench);
    bench.till.accept_journal_loss("Erna").expect("accepted");
    let again = bench.till.recover("r1", None).expect("a payment");
    again.wait(None);
    assert_eq!(
        (again.reversal(), &settled(&again).next_actions[..]),
        (ReversalOutcome::Refused, &[Action::AskCashier][..])
    );
    let error = bench.till.reverse("r1", None, None).err().expect("a person must confirm it");
    assert_eq!((error.status(), bench.requests("/cancelTrx")), (Status::ConfirmationRequired, 1));
}

/// Row 14.
#[test]
fn a_transaction_that_was_started_before_is_never_started_again_not_even_after_a_restart() {
    for (case, first_amount, outcome) in
        [("paid", 102, Outcome::Approved), ("failed", 105, Outcome::Failed), ("in doubt", 202, Outcome::Unknown)]
    {
        for is_restarted in [false, true] {
            let mut bench = crate::bench_with(|config| {
                config.set_timeout_ms(secupos::till::config::Timeout::Resolve, 0).expect("a timeout");
            });
            if outcome == Outcome::Unknown {
                bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, What::Reset));
            }
            let first = pay(&bench, "first", first_amount);
            assert_eq!(first.outcome(), outcome, "{case}");
            if is_restarted {
                bench = bench.restart();
            }
            bench.let_the_grace_pass();
            // A service, or a cache before it, that answers the next create with the transaction from before.
            let id = settled(&first).transaction_id.as_ref().expect("an id").to_string();
            let stale = json!({"id": id, "status": "created", "basket_info": {"sum": 302, "currency": "EUR"}});
            let stale = What::Answer { status: 200, body: stale.to_string() };
            bench.simulator.fault(Endpoint::Create, Fault::new(When::Before, stale));
            let moves = bench.simulator.ledger().len();
            let second = pay(&bench, "second", 302);
            let reason = Some(Reason::CreateRefused);
            assert_eq!(
                (second.outcome(), settled(&second).reason),
                (Outcome::NotStarted, reason),
                "{case}, {is_restarted}"
            );
            assert_eq!((bench.requests("/start/cashless"), bench.simulator.ledger().len()), (1, moves), "{case}");
            assert_eq!(pay(&bench, "third", 402).outcome(), Outcome::Approved, "{case}: the next one pays");
        }
    }
}
