//! The endpoints of Smart Transactions: create, read, start at the terminal, abort.

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use crate::http::fault::Endpoint;
use crate::http::sabotage::Lost;
use crate::http::state::{Moment, Shared, World, locked};
use crate::model::answer::{Refusal, success};
use crate::model::basket;
use crate::model::history::{Stage, Transaction, with_status};
use crate::model::ids;
use crate::model::node::Clock;
use crate::model::quirks::told;
use crate::model::scenario::Scenario;
use crate::model::settings::{AbortBeforeStart, AbortWhileRunning, SecondStart, TokenKilled};
use crate::model::terminal::{self, Visit};

type Answered = Result<Response, Refusal>;

/// `POST /Smart/Transactions`
pub(crate) async fn create(
    State(world): State<Shared>,
    Extension(clock): Extension<Clock>,
    headers: HeaderMap,
    body: Bytes,
) -> Answered {
    let world = &mut *locked(&world);
    let device = world.admits(&headers)?;
    let request: Value =
        serde_json::from_slice(&body).map_err(|fault| Refusal::invalid(format!("No JSON: {fault}")))?;
    let basket = basket::checked(&request)?;
    let id = ids::id("STX");
    let mut body = json!({
        "object": "smart.transactions",
        "id": id,
        "merchant": {"object": "general.merchants", "id": "MRC_SIMULATED", "companyname": "Musterfirma GmbH"},
        "created": clock.timestamp(),
        "status": "created",
        "merchantRef": request["merchantRef"],
        "transactionRef": request["transactionRef"],
        "basket_info": {"sum": request["basket_info"]["sum"], "currency": request["basket_info"]["currency"]},
        "is_demo": false,
    });
    world.settings.name_source(&mut body, device);
    if let Some(basket) = basket {
        body["basket"] = basket;
    }
    if !request["basket_info"]["gratuity"].is_null() {
        body["basket_info"]["gratuity"] = request["basket_info"]["gratuity"].clone();
    }
    let answer = success(&world.settings, Endpoint::Create, body.to_string());
    let sum = body["basket_info"]["sum"].as_i64().unwrap_or_default();
    let script = world.scripts.pop_front().unwrap_or_default();
    let is_tried_again = world.transactions.iter().any(|earlier| earlier.sum() == sum);
    let scenario = script.scenario.unwrap_or_else(|| Scenario::of_amount(sum, is_tried_again));
    world.transactions.push(Transaction::new(&id, body, script, scenario));
    world.tell(&id, Moment::Created);
    Ok(answer)
}

/// `GET /Smart/Transactions/{id}`
pub(crate) async fn read(State(world): State<Shared>, Path(id): Path<String>, headers: HeaderMap) -> Answered {
    let world = &mut *locked(&world);
    world.admits(&headers)?;
    let settings = world.settings.clone();
    if let Some(report) = world.reports.iter().find(|report| report.body["id"] == id) {
        return Ok(success(&settings, Endpoint::Read, report.body.to_string()));
    }
    let transaction = world.transaction(&id).ok_or_else(|| Refusal::unknown(&id))?;
    let body = transaction.as_read(&settings).ok_or_else(|| Refusal::unknown(&id))?;
    Ok(told(&settings, Endpoint::Read, &body, transaction.script.quirk))
}

/// `POST …/{id}/start/cashless`: blocks until the customer is done.
pub(crate) async fn start(
    State(world): State<Shared>,
    Extension(clock): Extension<Clock>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answered {
    let (place, visit, refused, mut stage) = {
        let world = &mut *locked(&world);
        world.admits(&headers)?;
        let second = world.settings.second_start;
        let stage = *world.transaction(&id).ok_or_else(|| Refusal::unknown(&id))?.stage.borrow();
        let place = match (stage, second) {
            (Stage::Created, _) => Some(world.queues()?),
            (Stage::Aborted, _) | (_, SecondStart::Refused) => return Err(Refusal::started_before(&id)),
            (_, SecondStart::Charges) => Some(world.queues()?),
            (_, SecondStart::Same) => None,
        };
        let visit = Visit { id: id.clone(), terminal: world.settings.device_destination.clone(), clock };
        let transaction = world.transaction(&id).ok_or_else(|| Refusal::unknown(&id))?;
        if place.is_some() {
            transaction.is_started();
        }
        (place, visit, transaction.script.refused, transaction.stage.subscribe())
    };
    if let Some(place) = place {
        let ended = terminal::take(&world, visit, place);
        if let Some(refused) = refused {
            return Err(refused.comes().await);
        }
        let _ = ended.await;
    } else {
        let _ = stage.wait_for(|stage| !matches!(stage, Stage::Running | Stage::Defied)).await;
    }
    let world = &mut *locked(&world);
    if world.settings.token_killed_while_running == TokenKilled::RefusedAfterwards {
        world.admits(&headers)?;
    }
    let settings = world.settings.clone();
    let transaction = world.transaction(&id).ok_or_else(|| Refusal::unknown(&id))?;
    let mut answer = told(&settings, Endpoint::Start, &transaction.as_ended(&settings), transaction.script.quirk);
    if transaction.scenario == Scenario::AnswerLost {
        answer.extensions_mut().insert(Lost);
    }
    Ok(answer)
}

/// `POST …/{id}/abort`: "Abandons a Smart Transaction that has not yet been started."
pub(crate) async fn abort(State(world): State<Shared>, Path(id): Path<String>, headers: HeaderMap) -> Answered {
    let world = &mut *locked(&world);
    world.admits(&headers)?;
    let body = abandon(world, &id)?;
    Ok(success(&world.settings, Endpoint::Abort, body.to_string()))
}

fn abandon(world: &mut World, id: &str) -> Result<Value, Refusal> {
    let settings = world.settings.clone();
    let transaction = world.transaction(id).ok_or_else(|| Refusal::unknown(id))?;
    let follows = settings.abort_while_running == AbortWhileRunning::FollowsStatus;
    let stage = if follows { transaction.stage_seen(&settings) } else { *transaction.stage.borrow() };
    match (stage, settings.abort_before_start, settings.abort_while_running) {
        (Stage::Created, AbortBeforeStart::WithoutEffect, _) => return Ok(transaction.created().clone()),
        (Stage::Created, AbortBeforeStart::Accepted, _) if follows => transaction.seems_aborted(&settings),
        (Stage::Created, AbortBeforeStart::Accepted, _) => transaction.is_aborted(),
        (Stage::Running | Stage::Defied, _, AbortWhileRunning::Stops) => transaction.is_aborted(),
        (Stage::Running | Stage::Defied, _, AbortWhileRunning::PaysAnyway) => transaction.is_defied(),
        (Stage::Running | Stage::Defied, _, AbortWhileRunning::WithoutEffect) => {
            return Ok(with_status(transaction.created(), &settings.status_while_running));
        }
        _ => return Err(Refusal::started_before(id)),
    }
    Ok(transaction.aborted())
}
