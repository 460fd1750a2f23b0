//! Row 20 of issue 13: a till that has moved keeps its file, if a person says so.

use secupos::error::Status;
use secupos::journal::IfMissing;
use secupos::payment::outcome::{Outcome, ReversalOutcome};
use secupos::payment::reason::Reason;
use secupos::till::Till;
use secupos::till::config::{Config, Environment, Timeout};
use secupos::till::decide::{ReversalVerdict, Verdict};
use secupos::till::sale::Sale;

use secupos_simulator::Simulator;
use secupos_simulator::fault::{Endpoint, Fault, What, When};

use crate::{Bench, STATE_FILES, bench, bench_with, config, once_free, reopened, settled};

fn sale(reference: &str, amount: i64) -> Sale {
    Sale::new(reference, amount, "EUR").expect("a sale")
}

/// The same service under another name.
fn renamed(simulator: &Simulator) -> Config {
    let mut config = config(simulator);
    config.set_base_url(&simulator.base_url().replace("127.0.0.1", "localhost")).expect("a base URL");
    config
}

fn rebound(config: &Config) {
    once_free(|| Till::rebind(config, "Erna", "the host was renamed"));
}

#[test]
fn after_the_host_was_renamed_a_person_binds_the_file_to_it_and_it_has_forgotten_nothing() {
    let Bench { till, simulator, .. } = bench();
    assert_eq!(till.pay(&sale("before", 102)).expect("a payment").outcome(), Outcome::Approved);
    let after = renamed(&simulator);
    drop(till);
    let mismatch = once_free(|| match Till::open(&after) {
        Err(error) if error.status() == Status::StateFileMismatch => Ok(error),
        other => other.map(|_| unreachable!("it is another till's")),
    });
    assert!(mismatch.message().contains("base URL"), "{mismatch}");
    rebound(&after);
    let till = reopened(&after);
    assert!(till.pay(&sale("before", 102)).expect("a payment").replayed());
    assert_eq!(till.pay(&sale("after", 202)).expect("a payment").outcome(), Outcome::Approved);
    // It counts as an end of day.
    let refused = till.reverse("before", None, Some("Erna")).err().expect("refused");
    assert_eq!(refused.status(), Status::InvalidState);
    assert!(refused.message().contains("bound anew"), "{refused}");
    let reversed = till.reverse("after", None, None).expect("a reversal");
    reversed.wait(None);
    assert_eq!(reversed.reversal(), ReversalOutcome::Done);
    assert_eq!(simulator.ledger().iter().filter(|entry| entry.reference == "before").count(), 1);
    // The old name is another till's now.
    drop(till);
    drop(reopened(&after));
    assert_eq!(Till::open(&config(&simulator)).err().expect("refused").status(), Status::StateFileMismatch);
}

#[test]
fn a_new_device_code_is_bound_by_a_person_and_used_from_then_on() {
    let Bench { till, simulator, .. } = bench();
    assert_eq!(till.pay(&sale("before", 102)).expect("a payment").outcome(), Outcome::Approved);
    drop(till);
    let mut other = config(&simulator);
    other.set_device_code("canary-device-of-another-till").expect("a code");
    rebound(&other);
    let till = reopened(&other);
    assert!(till.pay(&sale("before", 102)).expect("a payment").replayed());
    // The simulator does not know it, and so it is what the till logs in with: neither the old code nor an old token.
    let payment = till.pay(&sale("after", 202)).expect("a payment");
    assert_eq!((payment.outcome(), settled(&payment).reason), (Outcome::NotStarted, Some(Reason::LoginFailed)));
    assert_eq!(simulator.ledger().len(), 1);
}

