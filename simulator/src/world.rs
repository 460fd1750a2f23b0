//! Tokens, transactions and the ledger: what the simulated server knows.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::Serialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::watch;

use crate::fault::{Endpoint, Fault};
use crate::receipts;
use crate::scenario::{Scenario, Script};

/// The client id that is taken.
pub const CLIENT_ID: &str = "simulated-vendor";
/// The client secret that is taken. Every secret carries the word canary, so that a test can look for it in logs.
pub const CLIENT_SECRET: &str = "canary-secret-5f1e";
/// The code of a device that is registered already.
pub const DEVICE_CODE: &str = "canary-device-c9d5c1ae9cf6";

/// What can be set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long the customer takes.
    pub think: Duration,
    /// How long access tokens live.
    pub token_lifetime: Duration,
    /// The status that a read says while the terminal is busy with the payment. Nobody has documented it.
    pub status_while_running: String,
    /// Whether a read answers 404 meanwhile.
    pub hidden_while_running: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            think: Duration::ZERO,
            token_lifetime: Duration::from_secs(1200),
            status_while_running: "created".into(),
            hidden_while_running: false,
        }
    }
}

/// Money that moved.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Entry {
    /// Unix time in milliseconds, UTC.
    pub time: u64,
    /// The transaction's id.
    pub transaction: String,
    /// The till's reference.
    pub reference: String,
    /// In minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// +1: paid; -1: given back.
    pub change: i8,
}

/// A request that came.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RequestSeen {
    /// Unix time in milliseconds, UTC.
    pub time: u64,
    /// GET or POST.
    pub method: String,
    /// Its path.
    pub path: String,
    /// Which connection carried it, counted from 1.
    pub connection: u64,
    /// Its `Authorization` header names a bearer token.
    pub bearer: bool,
}

/// Where a payment is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    Created,
    Running,
    Final,
}

pub(crate) struct Transaction {
    pub(crate) body: Value,
    pub(crate) script: Script,
    pub(crate) stage: watch::Sender<Stage>,
}

struct Session {
    access: String,
    refresh: Option<String>,
    expires: Instant,
}

/// What the simulated server knows.
pub struct World {
    pub(crate) settings: Settings,
    pub(crate) scripts: VecDeque<Script>,
    pub(crate) faults: VecDeque<(Endpoint, Fault)>,
    pub(crate) ledger: Vec<Entry>,
    pub(crate) requests: Vec<RequestSeen>,
    pub(crate) transactions: HashMap<String, Transaction>,
    /// By device code, or by client id: one access token each, a new one ends the former.
    sessions: HashMap<String, Session>,
    issued: u64,
    next_receipt_number: i64,
}

impl World {
    pub(crate) fn new(settings: Settings) -> Self {
        World {
            settings,
            scripts: VecDeque::new(),
            faults: VecDeque::new(),
            ledger: Vec::new(),
            requests: Vec::new(),
            transactions: HashMap::new(),
            sessions: HashMap::new(),
            issued: 0,
            // As on the documentation's slip.
            next_receipt_number: 3,
        }
    }

    /// The first waiting fault for a request.
    pub(crate) fn take_fault(&mut self, endpoint: Endpoint) -> Option<Fault> {
        let at = self.faults.iter().position(|(of, _)| *of == endpoint)?;
        self.faults.remove(at).map(|(_, fault)| fault)
    }

    /// A new access token for a session; the former one dies.
    pub(crate) fn grant(&mut self, session: &str, with_refresh: bool) -> Value {
        self.issued += 1;
        let number = self.issued;
        let access = format!("canary-token-{number:08}");
        let known = self.sessions.get(session).and_then(|session| session.refresh.clone());
        let refresh = with_refresh.then(|| known.unwrap_or_else(|| format!("canary-refresh-{number:08}")));
        let expires = Instant::now() + self.settings.token_lifetime;
        self.sessions.insert(session.to_owned(), Session { access: access.clone(), refresh: refresh.clone(), expires });
        let scope = if with_refresh { Value::Null } else { json!("https://scope.secucard.com/e/api") };
        let lifetime = self.settings.token_lifetime.as_secs();
        let mut granted =
            json!({"access_token": access, "expires_in": lifetime, "token_type": "bearer", "scope": scope});
        if let Some(refresh) = refresh {
            granted["refresh_token"] = refresh.into();
        }
        granted
    }

