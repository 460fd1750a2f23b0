//! The endpoints of Smart Transactions: create, read, start at the terminal, abort.

use std::time::{Duration, Instant};

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::answer::{Refusal, ok};
use crate::basket;
use crate::connection::Connection;
use crate::fault::Ending;
use crate::invented;
use crate::scenario::{Scenario, Script};
use crate::settings::{AbortWhileRunning, SecondStart, Settings, TokenKilled};
use crate::terminal;
use crate::world::{Moment, Shared, World, locked};

/// Where a payment is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    Created,
    /// The terminal has it.
    Running,
    Ended,
    Aborted,
}

/// A Smart Transaction.
pub(crate) struct Transaction {
    pub(crate) id: String,
    /// The till's reference.
    pub(crate) reference: String,
    /// As created.
    pub(crate) body: Value,
    /// What became of it, and since when that is known.
    pub(crate) result: Option<(Instant, Value)>,
    pub(crate) script: Script,
    /// How it goes.
    pub(crate) scenario: Scenario,
    pub(crate) stage: watch::Sender<Stage>,
    /// The day in which it was paid has been closed.
    pub(crate) is_cleared: bool,
}

impl Transaction {
    fn is(&self, stage: Stage) -> bool {
        *self.stage.borrow() == stage
    }

    fn sum(&self) -> i64 {
        self.body["basket_info"]["sum"].as_i64().unwrap_or_default()
    }

    /// What a read says of it; none where it is hidden.
    fn as_read(&self, settings: &Settings) -> Option<Value> {
        let lag = Duration::from_millis(settings.result_lag_ms);
        let running = self.is(Stage::Running) || self.result.as_ref().is_some_and(|(since, _)| since.elapsed() < lag);
        match &self.result {
            _ if running && settings.hidden_while_running => None,
            // Unless an abort has had its say.
            _ if running && self.body["status"] == "created" => {
                Some(with_status(&self.body, &settings.status_while_running))
            }
            _ if running => Some(self.body.clone()),
            Some(_) => Some(self.as_ended(settings)),
            None => Some(self.body.clone()),
        }
    }

    /// What start says of it.
    fn as_ended(&self, settings: &Settings) -> Value {
        let Some((since, result)) = &self.result else { return self.body.clone() };
        let mut result = result.clone();
        if since.elapsed() < Duration::from_millis(settings.receipts_lag_ms) {
            result["receipt"] = json!([]);
            result["receipt_merchant"] = json!([]);
        }
        result
    }

    /// It is paid, and the day has not been closed since.
    pub(crate) fn waits_for_closing(&self) -> bool {
        self.truth()["status"] == "ok" && !self.is_cleared
    }

    /// Only what waits to be cleared can be taken back at the terminal.
    pub(crate) fn may_be_reversed(&self) -> bool {
        self.waits_for_closing() && self.scenario.is_cleared_at_closing()
    }

    /// What the server really knows of it, whatever the settings make it say.
    pub(crate) fn truth(&self) -> &Value {
        self.result.as_ref().map_or(&self.body, |(_, result)| result)
    }
}

fn with_status(body: &Value, status: &str) -> Value {
    let mut body = body.clone();
    body["status"] = status.into();
    body
}

type Answered = Result<Response, Refusal>;

/// `POST /Smart/Transactions`
pub(crate) async fn create(State(world): State<Shared>, headers: HeaderMap, body: Bytes) -> Answered {
    let world = &mut *locked(&world);
    world.logins.check(&headers)?;
    let request: Value =
        serde_json::from_slice(&body).map_err(|fault| Refusal::invalid(format!("No JSON: {fault}")))?;
    let basket = basket::checked(&request)?;
    let id = invented::id("STX");
    let mut body = json!({
        "object": "smart.transactions",
        "id": id,
        "merchant": {"object": "general.merchants", "id": "MRC_SIMULATED", "companyname": "Musterfirma GmbH"},
        "device_source": {"object": "smart.devices", "id": "SDV_SIMULATED_TILL"},
        "created": invented::timestamp(),
        "status": "created",
        "merchantRef": request["merchantRef"],
        "transactionRef": request["transactionRef"],
        "basket_info": {"sum": request["basket_info"]["sum"], "currency": request["basket_info"]["currency"]},
        "is_demo": false,
    });
    if let Some(basket) = basket {
        body["basket"] = basket;
    }
    if !request["basket_info"]["gratuity"].is_null() {
        body["basket_info"]["gratuity"] = request["basket_info"]["gratuity"].clone();
    }
    let answer = ok(&body);
    let told = id.clone();
    let sum = body["basket_info"]["sum"].as_i64().unwrap_or_default();
    let script = world.scripts.pop_front().unwrap_or_default();
    let is_tried_again = world.transactions.iter().any(|earlier| earlier.sum() == sum);
    let scenario = script.scenario.unwrap_or_else(|| Scenario::of_amount(sum, is_tried_again));
    world.transactions.push(Transaction {
        id,
        reference: request["merchantRef"].as_str().unwrap_or_default().to_owned(),
        body,
        result: None,
        script,
        scenario,
        stage: watch::Sender::new(Stage::Created),
        is_cleared: false,
    });
    world.tell(&told, Moment::Created);
    Ok(answer)
}