#[test]
fn a_till_is_not_bound_anew_while_something_is_in_doubt_or_may_still_arrive() {
    let impatient = |config: &mut Config| config.set_timeout_ms(Timeout::Resolve, 0).expect("a timeout");
    let mut bench = bench_with(impatient);
    // The clock of those who bind is the machine's own, to which the test's clock is another start of it: nothing passes.
    let after = renamed(&bench.simulator);
    let refused = |bench: Bench, why: &str| {
        let Bench { till, clock, simulator } = bench;
        drop(till);
        let error = once_free(|| match Till::rebind(&after, "Erna", "the host was renamed") {
            Err(error) if error.status() == Status::InvalidState => Ok(error),
            other => other.map(|()| panic!("{why}")),
        });
        assert!(error.message().contains("still in doubt"), "{why}: {error}");
        let mut config = config(&simulator);
        impatient(&mut config);
        let till = once_free(|| crate::opened(&config, &simulator, clock.clone()));
        Bench { till, clock, simulator }
    };
    bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, What::Reset));
    assert_eq!(bench.till.pay(&sale("r1", 102)).expect("a payment").outcome(), Outcome::Unknown);
    bench = refused(bench, "in doubt");
    let verdict = Verdict { paid: false, operator: "Erna".into(), reason: "no slip".into(), slip_number: None };
    bench.till.decide("r1", None, &verdict).expect("decided");
    bench = refused(bench, "decided, and it may still arrive");
    bench.let_the_grace_pass();
    assert_eq!(bench.till.pay(&sale("r2", 202)).expect("a payment").outcome(), Outcome::Approved);
    bench.simulator.fault(Endpoint::Cancel, Fault::new(When::Before, What::Reset));
    bench.till.reverse("r2", None, None).expect("a reversal").wait(None);
    bench = refused(bench, "its reversal is in doubt");
    let verdict = ReversalVerdict { reversed: false, operator: "Erna".into(), reason: "no slip".into() };
    bench.till.decide_reversal("r2", None, &verdict).expect("decided");
    drop(bench.till);
    rebound(&after);
    drop(reopened(&after));
}

#[test]
fn the_two_environments_are_names_and_no_person_makes_one_the_other() {
    let file = STATE_FILES.join("environments.db");
    let config = |environment: Option<Environment>| {
        let mut config = Config::default();
        config.set_client_credentials("id", "secret").expect("credentials");
        config.set_device_code("code").expect("a code");
        config.set_state_file(&file, IfMissing::Create).expect("a state file");
        match environment {
            Some(environment) => config.set_environment(environment).expect("an environment"),
            None => config.set_base_url("http://127.0.0.1:1").expect("a base URL"),
        }
        config
    };
    let (testing, production) = (config(Some(Environment::Testing)), config(Some(Environment::Production)));
    drop(reopened(&testing));
    for refused in [Till::rebind(&production, "Erna", "we go live").err(), Till::open(&production).err()] {
        let error = refused.expect("a till that was tried out takes no money");
        assert_eq!(error.status(), Status::StateFileMismatch, "{error}");
    }
    rebound(&config(None));
    drop(reopened(&config(None)));
    rebound(&testing);
    drop(reopened(&testing));
}

#[test]
fn who_binds_it_and_why_must_be_said_and_an_open_till_is_not_bound() {
    let bench = bench();
    let config = config(&bench.simulator);
    for (operator, reason) in [("", "why"), ("Erna", ""), ("Er\nna", "why"), (&"x".repeat(300), "why")] {
        let error = Till::rebind(&config, operator, reason).expect_err("refused");
        assert_eq!(error.status(), Status::InvalidArgument, "{operator:?} {reason:?}");
    }
    assert_eq!(Till::rebind(&config, "Erna", "why").expect_err("open").status(), Status::StateFileLocked);
    let Bench { till, simulator, .. } = bench;
    drop(till);
    let mut missing = crate::config(&simulator);
    missing.set_state_file(&STATE_FILES.join("nowhere.db"), IfMissing::Create).expect("a path");
    assert_eq!(Till::rebind(&missing, "Erna", "why").expect_err("nothing").status(), Status::StateFileMissing);
    assert!(!STATE_FILES.join("nowhere.db").exists());
}
