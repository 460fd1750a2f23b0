//! Payments on the command line, against the simulator: what is printed, and what the exit code says.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};
use secupos_simulator::{Options, Simulator};
use serde_json::Value;

/// A simulator, and a folder with a till's state file in it.
struct Bench {
    simulator: Simulator,
    folder: PathBuf,
}

impl Bench {
    fn new(name: &str) -> Bench {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("payments").join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        let simulator = Simulator::start(Options::default()).expect("a simulator");
        std::fs::write(folder.join("secret"), format!("{}\n", simulator.client_secret())).expect("a file");
        let bench = Bench { simulator, folder };
        assert_eq!(code(&bench.run("unfinished --create")), 0);
        bench
    }

    /// `command` in words, and what every till needs.
    fn command(&self, command: &str) -> Command {
        let mut process = Command::new(env!("CARGO_BIN_EXE_secupos"));
        process.args(command.split(' ')).args(["--base-url", &self.simulator.base_url()]);
        process.args(["--client-id", self.simulator.client_id(), "--device-code", self.simulator.device_code()]);
        process.arg("--client-secret-file").arg(self.folder.join("secret"));
        process.arg("--state-file").arg(self.state_file());
        process
    }

    fn run(&self, command: &str) -> Output {
        self.command(command).arg("--json").output().expect("a process")
    }

    /// As people read it.
    fn run_in_words(&self, command: &str) -> Output {
        self.command(command).output().expect("a process")
    }

    fn state_file(&self) -> PathBuf {
        self.folder.join("till.db")
    }

    /// A till that pays, killed while the customer stands at the terminal, who then pays.
    fn pay_and_kill(&self, command: &str, think: Duration) {
        self.simulator.script(Script::default().thinking(think));
        let before = self.starts();
        let mut till: Child = self.command(command).stdout(Stdio::null()).spawn().expect("a process");
        wait_until(|| self.starts() > before);
        till.kill().expect("it is running");
        till.wait().expect("it has ended");
        assert!(self.simulator.ledger().is_empty());
    }

    fn starts(&self) -> usize {
        self.simulator.requests().iter().filter(|seen| seen.path.ends_with("/start/cashless")).count()
    }

    fn charges(&self) -> usize {
        self.simulator.ledger().len()
    }
}

fn wait_until(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < deadline, "nothing has happened for a minute");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("{output:?}"))
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|fault| panic!("{fault}: {output:?}"))
}

