//! What is seen and heard while the card is awaited: the live line on a terminal, and Ctrl-C.

mod till;

use std::io::Read;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::Script;
use till::{Till, code, json, text};

const LONG: Duration = Duration::from_millis(2500);

fn begin(till: &Till) -> Child {
    let mut command = till.command("pay --reference r1 --amount 102 --json");
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a process")
}

fn press_ctrl_c(process: &Child) {
    let sent = Command::new("kill").args(["-INT", &process.id().to_string()]).status().expect("kill");
    assert!(sent.success());
}

fn ended(process: Child) -> Output {
    process.wait_with_output().expect("it ends")
}

fn starts(till: &Till) -> usize {
    till.simulator.requests().iter().filter(|seen| seen.path.ends_with("/start/cashless")).count()
}

/// Waits until the simulator has seen this, and a moment longer.
fn wait_until(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < deadline, "nothing has happened for a minute");
        sleep(Duration::from_millis(5));
    }
    sleep(Duration::from_millis(200));
}

#[test]
fn ctrl_c_at_the_terminal_tells_where_to_stop_it_and_the_outcome_comes_all_the_same() {
    let till = Till::new("at-terminal");
    till.simulator.script(Script::default().thinking(LONG));
    let paying = begin(&till);
    wait_until(|| starts(&till) == 1);
    press_ctrl_c(&paying);
    let output = ended(paying);
    assert_eq!((code(&output), &json(&output)["outcome"]), (0, &"approved".into()));
    // Nobody looks on: no live line.
    assert_eq!(text(&output.stderr), "It is at the terminal: press STOP there. Whatever becomes of it is told here.\n");
}

#[test]
fn ctrl_c_before_that_prevents_it() {
    let till = Till::new("before");
    till.simulator.fault(Endpoint::Create, Fault::new(When::Before, What::Delay(1500)));
    let paying = begin(&till);
    wait_until(|| till.simulator.requests().iter().any(|seen| seen.path == "/api/v2/Smart/Transactions"));
    press_ctrl_c(&paying);
    let output = ended(paying);
    let told = json(&output);
    assert_eq!((code(&output), &told["outcome"], &told["reason"]), (1, &"not_started".into(), &"abandoned".into()));
    assert_eq!(text(&output.stderr), "Aborted: it will not be started.\n");
    assert_eq!((starts(&till), till.simulator.ledger().len()), (0, 0));
}

#[test]
fn a_second_ctrl_c_ends_the_program_and_the_payment_is_recovered() {
    let till = Till::new("twice");
    till.simulator.script(Script::default().thinking(LONG));
    let paying = begin(&till);
    wait_until(|| starts(&till) == 1);
    press_ctrl_c(&paying);
    sleep(Duration::from_millis(300));
    press_ctrl_c(&paying);
    let output = ended(paying);
    assert_eq!((code(&output), text(&output.stdout)), (3, ""));
    assert!(till.simulator.ledger().is_empty(), "it has not waited");
    let recovered = till.run("recover r1");
    assert_eq!((code(&recovered), &json(&recovered)["outcome"]), (0, &"approved".into()));
    assert_eq!((starts(&till), till.simulator.ledger().len()), (1, 1));
}

#[test]
fn on_a_terminal_a_line_tells_how_long_the_card_has_been_awaited() {
    let till = Till::new("line");
    till.simulator.script(Script::default().thinking(LONG));
    let command = till.command("pay --reference r1 --amount 102");
    let words: Vec<_> = std::iter::once(command.get_program()).chain(command.get_args()).collect();
    let words: Vec<_> = words.iter().map(|word| format!("'{}'", word.to_string_lossy())).collect();
    // Its output and its errors are a pseudo-terminal there.
    let mut script = Command::new("script");
    script.args(["--quiet", "--return", "--command", &words.join(" "), "/dev/null"]).stdin(Stdio::null());
    let mut process = script.stdout(Stdio::piped()).spawn().expect("script, of util-linux");
    let mut seen = String::new();
    process.stdout.take().expect("its output").read_to_string(&mut seen).expect("text");
    assert!(process.wait().expect("it ends").success(), "{seen}");
    for part in
        ["r1, 1.02 EUR: waiting for the card … 0 s; Ctrl-C aborts", " … 1 s;", "r1, attempt 1, 1.02 EUR: approved\r\n"]
    {
        assert!(seen.contains(part), "no {part:?} in {seen:?}");
    }
    let (_, after) = seen.rsplit_once(" s; Ctrl-C aborts").expect("the line");
    assert!(after.trim_start_matches(['\r', ' ']).starts_with("r1, attempt 1"), "the line is gone: {seen:?}");
}
