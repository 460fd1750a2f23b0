//! The endpoints for tests, under `/_control`: JSON, no token. What they do is what [`crate::Simulator`] does.
//!
//! | request | body or answer |
//! | --- | --- |
//! | `POST next` | what happens to the next payment, see below |
//! | `POST fault` | `{"endpoint": "start", "when": "after", "what": "reset", "count": 1}`, see [`crate::http::fault`] |
//! | `POST forget-faults` | nothing goes wrong any more that was scripted before |
//! | `POST settings` | any of the fields of [`Settings`], see below; answers all of them |
//! | `POST confirm-device` | `{"user_code": …}`; 404 if no device waits with it |
//! | `POST kill-tokens` | ends all access tokens |
//! | `POST refuse-connections` | `{"ms": 500}`: new connections are refused for so long |
//! | `POST restart-receipt-numbers` | the terminal counts its receipts from the beginning again |
//! | `GET ledger` | the money that moved: `[{"time", "transaction", "reference", "amount", "currency", "change"}]` |
//! | `GET requests` | the last 10,000 requests that came: `[{"time_ms", "method", "path", "connection", "bearer", "action", "accept_encoding"}]` |
//! | `GET transactions` | the last 5,000 transactions as they really are, in the order of their creation |
//!
//! A [`Script`] for the next payment has any of these:
//!
//! | field | example |
//! | --- | --- |
//! | `scenario` | `"declined"`, see [`crate::model::scenario::Scenario`] |
//! | `think_ms` | `50` |
//! | `status` | `"aborted"`: the word of the result |
//! | `charged` | `600`: a part, a tip; `0` |
//! | `charged_as` | `"12,50"`: what the answers say instead |
//! | `refused` | `{"after_ms": 6000, "status": 500, "code": 9009}`: start is refused, and the terminal goes on |
//! | `quirk` | `"bom"`, `"latin1"`, `"nan"`, `"huge_number"`, `"deep"`, `"no_charset"`, `"two_statuses"` |
//! | `paid_after_ms` | `300`: it fails, and is paid after all |
//! | `start_answers_last` | `true`: start waits for that |
//!
//! What can be set for all is told where [`Settings`] are; the words and shapes of JSON:
//!
//! | field | values, the first one the default |
//! | --- | --- |
//! | `think_ms`, `result_lag_ms`, `receipts_lag_ms`, `signature_lag_ms`, `list_lag_ms` | `0` |
//! | `reversal_lag_ms` | `0`; null: for ever |
//! | `status_while_running`, `hidden_while_running` | `"created"`, `false` |
//! | `second_start` | `"refused"`, `"charges"`, `"same"` |
//! | `abort_while_running` | `"refused"`, `"without_effect"`, `"stops"`, `"pays_anyway"`, `"follows_status"` |
//! | `pays_after_abort_ms` | null: as long as it would have taken; `300` |
//! | `abort_before_start` | `"accepted"`, `"refused"`, `"without_effect"` |
//! | `aborted_word` | `"aborted"`; `"canceled"` |
//! | `terminal_busy` | `"together"`, `"refused"`, `"queued"` |
//! | `reversal` | `"done"`, `"done_before"`, `{"refused": {…}}`, `{"refused_yet_done": {"after_ms": 0, "status": 500, "code": 9009}}` |
//! | `reversal_hits` | `"named"`, `"another"` |
//! | `device_source`, `device_destination` | `"told"`, `"not_listed"`, `"never_told"`; `"SDV_SIMULATED_TERMINAL"` |
//! | `list_refused` | `false` |
//! | `token_lifetime_s`, `dead_token_status` | `1200`, `403` |
//! | `tokens_kill_each_other`, `token_killed_while_running` | `true`; `"lives"`, `"refused_afterwards"`, `"cut_off"` |
//! | `honours_x_action`, `x_action_kept_ms` | `false`, `180000` |
//! | `success_status` | `{}`; `{"create": 201, "start": 202}`, endpoints as those of faults |
//! | `clock_skew_ms`, `utc_offset_min`, `date_header` | `[]`, one for each node in turn: `[0, 600000]`; `60`, `true` |
//! | `compresses` | `false` |
//! | `registration_lifetime_s`, `confirmed_after_ms`, `poll_interval_s` | `1200`, null, `5` |

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::http::connection::Shutting;
use crate::http::fault::{Endpoint, Fault, What, When};
use crate::http::running::{RequestSeen, Running};
use crate::model::ledger::Entry;
use crate::model::scenario::Script;
use crate::model::settings::Settings;

