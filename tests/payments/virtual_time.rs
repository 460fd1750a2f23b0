//! Payments under virtual time: what the flow does minute by minute, without waiting for it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secupos::api::transport::{Broken, InFlight, Method, Request, Response, Transport};
use secupos::error::{Error, Status};
use secupos::journal::IfMissing;
use secupos::payment::action::Action;
use secupos::payment::outcome::Outcome;
use secupos::payment::reason::Reason;
use secupos::till::Till;
use secupos::till::clock::Clock;
use secupos::till::config::Config;
use secupos::till::handles::settled::Settled;
use secupos::till::open::Surroundings;
use secupos::till::rules::Rules;
use secupos::till::sale::Sale;

/// Time that passes only where somebody waits.
#[derive(Clone, Default)]
struct VirtualTime(Arc<Mutex<Duration>>);

impl VirtualTime {
    fn pass(&self, duration: Duration) {
        *self.0.lock().expect("not poisoned") += duration;
    }
}

impl Clock for VirtualTime {
    fn now(&self) -> i64 {
        1_700_000_000_000 + i64::try_from(self.elapsed().as_millis()).expect("fits")
    }

    fn elapsed(&self) -> Duration {
        *self.0.lock().expect("not poisoned")
    }

    fn awake(&self) -> Duration {
        self.elapsed()
    }

    fn on(&self) -> Duration {
        self.elapsed()
    }

    fn boot(&self) -> Option<String> {
        Some("one".into())
    }

    fn sleep(&self, duration: Duration) {
        self.pass(duration);
    }
}

/// A server for one payment: start takes a while and then breaks or answers; reads say `created` until a moment.
#[derive(Clone)]
struct Server {
    time: VirtualTime,
    start_takes: Duration,
    start_answers: Option<&'static str>,
    final_from: Duration,
    seen: Arc<Mutex<Vec<(String, Duration)>>>,
}

impl Server {
    fn new(start_takes: u64, start_answers: Option<&'static str>, final_from: u64) -> Server {
        Server {
            time: VirtualTime::default(),
            start_takes: Duration::from_secs(start_takes),
            start_answers,
            final_from: Duration::from_secs(final_from),
            seen: Arc::default(),
        }
    }

    /// Every till is a new one.
    fn pay(&self) -> Settled {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("virtual-{}.db", COUNT.fetch_add(1, Ordering::Relaxed));
        let mut config = Config::default();
        config.set_base_url("http://127.0.0.1:1").expect("a base URL");
        config.set_client_credentials("id", "secret").expect("credentials");
        config.set_state_file(&crate::STATE_FILES.join(name), IfMissing::Create).expect("a state file");
        let (transport, clock) = (Box::new(self.clone()), Arc::new(self.time.clone()));
        let till = Till::open_in(&config, Surroundings { transport, clock, rules: Rules::default() }).expect("a till");
        let payment = till.pay(&Sale::new("r1", 1, "EUR").expect("a sale")).expect("a payment");
        payment.settled().expect("settled").clone()
    }

    fn sent(&self, end: &str) -> Vec<Duration> {
        let seen = self.seen.lock().expect("not poisoned");
        seen.iter().filter(|(path, _)| path.ends_with(end)).map(|(_, at)| *at).collect()
    }
}

impl Transport for Server {
    fn exchange(&self, request: &Request) -> Result<Response, Broken> {
        let at = self.time.elapsed();
        self.seen.lock().expect("not poisoned").push((request.path.clone(), at));
        Ok(answer(&match (request.method, request.path.as_str()) {
            (_, "/oauth/token") => r#"{"access_token":"t","expires_in":1200}"#.to_owned(),
            (Method::Get, _) => transaction(if at >= self.final_from { "ok" } else { "created" }),
            _ => transaction("created"),
        }))
    }

    fn begin(&self, request: Request) -> Box<dyn InFlight> {
        let at = self.time.elapsed();
        self.seen.lock().expect("not poisoned").push((request.path, at));
        let ends = at + self.start_takes;
        Box::new(Flight { time: self.time.clone(), ends, answers: self.start_answers })
    }
}

/// A start on its way.
struct Flight {
    time: VirtualTime,
    ends: Duration,
    answers: Option<&'static str>,
}

impl InFlight for Flight {
    fn wait(&mut self, limit: Duration) -> Option<Result<Response, Broken>> {
        let left = self.ends.saturating_sub(self.time.elapsed());
        self.time.pass(left.min(limit));
        (left <= limit).then(|| match self.answers {
            Some(status) => Ok(answer(&transaction(status))),
            None => Err(Broken::MaybeSent(Error::new(Status::Unreachable, "reset"))),
        })
    }
}

fn answer(body: &str) -> Response {
    Response { status: 200, retry_after: None, date: None, body: body.as_bytes().to_vec() }
}

fn transaction(status: &str) -> String {
    format!(r#"{{"id":"STX_1","status":"{status}","basket_info":{{"sum":1,"currency":"EUR"}}}}"#)
}

#[test]
fn a_payment_in_doubt_is_read_until_the_deadline_and_no_longer() {
    let server = Server::new(0, None, 3600);
    let settled = server.pay();
    assert_eq!((settled.outcome, settled.reason), (Outcome::Unknown, Some(Reason::ConnectionLost)));
    let reads = server.sent("STX_1");
    assert_eq!(reads.first(), Some(&Duration::ZERO));
    assert_eq!(reads.last(), Some(&Duration::from_secs(90)));
    assert!((18..60).contains(&reads.len()), "{}", reads.len());
    let longest = reads.windows(2).map(|pair| pair[1] - pair[0]).max().expect("pauses");
    assert!(longest <= Duration::from_millis(6_250), "{longest:?}");
    assert_eq!(server.sent("/start/cashless").len(), 1);
}

#[test]
fn whenever_the_server_knows_within_the_deadline_the_till_knows_too() {
    for second in 0..=90 {
        let server = Server::new(0, None, second);
        assert_eq!(server.pay().outcome, Outcome::Approved, "final from second {second}");
        assert_eq!(server.sent("/start/cashless").len(), 1);
    }
}

#[test]
fn after_a_long_start_the_cashier_looks_at_the_terminal_first() {
    for (seconds, expected) in [(60, vec![Action::TryAgain]), (61, vec![Action::LookAtTerminal, Action::TryAgain])] {
        let server = Server::new(seconds, Some("failed"), 3600);
        assert_eq!(server.pay().next_actions, expected, "{seconds} s");
    }
}

#[test]
fn a_start_that_blocks_is_watched_and_paid_beside_it_ends_the_waiting_a_little_later() {
    // Its own answer, which brings the receipts, is waited for 15 seconds longer.
    for (final_from, completed_at) in [(0, 35), (19, 35), (21, 40), (26, 45), (119, 135)] {
        // Its connection is dead, and nobody notices for an hour.
        let server = Server::new(3600, None, final_from);
        assert_eq!(server.pay().outcome, Outcome::Approved);
        assert_eq!(server.time.elapsed(), Duration::from_secs(completed_at), "final from second {final_from}");
        assert_eq!(server.sent("/start/cashless").len(), 1);
    }
}

#[test]
fn a_start_that_answers_is_not_read_beside_before_its_time() {
    let server = Server::new(19, Some("ok"), 0);
    assert_eq!(server.pay().outcome, Outcome::Approved);
    // What comes later is the question for the receipts.
    assert!(server.sent("STX_1").iter().all(|at| *at >= Duration::from_secs(19)));
}
