//! The fault matrix: every fault of every request, with and without effect, through `Till::pay`, a restart and `recover`.

use std::time::Duration;

use secupos::payment::outcome::Outcome;
use secupos_simulator::fault::{Ending, Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};
use serde_json::json;

use crate::bench::{Bench, in_parallel, ms, resolving, sale, wait_until, word};
use crate::page::assert_shows;

/// For longer than any request waits.
pub const FOR_THE_CALL: u64 = 4_000;

/// The faults, as the page names them. A connection that is refused depends on what is refused.
pub fn faults() -> Vec<(&'static str, Option<What>)> {
    let html = "<html><h1>502 Bad Gateway</h1></html>";
    vec![
        ("connection refused", None),
        ("reset without an answer", Some(What::Reset)),
        ("closed without an answer", Some(What::Close)),
        ("reset in the answer's head", Some(What::Cut { after: 12, ending: Ending::Reset })),
        ("reset in the answer's body", Some(What::ResetInAnswer)),
        ("answer cut off", Some(What::Truncate)),
        ("502 with a proxy's page", Some(What::Answer { status: 502, body: html.into() })),
        ("503", Some(What::Answer { status: 503, body: String::new() })),
        ("429", Some(What::Answer { status: 429, body: String::new() })),
        ("200 with a proxy's page", Some(What::Answer { status: 200, body: html.into() })),
        ("200 with other JSON", Some(What::Answer { status: 200, body: r#"{"status":"ok"}"#.into() })),
        ("200 with another id", Some(What::Replace { pointer: "/id".into(), value: json!("STX_ANOTHER") })),
        ("drips, too slowly", Some(What::Drip(2_000))),
        ("never answers", Some(What::Silence)),
        ("answers late, in time", Some(What::Delay(800))),
    ]
}

/// A request, a fault, and whether the request takes effect all the same.
struct Case {
    endpoint: Endpoint,
    name: &'static str,
    what: Option<What>,
    is_done: bool,
}

/// What the till was told, and whether money moved.
struct Told {
    now: String,
    later: String,
}

impl Case {
    fn when(&self) -> When {
        if self.is_done { When::After } else { When::Before }
    }

    /// Makes it go wrong.
    fn script(&self, bench: &mut Bench) {
        let simulator = &bench.simulator;
        let fault = |what: &What| Fault::new(self.when(), what.clone());
        match (self.endpoint, &self.what) {
            (Endpoint::Token | Endpoint::Create, None) => {
                // The till has a token, and its connection has ended with it.
                bench.pay("earlier", 1);
                bench.restart();
                bench.simulator.refuse_connections(Duration::from_millis(FOR_THE_CALL));
            }
            (Endpoint::Start, None) => {
                let refused = What::RefuseConnections(FOR_THE_CALL);
                simulator.fault(Endpoint::Create, Fault::new(When::After, refused));
            }
            (Endpoint::Read, None) => simulator.fault(Endpoint::Start, fault(&What::Crash(FOR_THE_CALL))),
            (Endpoint::Abort, None) => {
                // Abort goes over a connection of its own.
                simulator.fault(Endpoint::Start, Fault::new(When::Before, refusal()));
                simulator.fault(Endpoint::Read, Fault::new(When::After, What::RefuseConnections(FOR_THE_CALL)));
            }
            (Endpoint::Read, Some(what)) => {
                simulator.fault(Endpoint::Start, fault(&What::Reset));
                // All reads of this call.
                simulator.fault(Endpoint::Read, Fault::new(When::After, what.clone()).times(1000));
            }
            (Endpoint::Abort, Some(what)) => {
                simulator.fault(Endpoint::Start, Fault::new(When::Before, refusal()));
                simulator.fault(Endpoint::Abort, fault(what));
            }
            (_, Some(what)) => simulator.fault(self.endpoint, fault(what)),
            (other, None) => unreachable!("{other:?} is no request of a payment"),
        }
    }

    fn run(&self) -> Told {
        let case = format!("{:?}: {}, done: {}", self.endpoint, self.name, self.is_done);
        let mut bench = Bench::with(resolving(75));
        bench.simulator.script(Script::default());
        self.script(&mut bench);
        let payment = bench.pay("r1", 2);
        let now = word(&payment);
        bench.assert_true(&case, &payment);
        bench.simulator.forget_faults();
        if payment.outcome() == Outcome::Unknown {
            bench.let_the_grace_pass();
        }
        bench.restart();
        let recovered = bench.recover("r1");
        let later = word(&recovered);
        bench.assert_true(&case, &recovered);
        if payment.outcome() != Outcome::Unknown {
            assert_eq!(now, later, "{case}: what was told once is told again");
        }
        assert!(!recovered.settled().is_some_and(|settled| settled.conflict), "{case}: conflict");
        // Asked once more, the same; and the sale is not charged again.
        let again = bench.till().pay(&sale("r1", 2)).expect("a payment");
        assert_eq!(word(&again), later, "{case}: paying again tells it");
        bench.assert_true(&case, &again);
        assert!(bench.charges("r1") <= 1, "{case}");
        bench.assert_each_start_has_its_row(&case);
        Told { now, later }
    }
}

fn refusal() -> What {
    What::ApiError { status: 400, code: 4711, text: "Terminal nicht erreichbar".into() }
}

#[test]
fn whatever_breaks_the_till_is_told_what_was_charged() {
    let mut cases = Vec::new();
    for endpoint in [Endpoint::Create, Endpoint::Start, Endpoint::Read, Endpoint::Abort] {
        for (name, what) in faults() {
            for is_done in [false, true] {
                cases.push(Case { endpoint, name, what: what.clone(), is_done });
            }
        }
    }
    let told = in_parallel(&cases, 60, Case::run);
    assert_shows("payment-safety.md", "fault matrix", &table(&cases, &told));
}

/// What the till is told without and with the request's effect. Faults that come to the same share a row.
fn table(cases: &[Case], told: &[Told]) -> String {
    let mut rows: Vec<(Endpoint, String, Vec<&str>)> = Vec::new();
    for (cases, told) in cases.chunks(2).zip(told.chunks(2)) {
        let cells = told.iter().map(|told| format!("{} | {}", told.now, told.later)).collect::<Vec<_>>().join(" | ");
        let endpoint = cases[0].endpoint;
        match rows.iter_mut().find(|(of, same, _)| *of == endpoint && *same == cells) {
            Some((_, _, names)) => names.push(cases[0].name),
            None => rows.push((endpoint, cells, vec![cases[0].name])),
        }
    }
    let mut table = String::from(
        "| request | fault | without effect: now | after restart and `recover` | with effect: now | after restart and \
         `recover` |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for (endpoint, cells, names) in rows {
        let endpoint = format!("{endpoint:?}").to_lowercase();
        table += &format!("| {endpoint} | {} | {cells} |\n", names.join("; "));
    }
    table
}

#[test]
fn a_customer_who_refuses_behind_a_fault_is_never_said_to_have_paid() {
    let faults: Vec<_> = faults().into_iter().filter_map(|(name, what)| Some((name, what?))).collect();
    in_parallel(&faults, 20, |(name, what)| {
        let mut bench = Bench::with(resolving(75));
        bench.simulator.script(Script::of(Scenario::Declined));
        bench.simulator.fault(Endpoint::Start, Fault::new(When::After, what.clone()));
        let payment = bench.pay("r1", 2);
        assert_eq!(payment.outcome(), Outcome::Failed, "{name}");
        bench.assert_true(name, &payment);
        // Another attempt is another start, and its charge is its own.
        let second = bench.pay_attempt("r1", 2, 2);
        assert_eq!((second.outcome(), bench.charges("r1"), bench.starts()), (Outcome::Approved, 1, 2), "{name}");
        bench.assert_each_start_has_its_row(name);
    });
}

/// A start that nobody reads for a while arrives after its client has given up: late, but within the grace.
#[test]
fn a_start_that_arrives_late_is_found_until_the_end_of_the_grace() {
    // In seconds of till time: the grace is 333.
    in_parallel(&[10, 40, 300], 3, |&late| {
        let mut bench = Bench::with(|config| {
            config.set_timeout_ms(secupos::till::config::Timeout::Payment, 300).expect("a timeout");
            config.set_timeout_ms(secupos::till::config::Timeout::Resolve, 0).expect("a timeout");
        });
        let arrives_after = if late > 100 { 3_000 } else { ms(late) };
        bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, What::Delay(arrives_after)));
        let payment = bench.pay("r1", 2);
        assert_eq!(payment.outcome(), Outcome::Unknown, "{late} s");
        bench.assert_true("late", &payment);
        if late > 100 {
            bench.clock.pass(Duration::from_secs(late - 15));
        }
        // Asked again and again, from the same till and from one that was opened anew.
        wait_until("settled", || {
            std::thread::sleep(Duration::from_millis(100));
            bench.recover("r1").outcome() != Outcome::Unknown
        });
        bench.restart();
        let recovered = bench.recover("r1");
        assert_eq!((recovered.outcome(), bench.charges("r1")), (Outcome::Approved, 1), "{late} s");
        assert_eq!(bench.requests("/abort"), 0, "{late} s: nothing is aborted before its time");
        bench.assert_each_start_has_its_row("late");
    });
}
