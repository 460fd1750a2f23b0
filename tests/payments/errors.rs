//! Each row of the table of errors is reached: here, in real circumstances, or where its mark says. `docs/errors.md` shows
//! how. And what an error promises is kept: no money has moved because of what failed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use secupos::error::{Error, Result, Status, TABLE};
use secupos::journal::IfMissing;
use secupos::payment::outcome::Outcome;
use secupos::till::Till;
use secupos::till::config::{Config, Timeout};
use secupos::till::handles::payment::Payment;
use secupos::till::sale::Sale;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::Script;
use secupos_simulator::{Options, Simulator};
use serde_json::json;

use crate::clock::FastClock;
use crate::page::assert_shows;
use crate::peers::{authority, proxy, serve};
use crate::{FASTER, config, once_free, opened, settled, state_file};

/// How a status is reached.
enum How {
    /// By what is said here, which the function does.
    Here(&'static str, fn(&mut Scene) -> Ending),
    /// Not from Rust, for the reason said here, but by this test.
    Elsewhere(&'static str, &'static str),
}

fn how(status: Status) -> How {
    use How::{Elsewhere, Here};
    match status {
        Status::NullArgument => Elsewhere("tests/c/bad_input.c", "only C has NULL"),
        Status::InvalidUtf8 => Elsewhere("tests/c/bad_input.c", "a text of Rust is always UTF-8"),
        Status::InvalidArgument => Here("a sale over nothing", |_| call(Sale::new("r1", 0, "EUR"))),
        Status::InvalidHandle => Elsewhere("tests/c/bad_input.c", "only C can take a sale for a till"),
        Status::InvalidState => Here("the reversal of a payment that was declined", |scene| {
            let till = scene.open();
            scene.has_been(&pay(&till, "r1", 105), Outcome::Failed);
            call(till.reverse("r1", None, None))
        }),
        Status::StateFileMissing => Here("a state file that is not there", |scene| {
            let mut config = config(&scene.simulator);
            config.set_state_file(&scene.file(""), IfMissing::Refuse).expect("set");
            call(Till::open(&config))
        }),
        Status::StateFileLocked => Here("a state file that another till has open", |scene| {
            let _other = scene.open();
            call(Till::open(&config(&scene.simulator)))
        }),
        Status::StateFileDamaged => Here("a sale after the state file was overwritten", |scene| {
            scene.close_after_a_payment();
            fs::write(scene.file(""), "somebody else's text").expect("written");
            call(scene.open().pay(&sale("r2", 202)))
        }),
        Status::StateFileMismatch => Here("a state file that was made under another client id", |scene| {
            scene.close_after_a_payment();
            let mut config = config(&scene.simulator);
            config.set_client_credentials("another", "secret").expect("set");
            call(Till::open(&config))
        }),
        Status::StateFileTooNew => Here("a state file of version 99", |scene| {
            scene.close_after_a_payment();
            let mut bytes = fs::read(scene.file("")).expect("read");
            // Where SQLite keeps the version of the one who uses it.
            bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
            fs::write(scene.file(""), bytes).expect("written");
            call(Till::open(&config(&scene.simulator)))
        }),
        Status::JournalFailed => Here("a sale where no room can be kept for its result", |scene| {
            fs::create_dir(scene.file(".reserve")).expect("a folder where a file should be");
            told(&pay(&scene.open(), "r1", 102))
        }),
        Status::ReferenceConflict => Here("a used number over another amount", |scene| {
            let till = scene.open();
            scene.has_been(&pay(&till, "r1", 102), Outcome::Approved);
            call(till.pay(&sale("r1", 202)))
        }),
        Status::ReferenceClosed => Here("the number of a payment that was acknowledged", |scene| {
            let till = scene.open();
            scene.has_been(&pay(&till, "r1", 102), Outcome::Approved);
            till.acknowledge("r1", None).expect("acknowledged");
            call(till.pay(&sale("r1", 102)))
        }),
        Status::PossibleDuplicate => Here("the amount of a payment in doubt under another number", |scene| {
            let till = scene.open_with(|config| config.set_timeout_ms(Timeout::Resolve, 0).expect("set"));
            scene.fault(Endpoint::Start, When::Before, What::Reset);
            scene.has_been(&pay(&till, "r1", 102), Outcome::Unknown);
            call(till.pay(&sale("r2", 102)))
        }),
        Status::AttemptOutOfOrder => Here("attempt 2 of a sale that has no attempt 1", |scene| {
            let mut sale = sale("r1", 102);
            sale.set_attempt(2).expect("set");
            call(scene.open().pay(&sale))
        }),
        Status::NotFound => {
            Here("the recovery of a number that was never used", |scene| call(scene.open().recover("r1", None)))
        }
        Status::Busy => Here("a second sale while a customer stands at the terminal", |scene| {
            let till = scene.open();
            scene.simulator.script(Script::default().thinking(Duration::from_millis(300)));
            let first = till.start_payment(&sale("r1", 102)).expect("a payment");
            let second = till.pay(&sale("r2", 202));
            first.wait(None);
            scene.has_been(&first, Outcome::Approved);
            call(second)
        }),
        Status::ConfirmationRequired => {
            Here("the reversal of what was paid 25 hours ago by the till's clock", |scene| {
                const LONG: i64 = 25 * 60 * 60 * 1000;
                scene.clock.set_wall(-LONG);
                let till = scene.open();
                scene.has_been(&pay(&till, "r1", 102), Outcome::Approved);
                drop(till);
                scene.clock.set_wall(LONG);
                call(scene.open().reverse("r1", None, None))
            })
        }
        Status::NotRegistered => Here("the login of a device that nobody has confirmed yet", |scene| {
            scene.refuse_login("authorization_pending")
        }),
        Status::RegistrationDenied => {
            Here("the login of a device that was denied", |scene| scene.refuse_login("access_denied"))
        }
        Status::RegistrationExpired => {
            Here("the login of a device whose code has expired", |scene| scene.refuse_login("expired_token"))
        }
        Status::InvalidCredentials => Here("the login with a wrong secret", |scene| {
            let id = scene.simulator.client_id().to_owned();
            let till = scene.open_with(|config| config.set_client_credentials(&id, "wrong").expect("set"));
            told(&pay(&till, "r1", 102))
        }),
        Status::Unreachable => Here("a server that refuses connections", |scene| {
            scene.simulator.refuse_connections(Duration::from_secs(10));
            told(&pay(&scene.open(), "r1", 102))
        }),
        Status::Tls => Here("a certificate that nobody whom the till trusts has signed", |scene| {
            let server = serve(&authority(), "localhost", 2100);
            let till = scene.open_with(|config| config.set_base_url(&server.base_url).expect("set"));
            let payment = pay(&till, "r1", 102);
            assert_eq!(server.requests.load(Ordering::SeqCst), 0);
            told(&payment)
        }),
        Status::Timeout => Here("a login that is never answered", |scene| {
            scene.fault(Endpoint::Token, When::Before, What::Silence);
            let till = scene.open_with(|config| config.set_timeout_ms(Timeout::Request, 300).expect("set"));
            told(&pay(&till, "r1", 102))
        }),
        Status::Proxy => Here("a proxy that wants another login", |scene| {
            // "user:hush" in base64.
            let proxy = proxy("dXNlcjpodXNo", 0);
            let server = scene.simulator.base_url().replace("http:", "https:");
            let till = scene.open_with(|config| {
                config.set_base_url(&server).expect("set");
                config.set_proxy(&proxy.url, Some(("user", "loud"))).expect("set");
            });
            told(&pay(&till, "r1", 102))
        }),
        Status::ServerRefused => Here("a start that is refused with 400", |scene| {
            let refusal = What::ApiError { status: 400, code: 4711, text: "Terminal nicht erreichbar".into() };
            scene.fault(Endpoint::Start, When::Before, refusal);
            told(&pay(&scene.open(), "r1", 102))
        }),
        Status::ServerFailed => Here("a create that is answered with 503", |scene| {
            scene.fault(Endpoint::Create, When::Before, What::Answer { status: 503, body: String::new() });
            told(&pay(&scene.open(), "r1", 102))
        }),
        Status::Protocol => Here("a create that is answered with a web page", |scene| {
            scene.fault(Endpoint::Create, When::Before, What::Answer { status: 200, body: "<html>".into() });
            told(&pay(&scene.open(), "r1", 102))
        }),
        Status::ReceiptMalformed => Here("an approved payment whose receipt is a number", |scene| {
            let number = What::Replace { pointer: "/receipt".into(), value: json!(7) };
            scene.fault(Endpoint::Start, When::After, number);
            told(&pay(&scene.open(), "r1", 102))
        }),
        Status::ReceiptTooLarge => Here("an approved payment whose receipts have 20,000 lines", |scene| {
            scene.fault(Endpoint::Start, When::After, What::Lines(20_000));
            told(&pay(&scene.open(), "r1", 102))
        }),
        Status::Internal => Elsewhere("tests/abi_surface/panics.rs", "a library in which every function panics"),
        Status::Forked => Elsewhere("tests/c/bad_input.c", "a C program that forks"),
    }
}

/// How what shall fail has failed.
enum Ending {
    /// The call has.
    Call(Error),
    /// The call has not, but the payment says why it is not as it should be.
    Payment(Arc<Payment>),
}

/// The failure is the scenario's.
#[track_caller]
fn call<T>(result: Result<T>) -> Ending {
    Ending::Call(result.err().expect("an error"))
}

fn told(payment: &Arc<Payment>) -> Ending {
    Ending::Payment(payment.clone())
}

fn sale(reference: &str, amount: i64) -> Sale {
    Sale::new(reference, amount, "EUR").expect("a sale")
}

fn pay(till: &Till, reference: &str, amount: i64) -> Arc<Payment> {
    till.pay(&sale(reference, amount)).expect("a payment")
}

/// A simulator, and how much of what it has seen belongs to what came before the failure.
struct Scene {
    simulator: Simulator,
    clock: Arc<FastClock>,
    orders: usize,
    moves: usize,
}

impl Scene {
    fn new() -> Scene {
        let simulator = Simulator::start(Options::default()).expect("a simulator");
        Scene { simulator, clock: Arc::new(FastClock::times(FASTER)), orders: 0, moves: 0 }
    }

