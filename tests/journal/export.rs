//! A day in files: all of it, as received and as printed, private, and never over anything else.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use secupos::api::transport::{Broken, InFlight, Request, Response, Transport};
use secupos::error::{Error, Result, Status};
use secupos::journal::{Identity, IfMissing, Journal, NewAttempt, Start};
use secupos::payment::attempt::Finish;
use secupos::payment::outcome::Outcome;
use secupos::payment::state::State;
use secupos::till::Till;
use secupos::till::archive::Export;
use secupos::till::business_day::Day;
use secupos::till::clock::{Clock, SystemClock};
use secupos::till::config::Config;
use secupos::till::open::Surroundings;
use secupos::till::rules::Rules;
use secupos::till::sale::Sale;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::till::*;

const BASE_URL: &str = "https://till.invalid";
const SECRETS: [&str; 3] = ["client secret", "device code", "kept token"];
const ELV: &str = include_str!("../fixtures/payment-elv-ok.json");
const CANCELLED: &str = include_str!("../fixtures/payment-elv-cancelled.json");

/// A network in which nothing is reached, after this time.
struct NoNetwork(Duration);

impl Transport for NoNetwork {
    fn exchange(&self, _request: &Request) -> std::result::Result<Response, Broken> {
        std::thread::sleep(self.0);
        Err(Broken::NeverSent(Error::new(Status::Unreachable, "there is no network")))
    }

    fn begin(&self, _request: Request) -> Box<dyn InFlight> {
        unreachable!("nothing is started here")
    }
}

/// Two days after the day, by the till's clock.
struct LaterOn(SystemClock);

const LATER: i64 = 50 * 60 * 60 * 1000;

