//! The endpoints for tests, under `/_control`: JSON, no token.
//!
//! | request | body or answer |
//! | --- | --- |
//! | `POST /_control/next` | a [`Script`]: `{"scenario": "declined", "think_ms": 50, "status": …, "charged": …}` |
//! | `POST /_control/fault` | `{"endpoint": "start", "when": "after", "what": "reset"}`, see [`crate::fault`] |
//! | `POST /_control/settings` | any of `think_ms`, `token_lifetime_s`, `status_while_running`, `hidden_while_running` |
//! | `POST /_control/kill-tokens` | ends all access tokens |
//! | `GET /_control/ledger` | the money that moved |
//! | `GET /_control/requests` | the requests that came |
//! | `GET /_control/transactions` | all transactions |

use std::time::Duration;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::{Shared, locked};
use crate::fault::{Endpoint, Fault, What, When};
use crate::scenario::Script;
use crate::world::{Entry, RequestSeen};

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/_control/next", post(next))
        .route("/_control/fault", post(fault))
        .route("/_control/settings", post(settings))
        .route("/_control/kill-tokens", post(kill_tokens))
        .route("/_control/ledger", get(ledger))
        .route("/_control/requests", get(requests))
        .route("/_control/transactions", get(transactions))
}

async fn next(State(world): State<Shared>, Json(script): Json<Script>) -> Json<Value> {
    locked(&world).scripts.push_back(script);
    Json(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultOrder {
    endpoint: Endpoint,
    when: When,
    what: What,
}

async fn fault(State(world): State<Shared>, Json(order): Json<FaultOrder>) -> Json<Value> {
    locked(&world).faults.push_back((order.endpoint, Fault::new(order.when, order.what)));
    Json(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    think_ms: Option<u64>,
    token_lifetime_s: Option<u64>,
    status_while_running: Option<String>,
    hidden_while_running: Option<bool>,
}

async fn settings(State(world): State<Shared>, Json(change): Json<Change>) -> Json<Value> {
    let settings = &mut locked(&world).settings;
    settings.think = change.think_ms.map_or(settings.think, Duration::from_millis);
    settings.token_lifetime = change.token_lifetime_s.map_or(settings.token_lifetime, Duration::from_secs);
    settings.hidden_while_running = change.hidden_while_running.unwrap_or(settings.hidden_while_running);
    if let Some(word) = change.status_while_running {
        settings.status_while_running = word;
    }
    Json(json!({}))
}

async fn kill_tokens(State(world): State<Shared>) -> Json<Value> {
    locked(&world).kill_tokens();
    Json(json!({}))
}

async fn ledger(State(world): State<Shared>) -> Json<Vec<Entry>> {
    Json(locked(&world).ledger.clone())
}

async fn requests(State(world): State<Shared>) -> Json<Vec<RequestSeen>> {
    Json(locked(&world).requests.clone())
}

async fn transactions(State(world): State<Shared>) -> Json<Vec<Value>> {
    Json(locked(&world).transactions.values().map(|transaction| transaction.body.clone()).collect())
}