type Shared = State<Arc<Running>>;

pub(crate) fn router() -> Router<Arc<Running>> {
    Router::new()
        .route("/_control/next", post(next))
        .route("/_control/fault", post(fault))
        .route("/_control/forget-faults", post(forget_faults))
        .route("/_control/settings", post(settings))
        .route("/_control/confirm-device", post(confirm_device))
        .route("/_control/kill-tokens", post(kill_tokens))
        .route("/_control/refuse-connections", post(refuse_connections))
        .route("/_control/restart-receipt-numbers", post(restart_receipt_numbers))
        .route("/_control/ledger", get(ledger))
        .route("/_control/requests", get(requests))
        .route("/_control/transactions", get(transactions))
}

async fn next(State(running): Shared, Json(script): Json<Script>) -> Json<Value> {
    running.act(|state, _| state.model.script(script));
    Json(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultOrder {
    endpoint: Endpoint,
    when: When,
    what: What,
    count: Option<u32>,
}

async fn fault(State(running): Shared, Json(order): Json<FaultOrder>) -> Json<Value> {
    let fault = Fault::new(order.when, order.what).times(order.count.unwrap_or(1));
    running.act(|state, _| state.faults.push_back((order.endpoint, fault)));
    Json(json!({}))
}

async fn forget_faults(State(running): Shared) -> Json<Value> {
    running.act(|state, _| state.faults.clear());
    Json(json!({}))
}

async fn settings(
    State(running): Shared,
    Json(changes): Json<Map<String, Value>>,
) -> Result<Json<Settings>, (StatusCode, String)> {
    let changed = running.act(|state, _| {
        state.model.settings = changed(&state.model.settings, changes)?;
        Ok(Json(state.model.settings.clone()))
    });
    changed.map_err(|fault: serde_json::Error| (StatusCode::UNPROCESSABLE_ENTITY, fault.to_string()))
}

fn changed(settings: &Settings, changes: Map<String, Value>) -> serde_json::Result<Settings> {
    let mut changed = serde_json::to_value(settings)?;
    changed.as_object_mut().into_iter().for_each(|all| all.extend(changes.clone()));
    serde_json::from_value(changed)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    user_code: String,
}

async fn confirm_device(State(running): Shared, Json(confirmation): Json<Confirmation>) -> StatusCode {
    let waited = running.act(|state, _| state.model.confirm_device(&confirmation.user_code));
    if waited { StatusCode::OK } else { StatusCode::NOT_FOUND }
}

async fn kill_tokens(State(running): Shared) -> Json<Value> {
    running.act(|state, now| state.model.kill_tokens(now));
    Json(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusing {
    ms: u64,
}

async fn refuse_connections(State(running): Shared, Json(order): Json<Refusing>) -> Json<Value> {
    let shut = running.door.shut(Shutting::Refuse, Duration::from_millis(order.ms));
    let _ = shut.await;
    Json(json!({}))
}

async fn restart_receipt_numbers(State(running): Shared) -> Json<Value> {
    running.act(|state, _| state.model.restart_receipt_numbers());
    Json(json!({}))
}

async fn ledger(State(running): Shared) -> Json<Vec<Entry>> {
    Json(running.act(|state, _| state.model.ledger().to_vec()))
}

async fn requests(State(running): Shared) -> Json<Vec<RequestSeen>> {
    Json(running.act(|state, _| state.requests()))
}

async fn transactions(State(running): Shared) -> Json<Vec<Value>> {
    Json(running.act(|state, _| state.model.truths().collect()))
}
