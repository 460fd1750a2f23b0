//! Whatever breaks: start is sent at most once, what was charged is reported as charged, and what is not known is said
//! to be unknown.

use std::time::Duration;

use secupos::error::Status;
use secupos::journal::IfMissing;
use secupos::payment::action::Action;
use secupos::payment::outcome::Outcome;
use secupos::payment::reason::Reason;
use secupos::till::config::Timeout;
use secupos::till::sale::Sale;
use secupos::till::{Till, config::Config};
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};
use serde_json::json;

use crate::{bench, bench_at, bench_with, clock, settled};

/// Everything that can happen to the answer to start.
fn faults() -> Vec<What> {
    vec![
        What::Reset,
        What::Close,
        What::Truncate,
        What::ResetInAnswer,
        What::Answer { status: 502, body: "<html>Bad Gateway</html>".into() },
        What::Answer { status: 503, body: String::new() },
        What::Answer { status: 429, body: String::new() },
        What::Answer { status: 408, body: String::new() },
        What::Answer { status: 302, body: String::new() },
        What::Answer { status: 204, body: String::new() },
        What::Answer { status: 200, body: String::new() },
        What::Answer { status: 200, body: "<html>Hotspot login</html>".into() },
        What::Answer { status: 200, body: "{\"status\":\"ok\"}".into() },
        What::Answer { status: 404, body: "<html>Not Found</html>".into() },
        What::ApiError { status: 500, code: 1001, text: "Interner Fehler".into() },
        What::Replace { pointer: "/id".into(), value: json!("STX_ANOTHER") },
        What::Replace { pointer: "/basket_info/currency".into(), value: json!("CHF") },
        What::Huge(2 * 1024 * 1024),
        What::Deep(10_000),
        What::Lines(100_000),
    ]
}

#[test]
fn a_charge_whose_answer_is_lost_is_found_by_reading() {
    for what in faults() {
        let bench = bench();
        bench.simulator.fault(Endpoint::Start, Fault::new(When::After, what.clone()));
        let payment = bench.pay(1);
        assert_eq!(payment.outcome(), Outcome::Approved, "{what:?}");
        assert_eq!(settled(&payment).merchant_receipt.lines().len(), 23, "{what:?}");
        bench.assert_started_once_and_charged(1);
    }
}

#[test]
fn a_payment_that_failed_behind_a_broken_connection_is_declined() {
    for what in [What::Reset, What::Answer { status: 502, body: String::new() }] {
        // What start itself did not say is believed when it has been read unchanged for a minute.
        let bench =
            bench_at(clock::FASTER, |config| config.set_timeout_ms(Timeout::Resolve, 90_000).expect("a timeout"));
        bench.simulator.script(Script::of(Scenario::Declined));
        bench.simulator.fault(Endpoint::Start, Fault::new(When::After, what.clone()));
        assert_eq!(bench.pay(1).outcome(), Outcome::Failed, "{what:?}");
        bench.assert_started_once_and_charged(0);
    }
}

#[test]
fn a_customer_who_pays_after_the_connection_broke_is_waited_for() {
    for hidden in [false, true] {
        let bench = bench();
        bench.simulator.set(|settings| settings.hidden_while_running = hidden);
        bench.simulator.script(Script::of(Scenario::Elv).thinking(Duration::from_millis(800)));
        bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
        assert_eq!(bench.pay(1).outcome(), Outcome::Approved);
        bench.assert_started_once_and_charged(1);
    }
}

#[test]
fn a_start_that_never_answers_is_read_after_its_timeout() {
    let bench = bench_with(|config| config.set_timeout_ms(Timeout::Payment, 500).expect("a timeout"));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, What::Silence));
    assert_eq!(bench.pay(1).outcome(), Outcome::Approved);
    bench.assert_started_once_and_charged(1);
}

#[test]
fn a_start_that_drips_is_cut_off_and_read() {
    let bench = bench_with(|config| config.set_timeout_ms(Timeout::Payment, 500).expect("a timeout"));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, What::Drip(10)));
    assert_eq!(bench.pay(1).outcome(), Outcome::Approved);
    bench.assert_started_once_and_charged(1);
}

#[test]
fn what_stays_open_is_unknown_and_never_called_anything_else() {
    for what in [What::Reset, What::Answer { status: 503, body: String::new() }] {
        let bench = bench_with(|config| config.set_timeout_ms(Timeout::Resolve, 600).expect("a timeout"));
        bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, what.clone()));
        let payment = bench.pay(1);
        let result = settled(&payment);
        assert_eq!(result.outcome, Outcome::Unknown, "{what:?}");
        assert!(matches!(result.reason, Some(Reason::ConnectionLost | Reason::ServerFailed)), "{:?}", result.reason);
        assert_eq!(result.next_actions, [Action::LookAtTerminal, Action::AskCashier, Action::RecoverLater]);
        assert!(result.transaction_id.is_some() && result.error.is_some());
        assert_eq!(result.status_text.as_deref(), Some("created"));
        bench.assert_started_once_and_charged(0);
        // Asked again, it is read again, and not started again: nobody knows what the terminal will still do.
        assert_eq!(bench.pay(1).outcome(), Outcome::Unknown);
        bench.assert_started_once_and_charged(0);
    }
}