impl Clock for LaterOn {
    fn now(&self) -> i64 {
        day().to() + LATER
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn awake(&self) -> Duration {
        self.0.awake()
    }

    fn on(&self) -> Duration {
        self.0.on()
    }

    fn boot(&self) -> Option<String> {
        self.0.boot()
    }

    fn sleep(&self, duration: Duration) {
        self.0.sleep(duration);
    }
}

pub fn till(file: &Path) -> Till {
    patiently(|| open_till(file, Duration::ZERO))
}

/// A till that waits for so long for a network.
pub fn open_till(file: &Path, network: Duration) -> Result<Till> {
    let mut config = Config::default();
    config.set_base_url(BASE_URL).expect("a base URL");
    config.set_client_credentials("client", SECRETS[0]).expect("credentials");
    config.set_device_code(SECRETS[1]).expect("a device code");
    config.set_state_file(file, IfMissing::Create).expect("a state file");
    let (transport, clock) = (Box::new(NoNetwork(network)), Arc::new(LaterOn(SystemClock::new())));
    Till::open_in(&config, Surroundings { transport, clock, rules: Rules::default() })
}

pub fn day() -> Day {
    Day::german("2026-11-23").expect("a day")
}

fn journal(dir: &Dir) -> Journal {
    let identity = Identity::of_device(BASE_URL, "client", SECRETS[1]);
    patiently(|| open_as(&dir.file(), &identity, IfMissing::Refuse))
}

fn begin(journal: &mut Journal, reference: &str, begun_at: i64) {
    let new = NewAttempt { created_at: begun_at, ..sale(reference, 1) };
    journal.begin_starting(&new, &Start { server_date: Some(begun_at), ..START }, &at(begun_at)).expect("begun");
}

fn answer(journal: &mut Journal, reference: &str, state: State, body: &[u8]) {
    journal.finish(reference, 1, &Finish { response: Some(body), ..finish(state) }, &now()).expect("finished");
}

/// A day with one payment of each kind, and payments just before and just after it.
pub fn history() -> Dir {
    let dir = Dir::new();
    drop(till(&dir.file()));
    let mut journal = journal(&dir);
    let day = day();
    begin(&mut journal, "the day before", day.from() - 1);
    answer(&mut journal, "the day before", State::Approved, ELV.as_bytes());
    begin(&mut journal, "at midnight", day.from());
    answer(&mut journal, "at midnight", State::Approved, ELV.as_bytes());
    begin(&mut journal, "reversed", day.from() + 1);
    answer(&mut journal, "reversed", State::Approved, ELV.as_bytes());
    answer(&mut journal, "reversed", State::Reversed, CANCELLED.as_bytes());
    begin(&mut journal, "no JSON", day.from() + 2);
    answer(&mut journal, "no JSON", State::Declined, b"\xff\x00 no text");
    begin(&mut journal, "in doubt", day.from() + 3);
    journal.decide("in doubt", 1, &decision(false), &now()).expect("decided");
    begin(&mut journal, "last", day.to() - 1);
    answer(&mut journal, "last", State::Declined, b"{\"status\":\"failed\"}");
    begin(&mut journal, "the day after", day.to());
    answer(&mut journal, "the day after", State::Approved, ELV.as_bytes());
    journal
        .keep_credential("access_token", &secupos::journal::Credential { value: SECRETS[2].into(), expires_at: None })
        .expect("kept");
    dir
}

fn export(dir: &Dir) -> Result<Export> {
    till(&dir.file()).export_day(&day(), dir.path())
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The payments by their references, and the last line.
fn read(export: &Export) -> (HashMap<String, Value>, Value) {
    let text = fs::read_to_string(&export.payments_file).expect("read");
    let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let last = lines.pop().expect("a last line");
    let named = |line: Value| (line["payment"]["reference"].as_str().expect("a reference").to_owned(), line);
    (lines.into_iter().map(named).collect(), last)
}

#[test]
fn a_long_day_has_each_payment_once_however_many_began_at_one_moment() {
    let dir = Dir::new();
    drop(till(&dir.file()));
    let mut journal = journal(&dir);
    let mut expected = Vec::new();
    for number in 0..130 {
        let reference = format!("r{number:03}");
        begin(&mut journal, &reference, day().from() + i64::from(number >= 20) + i64::from(number >= 125));
        expected.push(reference);
    }
    drop(journal);
    let export = export(&dir).expect("exported");
    let text = fs::read_to_string(&export.payments_file).expect("lines");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let exported: Vec<_> = lines.iter().filter_map(|line| line["payment"]["reference"].as_str()).collect();
    assert_eq!(exported, expected);
    assert_eq!((export.payments, lines[130]["payments"].as_u64()), (130, Some(130)));
}

#[test]
fn a_day_is_exported_as_received_and_as_printed() {
    let dir = history();
    let exported = export(&dir).expect("exported");
    assert_eq!((exported.payments, exported.damaged, exported.was_there), (5, 0, false));
    let (payments, last) = read(&exported);
    assert_eq!(payments.len(), 5);

    let bodies = |reference: &str| {
        let responses = payments[reference]["responses"].as_array().expect("responses").clone();
        let bodies: Vec<_> = responses.iter().map(|one| one["body"].as_str().map(str::to_owned)).collect();
        for (one, body) in responses.iter().zip(&bodies) {
            assert!(body.as_ref().is_none_or(|body| sha256(body.as_bytes()) == one["sha256"]), "{reference}");
        }
        bodies
    };
    assert_eq!(bodies("at midnight"), [Some(ELV.to_owned())]);
    assert_eq!(bodies("reversed"), [Some(ELV.to_owned()), Some(CANCELLED.to_owned())]);
    assert_eq!(bodies("in doubt"), []);
    assert_eq!(bodies("no JSON"), [None]);
    assert_eq!(payments["no JSON"]["responses"][0]["body_in_hex"], "ff00206e6f2074657874");
    for (reference, outcome) in
        [("at midnight", "approved"), ("reversed", "reversed"), ("in doubt", "not_started"), ("last", "failed")]
    {
        assert_eq!(payments[reference]["payment"]["outcome"], outcome);
    }
    assert_eq!(payments["in doubt"]["stored"]["decision"]["operator"], "Erna");

    // Whoever has the two files can check them without us.
    let (lines, receipts) =
        (fs::read(&exported.payments_file).expect("read"), fs::read(&exported.receipts_file).expect("read"));
    let end = lines[..lines.len() - 1].iter().rposition(|byte| *byte == b'\n').expect("two lines") + 1;
    assert_eq!(last["sha256_of_lines"], sha256(&lines[..end]));
    assert_eq!(last["sha256_of_receipts"], sha256(&receipts));
    assert_eq!((&last["payments"], &last["date"]), (&5.into(), &"2026-11-23".into()));

    let receipts = String::from_utf8(receipts).expect("UTF-8");
    let heads: Vec<_> = receipts.lines().filter(|line| line.starts_with("=== ")).collect();
    assert_eq!(heads.len(), 6, "{heads:?}");
    assert!(heads[0].starts_with("=== \"at midnight\", attempt 1, event ") && heads[0].ends_with(", merchant ==="));
    assert!(receipts.contains("Händlerbeleg") && receipts.contains("Kundenbeleg"), "{receipts}");
    assert!(receipts.lines().filter(|line| !line.starts_with("===")).all(|line| line.chars().count() <= 42));

    let all = String::from_utf8(lines).expect("UTF-8") + &receipts;
    for secret in SECRETS {
        assert!(!all.contains(secret), "{secret}");
    }
    #[cfg(unix)]
    for file in [&exported.payments_file, &exported.receipts_file] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(file).expect("found").permissions().mode() & 0o777, 0o600);
    }
}

