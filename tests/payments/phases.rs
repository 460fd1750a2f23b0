//! How far a payment, a reversal or a report has come is told while it is running, and the cashier reads something else in
//! each phase.

use std::time::Duration;

use secupos::error::Language;
use secupos::payment::phase::Phase;
use secupos::till::handles::payment::Payment;
use secupos::till::handles::report::ReportKind;
use secupos::till::sale::Sale;
use secupos_simulator::fault::{Endpoint, Fault, What, When};

use crate::{Bench, bench};

/// Long enough to be seen.
const HELD_UP: What = What::Delay(150);

/// The phases that are seen until there is a result, each once, with the text that is shown in it.
fn seen(phase: impl Fn() -> Phase, text: impl Fn() -> String) -> Vec<(Phase, String)> {
    let mut seen: Vec<(Phase, String)> = Vec::new();
    loop {
        let (before, text) = (phase(), text());
        // Otherwise the text may be that of the next phase.
        if phase() == before && seen.last().is_none_or(|(last, _)| *last != before) {
            seen.push((before, text));
            if before == Phase::None {
                return seen;
            }
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn seen_of(payment: &Payment) -> Vec<(Phase, String)> {
    seen(|| payment.phase(), || payment.cashier_text(Language::English))
}

fn phases(seen: &[(Phase, String)]) -> Vec<Phase> {
    seen.iter().map(|(phase, _)| *phase).collect()
}

fn hold_up(bench: &Bench, endpoints: &[Endpoint]) {
    endpoints.iter().for_each(|endpoint| bench.simulator.fault(*endpoint, Fault::new(When::Before, HELD_UP)));
}

const ALL: [Phase; 4] = [Phase::LoggingIn, Phase::WaitingForTerminal, Phase::FindingOut, Phase::None];

#[test]
fn a_payment_goes_through_its_phases_and_so_does_its_reversal() {
    let bench = bench();
    hold_up(&bench, &[Endpoint::Token, Endpoint::Read]);
    bench.simulator.set(|settings| settings.think_ms = 150);
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, What::Reset));
    let payment = bench.till.start_payment(&Sale::new("r1", 2, "EUR").expect("a sale")).expect("a payment");
    let told = seen_of(&payment);
    assert_eq!(phases(&told), ALL);
    for ((_, text), expected) in told.iter().zip(["logs in", "watch the terminal", "do NOT charge again", "Paid"]) {
        assert!(text.contains(expected), "{text}");
    }
    assert_eq!(payment.to_json()["phase"], "none");

    hold_up(&bench, &[Endpoint::Read, Endpoint::Cancel]);
    bench.simulator.fault(Endpoint::Cancel, Fault::new(When::After, What::Reset));
    let reversal = bench.till.reverse("r1", None, None).expect("a payment");
    let told = seen_of(&reversal);
    assert!(told[0].0 == Phase::LoggingIn && told[0].1.contains("being prepared"), "{told:?}");
    assert_eq!(told.last().map(|(phase, _)| *phase), Some(Phase::None));
}

#[test]
fn what_was_begun_earlier_is_found_out_about_from_the_beginning() {
    let bench = bench();
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, What::Reset));
    let unreadable = What::Answer { status: 503, body: String::new() };
    bench.simulator.fault(Endpoint::Read, Fault::new(When::After, unreadable).times(1_000));
    let payment = bench.till.start_payment(&Sale::new("r1", 2, "EUR").expect("a sale")).expect("a payment");
    while payment.phase() != Phase::FindingOut {
        std::thread::sleep(Duration::from_millis(1));
    }
    let bench = bench.restart();
    bench.simulator.forget_faults();
    hold_up(&bench, &[Endpoint::Token]);
    let recovered = bench.till.recover("r1", None).expect("a payment");
    assert_eq!(phases(&seen_of(&recovered)), [Phase::FindingOut, Phase::None]);
}

#[test]
fn a_report_is_prepared_and_then_runs_at_the_terminal() {
    let bench = bench();
    hold_up(&bench, &[Endpoint::Token, Endpoint::Diagnosis]);
    let report = bench.till.run_report(ReportKind::Diagnosis { forced: false }).expect("a report");
    let told = seen(|| report.phase(), || report.cashier_text(Language::English));
    assert_eq!(phases(&told), [Phase::LoggingIn, Phase::WaitingForTerminal, Phase::None]);
    for ((_, text), expected) in told.iter().zip(["being prepared", "running at the terminal", "Done."]) {
        assert!(text.contains(expected), "{text}");
    }
    assert!(report.created_at() > 0);
}
