//! What the log says, and that whoever receives it cannot harm a payment.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secupos::log::{Level, Log};
use secupos::payment::outcome::Outcome;
use secupos::till::Till;
use secupos::till::config::{Config, Timeout};
use secupos::till::sale::Sale;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::Script;

use crate::{Bench, bench_with};

/// A till that logs at this level, and its lines.
fn logging(level: Level) -> (Bench, Receiver<String>) {
    logging_with(level, |_| {})
}

fn logging_with(level: Level, change: impl FnOnce(&mut Config)) -> (Bench, Receiver<String>) {
    let (sender, lines) = channel();
    let receive = move |level: Level, line: &str| {
        let _ = sender.send(format!("{} {line}", level.name()));
    };
    let log = Log::new(level, receive).expect("a log");
    let set = |config: &mut Config| {
        config.set_log(log);
        change(config);
    };
    (bench_with(set), lines)
}

/// All lines, in which times and ids are always the same.
fn all(bench: Bench, lines: &Receiver<String>) -> Vec<String> {
    let base_url = bench.simulator.base_url();
    let id = bench.simulator.transactions()[0]["id"].as_str().expect("an id").to_owned();
    drop(bench);
    let same = |line: String| {
        let line = line.replace(&id, "STX_1").replace(&base_url, "BASE_URL").replace(env!("CARGO_PKG_VERSION"), "V");
        match line.split_once(" after ").and_then(|(before, after)| Some((before, after.split_once(" ms")?.1))) {
            Some((before, rest)) => format!("{before} after T ms{rest}"),
            None => line,
        }
    };
    lines.iter().map(same).collect()
}

#[test]
fn each_request_has_a_line_that_names_its_payment() {
    let (bench, lines) = logging(Level::Debug);
    assert_eq!(bench.pay(1).outcome(), Outcome::Approved);
    let expected = [
        "info till opened: secupos V, BASE_URL, as device",
        "info payment 1 attempt 1 begins: reference \"r1\" over 0.01 EUR",
        "debug payment 1 attempt 1 request 1: POST /oauth/token: HTTP 200 after T ms",
        "debug payment 1 attempt 1 request 2: POST /api/v2/Smart/Transactions: HTTP 200 after T ms",
        "debug payment 1 attempt 1 request 3: GET /api/v2/Smart/Transactions?count=20&offset=0&sort=created:desc: HTTP 200 after T ms",
        "debug payment 1 attempt 1 request 4: POST /api/v2/Smart/Transactions/STX_1/start/cashless: HTTP 200 after T ms",
        "info payment 1 attempt 1 ends: approved",
    ];
    assert_eq!(all(bench, &lines), expected);
}

#[test]
fn what_breaks_is_a_warning_and_so_is_a_doubt() {
    let (bench, lines) = logging_with(Level::Warning, |config| {
        config.set_timeout_ms(Timeout::Resolve, 5_000).expect("a timeout");
    });
    bench.simulator.script(Script::default().thinking(Duration::from_secs(60)));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
    bench.simulator.fault(Endpoint::Read, Fault::new(When::Before, What::Answer { status: 503, body: String::new() }));
    assert_eq!(bench.pay(102).outcome(), Outcome::Unknown);
    let mut lines = all(bench, &lines);
    // What the till asks by itself when the payment has ended.
    lines.retain(|line| !line.contains("looking back"));
    let start = "warning payment 1 attempt 1 request 4: POST /api/v2/Smart/Transactions/STX_1/start/cashless: no answer after T ms: ";
    assert!(lines[0].starts_with(start), "{lines:#?}");
    assert_eq!(
        lines[1],
        "warning payment 1 attempt 1 request 5: GET /api/v2/Smart/Transactions/STX_1: HTTP 503 after T ms"
    );
    assert!(lines[2].starts_with("warning payment 1 attempt 1 ends: unknown (connection_lost): "), "{lines:#?}");
    assert_eq!(lines.len(), 3, "{lines:#?}");
}

#[test]
fn a_receiver_that_blocks_panics_pays_or_drops_the_till_breaks_no_payment() {
    let shared: Arc<Mutex<Option<Arc<Till>>>> = Arc::default();
    let own = shared.clone();
    let (sender, paid) = channel();
    let receive = move |_: Level, line: &str| {
        if line.contains("payment 1 attempt 1 ends") {
            let till = own.lock().expect("no panic").take().expect("a till");
            // Waits for the thread that has written this line; a second time it is told at once.
            for _ in 0..2 {
                let inner = till.pay(&Sale::new("from inside", 102, "EUR").expect("a sale")).expect("a payment");
                let _ = sender.send(inner.outcome());
            }
            drop(till);
        }
        std::thread::sleep(Duration::from_millis(1));
        panic!("on purpose, with {line}");
    };
    let log = Log::new(Level::Debug, receive).expect("a log");
    let Bench { simulator, till, .. } = bench_with(|config| config.set_log(log));
    let till = Arc::new(till);
    *shared.lock().expect("no panic") = Some(till.clone());
    let payment = till.pay(&Sale::new("r1", 102, "EUR").expect("a sale")).expect("a payment");
    drop(till);
    assert_eq!(payment.outcome(), Outcome::Approved);
    assert_eq!(paid.iter().collect::<Vec<_>>(), [Outcome::Approved, Outcome::Approved]);
    assert_eq!(simulator.ledger().len(), 2);
}
