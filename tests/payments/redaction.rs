//! No secret and no account number leaves the library but where it belongs. Every secret of the simulator has the word
//! `canary` in it, and it knows its account numbers; here payments go every way there is, at the most verbose level, at a
//! server that quotes all of them wherever it can, and what the library says is searched.

use std::fmt::Debug;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secupos::error::{Error, Language};
use secupos::log::{Level, Log};
use secupos::payment::outcome::Outcome;
use secupos::till::Till;
use secupos::till::config::{Config, Timeout};
use secupos::till::handles::payment::Payment;
use secupos::till::handles::report::{Report, ReportKind};
use secupos::till::sale::Sale;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::receipts::ACCOUNT_NUMBERS;
use secupos_simulator::{Options, Simulator};

use crate::clock::FastClock;
use crate::{GRACE, config, once_free, opened, without_device};

/// What the library has said.
#[derive(Default, Clone)]
struct Said(Arc<Mutex<Vec<String>>>);

impl Said {
    fn hear(&self, text: String) {
        self.0.lock().expect("nobody panics").push(text);
    }

    fn hear_debug(&self, thing: &impl Debug) {
        self.hear(format!("{thing:?}"));
    }

    fn hear_error(&self, error: &Error) {
        self.hear(error.to_string());
        self.hear_debug(error);
        self.hear(error.cashier_text(Language::German) + &error.cashier_text(Language::English));
        self.hear_debug(error.server());
    }

    fn hear_payment(&self, payment: &Payment) {
        self.hear_debug(&(payment.ticket(), payment.settled()));
        self.hear(payment.cashier_text(Language::German) + &payment.cashier_text(Language::English));
        if let Some(settled) = payment.settled() {
            self.hear(settled.status_text.clone().unwrap_or_default());
            self.hear_debug(&(&settled.customer_receipt, &settled.merchant_receipt));
            if let Some(error) = &settled.error {
                self.hear_error(error);
            }
        }
        // The receipts are the one place for account numbers.
        let mut json = payment.to_json();
        json.as_object_mut().expect("an object").remove("receipts");
        self.hear(json.to_string());
    }

    fn hear_report(&self, report: &Report) {
        self.hear(report.cashier_text(Language::German) + &report.cashier_text(Language::English));
        report.error().into_iter().for_each(|error| self.hear_error(error));
        let mut json = report.to_json();
        json.as_object_mut().expect("an object").remove("receipt");
        self.hear(json.to_string());
    }

    /// Returns once no log writes here any more.
    fn wait_for_the_end(&self) {
        while Arc::strong_count(&self.0) > 1 {
            std::thread::yield_now();
        }
    }

    /// Whatever says what it should not.
    fn canaries(&self) -> Vec<String> {
        let said = self.0.lock().expect("nobody panics");
        let is_canary = |text: &&String| {
            let plain = text.replace([' ', '-'], "");
            text.contains("canary") || ACCOUNT_NUMBERS.iter().any(|number| plain.contains(number))
        };
        said.iter().filter(is_canary).cloned().collect()
    }

    fn lines(&self, what: &str) -> usize {
        self.0.lock().expect("nobody panics").iter().filter(|line| line.contains(what)).count()
    }
}

/// A till that says everything.
fn open(config: &mut Config, simulator: &Simulator, clock: &Arc<FastClock>, said: &Said) -> Till {
    let heard = said.clone();
    let log = Log::new(Level::Debug, move |level, line| heard.hear(format!("log {level:?} {line}"))).expect("a log");
    config.set_log(log);
    config.set_timeout_ms(Timeout::Resolve, 300).expect("a timeout");
    config.set_timeout_ms(Timeout::Request, 100).expect("a timeout");
    config.set_timeout_ms(Timeout::Connect, 100).expect("a timeout");
    said.hear_debug(config);
    once_free(|| opened(config, simulator, clock.clone()))
}