    fn open(&self) -> Till {
        once_free(|| opened(&config(&self.simulator), &self.simulator, self.clock.clone()))
    }

    fn open_with(&self, change: impl FnOnce(&mut Config)) -> Till {
        let mut config = config(&self.simulator);
        change(&mut config);
        Till::open(&config).expect("a till")
    }

    /// The till's state file, or one of those beside it.
    fn file(&self, suffix: &str) -> PathBuf {
        let mut name = state_file(&self.simulator).into_os_string();
        name.push(suffix);
        name.into()
    }

    fn fault(&self, endpoint: Endpoint, when: When, what: What) {
        self.simulator.fault(endpoint, Fault::new(when, what));
    }

    /// A payment as it should be, which is not what is asked about.
    fn has_been(&mut self, payment: &Payment, outcome: Outcome) {
        assert_eq!(payment.outcome(), outcome, "{:?}", payment.settled());
        (self.orders, self.moves) = (self.orders_seen(), self.simulator.ledger().len());
    }

    /// Leaves a state file that is closed.
    fn close_after_a_payment(&mut self) {
        let payment = pay(&self.open(), "r1", 102);
        self.has_been(&payment, Outcome::Approved);
        // It can be taken, so nobody has it any more.
        drop(self.open());
    }

    fn refuse_login(&mut self, error: &str) -> Ending {
        let body = json!({ "error": error }).to_string();
        self.fault(Endpoint::Token, When::Before, What::Answer { status: 400, body });
        told(&pay(&self.open(), "r1", 102))
    }