fn payments(output: &Output) -> Value {
    json(output)["payments"].take()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// It has failed with this status, and tells that in words and as JSON.
fn assert_refused(output: &Output, status: &str) {
    let told = text(&output.stderr);
    assert!(told.starts_with(&format!("{status}: ")), "{told}");
    let object = json(output);
    assert_eq!((code(output), &object["error"]["name"]), (4, &status.into()), "{object}");
    assert!(told.ends_with(&format!("{}\n", object["cashier_text"]["en"].as_str().expect("a text"))), "{told}");
}

#[test]
fn an_approved_payment_ends_with_0_and_is_told_again() {
    let bench = Bench::new("approved");
    let first = bench.run("pay --reference 2026-11-23/0042 --amount 1");
    assert_eq!(code(&first), 0, "{first:?}");
    let first = json(&first);
    assert_eq!((&first["outcome"], &first["replayed"]), (&"approved".into(), &false.into()));
    assert_eq!(first["signature"]["decision"], "required");
    assert!(first["receipts"]["merchant"].to_string().contains("Händlerbeleg"), "{first}");

    let again = bench.run("pay --reference 2026-11-23/0042 --amount 1");
    assert_eq!((code(&again), &json(&again)["replayed"]), (0, &true.into()));
    assert_eq!(json(&again)["transaction_id"], first["transaction_id"]);
    assert_eq!(bench.charges(), 1);
    assert_refused(&bench.run("pay --reference 2026-11-23/0042 --amount 2"), "REFERENCE_CONFLICT");
    assert_eq!(bench.charges(), 1);
}

#[test]
fn a_declined_payment_ends_with_1_and_the_next_attempt_may_be_paid() {
    let bench = Bench::new("declined");
    bench.simulator.script(Script::of(Scenario::Declined));
    let declined = bench.run("pay --reference r1 --amount 102 --currency EUR");
    assert_eq!((code(&declined), &json(&declined)["outcome"]), (1, &"failed".into()));
    assert_refused(&bench.run("pay --reference r1 --amount 102 --attempt 3"), "ATTEMPT_OUT_OF_ORDER");
    let paid = bench.run_in_words("pay --reference r1 --amount 102 --attempt 2");
    assert_eq!(code(&paid), 0, "{paid:?}");
    assert!(text(&paid.stdout).starts_with("r1, attempt 2, 1.02 EUR: approved\nPaid."), "{}", text(&paid.stdout));

    let found = payments(&bench.run("payments"));
    let outcomes: Vec<_> = found.as_array().expect("a list").iter().map(|payment| &payment["outcome"]).collect();
    assert_eq!(outcomes, ["failed", "approved"]);
    let number = &found[1]["receipt_number"];
    let by_number = payments(&bench.run(&format!("payments --receipt-number {number} --from 0")));
    assert_eq!(by_number.as_array().expect("a list").len(), 1);
    let later = format!("payments --from {}", i64::MAX - 1);
    assert_eq!(payments(&bench.run(&later)), Value::Array(Vec::new()));
}

#[test]
fn a_till_is_registered_and_pays_as_that_device() {
    let bench = Bench::new("registered");
    let without_device = |command: &str| {
        let mut process = Command::new(env!("CARGO_BIN_EXE_secupos"));
        process.args(command.split(' ')).args(["--base-url", &bench.simulator.base_url()]);
        process.args(["--client-id", bench.simulator.client_id()]);
        process.arg("--client-secret-file").arg(bench.folder.join("secret"));
        process.arg("--state-file").arg(bench.folder.join("new.db"));
        process
    };
    let run = |command: &str| without_device(command).arg("--json").output().expect("a process");
    let none = run("registered --create");
    assert_eq!((code(&none), &json(&none)["registration"]), (1, &"unregistered".into()));
    assert_refused(&run("register cashier/1"), "INVALID_ARGUMENT");
    bench.simulator.set(|settings| {
        (settings.poll_interval_s, settings.confirmed_after_ms) = (1, Some(100));
    });
    let registered = run("register /vendor/unknown/cashier/1");
    assert_eq!((code(&registered), &json(&registered)["registration"]), (0, &"registered".into()));
    let told = text(&registered.stderr);
    assert!(told.starts_with("Enter ") && told.ends_with(" at http://www.secuoffice.com\n"), "{told}");
    assert_eq!(code(&run("registered")), 0);
    assert_eq!(json(&run("pay --reference r1 --amount 1"))["grant"], "device");
    let here = run("pay --reference r2 --amount 1 --proxy http://127.0.0.1:1");
    assert_eq!(code(&here), 0, "no secret goes to a proxy without TLS: {here:?}");
    let through = Command::new(env!("CARGO_BIN_EXE_secupos"))
        .args("pay --reference r3 --amount 1 --json --create --base-url https://127.0.0.1:2 --client-id x".split(' '))
        .args("--client-secret x --device-code x --proxy http://127.0.0.1:1 --state-file".split(' '))
        .arg(bench.folder.join("through.db"))
        .output()
        .expect("a process");
    assert_eq!((code(&through), &json(&through)["error"]["name"]), (1, &"PROXY".into()));
}

#[test]
fn the_archive_is_verified_exported_and_pruned() {
    let bench = Bench::new("archive");
    assert_eq!(code(&bench.run("pay --reference r1 --amount 1")), 0);
    let whole = bench.run("journal verify");
    assert_eq!((code(&whole), &json(&whole)["damages"]), (0, &Value::Array(Vec::new())));

    let today = german_date(payments(&bench.run("payments"))[0]["created_at"].as_i64().expect("a time"));
    let export = format!("journal export {today} --into {}", bench.folder.display());
    let told = json(&bench.run(&export));
    assert_eq!((&told["payments"], &told["was_there"]), (&1.into(), &false.into()));
    let receipts = std::fs::read_to_string(told["receipts_file"].as_str().expect("a name")).expect("a file");
    assert!(receipts.contains("Händlerbeleg"), "{receipts}");
    assert_eq!(json(&bench.run(&export))["was_there"], true);
    let refused = bench.run("journal export 2026-02-30");
    assert_refused(&refused, "INVALID_ARGUMENT");
    assert!(text(&refused.stderr).contains("date is \"2026-02-30\""), "{refused:?}");

    let pruned = json(&bench.run("journal prune --operator Erna"));
    assert_eq!((&pruned["responses"], &pruned["kept"]), (&0.into(), &0.into()));
    assert_refused(&bench.run("journal prune --operator Erna --retention-days 0"), "INVALID_ARGUMENT");
}

/// The date on German clocks, told by a program that is not ours.
fn german_date(ms: i64) -> String {
    let seconds = format!("@{}", ms.div_euclid(1000));
    let date = Command::new("date").env("TZ", "CET-1CEST,M3.5.0,M10.5.0/3").args(["-d", &seconds, "+%F"]).output();
    text(&date.expect("date").stdout).trim().to_owned()
}

#[test]
fn a_killed_payment_is_recovered_printed_and_acknowledged() {
    let bench = Bench::new("killed");
    bench.pay_and_kill("pay --reference r1 --amount 1", Duration::from_secs(3));
    let open = payments(&bench.run("unfinished"));
    assert_eq!((&open[0]["reference"], &open[0]["outcome"]), (&"r1".into(), &"unknown".into()));
    assert_refused(&bench.run("acknowledge r1"), "INVALID_STATE");

    let recovered = bench.run_in_words("recover r1");
    let told = text(&recovered.stdout);
    assert_eq!(code(&recovered), 0, "{recovered:?}");
    for words in ["r1, attempt 1, 0.01 EUR: approved\n", "next: print_merchant, take_signature, print_customer\n"] {
        assert!(told.contains(words), "no {words:?} in {told}");
    }
    assert!(told.contains("* * Händlerbeleg * *") && told.contains("* * Kundenbeleg * *"), "{told}");
    assert!(text(&bench.run_in_words("unfinished").stdout).starts_with("r1, attempt 1, 0.01 EUR: approved\n"));

    for _ in 0..2 {
        assert_eq!(code(&bench.run("acknowledge r1")), 0);
    }
    assert_eq!(payments(&bench.run("unfinished")), Value::Array(Vec::new()));
    assert_refused(&bench.run("pay --reference r1 --amount 1"), "REFERENCE_CLOSED");
    assert_refused(&bench.run("recover r2"), "NOT_FOUND");
    assert_eq!((bench.starts(), bench.charges()), (1, 1));
}

#[test]
fn an_unknown_payment_ends_with_3_and_a_person_can_decide() {
    let bench = Bench::new("unknown");
    bench.simulator.script(Script::default().thinking(Duration::from_secs(5)));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
    let unknown = bench.run("pay --reference r1 --amount 102 --timeout resolve=100");
    assert_eq!((code(&unknown), &json(&unknown)["outcome"]), (3, &"unknown".into()));
    let busy = bench.run("pay --reference r2 --amount 202");
    assert_eq!((code(&busy), &json(&busy)["reason"]), (1, &"terminal_busy".into()));

    let mut decide = bench.command("decide r1 --paid --operator Müller --slip-number 7");
    let decided = decide.args(["--reason", "the slip is here", "--json"]).output().expect("a process");
    let told = json(&decided);
    assert_eq!((code(&decided), &told["outcome"], &told["decided_by"]), (0, &"approved".into(), &"operator".into()));
    assert_refused(&bench.run("decide r1 --not-paid --operator Müller --reason mistaken"), "INVALID_STATE");
    assert_eq!(code(&bench.run("acknowledge r1")), 0);
}

#[test]
fn the_same_amount_must_be_confirmed_and_what_contradicts_a_person_is_shown() {
    let bench = Bench::new("duplicate");
    bench.pay_and_kill("pay --reference r1 --amount 102", Duration::from_secs(4));
    assert_refused(&bench.run("pay --reference r2 --amount 102"), "POSSIBLE_DUPLICATE");
    assert_eq!(code(&bench.run("decide r1 --not-paid --operator Müller --reason mistaken")), 0);
    assert_refused(&bench.run("pay --reference r2 --amount 102"), "POSSIBLE_DUPLICATE");
    wait_until(|| bench.charges() == 1);
    let confirmed = bench.run("pay --reference r2 --amount 102 --confirm-not-duplicate Müller");
    assert_eq!(code(&confirmed), 0, "{confirmed:?}");
    assert_eq!(bench.charges(), 2);

    // Whether r1's customer has paid in another way, nobody but the cashier knows: the sale was charged once.
    let contradicted = json(&bench.run("recover r1"));
    assert_eq!((&contradicted["reference"], &contradicted["conflict"]), (&"r1".into(), &true.into()));
    assert_eq!(contradicted["next_actions"][0], "ask_cashier");
    for reference in ["r1", "r2", "r2"] {
        assert_eq!(payments(&bench.run(&format!("acknowledge {reference}"))), Value::Array(Vec::new()));
    }
    assert_eq!(payments(&bench.run("unfinished")), Value::Array(Vec::new()));
}

#[test]
fn a_lost_state_file_stops_payments_until_somebody_accepts_it() {
    let bench = Bench::new("lost");
    std::fs::remove_file(bench.state_file()).expect("it is there");
    assert_refused(&bench.run("pay --reference r1 --amount 102"), "STATE_FILE_DAMAGED");
    assert_eq!(code(&bench.run("accept-journal-loss --operator Müller")), 0);
    assert_eq!(code(&bench.run("pay --reference r1 --amount 102")), 0);
}

#[test]
fn a_till_that_is_set_up_wrongly_says_what_is_wrong() {
    let bench = Bench::new("wrong");
    let refused = |state_file: &Path, more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_secupos"));
        command.args(["unfinished", "--json", "--client-id", "x", "--state-file"]).arg(state_file).args(more);
        command.output().expect("a process")
    };
    let here = ["--base-url", "http://127.0.0.1:1", "--client-secret", "x"];
    assert_refused(&refused(&bench.folder.join("none.db"), &here), "STATE_FILE_MISSING");
    assert_refused(&refused(&bench.state_file(), &here), "STATE_FILE_MISMATCH");
    let plain = ["--base-url", "http://192.168.0.1", "--client-secret", "x"];
    assert_refused(&refused(&bench.state_file(), &plain), "INVALID_ARGUMENT");
    let no_secret = ["--environment", "testing", "--client-secret-file", "/no/such/file"];
    assert_refused(&refused(&bench.state_file(), &no_secret), "INVALID_ARGUMENT");
    for (more, missing) in [
        (&[][..], "lacks base_url (or environment), client_secret (or client_secret_file): "),
        (&["--environment", "testing"], "lacks client_secret (or client_secret_file): "),
        (&["--client-secret", "x"], "lacks base_url (or environment): "),
        (&["--environment", "testing", "--client-secret", "x", "--proxy-user", "x"], "proxy is incomplete"),
    ] {
        let refused = refused(&bench.state_file(), more);
        assert_refused(&refused, "INVALID_ARGUMENT");
        assert!(text(&refused.stderr).contains(missing), "{refused:?}");
    }
    for more in [
        &["--environment", "elsewhere", "--client-secret", "x"][..],
        &["--environment", "testing", "--base-url", "http://127.0.0.1:1", "--client-secret", "x"],
        &["--environment", "testing", "--client-secret", "x", "--client-secret-file", "y"],
        &["--environment", "testing", "--client-secret", "x", "--timeout", "resolve"],
        &["--environment", "testing", "--client-secret", "x", "--timeout", "patience=1"],
    ] {
        assert_eq!(code(&refused(&bench.state_file(), more)), 2, "{more:?}");
    }
    let in_euros = bench.run("pay --reference r1 --amount 12,50");
    assert_eq!(code(&in_euros), 2);
    assert!(text(&in_euros.stderr).contains("12,50") && text(&in_euros.stderr).contains("whole cents"), "{in_euros:?}");
    assert_refused(&bench.run("pay --reference r1 --amount -5"), "INVALID_ARGUMENT");
    assert_eq!(code(&bench.run("decide r1 --operator Müller --reason none")), 2);
    assert_eq!(code(&bench.run("decide r1 --paid --not-paid --operator Müller --reason both")), 2);
    assert!(bench.simulator.requests().is_empty());
}

