//! Processes that share a state file, end with a payment running, are killed or stopped; clocks that jump; many tills in
//! one process.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use secupos::error::Status;
use secupos::payment::outcome::Outcome;
use secupos::till::Till;
use secupos::till::clock::Clock;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};

use crate::bench::{Bench, attempt, config, in_parallel, opened, resolving, sale, settled, word};
use crate::clock::FastClock;

/// What a child process has to do, and where. Without it this is the test program itself.
const ROLE: &str = "SECUPOS_TEST_ROLE";
const AT: [&str; 4] =
    ["SECUPOS_TEST_BASE_URL", "SECUPOS_TEST_CLIENT_ID", "SECUPOS_TEST_CLIENT_SECRET", "SECUPOS_TEST_DEVICE_CODE"];
const STATE_FILE: &str = "SECUPOS_TEST_STATE_FILE";

/// Runs the test `name` in a process of its own, in which it plays this role instead.
fn child(name: &str, role: &str, bench: &Bench) -> Child {
    let simulator = &bench.simulator;
    let at = [&simulator.base_url(), simulator.client_id(), simulator.client_secret(), simulator.device_code()];
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", &format!("processes::{name}"), "--nocapture"])
        .env(ROLE, role)
        .envs(AT.into_iter().zip(at))
        .env(STATE_FILE, &bench.state_file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("started")
}

/// Plays the role of a child, if this is one.
fn is_played() -> bool {
    let Ok(role) = std::env::var(ROLE) else { return false };
    let said = |name| std::env::var(name).expect(name);
    let at = AT.map(said);
    let config = config(at.each_ref().map(String::as_str), Path::new(&said(STATE_FILE)));
    let mut refused = 0;
    let till = loop {
        match Till::open(&config) {
            Err(error) if error.status() == Status::StateFileLocked => refused += 1,
            opened => break opened.expect("a till"),
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let payment = till.start_payment(&sale("r1", 100)).expect("a payment");
    if role == "exit when told" {
        std::io::stdin().read_line(&mut String::new()).expect("a line");
        std::process::exit(0);
    }
    payment.wait(None);
    let told = settled(&payment);
    let lines = told.merchant_receipt.lines().len();
    println!("\ntold {} {} {} {lines} {refused}", told.outcome.name(), payment.replayed(), told.completed_at);
    true
}

/// What a child says after `word`.
fn said(child: &mut Child, word: &str) -> String {
    let lines = BufReader::new(child.stdout.as_mut().expect("piped")).lines().map_while(Result::ok);
    let mut after = lines.filter_map(|line| line.strip_prefix(word).map(str::to_owned));
    after.next().unwrap_or_else(|| panic!("the child never said {word}"))
}

/// Goes on asking, and then with another attempt where one was not started, as a till would after a crash.
fn paid_at_last(bench: &Bench, reference: &str) -> Outcome {
    let (begun, mut number) = (Instant::now(), 1);
    loop {
        let payment = bench.till().pay(&attempt(reference, number, 100)).expect("a payment");
        match payment.outcome() {
            Outcome::Unknown => {
                assert!(begun.elapsed() < Duration::from_secs(60), "{}", word(&payment));
                bench.let_the_grace_pass();
            }
            Outcome::NotStarted => number += 1,
            outcome => {
                assert!(!settled(&payment).merchant_receipt.is_empty(), "paid without receipts");
                return outcome;
            }
        }
    }
}

#[test]
fn processes_that_pay_the_same_sale_at_once_charge_it_once_and_hear_the_same() {
    if is_played() {
        return;
    }
    let mut bench = Bench::new();
    bench.close();
    bench.simulator.set(|settings| settings.think_ms = 800);
    let name = "processes_that_pay_the_same_sale_at_once_charge_it_once_and_hear_the_same";
    let children: Vec<_> = (0..4).map(|_| child(name, "pay", &bench)).collect();
    let mut told: Vec<Vec<String>> = Vec::new();
    for mut child in children {
        told.push(said(&mut child, "told ").split(' ').map(str::to_owned).collect());
        assert!(child.wait().expect("ended").success());
    }
    told.sort_by_key(|told| told[1] != "false");
    for (index, words) in told.iter().enumerate() {
        assert_eq!(words[0], "approved");
        assert_eq!(words[1] == "true", index > 0, "one of them took the payment, the others heard of it: {told:?}");
        assert_eq!((&words[2], &words[3]), (&told[0][2], &told[0][3]), "the same moment, the same receipt");
    }
    let refused: u32 = told.iter().skip(1).map(|words| words[4].parse::<u32>().expect("a count")).sum();
    assert!(refused >= 3, "they were not inside at once: {told:?}");
    assert_eq!((bench.starts(), bench.creates(), bench.charges("r1")), (1, 1, 1));
}

#[test]
fn a_till_that_is_killed_at_any_moment_is_opened_again_and_charges_once() {
    if is_played() {
        return;
    }
    let name = "a_till_that_is_killed_at_any_moment_is_opened_again_and_charges_once";
    let mut moments = Vec::new();
    for seen in ["/oauth/token", "/Smart/Transactions", "/start/cashless"] {
        moments.extend([0, 1, 3, 6, 12, 25, 50, 100].map(|ms| (seen, ms)));
    }
    let found = in_parallel(&moments, 12, |&(seen, ms)| {
        let case = format!("{ms} ms after {seen}");
        let mut bench = Bench::new();
        bench.close();
        bench.simulator.set(|settings| settings.think_ms = 60);
        let mut till = child(name, "pay", &bench);
        while bench.requests(seen) == 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(ms));
        till.kill().expect("killed");
        till.wait().expect("waited");
        bench.restart();
        let was_running = bench.till().unfinished().expect("a list").len();
        assert_eq!((paid_at_last(&bench, "r1"), bench.charges("r1")), (Outcome::Approved, 1), "{case}");
        bench.assert_each_start_has_its_row(&case);
        was_running
    });
    assert!(found.contains(&0) && found.contains(&1), "killed before it was started, and later: {found:?}");
}

#[test]
fn a_process_that_ends_with_a_payment_running_finds_it_paid_with_its_receipts() {
    if is_played() {
        return;
    }
    let name = "a_process_that_ends_with_a_payment_running_finds_it_paid_with_its_receipts";
    let mut bench = Bench::new();
    bench.close();
    bench.simulator.set(|settings| settings.think_ms = 2_500);
    let mut till = child(name, "exit when told", &bench);
    while bench.starts() == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    till.stdin.take().expect("piped").write_all(b"now\n").expect("told");
    assert!(till.wait().expect("ended").success());
    assert_eq!((bench.starts(), bench.charges("r1")), (1, 0), "the customer is still at the terminal");
    bench.restart();
    let unfinished = bench.till().unfinished().expect("a list");
    assert_eq!(unfinished.len(), 1);
    assert_eq!((unfinished[0].outcome(), unfinished[0].ticket().reference.as_str()), (Outcome::Unknown, "r1"));
    assert_eq!(word(&unfinished[0]), "unknown (interrupted)");
    let recovered = bench.recover("r1");
    assert_eq!((recovered.outcome(), bench.charges("r1"), bench.starts()), (Outcome::Approved, 1, 1));
    assert_eq!(settled(&recovered).merchant_receipt.lines().len(), 23);
    assert!(!settled(&recovered).customer_receipt.is_empty());
}

/// Stopped for longer than the payment may take, as a laptop is when its lid is closed.
#[test]
fn a_process_that_was_stopped_while_the_customer_paid_hears_of_it() {
    if is_played() {
        return;
    }
    let name = "a_process_that_was_stopped_while_the_customer_paid_hears_of_it";
    let mut bench = Bench::new();
    bench.close();
    bench.simulator.set(|settings| settings.think_ms = 600);
    let mut till = child(name, "pay", &bench);
    while bench.starts() == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let signal = |name: &str| {
        let sent = Command::new("kill").args([name, &till.id().to_string()]).status().expect("kill");
        assert!(sent.success());
    };
    signal("-STOP");
    std::thread::sleep(Duration::from_millis(4_500));
    assert_eq!(bench.charges("r1"), 1);
    signal("-CONT");
    assert!(said(&mut till, "told ").starts_with("approved false "));
    till.wait().expect("ended");
    assert_eq!((bench.starts(), bench.charges("r1")), (1, 1));
}

const HOUR: i64 = 60 * 60 * 1000;
const DAY: i64 = 24 * HOUR;

#[test]
fn a_clock_that_is_set_while_the_customer_pays_changes_no_outcome() {
    let cases = [(Scenario::Girocard, 5 * HOUR), (Scenario::Girocard, -5 * HOUR), (Scenario::Declined, 30 * DAY)];
    in_parallel(&cases, 3, |&(scenario, jump)| {
        let bench = Bench::new();
        bench.simulator.script(Script::of(scenario).thinking(Duration::from_millis(600)));
        let payment = bench.till().start_payment(&sale("r1", 100)).expect("a payment");
        while bench.starts() == 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
        bench.clock.set_wall(jump);
        payment.wait(None);
        assert_ne!(payment.outcome(), Outcome::Unknown);
        bench.assert_true("a set clock", &payment);
        assert_eq!(bench.starts(), 1);
        // And back again, with another sale.
        bench.clock.set_wall(-jump);
        assert_eq!(bench.pay("r2", 200).outcome(), Outcome::Approved);
    });
}

/// In doubt, then a clock is set, or the machine sleeps, or is started again: the grace passes no sooner, and where the machine
/// was awake no later.
#[test]
fn the_grace_listens_to_no_clock_but_that_of_a_machine_that_is_awake() {
    type Change = fn(&FastClock);
    let changes: [(&str, Change); 6] = [
        ("five hours on", |clock| clock.set_wall(5 * HOUR)),
        ("five hours back", |clock| clock.set_wall(-5 * HOUR)),
        ("six days on", |clock| clock.set_wall(6 * DAY)),
        ("a month back", |clock| clock.set_wall(-30 * DAY)),
        ("a night's sleep", |clock| clock.suspend(Duration::from_secs(8 * 3600))),
        ("started again", FastClock::boot_again),
    ];
    let cases: Vec<_> = changes.iter().flat_map(|change| [(change, false), (change, true)]).collect();
    in_parallel(&cases, 12, |&(&(name, change), reopens)| {
        let case = format!("{name}, opened again: {reopens}");
        let mut bench = Bench::with(resolving(15));
        bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, What::Reset));
        assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Unknown, "{case}");
        change(&bench.clock);
        if reopens {
            bench.restart();
        }
        assert_eq!(bench.recover("r1").outcome(), Outcome::Unknown, "{case}");
        assert_eq!(word(&bench.pay("r2", 200)), "not_started (terminal_busy)", "{case}");
        assert_eq!(bench.requests("/abort"), 0, "{case}: aborted too soon");
        bench.let_the_grace_pass();
        assert_eq!(bench.recover("r1").outcome(), Outcome::NotStarted, "{case}");
        assert_eq!((bench.requests("/abort"), bench.starts(), bench.charges("r1")), (1, 1, 0), "{case}");
    });
}