    /// How many requests came that could move money.
    fn orders_seen(&self) -> usize {
        let moves_money = |path: &str| path.ends_with("/start/cashless") || path.ends_with("/cancelTrx");
        self.simulator.requests().iter().filter(|request| moves_money(&request.path)).count()
    }
}

#[test]
fn every_status_is_reached_and_no_money_moves_because_of_it() {
    for row in TABLE {
        let name = row.name();
        match how(row.status) {
            How::Elsewhere(file, _) => {
                let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect(file);
                assert!(text.contains(&format!("SECUPOS_STATUS_{name}")), "{file} has no {name}");
            }
            How::Here(what, scenario) => {
                let mut scene = Scene::new();
                let (error, outcome) = match scenario(&mut scene) {
                    Ending::Call(error) => (error, None),
                    Ending::Payment(payment) => {
                        let result = settled(&payment);
                        (result.error.clone().expect(what), Some(result.outcome))
                    }
                };
                assert_eq!(error.status(), row.status, "{what}: {error}");
                assert!(!error.message().is_empty(), "{what}");
                // Only a payment that is told as approved has moved money; the others here were never started.
                let expected = match outcome {
                    Some(Outcome::Approved) => 1,
                    None | Some(Outcome::NotStarted) => 0,
                    Some(other) => panic!("{what}: {other:?}"),
                };
                assert_eq!(scene.simulator.ledger().len() - scene.moves, expected, "{what}");
                if row.english.contains("Nothing was sent") || outcome.is_none() {
                    assert_eq!(scene.orders_seen(), scene.orders, "{what}");
                }
            }
        }
    }
}

#[test]
fn the_page_shows_every_status_and_how_it_is_reached() {
    let mut expected = String::from("| number | name | German | English | money moved | reached in the tests by |\n");
    expected += "| --- | --- | --- | --- | --- | --- |\n";
    for row in TABLE {
        let reached = match how(row.status) {
            How::Here(what, _) => what.to_owned(),
            How::Elsewhere(file, why) => format!("`{file}`: {why}"),
        };
        let (number, name) = (row.status.number(), row.name());
        let money = if row.english.contains("Nothing was") { "no" } else { "by the call no; else see the outcome" };
        expected += &format!("| {number} | {name} | {} | {} | {money} | {reached} |\n", row.german, row.english);
    }
    assert_shows("errors.md", "statuses", &expected);
}