#[test]
fn a_reference_that_looks_like_another_one_is_refused_and_its_character_named() {
    let bench = Bench::new("references");
    for (reference, fault) in [
        ("", "reference is empty"),
        ("Größe a\u{308}", "contains U+0308, a combining mark, as character 8"),
        ("r1 ", "contains U+0020, a blank at an end, as character 3"),
        ("r1\u{200b}", "contains U+200B, a format character, as character 3"),
        ("\u{202e}1r", "contains U+202E, a format character, as character 1"),
        ("a\tb", "contains U+0009, a control character, as character 2"),
        ("1 \u{212b}", "contains U+212B, not in composed form (NFC), as character 3"),
        (&"ä".repeat(33), "is 66 bytes long; at most 64 are allowed"),
    ] {
        let mut pay = bench.command("pay --amount 102 --json");
        let refused = pay.args(["--reference", reference]).output().expect("a process");
        assert_refused(&refused, "INVALID_ARGUMENT");
        assert!(text(&refused.stderr).contains(fault), "no {fault:?} in {refused:?}");
        // Whatever looks one up takes it as it is.
        if !reference.is_empty() {
            let mut recover = bench.command("recover --json");
            assert_refused(&recover.arg(reference).output().expect("a process"), "NOT_FOUND");
        }
    }
    let latin1 = std::os::unix::ffi::OsStrExt::from_bytes(&b"Gr\xf6\xdfe"[..]);
    let mut pay = bench.command("pay --amount 102");
    assert_eq!(code(&pay.arg("--reference").arg::<&std::ffi::OsStr>(latin1).output().expect("a process")), 2);
    assert!(bench.simulator.requests().is_empty());
    let mut pay = bench.command("pay --amount 102 --json");
    assert_eq!(code(&pay.args(["--reference", "Müller & Söhne/1"]).output().expect("a process")), 0);
}