/// A till whose battery is empty begins in 1970, and is set right by the network while a payment is in doubt.
#[test]
fn a_clock_that_is_set_right_by_years_does_not_make_the_till_forget_what_is_in_doubt() {
    let bench = Bench::with(resolving(0));
    bench.clock.set_wall(-20_000 * DAY);
    bench.simulator.script(Script::of(Scenario::Girocard).thinking(Duration::from_secs(60)));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Unknown);
    bench.clock.set_wall(20_000 * DAY);
    assert_eq!((word(&bench.pay("r2", 200)).as_str(), bench.starts()), ("not_started (terminal_busy)", 1));
}

/// A clock of which one hand goes on by so much each time it is looked at, so that between any two looks, those before and
/// after the durable row among them, the machine seems to have slept, or somebody to have set it.
struct Restless {
    usual: FastClock,
    /// By so many milliseconds.
    wall: i64,
    on: i64,
    looks: AtomicI64,
}

impl Restless {
    fn look(&self) -> i64 {
        self.looks.fetch_add(1, Ordering::Relaxed)
    }
}

impl Clock for Restless {
    fn now(&self) -> i64 {
        self.usual.now() + self.wall * self.look()
    }

    fn elapsed(&self) -> Duration {
        self.usual.elapsed()
    }

    fn awake(&self) -> Duration {
        self.usual.awake()
    }