    /// The session that a refresh token belongs to.
    pub(crate) fn session_of_refresh(&self, token: &str) -> Option<String> {
        let of =
            |(name, session): (&String, &Session)| (session.refresh.as_deref() == Some(token)).then(|| name.clone());
        self.sessions.iter().find_map(of)
    }

    /// Whether an access token is alive.
    pub(crate) fn is_alive(&self, token: &str) -> bool {
        let now = Instant::now();
        self.sessions.values().any(|session| session.access == token && session.expires > now)
    }

    pub(crate) fn kill_tokens(&mut self) {
        for session in self.sessions.values_mut() {
            session.access.clear();
        }
    }

    /// Puts a new transaction into the world and tells of it.
    pub(crate) fn create(&mut self, request: &Value) -> Value {
        let id = format!("STX_{:030}", self.transactions.len() + 1);
        let mut body = json!({
            "object": "smart.transactions",
            "id": id,
            "merchant": {"object": "general.merchants", "id": "MRC_SIMULATED", "companyname": "Musterfirma GmbH"},
            "device_source": {"object": "smart.devices", "id": "SDV_SIMULATED_TILL"},
            "created": timestamp(),
            "status": "created",
            "merchantRef": request["merchantRef"],
            "transactionRef": request["transactionRef"],
            "basket_info": {"sum": request["basket_info"]["sum"], "currency": request["basket_info"]["currency"]},
            "is_demo": false,
        });
        if !request["basket"].is_null() {
            body["basket"] = request["basket"].clone();
        }
        let script = self.scripts.pop_front().unwrap_or_default();
        let transaction = Transaction { body: body.clone(), script, stage: watch::Sender::new(Stage::Created) };
        self.transactions.insert(id, transaction);
        body
    }

    /// The customer and the terminal are done: money moves or not, receipts are printed.
    pub(crate) fn finish(&mut self, id: &str) {
        let number = self.next_receipt_number;
        let Some(transaction) = self.transactions.get_mut(id) else { return };
        let Transaction { body, script, stage } = transaction;
        let asked = body["basket_info"]["sum"].as_i64().unwrap_or_default();
        let scenario = script.scenario.unwrap_or_else(|| Scenario::of_amount(asked));
        let amount = script.charged.unwrap_or(asked);
        body["updated"] = timestamp().into();
        body["device_destination"] = json!({"object": "smart.devices", "id": "SDV_SIMULATED_TERMINAL"});
        body["transactions"] = json!([]);
        body["payment_method"] = "cashless".into();
        body["receipt"] = json!([]);
        body["receipt_merchant"] = json!([]);
        body["receipt_number"] = Value::Null;
        if scenario.is_paid() {
            let slip = receipts::Slip { scenario, number, amount, at: OffsetDateTime::now_utc() };
            body["receipt"] = slip.customer();
            body["receipt_merchant"] = slip.merchant();
            body["receipt_merchant_print"] = true.into();
            body["receipt_number"] = number.into();
            body["basket_info"]["sum"] = amount.into();
            body["basket_info"]["gratuity"] = Value::Null;
            self.next_receipt_number += 1;
            self.ledger.push(Entry {
                time: now_ms(),
                transaction: id.to_owned(),
                reference: body["merchantRef"].as_str().unwrap_or_default().to_owned(),
                amount,
                currency: body["basket_info"]["currency"].as_str().unwrap_or_default().to_owned(),
                change: 1,
            });
        } else if scenario == Scenario::Declined {
            let slip = receipts::Slip { scenario, number, amount, at: OffsetDateTime::now_utc() };
            body["receipt"] = slip.customer();
        }
        let status = if scenario.is_paid() { "ok" } else { "failed" };
        body["status"] = script.status.clone().unwrap_or_else(|| status.to_owned()).into();
        stage.send_replace(Stage::Final);
    }
}

/// Unix time in milliseconds, UTC.
pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or_default()
}

/// As the API writes times: ISO 8601 with an offset and without fractions.
fn timestamp() -> String {
    let now = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    now.format(&Rfc3339).unwrap_or_default().replace('Z', "+00:00")
}
