//! Processes that share a state file, end with a payment running, are killed or stopped; clocks that jump; many tills in
//! one process.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use secupos::api::base_url::BaseUrl;
use secupos::api::http::{Http, Setup};
use secupos::error::Status;
use secupos::till::clock::{Clock, SystemClock};
use secupos::till::config::{Config, Timeout};
use secupos::till::doubt::Rules;
use secupos::till::outcome::Outcome;
use secupos::till::{Surroundings, Till};
use secupos_simulator::Simulator;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};

use crate::bench::{Bench, GRACE_IS_OVER, attempt, config, in_parallel, opened, sale, settled, word};

/// What a child process has to do, and where. Without it this is the test program itself.
const ROLE: &str = "SECUPOS_TEST_ROLE";
const PLACE: [&str; 4] =
    ["SECUPOS_TEST_BASE_URL", "SECUPOS_TEST_CLIENT_ID", "SECUPOS_TEST_CLIENT_SECRET", "SECUPOS_TEST_DEVICE_CODE"];

/// Whether this is a child process of the test program.
pub fn is_child() -> bool {
    std::env::var_os(ROLE).is_some()
}

/// Runs the test `name` in a process of its own, in which it plays this role instead.
fn child(name: &str, role: &str, simulator: &Simulator) -> Child {
    let place = [&simulator.base_url(), simulator.client_id(), simulator.client_secret(), simulator.device_code()];
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", &format!("processes::{name}"), "--nocapture"])
        .env(ROLE, role)
        .envs(PLACE.into_iter().zip(place))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("started")
}

/// Plays the role of a child, if this is one.
fn is_played() -> bool {
    let Ok(role) = std::env::var(ROLE) else { return false };
    let [base_url, id, secret, code] = PLACE.map(|name| std::env::var(name).expect(name));
    let config = config(&base_url, &id, &secret, &code);
    let mut refused = 0;
    let till = loop {
        match Till::open(&config) {
            Err(error) if error.status() == Status::StateLocked => refused += 1,
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
    println!("\ntold {} {} {} {lines} {refused}", told.outcome.name(), payment.replayed(), told.settled_at);
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
            Outcome::Unknown => assert!(begun.elapsed() < Duration::from_secs(30), "{}", word(&payment)),
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
    let children: Vec<_> = (0..4).map(|_| child(name, "pay", &bench.simulator)).collect();
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
        let mut till = child(name, "pay", &bench.simulator);
        while bench.requests(seen) == 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(ms));
        till.kill().expect("killed");
        till.wait().expect("waited");
        bench.restart();
        let was_running = bench.till().unfinished().expect("a list").len();
        assert_eq!((paid_at_last(&bench, "r1"), bench.charges("r1")), (Outcome::Approved, 1), "{case}");
        bench.assert_started_once_per_row(&case, "r1");
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
    let mut bench = Bench::with(|config| config.set_timeout_ms(Timeout::Resolve, 15_000).expect("a timeout"));
    bench.close();
    bench.simulator.set(|settings| settings.think_ms = 2_500);
    let mut till = child(name, "exit when told", &bench.simulator);
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
    let mut till = child(name, "pay", &bench.simulator);
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

/// A clock that somebody sets, over a time that passes as it does.
struct SetClock {
    real: SystemClock,
    /// How far it is off, in milliseconds.
    off: AtomicI64,
    /// So much it goes forward by itself each time it is looked at.
    each: i64,
}

impl Clock for SetClock {
    fn now(&self) -> i64 {
        self.real.now() + self.off.fetch_add(self.each, Ordering::Relaxed)
    }

    fn elapsed(&self) -> Duration {
        self.real.elapsed()
    }

    fn sleep(&self, duration: Duration) {
        self.real.sleep(duration);
    }
}

const HOUR: i64 = 60 * 60 * 1000;
const DAY: i64 = 24 * HOUR;

fn clock(off: i64, each: i64) -> Arc<SetClock> {
    Arc::new(SetClock { real: SystemClock::new(), off: AtomicI64::new(off), each })
}

/// Over real HTTP, with this clock.
fn opened_with(simulator: &Simulator, config: &Config, clock: Arc<SetClock>) -> Till {
    loop {
        let base_url = BaseUrl::parse(&simulator.base_url()).expect("a base URL");
        let http = Http::new(Setup {
            base_url,
            connect_timeout: Duration::from_secs(2),
            extra_roots: Vec::new(),
            proxy: None,
            user_agent_suffix: None,
        })
        .expect("a transport");
        let surroundings = Surroundings { transport: Box::new(http), clock: clock.clone(), rules: Rules::default() };
        match Till::open_in(config, surroundings) {
            Err(error) if error.status() == Status::StateLocked => std::thread::sleep(Duration::from_millis(5)),
            opened => return opened.expect("a till"),
        }
    }
}

#[test]
fn a_clock_that_is_set_while_the_customer_pays_changes_no_outcome() {
    let cases = [(Scenario::Girocard, 5 * HOUR), (Scenario::Girocard, -5 * HOUR), (Scenario::Declined, 30 * DAY)];
    in_parallel(&cases, 3, |&(scenario, jump)| {
        let mut bench = Bench::new();
        bench.close();
        let clock = clock(0, 0);
        let till = opened_with(&bench.simulator, &bench.config, clock.clone());
        bench.simulator.script(Script::of(scenario).thinking(Duration::from_millis(600)));
        let payment = till.start_payment(&sale("r1", 100)).expect("a payment");
        while bench.starts() == 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
        clock.off.fetch_add(jump, Ordering::Relaxed);
        payment.wait(None);
        assert_ne!(payment.outcome(), Outcome::Unknown);
        bench.assert_true("a set clock", &payment);
        assert_eq!(bench.starts(), 1);
        // And back again, with another sale.
        clock.off.fetch_sub(jump, Ordering::Relaxed);
        assert_eq!(till.pay(&sale("r2", 200)).expect("a payment").outcome(), Outcome::Approved);
    });
}

/// In doubt, then the clock is set: the grace passes no sooner and no later.
#[test]
fn the_grace_deadline_does_not_listen_to_a_clock_that_is_set() {
    let jumps = [5 * HOUR, -5 * HOUR, 6 * DAY, -30 * DAY];
    let mut cases = Vec::new();
    for jump in jumps {
        cases.extend([(jump, false), (jump, true)]);
    }
    in_parallel(&cases, 8, |&(jump, reopens)| {
        let case = format!("{} h, opened again: {reopens}", jump / HOUR);
        let mut bench = Bench::with(|config| config.set_timeout_ms(Timeout::Resolve, 0).expect("a timeout"));
        bench.close();
        let clock = clock(0, 0);
        let mut till = opened_with(&bench.simulator, &bench.config, clock.clone());
        bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, What::Reset));
        let begun = Instant::now();
        assert_eq!(till.pay(&sale("r1", 100)).expect("a payment").outcome(), Outcome::Unknown, "{case}");
        clock.off.fetch_add(jump, Ordering::Relaxed);
        if reopens {
            drop(till);
            till = opened_with(&bench.simulator, &bench.config, clock.clone());
        }
        let recover = || {
            let payment = till.recover("r1").expect("a payment");
            payment.wait(None);
            payment.outcome()
        };
        assert_eq!(recover(), Outcome::Unknown, "{case}");
        assert_eq!(word(&till.pay(&sale("r2", 200)).expect("a payment")), "not_started (terminal_busy)", "{case}");
        assert_eq!(bench.requests("/abort"), 0, "{case}: fenced too soon");
        std::thread::sleep(GRACE_IS_OVER.saturating_sub(begun.elapsed()));
        assert_eq!(recover(), Outcome::NotStarted, "{case}");
        assert_eq!((bench.requests("/abort"), bench.starts(), bench.charges("r1")), (1, 1, 0), "{case}");
    });
}