/// Row 13 of issue 13.
#[test]
fn a_clock_that_was_set_wrong_misses_no_payment_and_exports_none_twice() {
    let dir = history();
    let (nine_days, day) = (9 * 24 * 60 * 60 * 1000, day());
    let mut own = journal(&dir);
    let mut pay_at = |reference: &str, own_clock: i64, server_date: Option<i64>| {
        let new = NewAttempt { created_at: own_clock, ..sale(reference, 1) };
        own.begin_starting(&new, &Start { server_date, ..START }, &at(own_clock)).expect("begun");
        answer(&mut own, reference, State::Approved, ELV.as_bytes());
    };
    pay_at("nine days fast", day.from() + nine_days, Some(day.from() + 4));
    pay_at("nine days slow", day.from() - nine_days, Some(day.from() + 5));
    pay_at("of another day", day.from() + 6, Some(day.from() + nine_days));
    pay_at("nobody else said when", day.from() + 7, None);
    drop(own);
    let found = |date: &str| {
        let exported = till(&dir.file()).export_day(&Day::german(date).expect("a day"), dir.path()).expect("exported");
        let (payments, _) = read(&exported);
        let with_receipts = payments.iter().filter(|(_, line)| line["responses"][0]["body"].as_str() == Some(ELV));
        let mut names: Vec<_> = with_receipts.map(|(name, _)| name.clone()).collect();
        names.sort();
        names
    };
    let today = ["at midnight", "nine days fast", "nine days slow", "nobody else said when", "reversed"];
    assert_eq!(found("2026-11-23"), today);
    assert_eq!(found("2026-12-02"), ["of another day"]);
    assert_eq!(found("2026-11-14"), [""; 0]);
}

#[test]
fn the_same_day_is_written_once_and_a_changed_one_beside_it() {
    let dir = history();
    let first = export(&dir).expect("exported");
    let before = fs::read(&first.payments_file).expect("read");
    for _ in 0..2 {
        let again = export(&dir).expect("exported");
        assert_eq!(again, Export { was_there: true, ..first.clone() });
    }
    acknowledge(&mut journal(&dir), "at midnight", 1, &now()).expect("acknowledged");
    let changed = export(&dir).expect("exported");
    assert!(!changed.was_there && changed.payments_file.ends_with("secupos-2026-11-23-2.jsonl"), "{changed:?}");
    assert!(changed.receipts_file.ends_with("secupos-2026-11-23-2.txt"));
    assert_eq!(export(&dir).expect("exported"), Export { was_there: true, ..changed });
    assert_eq!(fs::read(&first.payments_file).expect("read"), before);
}

#[test]
fn nothing_else_is_written_over() {
    for (name, content) in [
        ("secupos-2026-11-23.jsonl", &b""[..]),
        ("secupos-2026-11-23.jsonl", b"Dear diary,"),
        ("secupos-2026-11-23.txt", b"Dear diary,"),
    ] {
        let dir = history();
        fs::write(dir.path().join(name), content).expect("written");
        let exported = export(&dir).expect("exported");
        assert!(exported.payments_file.ends_with("secupos-2026-11-23-2.jsonl"), "{name}");
        assert_eq!(fs::read(dir.path().join(name)).expect("read"), content);
    }
    let dir = history();
    fs::create_dir(dir.path().join("secupos-2026-11-23.txt")).expect("made");
    assert!(export(&dir).expect("exported").receipts_file.ends_with("secupos-2026-11-23-2.txt"));
    // Half a file of an export that was interrupted.
    let dir = history();
    fs::write(dir.path().join("secupos-2026-11-23.txt.new"), b"half").expect("written");
    assert!(export(&dir).expect("exported").receipts_file.ends_with("secupos-2026-11-23.txt"));
    assert!(!dir.names().contains(&"secupos-2026-11-23.txt.new".to_owned()));
    let missing = till(&dir.file()).export_day(&day(), &dir.path().join("no such folder"));
    assert_eq!(status(missing), Status::InvalidArgument.number());
}