fn pay(till: &Till, said: &Said, reference: &str, amount: i64) {
    let mut sale = Sale::new(reference, amount, "EUR").expect("a sale");
    sale.confirm_not_duplicate("Erna").expect("confirmed");
    said.hear_debug(&sale);
    match till.pay(&sale) {
        Ok(payment) => said.hear_payment(&payment),
        Err(error) => said.hear_error(&error),
    }
}

#[test]
fn a_planted_canary_is_found() {
    for planted in ["canary-token-0", "Konto 1060093836", "card 4111 1111 1111 1111", "IBAN DE02120300000000202051"] {
        let said = Said::default();
        for innocent in ["log request 1: POST /oauth/token: HTTP 200", "Karte 411111######1111"] {
            said.hear(innocent.into());
        }
        assert!(said.canaries().is_empty());
        said.hear(format!("log {planted}"));
        assert_eq!(said.canaries().len(), 1, "{planted}");
    }
}

#[test]
fn the_server_that_is_indiscreet_really_is() {
    let simulator = Simulator::start(Options::default()).expect("a simulator");
    let till = Till::open(&config(&simulator)).expect("a till");
    assert_eq!(till.pay(&Sale::new("r1", 1, "EUR").expect("a sale")).expect("paid").outcome(), Outcome::Approved);
    simulator.fault(Endpoint::Token, Fault::new(When::Before, What::Indiscreet(500)));
    let base_url = simulator.base_url();
    let mut stream = TcpStream::connect(base_url.strip_prefix("http://").expect("http")).expect("a connection");
    let request = "POST /oauth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";
    stream.write_all(request.as_bytes()).expect("sent");
    let mut body = String::new();
    stream.read_to_string(&mut body).expect("an answer");
    assert!(body.contains(simulator.client_secret()) && body.contains(simulator.device_code()), "{body}");
    assert!(body.contains("canary-token-") && body.contains("canary-refresh-"), "{body}");
    assert!(ACCOUNT_NUMBERS.iter().all(|number| body.contains(number)), "{body}");
}

