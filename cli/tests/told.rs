//! What a command line tells, and to whom: a refund is asked for once its output is safe, and then never again; acknowledging
//! takes over what was told, by whatever process, and no more.

mod till;

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::process::{Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};
use serde_json::{Value, json as object};
use till::{Till, code, json, text};

fn payments(output: &Output) -> Vec<Value> {
    assert_eq!(code(output), 0, "{output:?}");
    json(output)["payments"].as_array().expect("a list").clone()
}

fn none() -> Vec<Value> {
    Vec::new()
}

fn wait_until(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < deadline, "nothing has happened for a minute");
        sleep(Duration::from_millis(5));
    }
}

/// A sale that was charged twice: the first try was told as declined, and was paid after all beside the second one.
fn charged_twice(name: &str) -> Till {
    let till = Till::new(name);
    till.simulator.script(Script { paid_after_ms: Some(3000), ..Script::of(Scenario::Declined) });
    assert_eq!(code(&till.run("pay --reference r1 --amount 102")), 1);
    assert_eq!(code(&till.run("pay --reference r1 --amount 102 --attempt 2")), 0, "before anybody knows better");
    wait_until(|| till.simulator.ledger().len() == 2);
    till
}

/// The next customer's payment, beside which what was before is asked about: creating it takes a while.
fn pay_next(till: &Till, reference: &str) -> Value {
    till.simulator.fault(Endpoint::Create, Fault::new(When::After, What::Delay(500)));
    let amount = 100 * till.simulator.ledger().len() + 2;
    let paid = till.run(&format!("pay --reference {reference} --amount {amount}"));
    assert_eq!((code(&paid), &json(&paid)["outcome"]), (0, &"approved".into()), "{paid:?}");
    json(&paid)
}