#[test]
fn a_day_without_payments_is_a_day_too() {
    let dir = history();
    let day = Day::german("2020-02-29").expect("a day");
    let exported = till(&dir.file()).export_day(&day, dir.path()).expect("exported");
    let (payments, last) = read(&exported);
    assert_eq!((exported.payments, payments.len(), &last["payments"]), (0, 0, &0.into()));
    assert_eq!(fs::read(&exported.receipts_file).expect("read"), b"");
}

#[test]
fn what_is_damaged_or_pruned_is_told() {
    let dir = history();
    let rules = "DROP TRIGGER responses_are_never_changed";
    dir.tamper(&format!(
        "{rules}; UPDATE responses SET body = x'00' WHERE event = (SELECT min(sequence) FROM events
        WHERE reference = 'at midnight' AND response_hash IS NOT NULL)"
    ));
    let exported = export(&dir).expect("exported");
    assert_eq!(exported.damaged, 1);
    assert_eq!(read(&exported).0["at midnight"]["responses"][0]["missing"], "damaged");
    let found = till(&dir.file()).verify_archive().expect("verified");
    assert_eq!(found.len(), 1);
    assert!(
        found[0].to_string().ends_with("reference \"at midnight\", attempt 1: its response is not as it was received")
    );
    let refused = till(&dir.file()).prune_archive(Some(1), "Erna");
    assert_eq!(status(refused), Status::StateFileDamaged.number());

    let dir = history();
    let mut own = journal(&dir);
    acknowledge(&mut own, "reversed", 1, &now()).expect("acknowledged");
    for failed in ["no JSON", "last"] {
        own.prove(failed, 1, &now()).expect("proven");
    }
    begin(&mut own, "two days later", day().to() + LATER);
    drop(own);
    let till = till(&dir.file());
    assert_eq!(till.prune_archive(None, "Erna").expect("nothing is that old").responses, 0);
    assert_eq!(status(till.prune_archive(Some(1), "")), Status::InvalidArgument.number());
    // Two of "reversed", one each of "no JSON" and "last"; what was approved and not taken over stays.
    let pruned = till.prune_archive(Some(1), "Erna").expect("pruned");
    assert_eq!((pruned.responses, pruned.kept), (4, 3));
    let exported = till.export_day(&day(), dir.path()).expect("exported");
    let (payments, _) = read(&exported);
    assert_eq!(exported.damaged, 0);
    assert_eq!(payments["reversed"]["responses"][1]["missing"], "pruned");
    assert_eq!(payments["reversed"]["responses"][1]["sha256"], sha256(CANCELLED.as_bytes()));
    assert_eq!(payments["reversed"]["payment"]["outcome"], "reversed");
    let found = till.find_payments(day().from() + 1, day().from() + 2, None).expect("found");
    let settled = found[0].settled().expect("settled");
    assert!(settled.customer_receipt.is_empty() && settled.error.is_none(), "found, without its receipts");
    assert_eq!(till.verify_archive().expect("verified"), []);
}

#[test]
fn a_running_payment_is_not_held_up() {
    let dir = history();
    let till = open_till(&dir.file(), Duration::from_millis(700)).expect("a till");
    let mut sale = Sale::new("now", 555, "EUR").expect("a sale");
    sale.confirm_not_duplicate("Erna").expect("confirmed");
    let payment = till.start_payment(&sale).expect("begun");
    assert_eq!(status(till.verify_archive()), Status::Busy.number());
    assert_eq!(status(till.prune_archive(Some(1), "Erna")), Status::Busy.number());
    assert!(till.export_day(&day(), dir.path()).is_ok(), "an export is done between");
    assert_eq!(payment.wait(None), Outcome::NotStarted);
    assert_eq!(till.verify_archive().expect("verified"), []);
}