    fn on(&self) -> Duration {
        let asleep = u64::try_from(self.on * self.look()).expect("it goes on");
        self.usual.on() + Duration::from_millis(asleep)
    }

    fn boot(&self) -> Option<String> {
        self.usual.boot()
    }

    fn sleep(&self, duration: Duration) {
        self.usual.sleep(duration);
    }

    fn real(&self, duration: Duration) -> Duration {
        self.usual.real(duration)
    }
}

#[test]
fn a_machine_that_slept_between_the_row_and_start_sends_no_start() {
    in_parallel(&[(HOUR, 0), (0, HOUR)], 2, |&(wall, on)| {
        let case = format!("wall {wall}, on {on}");
        let mut bench = Bench::new();
        bench.close();
        let open = |wall| {
            let clock = Restless { usual: FastClock::new(), wall, on, looks: AtomicI64::new(0) };
            opened(&bench.config, &bench.simulator.base_url(), Arc::new(clock))
        };
        let till = open(wall);
        let payment = till.pay(&sale("r1", 100)).expect("a payment");
        assert_eq!(payment.outcome(), Outcome::NotStarted, "{case}: {}", word(&payment));
        assert_eq!((bench.starts(), bench.requests("/abort"), bench.charges("r1")), (0, 0, 0), "{case}");
        drop(till);
        bench.restart();
        assert_eq!(bench.pay_attempt("r1", 2, 100).outcome(), Outcome::Approved, "{case}");
        assert_eq!((bench.starts(), bench.charges("r1")), (1, 1), "{case}");
    });
}

#[test]
fn sixty_four_tills_in_one_process_pay_at_once() {
    // So many at once are slow, and a start must follow on its row within ten seconds.
    let benches: Vec<_> = (0..64).map(|_| Bench::at(1, |_| {})).collect();
    let charged = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for (number, bench) in benches.iter().enumerate() {
            let charged = &charged;
            scope.spawn(move || {
                bench.simulator.set(|settings| settings.think_ms = 300);
                for turn in 0..2 {
                    // The same references and amounts everywhere: nothing may be shared between tills.
                    let reference = format!("r{turn}");
                    let is_lost = (number + turn) % 4 == 0;
                    if is_lost {
                        bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
                    }
                    let payment = bench.pay(&reference, 100);
                    assert_eq!(payment.outcome(), Outcome::Approved, "till {number}: {}", word(&payment));
                    bench.assert_true("many tills", &payment);
                    charged.fetch_add(1, Ordering::Relaxed);
                }
                assert_eq!((bench.starts(), bench.simulator.ledger().len()), (2, 2), "till {number}");
            });
        }
    });
    assert_eq!(charged.into_inner(), 128);
    // All of them let go of their files.
    for mut bench in benches {
        bench.restart();
    }
}