#[test]
fn nothing_that_is_said_holds_a_secret_or_an_account_number() {
    let simulator = Simulator::start(Options::default()).expect("a simulator");
    let said = Said::default();
    let mut config = config(&simulator);
    let clock = Arc::new(FastClock::new());
    let mut till = open(&mut config, &simulator, &clock, &said);
    // Every receipt, what is not paid, and what is in doubt and found.
    for amount in 0..10 {
        pay(&till, &said, &format!("way {amount}"), 100 + amount);
    }
    // Every request, refused, failed and answered with nonsense that quotes. What a token endpoint has granted and not told
    // is no secret of the till's, so it grants nothing.
    let before_money = [Endpoint::Token, Endpoint::Create, Endpoint::List];
    for endpoint in before_money.into_iter().chain([Endpoint::Read, Endpoint::Start, Endpoint::Abort]) {
        // One that goes on with the token it was left: nothing has gone over its wire yet.
        drop(till);
        till = open(&mut config, &simulator, &clock, &said);
        for status in [400, 401, 403, 500, 200] {
            let when = if endpoint == Endpoint::Token || status < 500 { When::Before } else { When::After };
            let reference = format!("{endpoint:?} {status}");
            if endpoint == Endpoint::Token {
                simulator.kill_tokens();
            }
            simulator.fault(endpoint, Fault::new(when, What::Indiscreet(status)).times(100));
            if matches!(endpoint, Endpoint::Read | Endpoint::Abort) {
                simulator.fault(Endpoint::Start, Fault::new(When::Before, What::Reset));
            }
            let blotted = said.lines("****");
            pay(&till, &said, &reference, 102);
            // These are never mended by a read, so the cashier hears of them.
            if matches!(endpoint, Endpoint::Token | Endpoint::Create) && status != 200 {
                assert!(said.lines("****") > blotted, "{reference}");
            }
            simulator.forget_faults();
            if let Ok(payment) = till.recover(&reference, None) {
                payment.wait(None);
                said.hear_payment(&payment);
            }
            clock.pass(GRACE);
        }
    }
    for endpoint in [Endpoint::Cancel, Endpoint::EndOfDay, Endpoint::Diagnosis] {
        drop(till);
        till = open(&mut config, &simulator, &clock, &said);
        for status in [400, 401, 403, 500, 200] {
            let reference = format!("{endpoint:?} {status}");
            pay(&till, &said, &reference, 202);
            simulator.fault(endpoint, Fault::new(When::After, What::Indiscreet(status)));
            let blotted = said.lines("####2051");
            match endpoint {
                Endpoint::Cancel => {
                    let reversed = till.reverse(&reference, None, None).expect("a reversal");
                    reversed.wait(None);
                    said.hear_payment(&reversed);
                }
                _ => {
                    let forced = ReportKind::EndOfDay { forced: true };
                    let kind =
                        if endpoint == Endpoint::EndOfDay { forced } else { ReportKind::Diagnosis { forced: true } };
                    let report = till.run_report(kind).expect("a report");
                    report.wait(None);
                    said.hear_report(&report);
                    assert!(status == 200 || said.lines("####2051") > blotted, "{reference}");
                }
            }
            simulator.forget_faults();
            clock.pass(GRACE);
        }
    }
    // What a till gives as a reference may be a card number. It is told it again, but no line is.
    let sale = Sale::new("4111111111111111", 103, "EUR").expect("a sale");
    let paid = till.pay(&sale).expect("a payment").outcome();
    assert_eq!(paid, Outcome::Approved);
    till.acknowledge(sale.reference(), None).expect("acknowledged");
    for listed in till.unfinished().expect("a list") {
        said.hear_payment(&listed);
    }
    drop((till, config));

    let mut wrong = without_device(&simulator);
    wrong.set_device_code("canary-device-unknown").expect("set");
    match Till::open(&wrong) {
        Ok(_) => panic!("the file is another device's"),
        Err(error) => said.hear_error(&error),
    }
    said.wait_for_the_end();
    assert!(said.lines("reference \"411111######1111\"") == 1);
    assert!(said.lines("request") > 100, "{}", said.lines("request"));
    assert!(said.lines("ends: approved") >= 7 && said.lines("ends: failed") >= 3, "{:#?}", said.0);
    assert!(said.lines("/start/cashless: HTTP 200 after ") > 10);
    assert_eq!(said.canaries(), Vec::<String>::new());
}

#[test]
fn nothing_that_is_said_of_a_registration_holds_a_secret() {
    let simulator = Simulator::start(Options::default()).expect("a simulator");
    simulator.set(|settings| settings.poll_interval_s = 1);
    let said = Said::default();
    let mut config = without_device(&simulator);
    let till = open(&mut config, &simulator, &Arc::new(FastClock::new()), &said);
    for status in [400, 500] {
        simulator.fault(Endpoint::Token, Fault::new(When::Before, What::Indiscreet(status)));
        let failed = till.register("/vendor/unknown/cashier/1").expect("a registration");
        said.hear_error(&failed.wait(None).expect_err("refused"));
    }
    let registration = till.register("/vendor/unknown/cashier/1").expect("a registration");
    while registration.confirmation().is_none() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let confirmation = registration.confirmation().expect("codes").clone();
    said.hear_debug(&confirmation);
    simulator.fault(Endpoint::Token, Fault::new(When::Before, What::Indiscreet(401)));
    assert!(simulator.confirm_device(&confirmation.user_code));
    match registration.wait(None) {
        Ok(state) => said.hear_debug(&state),
        Err(error) => said.hear_error(&error),
    }
    drop((till, config));
    said.wait_for_the_end();
    assert_eq!(said.canaries(), Vec::<String>::new());
}