#[test]
fn a_try_or_a_time_that_cannot_be_is_refused() {
    let bench = Bench::new("numbers");
    let person = "--operator Erna --reason slip";
    let commands = [
        "pay --reference r1 --amount 102".to_owned(),
        "recover r1".to_owned(),
        "acknowledge r1".to_owned(),
        "reverse r1".to_owned(),
        format!("decide r1 --paid {person}"),
        format!("decide-reversal r1 --reversed {person}"),
    ];
    for command in &commands {
        for (attempt, fault) in [("0", "attempt is 0;"), ("-1", "attempt is -1;")] {
            let refused = bench.run(&format!("{command} --attempt {attempt}"));
            assert_refused(&refused, "INVALID_ARGUMENT");
            assert!(text(&refused.stderr).contains(fault), "{refused:?}");
        }
        for attempt in ["x", "1.5", "", "99999999999"] {
            let refused = bench.run(&format!("{command} --attempt {attempt}"));
            assert_eq!((code(&refused), text(&refused.stdout)), (2, ""), "{command} {attempt}");
        }
    }
    for command in &commands[1..] {
        assert_refused(&bench.run(&format!("{command} --attempt 1")), "NOT_FOUND");
    }
    for timeout in ["x", "-1", "1.5", "3601", "patience=1", "resolve=", "grace=300000"] {
        let refused = bench.run(&format!("recover-all --timeout {timeout}"));
        assert_eq!((code(&refused), text(&refused.stdout)), (2, ""), "{timeout}");
    }
    // Of a payment a number alone says nothing, and no terminal is waited for longer than ten minutes.
    assert_eq!(code(&bench.run("pay --reference r1 --amount 102 --timeout 5")), 2);
    assert_refused(&bench.run("pay --reference r1 --amount 102 --timeout payment=600001"), "INVALID_ARGUMENT");
    for decision in ["", " --reversed --not-reversed"] {
        assert_eq!(code(&bench.run(&format!("decide-reversal r1 {person}{decision}"))), 2, "{decision}");
    }
    assert_refused(&bench.run("decide-reversal r1 --reversed --operator Erna --reason \t"), "INVALID_ARGUMENT");
    assert_eq!(code(&bench.run("recover-all --timeout 0")), 0);
    assert_eq!(code(&bench.run("recover-all --timeout connect=200 --timeout 3600")), 0);
    assert!(bench.simulator.requests().is_empty());
}

