//! What happens at the terminal after a payment: it is reversed by its receipt number, the day is closed, the terminal is
//! diagnosed. All three block until the terminal is done, and go on when nobody waits any more.

use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::sync::OwnedSemaphorePermit;

use crate::http::fault::Endpoint;
use crate::http::state::{Entry, Shared, World, locked};
use crate::model::answer::{Refusal, success};
use crate::model::history::Transaction;
use crate::model::ids;
use crate::model::node::Clock;
use crate::model::queue::Place;
use crate::model::receipts;
use crate::model::settings::{Reversal, ReversalHits};

type Answered = Result<Response, Refusal>;

/// What the terminal was told to do besides payments, as a transaction of its own.
pub(crate) struct Report {
    pub(crate) since: Instant,
    pub(crate) body: Value,
}

/// `POST /Smart/Transactions/{receipt_number}/cancelTrx`: girocard and direct debit, and only until the day is closed.
pub(crate) async fn cancel(
    State(world): State<Shared>,
    Extension(clock): Extension<Clock>,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Answered {
    let (how, place) = {
        let world = &mut *locked(&world);
        let (_, place) = admitted(world, &headers)?;
        (world.settings.reversal, place)
    };
    let body = match how {
        Reversal::Done => reversed(world.clone(), clock, number, place).await?,
        Reversal::DoneBefore => {
            reversed(world, clock, number.clone(), place).await?;
            return Err(Refusal::reversed_before(&number));
        }
        Reversal::Refused(refused) => return Err(refused.comes().await),
        Reversal::RefusedYetDone(refused) => {
            tokio::spawn(reversed(world, clock, number, place));
            return Err(refused.comes().await);
        }
    };
    Ok(success(&locked(&world).settings, Endpoint::Cancel, body.to_string()))
}

/// `POST /Smart/Transactions/me/EndOfDay`: what has been paid since the last time is cleared.
pub(crate) async fn end_of_day(
    State(world): State<Shared>,
    Extension(clock): Extension<Clock>,
    headers: HeaderMap,
) -> Answered {
    let (device, place) = admitted(&mut locked(&world), &headers)?;
    let _there = at_the_terminal(&world, place).await;
    let world = &mut *locked(&world);
    let lines = close(world);
    Ok(reported(world, Endpoint::EndOfDay, clock, device, &lines))
}

/// `POST /Smart/Transactions/me/diagnosis`
pub(crate) async fn diagnosis(
    State(world): State<Shared>,
    Extension(clock): Extension<Clock>,
    headers: HeaderMap,
) -> Answered {
    let (device, place) = admitted(&mut locked(&world), &headers)?;
    let _there = at_the_terminal(&world, place).await;
    let lines = receipts::diagnosis(OffsetDateTime::now_utc());
    Ok(reported(&mut locked(&world), Endpoint::Diagnosis, clock, device, &lines))
}

/// From which device a request comes, and its place before the terminal.
fn admitted(world: &mut World, headers: &HeaderMap) -> Result<(Option<String>, Place), Refusal> {
    Ok((world.admits(headers)?, world.queues()?))
}

/// Takes the time that the terminal takes, and holds it.
async fn at_the_terminal(world: &Shared, place: Place) -> Option<OwnedSemaphorePermit> {
    let there = place.comes().await;
    let time = Duration::from_millis(locked(world).settings.think_ms);
    tokio::time::sleep(time).await;
    there
}

async fn reversed(world: Shared, clock: Clock, number: String, place: Place) -> Result<Value, Refusal> {
    let _there = at_the_terminal(&world, place).await;
    reverse(&mut locked(&world), clock, &number)
}

fn reverse(world: &mut World, clock: Clock, number: &str) -> Result<Value, Refusal> {
    let hits = world.settings.reversal_hits;
    let wanted: i64 = number.parse().map_err(|_| Refusal::unknown(number))?;
    // Each terminal counts for itself, and knows its own payments only.
    let terminal = world.settings.device_destination.clone();
    let named = |transaction: &Transaction| {
        transaction.truth()["receipt_number"].as_i64() == Some(wanted) && transaction.was_at(&terminal)
    };
    // The counter may have been restarted: the newest one counts.
    let at = world.transactions.iter().rposition(named).ok_or_else(|| Refusal::unknown(number))?;
    let at = match hits {
        ReversalHits::Named => at,
        ReversalHits::Another => {
            let another = |(index, other): &(usize, &Transaction)| *index != at && other.may_be_reversed();
            world.transactions.iter().enumerate().find(another).map_or(at, |(index, _)| index)
        }
    };
    let transaction = &mut world.transactions[at];
    if !transaction.may_be_reversed() {
        return Err(Refusal::not_reversible(number));
    }
    let mut body = transaction.truth().clone();
    body["status"] = "cancelled".into();
    body["updated"] = clock.timestamp().into();
    transaction.is_reversed(body.clone());
    let id = &transaction.id;
    let paid = world.ledger.iter().rfind(|entry| entry.transaction == *id && entry.change > 0).cloned();
    world.ledger.extend(paid.map(|paid| Entry { time: ids::now_ms(), change: -1, ..paid }));
    Ok(body)
}

fn close(world: &mut World) -> Value {
    let terminal = &world.settings.device_destination;
    let mut sums: Vec<(&str, i64, i64)> = Vec::new();
    let waits = |transaction: &&mut Transaction| transaction.waits_for_closing() && transaction.was_at(terminal);
    for transaction in world.transactions.iter_mut().filter(waits) {
        transaction.is_cleared = true;
        // What was charged, whatever the answers say.
        let charges = world.ledger.iter().filter(|entry| entry.transaction == transaction.id);
        let (brand, sum) =
            (transaction.scenario.brand(), charges.map(|entry| entry.amount * i64::from(entry.change)).sum::<i64>());
        match sums.iter_mut().find(|(of, ..)| *of == brand) {
            Some((_, count, total)) => (*count, *total) = (*count + 1, *total + sum),
            None => sums.push((brand, 1, sum)),
        }
    }
    world.closings += 1;
    receipts::closing(OffsetDateTime::now_utc(), &sums)
}

/// How a report is told of is shown nowhere: as a transaction that is done, with what the terminal prints.
fn reported(world: &mut World, endpoint: Endpoint, clock: Clock, device: Option<String>, lines: &Value) -> Response {
    let mut body = json!({
        "object": "smart.transactions",
        "id": ids::id("STX"),
        "created": clock.timestamp(),
        "updated": clock.timestamp(),
        "status": "ok",
        "receipt": [],
        "receipt_merchant": lines,
        "receipt_merchant_print": true,
        "transactions": [],
    });
    world.settings.name_source(&mut body, device);
    let answer = success(&world.settings, endpoint, body.to_string());
    world.reports.push(Report { since: Instant::now(), body });
    answer
}
