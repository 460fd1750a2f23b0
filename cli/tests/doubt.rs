//! What stays in doubt on the command line, where each process lives for a second: it holds the terminal until the grace is over
//! by till time, which adds up over the processes, and start-up ends in time. The clocks are sent ahead by time namespaces: the
//! processes that follow find the machine awake for so much longer.

mod till;

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::Script;
use serde_json::Value;
use till::{Till, code, json, text};

/// The processes come a minute apart. The grace is 370 s: it is not over at 300, and over at 420.
const MINUTE: u64 = 60;
const STILL_HELD: u64 = 300;
const FREE: u64 = 420;

const AN_HOUR: Duration = Duration::from_secs(60 * 60);

/// What a command says when the machine has been awake for so many seconds longer than it was.
fn run_at(till: &Till, seconds: u64, words: &str) -> Output {
    let command = till.command(words);
    let mut ahead = Command::new("unshare");
    ahead.args(["-T", "--monotonic", &seconds.to_string(), "--boottime", &seconds.to_string()]);
    ahead.arg(command.get_program()).args(command.get_args()).arg("--json");
    ahead.output().expect("unshare, of util-linux")
}

/// Without time namespaces there is nothing to see here, and that must not look like a success.
fn assert_clocks_can_be_sent_ahead() {
    let uptime = |of: &mut Command| {
        let output = of.output().expect("unshare and cat");
        let seconds = text(&output.stdout).split('.').next().and_then(|seconds| seconds.parse::<u64>().ok());
        seconds.unwrap_or_else(|| {
            panic!(
                "the clocks of a process cannot be sent ahead here: {}\nThis needs time namespaces (Linux 5.6), \
                 `unshare -T` of util-linux 2.36, and root or CAP_SYS_ADMIN",
                text(&output.stderr)
            )
        })
    };
    let now = uptime(Command::new("cat").arg("/proc/uptime"));
    let ahead = uptime(Command::new("unshare").args("-T --monotonic 5000 --boottime 5000 cat /proc/uptime".split(' ')));
    assert!((5000..5100).contains(&(ahead - now)), "time namespaces do nothing here: {now} and {ahead}");
}

/// A till of whose customers nobody ever hears: their payments are at the terminal, and reads say so.
fn in_doubt(name: &str) -> Till {
    assert_clocks_can_be_sent_ahead();
    let till = Till::new(name);
    till.simulator.set(|settings| settings.status_while_running = "processing".into());
    till
}

/// A payment whose connection breaks while the customer is thinking.
fn leave_in_doubt(till: &Till, seconds: u64, reference: &str, amount: i64) {
    till.simulator.script(Script::default().thinking(AN_HOUR));
    till.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
    let words = format!("pay --reference {reference} --amount {amount} --timeout resolve=0");
    let unknown = run_at(till, seconds, &words);
    assert_eq!((code(&unknown), &json(&unknown)["outcome"]), (3, &"unknown".into()), "{unknown:?}");
}

/// The next customer's sale, once a minute, until it is paid. Before, the terminal is busy.
fn assert_free_after_the_grace(till: &Till) {
    for (attempt, seconds) in (1..).zip((MINUTE..=STILL_HELD).step_by(60)) {
        let busy = run_at(till, seconds, &format!("pay --reference next --amount 202 --attempt {attempt}"));
        let told = json(&busy);
        assert_eq!((code(&busy), &told["reason"]), (1, &"terminal_busy".into()), "after {seconds} s: {told}");
    }
    let attempt = 1 + STILL_HELD / MINUTE;
    let paid = run_at(till, FREE, &format!("pay --reference next --amount 202 --attempt {attempt}"));
    assert_eq!((code(&paid), &json(&paid)["outcome"]), (0, &"approved".into()), "{paid:?}");
}

fn charged(till: &Till) -> Vec<(String, i8)> {
    till.simulator.ledger().into_iter().map(|entry| (entry.reference, entry.change)).collect()
}

fn requests(till: &Till, ending: &str) -> usize {
    till.simulator.requests().iter().filter(|seen| seen.path.ends_with(ending)).count()
}

