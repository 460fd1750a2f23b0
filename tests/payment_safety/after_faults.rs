//! The fault matrix of what comes after a payment: every fault of cancelTrx and of the end of day, with and without
//! effect, through the till, a restart, and asking again.

use secupos::payment::outcome::{Outcome, ReversalOutcome};
use secupos::till::handles::payment::Payment;
use secupos::till::handles::report::{ReportKind, ReportOutcome};
use secupos_simulator::fault::{Endpoint, Fault, What, When};

use crate::bench::{Bench, in_parallel};
use crate::faults::{FOR_THE_CALL, faults};
use crate::page::assert_shows;

/// A fault, and whether the request takes effect all the same.
struct Case {
    name: &'static str,
    what: Option<What>,
    is_done: bool,
}

fn cases() -> Vec<Case> {
    let both = |(name, what): (&'static str, Option<What>)| {
        [false, true].map(|is_done| Case { name, what: what.clone(), is_done })
    };
    faults().into_iter().flat_map(both).collect()
}

impl Case {
    fn bench(&self) -> Bench {
        let bench = Bench::new();
        bench.pay("r1", 2);
        bench
    }

    /// Makes the request to `endpoint` go wrong.
    fn script(&self, bench: &Bench, endpoint: Endpoint) {
        let when = if self.is_done { When::After } else { When::Before };
        match &self.what {
            Some(what) => bench.simulator.fault(endpoint, Fault::new(when, what.clone())),
            // The last answer before it shuts the door.
            None if endpoint == Endpoint::Cancel => {
                let refused = What::RefuseConnections(FOR_THE_CALL / 4);
                bench.simulator.fault(Endpoint::Read, Fault::new(When::After, refused));
            }
            None => bench.simulator.refuse_connections(std::time::Duration::from_millis(FOR_THE_CALL / 4)),
        }
    }

    fn reverse(&self) -> String {
        let case = format!("cancelTrx: {}, done: {}", self.name, self.is_done);
        let mut bench = self.bench();
        self.script(&bench, Endpoint::Cancel);
        let payment = bench.till().reverse("r1", None, None).expect("a payment");
        payment.wait(None);
        assert_reversal_is_true(&bench, &case, &payment);
        let now = payment.reversal().name();
        bench.simulator.forget_faults();
        std::thread::sleep(std::time::Duration::from_millis(FOR_THE_CALL / 4));
        bench.restart();
        let recovered = bench.recover("r1");
        assert_reversal_is_true(&bench, &case, &recovered);
        assert!(bench.requests("/cancelTrx") <= 1, "{case}: a second one by itself");
        // An operator asks again when the first can no longer arrive, and then it is done, once.
        bench.let_the_grace_pass();
        let again = bench.till().reverse("r1", None, None).expect("a payment");
        again.wait(None);
        assert_reversal_is_true(&bench, &case, &again);
        assert_eq!((again.reversal(), given_back(&bench)), (ReversalOutcome::Done, 1), "{case}");
        format!("{now} | {}", recovered.reversal().name())
    }

    fn close_the_day(&self) -> String {
        let case = format!("end of day: {}, done: {}", self.name, self.is_done);
        let mut bench = self.bench();
        self.script(&bench, Endpoint::EndOfDay);
        let kind = ReportKind::EndOfDay { forced: false };
        let outcome = bench.till().run_report(kind).expect("a report").wait(None);
        let closings = bench.simulator.closings();
        match outcome {
            ReportOutcome::Done => assert_eq!(closings, 1, "{case}"),
            ReportOutcome::Refused | ReportOutcome::NotRun => assert_eq!(closings, 0, "{case}"),
            ReportOutcome::MayHaveRun => assert!(closings <= 1, "{case}"),
            ReportOutcome::Pending => panic!("{case}"),
        }
        assert!(bench.requests("/me/EndOfDay") <= 1, "{case}: a second one by itself");
        bench.simulator.forget_faults();
        bench.restart();
        // What may have been cleared is not reversed, also after a restart.
        let may_be_reversed = bench.till().reverse("r1", None, None).is_ok();
        assert_eq!(may_be_reversed, outcome == ReportOutcome::NotRun, "{case}: {outcome:?}");
        format!("{} | {}", outcome.name(), if may_be_reversed { "may be reversed" } else { "not reversed" })
    }
}

fn given_back(bench: &Bench) -> usize {
    bench.simulator.ledger().iter().filter(|entry| entry.change < 0).count()
}

/// What the till says of the reversal is what the ledger says, as far as anything is said.
fn assert_reversal_is_true(bench: &Bench, case: &str, payment: &Payment) {
    let back = given_back(bench);
    match (payment.outcome(), payment.reversal()) {
        (Outcome::Reversed, ReversalOutcome::Done) => assert_eq!(back, 1, "{case}: reversed"),
        (Outcome::Approved, ReversalOutcome::Refused | ReversalOutcome::None) => {
            assert_eq!(back, 0, "{case}: not reversed")
        }
        (Outcome::Approved, ReversalOutcome::Unknown) => assert!(back <= 1, "{case}: {back} times"),
        other => panic!("{case}: {other:?}"),
    }
}

#[test]
fn whatever_breaks_the_till_is_told_what_was_reversed_and_whether_the_day_may_be_closed() {
    let cases = cases();
    let told = in_parallel(&cases, 30, |case| (case.reverse(), case.close_the_day()));
    let mut rows: Vec<(&str, String, Vec<&str>)> = Vec::new();
    for (request, of) in [("cancelTrx", 0), ("end of day", 1)] {
        for (cases, told) in cases.chunks(2).zip(told.chunks(2)) {
            let cells: Vec<_> = told.iter().map(|told| if of == 0 { told.0.as_str() } else { &told.1 }).collect();
            let cells = cells.join(" | ");
            match rows.iter_mut().find(|(other, same, _)| *other == request && *same == cells) {
                Some((_, _, names)) => names.push(cases[0].name),
                None => rows.push((request, cells, vec![cases[0].name])),
            }
        }
    }
    let mut table = String::from(
        "| request | fault | without effect: now | after restart | with effect: now | after restart |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for (request, cells, names) in rows {
        table += &format!("| {request} | {} | {cells} |\n", names.join("; "));
    }
    assert_shows("payment-safety.md", "faults after a payment", &table);
}