#[test]
fn a_till_moves_to_a_renamed_host_if_somebody_says_so() {
    let bench = Bench::new("moved");
    let renamed = bench.simulator.base_url().replace("127.0.0.1", "localhost");
    let run = |command: &str, url: &str| {
        let mut process = Command::new(env!("CARGO_BIN_EXE_secupos"));
        process.args(command.split(' ')).args(["--json", "--base-url", url]);
        process.args(["--client-id", bench.simulator.client_id(), "--device-code", bench.simulator.device_code()]);
        process.arg("--client-secret-file").arg(bench.folder.join("secret"));
        process.arg("--state-file").arg(bench.state_file()).output().expect("a process")
    };
    assert_eq!(code(&bench.run("pay --reference r1 --amount 102")), 0);
    let rebind = "rebind --operator Erna --reason renamed";

    bench.simulator.script(Script::default().thinking(Duration::from_secs(3)));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
    assert_eq!(code(&bench.run("pay --reference r2 --amount 202 --timeout resolve=0")), 3);
    assert_refused(&run("unfinished", &renamed), "STATE_FILE_MISMATCH");
    assert_refused(&run(rebind, &renamed), "INVALID_STATE");
    wait_until(|| bench.charges() == 2);
    assert_eq!(code(&bench.run("recover r2")), 0);

    assert_refused(&run("rebind --operator Erna --reason \t", &renamed), "INVALID_ARGUMENT");
    assert_eq!(code(&run("rebind --operator Erna", &renamed)), 2);
    let bound = run(rebind, &renamed);
    assert_eq!((code(&bound), &json(&bound)["bound_by"]), (0, &"Erna".into()), "{bound:?}");
    assert_refused(&bench.run("unfinished"), "STATE_FILE_MISMATCH");
    assert_eq!(code(&run("pay --reference r3 --amount 302", &renamed)), 0);
    // What was paid before may be another terminal's number by now.
    let refused = run("reverse r1", &renamed);
    assert_refused(&refused, "INVALID_STATE");
    assert!(text(&refused.stderr).contains("before the till was bound anew"), "{refused:?}");
    assert_eq!(code(&run("reverse r3", &renamed)), 0);
    assert_eq!(code(&run("journal verify", &renamed)), 0);
}