fn actions(of: &Value) -> Vec<&str> {
    of["next_actions"].as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

/// What is asked for of the first try.
fn asked_for(told: &[Value]) -> Vec<&str> {
    let first = told.iter().find(|one| one["reference"] == "r1" && one["attempt"] == 1).expect("the first try");
    actions(first)
}

#[test]
fn a_refund_is_asked_for_once_and_only_if_somebody_could_hear_it() {
    let till = charged_twice("refund");
    // Found out by the way, which tells nobody; the next customer's payment says that there is something.
    let other = pay_next(&till, "r2");
    assert_eq!(actions(&other).last(), Some(&"check_unfinished"), "{other}");
    let listed = payments(&till.run("unfinished"));
    assert_eq!((listed.len(), asked_for(&listed)[0]), (3, "recover_later"), "a list tells nothing");

    // Killed while nobody reads, so that it cannot write on; nobody there to read; and the disk is full: each time it is told
    // again.
    let (reader, mut writer) = std::io::pipe().expect("a pipe");
    writer.write_all(&[b' '; 65536]).expect("as much as a pipe holds");
    let mut killed = till.command("recover-all --json").stdout(writer).spawn().expect("a process");
    sleep(Duration::from_secs(1));
    assert!(killed.try_wait().expect("a process").is_none(), "it waits");
    killed.kill().and_then(|()| killed.wait()).expect("it has ended");
    drop(reader);
    for output in [Stdio::piped(), OpenOptions::new().write(true).open("/dev/full").expect("a full disk").into()] {
        let mut unheard = till.command("recover-all --json").stdout(output).spawn().expect("a process");
        drop(unheard.stdout.take());
        assert_eq!(unheard.wait().expect("it ends").code(), Some(0));
    }
    let file = till.folder.join("recovered.json");
    let output = File::create(&file).expect("a file");
    assert!(till.command("recover-all --json").stdout(output).status().expect("a process").success());
    let told: Value = serde_json::from_str(&std::fs::read_to_string(&file).expect("the file")).expect("JSON");
    let told = told["payments"].as_array().expect("a list");
    assert_eq!(asked_for(told), ["refund", "print_merchant", "print_customer"]);

    for again in ["recover-all", "unfinished"] {
        let again = payments(&till.run(again));
        assert_eq!(asked_for(&again)[0], "ask_cashier");
        assert!(again[0]["asked_before_at"].is_i64(), "{again:?}");
    }
    let again = till.run("recover r1 --attempt 1");
    assert_eq!((code(&again), actions(&json(&again))[0]), (0, "ask_cashier"));
    let other = pay_next(&till, "r3");
    assert!(!actions(&other).contains(&"check_unfinished"), "it has been told: {other}");
    assert_eq!(till.simulator.ledger().len(), 4);
}

#[test]
fn a_contradiction_is_taken_over_by_its_own_try_and_only_if_it_was_told() {
    let till = charged_twice("contradiction");
    // The first try was told as declined.
    pay_next(&till, "r2");
    for ambiguous in ["acknowledge r1", "recover r1", "reverse r1", "decide r1 --paid --operator E --reason x"] {
        let refused = till.run(ambiguous);
        assert_eq!((code(&refused), &json(&refused)["error"]["name"]), (4, &"INVALID_STATE".into()), "{ambiguous}");
        assert!(text(&refused.stderr).contains("attempts 1 and 2 of reference"), "{refused:?}");
    }
    let left = payments(&till.run("acknowledge r1 --attempt 2"));
    assert_eq!((left.len(), &left[0]["attempt"], &left[0]["conflict"]), (1, &1.into(), &true.into()));
    let left = payments(&till.run("acknowledge r1 --attempt 1"));
    assert_eq!(left.len(), 1, "nobody was told of it: {left:?}");
    // Now it is the only one that needs something.
    let told = json(&till.run("recover r1"));
    assert_eq!((&told["attempt"], actions(&told)[0]), (&1.into(), "refund"), "{told}");
    assert_eq!(payments(&till.run("acknowledge r1")), none());
    assert_eq!(payments(&till.run("acknowledge r1")), none(), "it may be repeated");
    let rest = payments(&till.run("unfinished"));
    assert_eq!((rest.len(), &rest[0]["reference"]), (1, &"r2".into()));
}

#[test]
fn a_receipt_that_came_after_it_was_told_stays_to_be_printed() {
    let till = Till::new("late");
    till.simulator.set(|settings| settings.receipts_lag_ms = 2_000);
    let paid = json(&till.run("pay --reference r1 --amount 102"));
    assert_eq!(actions(&paid), ["look_at_terminal", "recover_later"], "{paid}");
    sleep(Duration::from_millis(2_100));
    // The next payment reads it, and has nothing to print of it.
    till.simulator.set(|settings| settings.receipts_lag_ms = 0);
    pay_next(&till, "r2");
    let left = payments(&till.run("acknowledge r1"));
    assert_eq!((left.len(), &left[0]["reference"]), (1, &"r1".into()), "the receipts came after it: {left:?}");
    let told = json(&till.run("recover r1"));
    assert_eq!(actions(&told), ["print_merchant", "print_customer"]);
    assert_eq!(payments(&till.run("acknowledge r1")), none());
}

#[test]
fn a_reversal_in_doubt_is_something_that_nobody_was_told_of_yet() {
    let till = Till::new("reversal");
    till.simulator.set(|settings| settings.reversal_lag_ms = None);
    assert_eq!(code(&till.run("pay --reference r1 --amount 102")), 0);
    assert_eq!(payments(&till.run("acknowledge r1")), none());
    till.simulator.fault(Endpoint::Cancel, Fault::new(When::After, What::Silence));
    let mut reversing = till.command("reverse r1").stdout(Stdio::null()).spawn().expect("a process");
    wait_until(|| till.simulator.ledger().len() == 2);
    reversing.kill().and_then(|()| reversing.wait()).expect("it has ended");
    let next = |attempt| {
        let next = till.run(&format!("pay --reference r2 --amount 202 --attempt {attempt}"));
        assert_eq!((code(&next), &json(&next)["reason"]), (1, &"terminal_busy".into()));
        actions(&json(&next)).contains(&"check_unfinished")
    };
    assert!(next(1), "the process that was to tell it was killed");
    assert_eq!(json(&till.run("recover r1 --timeout resolve=0"))["reversal"], "unknown");
    assert!(!next(2), "it was told");
}

#[test]
fn a_part_is_collected_once() {
    let till = Till::new("part");
    till.simulator.script(Script { charged: Some(500), ..Script::default() });
    let mut unheard =
        till.command("pay --reference r1 --amount 1250").stdout(Stdio::piped()).spawn().expect("a process");
    drop(unheard.stdout.take());
    assert_eq!(unheard.wait().expect("it ends").code(), Some(0), "the exit code is the payment's");
    let told = json(&till.run("pay --reference r1 --amount 1250"));
    let says = (&told["reason"], &told["amount_charged"], &told["amount_due"]);
    assert_eq!(says, (&"amount_differs".into(), &500.into(), &750.into()), "{told}");
    assert_eq!(actions(&told), ["print_merchant", "print_customer", "collect_rest"]);
    let words = text(&till.command("recover r1").output().expect("a process").stdout).to_owned();
    assert!(words.contains("7.50 EUR are still missing") && words.contains("This was asked for before"), "{words}");
    assert!(words.contains("ask_cashier\n") && !words.contains("collect_rest"), "{words}");
    assert_eq!(payments(&till.run("acknowledge r1")), none());
}

#[test]
fn everything_unfinished_is_recovered_in_one_call() {
    let till = Till::new("all");
    assert_eq!(payments(&till.run("recover-all")), none());
    till.simulator.script(Script::default().thinking(Duration::from_secs(1)));
    let mut killed = till.command("pay --reference r1 --amount 102").stdout(Stdio::null()).spawn().expect("a process");
    wait_until(|| till.simulator.requests().iter().any(|seen| seen.path.ends_with("/start/cashless")));
    killed.kill().and_then(|()| killed.wait()).expect("it has ended");
    let told = payments(&till.run("recover-all"));
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0]["outcome"], &told[0]["replayed"]), (&"approved".into(), &true.into()));
    assert!(told[0]["receipts"]["merchant"].to_string().contains("Händlerbeleg"), "{told:?}");
    let words = till.command("recover-all").output().expect("a process");
    assert!(text(&words.stdout).starts_with("r1, attempt 1, 1.02 EUR: approved\n"), "{words:?}");
    assert_eq!(payments(&till.run("acknowledge r1")), none());
    assert_eq!(object!({ "payments": [] }), json(&till.run("recover-all")));
    assert_eq!(till.simulator.ledger().len(), 1);
}