#[test]
fn reads_that_break_too_are_read_again() {
    let bench = bench_with(|config| config.set_timeout_ms(Timeout::Resolve, 20_000).expect("a timeout"));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, What::Reset));
    for what in [
        What::Reset,
        What::Truncate,
        What::Answer { status: 404, body: String::new() },
        What::ApiError { status: 403, code: 1, text: String::new() },
        What::Replace { pointer: "/id".into(), value: json!("STX_ANOTHER") },
    ] {
        bench.simulator.fault(Endpoint::Read, Fault::new(When::After, what));
    }
    assert_eq!(bench.pay(1).outcome(), Outcome::Approved);
    bench.assert_started_once_and_charged(1);
}

#[test]
fn a_refused_start_is_not_started_once_it_is_abandoned() {
    for status in [400, 403, 404, 409] {
        let bench = bench();
        let refusal = What::ApiError { status, code: 4711, text: "Terminal nicht erreichbar".into() };
        bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, refusal));
        let payment = bench.pay(1);
        let result = settled(&payment);
        assert_eq!((result.outcome, result.reason), (Outcome::NotStarted, Some(Reason::StartRefused)), "{status}");
        let error = result.error.as_ref().expect("the refusal");
        assert_eq!(error.http_status(), Some(status));
        assert_eq!(error.server().code.as_deref(), Some("4711"));
        assert!(payment.cashier_text(secupos::error::Language::German).contains("Terminal nicht erreichbar"));
        assert_eq!(bench.requests("/abort"), 1);
        bench.assert_started_once_and_charged(0);
    }
}

#[test]
fn a_refusal_is_not_believed_where_the_server_says_that_it_was_paid() {
    let bench = bench();
    let refusal = What::ApiError { status: 400, code: 4711, text: "x".into() };
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, refusal));
    assert_eq!(bench.pay(1).outcome(), Outcome::Approved);
    assert_eq!(bench.requests("/abort"), 0);
    bench.assert_started_once_and_charged(1);
}

#[test]
fn a_refusal_while_the_terminal_is_running_after_all_stays_in_doubt_until_it_is_final() {
    let bench = bench();
    bench.simulator.script(Script::of(Scenario::Girocard).thinking(Duration::from_millis(800)));
    let refusal = What::ApiError { status: 400, code: 4711, text: "x".into() };
    bench.simulator.fault(Endpoint::Start, Fault::new(When::During, refusal));
    assert_eq!(bench.pay(1).outcome(), Outcome::Approved);
    assert_eq!(bench.requests("/abort"), 1);
    bench.assert_started_once_and_charged(1);
}

#[test]
fn an_abandoning_that_fails_leaves_it_unknown() {
    let bench = bench_with(|config| config.set_timeout_ms(Timeout::Resolve, 500).expect("a timeout"));
    let refusal = What::ApiError { status: 400, code: 4711, text: "x".into() };
    bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, refusal.clone()));
    bench.simulator.fault(Endpoint::Abort, Fault::new(When::Before, refusal));
    let payment = bench.pay(1);
    assert_eq!(payment.outcome(), Outcome::Unknown);
    assert_eq!(settled(&payment).reason, Some(Reason::StillOpen));
    bench.assert_started_once_and_charged(0);
}