#[test]
fn a_registered_till_stays_that_device_when_it_moves() {
    let bench = Bench::new("stays");
    let run = |command: &str, url: &str, client_id: &str| {
        let mut process = Command::new(env!("CARGO_BIN_EXE_secupos"));
        process.args(command.split(' ')).args(["--json", "--base-url", url, "--client-id", client_id]);
        process.arg("--client-secret-file").arg(bench.folder.join("secret"));
        process.arg("--state-file").arg(bench.folder.join("new.db")).output().expect("a process")
    };
    let (here, client) = (bench.simulator.base_url(), bench.simulator.client_id());
    let renamed = here.replace("127.0.0.1", "localhost");
    bench.simulator.set(|settings| {
        (settings.poll_interval_s, settings.confirmed_after_ms) = (1, Some(100));
    });
    assert_eq!(code(&run("register --create /vendor/unknown/cashier/1", &here, client)), 0);
    let rebind = "rebind --operator Erna --reason renamed";
    assert_eq!(code(&run(rebind, &renamed, client)), 0);
    assert_eq!(code(&run("registered", &renamed, client)), 0);
    let paid = run("pay --reference r1 --amount 102", &renamed, client);
    assert_eq!((code(&paid), &json(&paid)["grant"]), (0, &"device".into()), "{paid:?}");
    // The devices of another client are others.
    assert_eq!(code(&run(rebind, &renamed, "another")), 0);
    assert_eq!(code(&run("registered", &renamed, "another")), 1);
}

#[test]
fn a_till_does_not_move_from_testing_to_production() {
    let bench = Bench::new("environments");
    let run = |command: &str| {
        let mut process = Command::new(env!("CARGO_BIN_EXE_secupos"));
        process.args(command.split(' ')).args("--json --client-id x --client-secret x --state-file".split(' '));
        process.arg(bench.folder.join("testing.db")).output().expect("a process")
    };
    assert_eq!(code(&run("unfinished --create --environment testing")), 0);
    assert_refused(&run("unfinished --environment production"), "STATE_FILE_MISMATCH");
    assert_refused(&run("rebind --operator Erna --reason moved --environment production"), "STATE_FILE_MISMATCH");
    assert_eq!(code(&run("unfinished --environment testing")), 0);
}

