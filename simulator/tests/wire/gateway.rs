//! What every answer has: a date that may be wrong or missing, and a body that may be packed.

use std::time::{Duration, SystemTime};

use secupos_simulator::fault::{Endpoint, Fault, What, When};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::client::{Came, Client, create_request};
use crate::simulator;

const TEN_MINUTES: i64 = 600_000;

/// The value of a line in its head.
fn header(came: &Came, name: &str) -> Option<String> {
    let line = came.head().lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")))?.to_owned();
    Some(line[name.len() + 1..].trim().to_owned())
}

/// How many seconds a time is ahead.
fn ahead(time: SystemTime) -> i64 {
    let now = SystemTime::now();
    let ahead = time.duration_since(now).unwrap_or(Duration::ZERO);
    let behind = now.duration_since(time).unwrap_or(Duration::ZERO);
    i64::try_from(ahead.as_secs()).expect("seconds") - i64::try_from(behind.as_secs()).expect("seconds")
}

fn date(came: &Came) -> SystemTime {
    httpdate::parse_http_date(&header(came, "date").expect("a date")).expect("a date of HTTP")
}

fn created(body: &Value) -> SystemTime {
    let text = body["created"].as_str().expect("a time");
    assert!(text.ends_with("+01:00"), "{text}");
    OffsetDateTime::parse(text, &Rfc3339).expect("a time").into()
}

/// They differ by so many seconds, or by one or two less or more: a test takes its time.
fn assert_about(seconds: i64, expected: i64) {
    assert!((expected - 2..=expected + 2).contains(&seconds), "{seconds} is not about {expected}");
}

#[test]
fn clocks_may_be_wrong_all_of_them_or_every_other() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    for (skews, expected) in [
        (vec![], [0, 0]),
        (vec![-TEN_MINUTES], [-600, -600]),
        (vec![TEN_MINUTES], [600, 600]),
        (vec![0, TEN_MINUTES], [0, 600]),
    ] {
        simulator.set(|settings| settings.clock_skew_ms = skews);
        let mut seen = [(); 2].map(|()| {
            let came = client.post("/api/v2/Smart/Transactions", &create_request(2));
            assert_about(ahead(created(&came.json())), ahead(date(&came)));
            ahead(date(&came))
        });
        seen.sort_unstable();
        seen.iter().zip(expected).for_each(|(seconds, expected)| assert_about(*seconds, expected));
    }
}

#[test]
fn a_date_may_be_missing() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    assert!(header(&client.read("STX_X"), "date").is_some());
    assert_eq!(client.post("/_control/settings", &json!({"date_header": false})).status(), 200);
    assert_eq!(header(&client.read("STX_X"), "date"), None);
}

/// Unpacks what is stored in one block.
fn unpacked(packed: &[u8]) -> &[u8] {
    assert_eq!((&packed[..3], packed[10]), ([0x1f, 0x8b, 8].as_slice(), 1));
    let length = usize::from(u16::from_le_bytes([packed[11], packed[12]]));
    &packed[15..15 + length]
}

#[test]
fn bodies_are_packed_where_that_is_set_unless_identity_is_asked_for() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.set(|settings| settings.compresses = true);
    let identity = client.with("Accept-Encoding", "identity");
    let id = identity.create(2);
    for (client, packs) in [(&identity, false), (&client, true), (&client.with("Accept-Encoding", "gzip"), true)] {
        let came = client.read(&id);
        assert_eq!(header(&came, "content-encoding").as_deref(), packs.then_some("gzip"));
        let length = header(&came, "content-length").and_then(|length| length.parse().ok());
        assert_eq!(length, Some(came.body().len()));
        let body = if packs { unpacked(came.body()) } else { came.body() };
        let body: Value = serde_json::from_slice(body).expect("JSON");
        assert_eq!((&body["id"], &body["status"]), (&json!(id), &json!("created")));
    }
    simulator
        .fault(Endpoint::Read, Fault::new(When::After, What::Replace { pointer: "/status".into(), value: json!("x") }));
    let body: Value = serde_json::from_slice(unpacked(client.read(&id).body())).expect("JSON");
    assert_eq!(body["status"], "x", "faults happen to what is packed afterwards");
    assert!(header(&client.get("/_control/ledger"), "content-encoding").is_none());
}