/// `GET /Smart/Transactions/{id}`
pub(crate) async fn read(State(world): State<Shared>, Path(id): Path<String>, headers: HeaderMap) -> Answered {
    let world = &mut *locked(&world);
    world.logins.check(&headers)?;
    let settings = world.settings.clone();
    let body = world.transaction(&id).and_then(|transaction| transaction.as_read(&settings));
    body.map(|body| ok(&body)).ok_or_else(|| Refusal::unknown(&id))
}

/// `POST …/{id}/start/cashless`: blocks until the customer is done.
pub(crate) async fn start(
    State(world): State<Shared>,
    Extension(connection): Extension<Connection>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answered {
    let (runs_anew, mut stage) = {
        let world = &mut *locked(&world);
        world.logins.check(&headers)?;
        let second = world.settings.second_start;
        let transaction = world.transaction(&id).ok_or_else(|| Refusal::unknown(&id))?;
        let stage = *transaction.stage.borrow();
        let runs_anew = match (stage, second) {
            (Stage::Created, _) | (Stage::Running | Stage::Ended, SecondStart::Charges) => true,
            (Stage::Running | Stage::Ended, SecondStart::Same) => false,
            (Stage::Aborted, _) | (_, SecondStart::Refused) => return Err(Refusal::started_before(&id)),
        };
        if runs_anew {
            transaction.stage.send_replace(Stage::Running);
        }
        (runs_anew, transaction.stage.subscribe())
    };
    if runs_anew {
        tokio::select! {
            () = terminal::take(&world, &id) => {}
            _ = stage.wait_for(|stage| *stage == Stage::Aborted) => {}
        }
    } else {
        let _ = stage.wait_for(|stage| *stage != Stage::Running).await;
    }
    if locked(&world).transaction(&id).is_some_and(|transaction| transaction.scenario == Scenario::AnswerLost) {
        connection.end(Ending::Reset).await;
    }
    let world = &mut *locked(&world);
    if world.settings.token_killed_while_running == TokenKilled::RefusedAfterwards {
        world.logins.check(&headers)?;
    }
    let settings = world.settings.clone();
    let transaction = world.transaction(&id).ok_or_else(|| Refusal::unknown(&id))?;
    Ok(ok(&transaction.as_ended(&settings)))
}

/// `POST …/{id}/abort`: "Abandons a Smart Transaction that has not yet been started."
pub(crate) async fn abort(State(world): State<Shared>, Path(id): Path<String>, headers: HeaderMap) -> Answered {
    let world = &mut *locked(&world);
    world.logins.check(&headers)?;
    abandon(world, &id).map(|body| ok(&body))
}

fn abandon(world: &mut World, id: &str) -> Result<Value, Refusal> {
    let settings = world.settings.clone();
    let transaction = world.transaction(id).ok_or_else(|| Refusal::unknown(id))?;
    let aborted = with_status(&transaction.body, "aborted");
    let stage = *transaction.stage.borrow();
    match (stage, settings.abort_while_running) {
        (Stage::Created, _) | (Stage::Running, AbortWhileRunning::Stops) => {
            transaction.body = aborted.clone();
            transaction.stage.send_replace(Stage::Aborted);
            Ok(aborted)
        }
        (Stage::Running, AbortWhileRunning::PaysAnyway) => {
            transaction.body = aborted.clone();
            Ok(aborted)
        }
        (Stage::Running, AbortWhileRunning::WithoutEffect) => {
            Ok(with_status(&transaction.body, &settings.status_while_running))
        }
        (Stage::Running, AbortWhileRunning::Refused) | (Stage::Ended | Stage::Aborted, _) => {
            Err(Refusal::started_before(id))
        }
    }
}
