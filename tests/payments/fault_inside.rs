//! A fault in secupos itself costs one payment, not the till, and is never told as "not paid" where money may have moved.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use secupos::api::transport::{Broken, InFlight, Method, Request, Response, Transport};
use secupos::journal::IfMissing;
use secupos::payment::outcome::Outcome;
use secupos::payment::reason::Reason;
use secupos::till::Till;
use secupos::till::clock::SystemClock;
use secupos::till::config::Config;
use secupos::till::open::Surroundings;
use secupos::till::rules::Rules;
use secupos::till::sale::Sale;

/// Approves every payment, but fails inside at the first create and at the second start.
#[derive(Default)]
struct Faulty {
    creates: AtomicUsize,
    starts: AtomicUsize,
}

fn answer(body: String) -> Response {
    Response { status: 200, retry_after: None, date: None, body: body.into_bytes() }
}

impl Transport for Faulty {
    fn exchange(&self, request: &Request) -> Result<Response, Broken> {
        Ok(answer(match (request.method, request.path.as_str()) {
            (_, "/oauth/token") => r#"{"access_token":"t","expires_in":1200}"#.to_owned(),
            (Method::Get, path) => {
                format!(r#"{{"id":"{}","status":"ok"}}"#, path.rsplit('/').next().expect("an id"))
            }
            _ => {
                let number = self.creates.fetch_add(1, Ordering::Relaxed);
                assert!(number != 0, "the first create fails");
                format!(r#"{{"id":"STX_{}","status":"created"}}"#, number + 1)
            }
        }))
    }

    fn begin(&self, request: Request) -> Box<dyn InFlight> {
        if !request.path.ends_with("/start/cashless") {
            return Box::new(Arrived(Some(self.exchange(&request))));
        }
        assert!(self.starts.fetch_add(1, Ordering::Relaxed) != 1, "the second start fails");
        let id = request.path.split('/').nth(5).expect("an id");
        Box::new(Arrived(Some(Ok(answer(format!(r#"{{"id":"{id}","status":"ok"}}"#))))))
    }
}

/// An answer that is there already.
struct Arrived(Option<Result<Response, Broken>>);

impl InFlight for Arrived {
    fn wait(&mut self, _: Duration) -> Option<Result<Response, Broken>> {
        self.0.take()
    }
}

#[test]
fn a_fault_inside_costs_one_payment_and_says_whether_it_may_have_been_started() {
    let mut config = Config::default();
    config.set_base_url("http://127.0.0.1:1").expect("a base URL");
    config.set_client_credentials("id", "secret").expect("credentials");
    config.set_state_file(&crate::STATE_FILES.join("faulty.db"), IfMissing::Create).expect("a state file");
    let (transport, clock) = (Box::<Faulty>::default(), Arc::new(SystemClock::new()));
    let till = Till::open_in(&config, Surroundings { transport, clock, rules: Rules::default() }).expect("a till");
    for (reference, amount, outcome, reason, transaction) in [
        ("create fails", 1, Outcome::NotStarted, Some(Reason::Internal), None),
        ("a", 1, Outcome::Approved, None, Some("STX_2")),
        ("start fails", 2, Outcome::Unknown, Some(Reason::Internal), Some("STX_3")),
        ("b", 1, Outcome::Approved, None, Some("STX_4")),
    ] {
        let payment = till.pay(&Sale::new(reference, amount, "EUR").expect("a sale")).expect("a payment");
        let settled = payment.settled().expect("settled");
        assert_eq!((settled.outcome, settled.reason), (outcome, reason), "{reference}");
        assert_eq!(settled.transaction_id.as_ref().map(|id| id.as_str()), transaction, "{reference}");
    }
    // What was started is not forgotten.
    let payment = till.recover("start fails", None).expect("a payment");
    assert_eq!(payment.wait(None), Outcome::Approved);
}