#[test]
fn a_reversal_in_doubt_holds_the_terminal_until_its_grace_is_over() {
    assert_clocks_can_be_sent_ahead();
    let till = Till::new("reversal");
    // It is done at the terminal, and nobody is ever told.
    till.simulator.set(|settings| settings.reversal_lag_ms = None);
    till.simulator.fault(Endpoint::Cancel, Fault::new(When::After, What::Reset));
    assert_eq!(code(&till.run("pay --reference r1 --amount 102")), 0);
    let reversed = till.run("reverse r1 --timeout resolve=0");
    assert_eq!((code(&reversed), &json(&reversed)["reversal"]), (3, &"unknown".into()), "{reversed:?}");
    for busy in ["diagnose", "end-of-day"] {
        let busy = till.run(busy);
        assert_eq!((code(&busy), &json(&busy)["outcome"]), (1, &"not_run".into()), "{busy:?}");
    }
    assert_eq!(code(&till.run("diagnose --force")), 0);
    assert_free_after_the_grace(&till);

    // Nobody has been asked to pay the money out besides, and the service still says ok.
    let asked = run_at(&till, FREE, "recover r1 --timeout resolve=0");
    let told = json(&asked);
    assert_eq!(
        (code(&asked), &told["outcome"], &told["reversal"]),
        (0, &"approved".into(), &"unknown".into()),
        "{told}"
    );
    assert_eq!(told["next_actions"], serde_json::json!(["look_at_terminal", "ask_cashier", "recover_later"]));
    let expected = [("r1".to_owned(), 1), ("r1".to_owned(), -1), ("next".to_owned(), 1)];
    assert_eq!((charged(&till), requests(&till, "/cancelTrx")), (expected.to_vec(), 1));

    let decided = run_at(&till, FREE, "decide-reversal r1 --reversed --operator Erna --reason slip");
    let told = json(&decided);
    let says = (&told["outcome"], &told["reversal"], &told["decided_by"]);
    assert_eq!((code(&decided), says), (0, (&"reversed".into(), &"done".into(), &"operator".into())), "{told}");
    let again = run_at(&till, FREE, "decide-reversal r1 --not-reversed --operator Erna --reason mistaken");
    assert_eq!((code(&again), &json(&again)["error"]["name"]), (4, &"INVALID_STATE".into()));
    assert_eq!(json(&run_at(&till, FREE, "acknowledge r1"))["payments"], Value::Array(Vec::new()));
}

#[test]
fn without_any_date_header_a_payment_in_doubt_frees_the_terminal_too() {
    let till = in_doubt("dateless");
    till.simulator.set(|settings| settings.date_header = false);
    leave_in_doubt(&till, 0, "r1", 102);
    assert_free_after_the_grace(&till);
    let asked = run_at(&till, FREE, "recover r1 --timeout resolve=0");
    assert_eq!((code(&asked), &json(&asked)["outcome"]), (3, &"unknown".into()), "it is at the terminal: {asked:?}");
    assert_eq!((charged(&till), requests(&till, "/abort")), (vec![("next".to_owned(), 1)], 0));
}

#[test]
fn four_unknown_payments_do_not_keep_a_till_from_starting() {
    let till = in_doubt("four");
    for (number, amount) in (0..4).zip([102, 202, 302, 402]) {
        leave_in_doubt(&till, number * FREE, &format!("r{number}"), amount);
    }
    let now = 4 * FREE;
    let recovered = |words: &str| {
        let since = Instant::now();
        let output = run_at(&till, now, words);
        let took = since.elapsed();
        let all = json(&output);
        let said: Vec<_> =
            all["payments"].as_array().expect("a list").iter().map(|one| one["outcome"].clone()).collect();
        assert_eq!((code(&output), said), (0, vec![Value::from("unknown"); 4]), "{all}");
        took
    };
    // The service answers, and says nothing final; and then it does not answer at all.
    let took = recovered("recover-all --timeout 5");
    assert!((4..6).contains(&took.as_secs()), "it took {took:?}");
    till.simulator.fault(Endpoint::Read, Fault::new(When::Before, What::Silence).times(100));
    let took = recovered("recover-all --timeout 5");
    assert!(took < Duration::from_secs(6), "without an answer it took {took:?}");
    till.simulator.kill_tokens();
    till.simulator.forget_faults();
    till.simulator.fault(Endpoint::Token, Fault::new(When::Before, What::Silence).times(100));
    let took = recovered("recover-all --timeout 5");
    assert!(took < Duration::from_secs(6), "without a login it took {took:?}");
    assert_eq!(charged(&till), []);
}