/// A till whose battery is empty begins in 1970, and is set right by the network while a payment is in doubt.
#[test]
fn a_clock_that_is_set_right_by_years_does_not_make_the_till_forget_what_is_in_doubt() {
    let mut bench = Bench::with(|config| config.set_timeout_ms(Timeout::Resolve, 0).expect("a timeout"));
    bench.close();
    let clock = clock(-20_000 * DAY, 0);
    let till = opened_with(&bench.simulator, &bench.config, clock.clone());
    bench.simulator.script(Script::of(Scenario::Girocard).thinking(Duration::from_secs(60)));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
    assert_eq!(till.pay(&sale("r1", 100)).expect("a payment").outcome(), Outcome::Unknown);
    clock.off.store(0, Ordering::Relaxed);
    let next = till.pay(&sale("r2", 200)).expect("a payment");
    assert_eq!((word(&next).as_str(), bench.starts()), ("not_started (terminal_busy)", 1));
}

/// By this clock hours pass between any two looks at it: between the durable row and start, too. As if the machine had
/// been asleep then.
#[test]
fn a_machine_that_slept_between_the_row_and_start_sends_no_start() {
    let mut bench = Bench::new();
    bench.close();
    let till = opened_with(&bench.simulator, &bench.config, clock(0, HOUR));
    let payment = till.pay(&sale("r1", 100)).expect("a payment");
    assert_eq!(payment.outcome(), Outcome::NotStarted, "{}", word(&payment));
    assert_eq!((bench.starts(), bench.requests("/abort"), bench.charges("r1")), (0, 1, 0));
    drop(till);
    let till = opened_with(&bench.simulator, &bench.config, clock(0, -HOUR));
    assert_eq!(till.pay(&attempt("r1", 2, 100)).expect("a payment").outcome(), Outcome::Approved);
    assert_eq!((bench.starts(), bench.charges("r1")), (1, 1));
}

#[test]
fn sixty_four_tills_in_one_process_pay_at_once() {
    let benches: Vec<_> = (0..64).map(|_| Bench::new()).collect();
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
        bench.close();
        drop(opened(&bench.config));
    }
}