#[test]
fn what_breaks_before_start_is_not_started() {
    for (endpoint, what, reason) in [
        (Endpoint::Token, What::Answer { status: 503, body: String::new() }, Reason::LoginFailed),
        (Endpoint::Token, What::Reset, Reason::NoConnection),
        (Endpoint::Token, What::Answer { status: 200, body: "<html>".into() }, Reason::LoginFailed),
        (Endpoint::Create, What::Reset, Reason::CreateUnsure),
        (Endpoint::Create, What::Truncate, Reason::CreateUnsure),
        (Endpoint::Create, What::Silence, Reason::CreateUnsure),
        (Endpoint::Create, What::Answer { status: 502, body: String::new() }, Reason::CreateRefused),
        (Endpoint::Create, What::Answer { status: 200, body: "<html>".into() }, Reason::CreateRefused),
        (Endpoint::Create, What::Replace { pointer: "/id".into(), value: json!("../x") }, Reason::CreateRefused),
        (Endpoint::Create, What::Replace { pointer: "/id".into(), value: json!(null) }, Reason::CreateRefused),
        (Endpoint::Create, What::Replace { pointer: "/status".into(), value: json!("ok") }, Reason::CreateRefused),
        (
            Endpoint::Create,
            What::Replace { pointer: "/basket_info/sum".into(), value: json!(2) },
            Reason::CreateRefused,
        ),
        (Endpoint::Create, What::Replace { pointer: "/merchantRef".into(), value: json!("r9") }, Reason::CreateRefused),
        (
            Endpoint::Create,
            What::Replace { pointer: "/basket_info/sum".into(), value: json!("one") },
            Reason::CreateRefused,
        ),
        (
            Endpoint::Create,
            What::Replace { pointer: "/basket_info/currency".into(), value: json!("CHF") },
            Reason::CreateRefused,
        ),
    ] {
        let bench = bench_with(|config| config.set_timeout_ms(Timeout::Request, 500).expect("a timeout"));
        // A create whose answer is lost is asked again under its name, once.
        let creates = if reason == Reason::CreateUnsure { 2 } else { 1 };
        bench.simulator.fault(endpoint, Fault::new(When::After, what.clone()).times(creates));
        let payment = bench.pay(1);
        let result = settled(&payment);
        assert_eq!((result.outcome, result.reason), (Outcome::NotStarted, Some(reason)), "{endpoint:?} {what:?}");
        assert_eq!(result.next_actions.last(), Some(&Action::TryAgain));
        assert_eq!(bench.requests("/start/cashless"), 0);
        let requests = bench.simulator.requests();
        let names: Vec<_> = requests.iter().filter(|seen| seen.path.ends_with("/Smart/Transactions")).collect();
        assert_eq!(names.len(), if endpoint == Endpoint::Token { 0 } else { creates as usize });
        assert!(names.iter().all(|seen| seen.action.is_some() && seen.action == names[0].action), "{names:?}");
    }
}

#[test]
fn a_create_whose_answer_is_lost_once_is_asked_again_under_its_name_and_paid() {
    for honours in [false, true] {
        let bench = bench();
        bench.simulator.set(|settings| settings.honours_x_action = honours);
        bench.simulator.fault(Endpoint::Create, Fault::new(When::After, What::Reset));
        assert_eq!(bench.pay(1).outcome(), Outcome::Approved);
        bench.assert_started_once_and_charged(1);
        // Where nobody looks at its name, the first is an orphan, which nobody starts.
        assert_eq!(bench.simulator.transactions().len(), if honours { 1 } else { 2 });
    }
}

#[test]
fn without_a_connection_nothing_is_started() {
    // A port that was free a moment ago refuses connections.
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address");
    let mut config = Config::default();
    config.set_base_url(&format!("http://{free}")).expect("a base URL");
    config.set_client_credentials("id", "secret").expect("credentials");
    let file = crate::STATE_FILES.join(format!("{}.db", free.port()));
    config.set_state_file(&file, IfMissing::Create).expect("a state file");
    let till = Till::open(&config).expect("a till");
    let payment = till.pay(&Sale::new("r1", 1, "EUR").expect("a sale")).expect("a payment");
    let result = settled(&payment);
    assert_eq!((result.outcome, result.reason), (Outcome::NotStarted, Some(Reason::NoConnection)));
    assert_eq!(result.error.as_ref().expect("why").status(), Status::Unreachable);
}

#[test]
fn a_start_that_cannot_connect_is_not_started() {
    // The first connection, which carries token and create, stands; the one for start is refused.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let mut config = Config::default();
    config.set_base_url(&format!("http://{}", listener.local_addr().expect("an address"))).expect("a base URL");
    config.set_client_credentials("id", "secret").expect("credentials");
    let port = listener.local_addr().expect("an address").port();
    let file = crate::STATE_FILES.join(format!("{port}.db"));
    config.set_state_file(&file, IfMissing::Create).expect("a state file");
    let server = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = listener.accept().expect("a connection");
        drop(listener);
        for body in [
            r#"{"access_token":"t","expires_in":1200}"#,
            r#"{"id":"STX_1","status":"created","basket_info":{"sum":1,"currency":"EUR"}}"#,
        ] {
            let mut request = Vec::new();
            let mut chunk = [0; 4096];
            // Both requests end with their JSON body.
            while !request.ends_with(b"}") {
                let length = stream.read(&mut chunk).expect("a request");
                request.extend_from_slice(&chunk[..length]);
            }
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).expect("an answer");
        }
    });
    let till = Till::open(&config).expect("a till");
    let payment = till.pay(&Sale::new("r1", 1, "EUR").expect("a sale")).expect("a payment");
    server.join().expect("the server has seen two requests");
    let result = settled(&payment);
    assert_eq!((result.outcome, result.reason), (Outcome::NotStarted, Some(Reason::NoConnection)));
    assert_eq!(result.transaction_id.as_ref().map(ToString::to_string).as_deref(), Some("STX_1"));
}