#[test]
fn what_was_noticed_of_the_service_is_told_by_a_later_process() {
    let bench = Bench::new("noticed");
    let status = || json(&bench.run("status"));
    bench.simulator.set(|settings| settings.list_refused = true);
    assert_eq!(code(&bench.run("pay --reference r1 --amount 102")), 0);
    assert_eq!((&status()["rollback_unnoticed"], &status()["logins_taken"]), (&true.into(), &0.into()));
    let words = bench.run_in_words("status");
    let expected = "payments that wait for the end of the day: 1\n\
                    the service lists its payments in no way by which a state file of an older day would be noticed\n";
    assert_eq!(text(&words.stdout), expected);
    bench.simulator.set(|settings| settings.list_refused = false);
    // A token that was just given is refused: somebody else has logged in meanwhile.
    let dead = What::ApiError { status: 403, code: 2003, text: "Token".into() };
    bench.simulator.fault(Endpoint::Create, Fault::new(When::Before, dead).times(2));
    let taken = bench.run("pay --reference r2 --amount 202");
    assert_eq!((code(&taken), &json(&taken)["reason"]), (1, &"login_taken".into()), "{taken:?}");
    assert_eq!(code(&bench.run("pay --reference r2 --amount 202 --attempt 2")), 0);
    assert_eq!((&status()["rollback_unnoticed"], &status()["logins_taken"]), (&false.into(), &1.into()));
    assert!(text(&bench.run_in_words("status").stdout).ends_with("has logged in as this till: 1\n"));
    // A list that never comes keeps nobody waiting for long.
    bench.simulator.fault(Endpoint::List, Fault::new(When::Before, What::Silence));
    let since = Instant::now();
    assert_eq!(code(&bench.run("pay --reference r3 --amount 302")), 0);
    assert!(since.elapsed() < Duration::from_secs(15), "{:?}", since.elapsed());
    assert_eq!(status()["rollback_unnoticed"], true);
    assert_eq!(code(&bench.run("journal verify")), 0);
}

#[test]
fn an_error_that_nobody_can_read_is_an_object_all_the_same() {
    let bench = Bench::new("unheard");
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a full disk");
    let mut command = bench.command("recover none --json");
    let output = command.stderr(full).output().expect("a process");
    assert_eq!((code(&output), &json(&output)["error"]["name"]), (4, &"NOT_FOUND".into()));
}

#[test]
fn nobody_reading_changes_no_exit_code() {
    let bench = Bench::new("unread");
    let mut till = bench.command("pay --reference r1 --amount 1").stdout(Stdio::piped()).spawn().expect("a process");
    drop(till.stdout.take());
    assert_eq!(till.wait().expect("it ends").code(), Some(0));
}

#[test]
fn help_tells_the_exit_codes() {
    for arguments in [&["--help"][..], &["pay", "--help"], &["recover", "--help"], &["recover-all", "--help"]] {
        let help = Command::new(env!("CARGO_BIN_EXE_secupos")).args(arguments).output().expect("a process").stdout;
        for words in ["0  approved", "1  not paid", "2  the command line is wrong", "3  unknown", "4  an error"] {
            assert!(text(&help).contains(words), "no {words:?} in {}", text(&help));
        }
    }
}

#[test]
fn a_payment_is_reversed_the_day_is_closed_and_the_terminal_diagnosed() {
    let bench = Bench::new("terminal");
    assert_eq!(code(&bench.run("pay --reference r1 --amount 2")), 0);
    assert_eq!(code(&bench.run("pay --reference card --amount 104")), 0);
    let reversed = bench.run("reverse r1");
    assert_eq!((code(&reversed), json(&reversed)["reversal"].as_str()), (0, Some("done")));
    let refused = bench.run_in_words("reverse card");
    assert_eq!(code(&refused), 1);
    assert!(String::from_utf8_lossy(&refused.stdout).contains("Not reversed"));
    let closed = bench.run_in_words("end-of-day");
    assert_eq!(code(&closed), 0);
    assert!(String::from_utf8_lossy(&closed.stdout).contains("Kassenschnitt"));
    assert_eq!(json(&bench.run("diagnose"))["outcome"], "done");
    bench.simulator.fault(Endpoint::EndOfDay, Fault::new(When::After, What::Reset));
    assert_eq!(code(&bench.run("end-of-day")), 3);
    assert_eq!(code(&bench.run("reverse card")), 4, "the day is closed");
}
