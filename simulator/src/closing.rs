//! What happens at the terminal after a payment: it is reversed by its receipt number, the day is closed, the terminal is
//! diagnosed. All three block until the terminal is done, and go on when nobody waits any more.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::answer::{Refusal, ok};
use crate::invented;
use crate::receipts;
use crate::settings::ReversalHits;
use crate::transactions::Transaction;
use crate::world::{Entry, Shared, World, locked};

type Answered = Result<Response, Refusal>;

/// `POST /Smart/Transactions/{receipt_number}/cancelTrx`: girocard and direct debit, and only until the day is closed.
pub(crate) async fn cancel(State(world): State<Shared>, Path(number): Path<String>, headers: HeaderMap) -> Answered {
    at_the_terminal(&world, &headers).await?;
    reverse(&mut locked(&world), &number).map(|body| ok(&body))
}

/// `POST /Smart/Transactions/me/EndOfDay`: what has been paid since the last time is cleared.
pub(crate) async fn end_of_day(State(world): State<Shared>, headers: HeaderMap) -> Answered {
    at_the_terminal(&world, &headers).await?;
    Ok(ok(&close(&mut locked(&world))))
}

/// `POST /Smart/Transactions/me/diagnosis`
pub(crate) async fn diagnosis(State(world): State<Shared>, headers: HeaderMap) -> Answered {
    at_the_terminal(&world, &headers).await?;
    Ok(ok(&report(&receipts::diagnosis(OffsetDateTime::now_utc()))))
}

/// Takes the time that the terminal takes.
async fn at_the_terminal(world: &Shared, headers: &HeaderMap) -> Result<(), Refusal> {
    let time = {
        let world = locked(world);
        world.logins.check(headers)?;
        Duration::from_millis(world.settings.think_ms)
    };
    tokio::time::sleep(time).await;
    Ok(())
}

fn reverse(world: &mut World, number: &str) -> Result<Value, Refusal> {
    let hits = world.settings.reversal_hits;
    let wanted: i64 = number.parse().map_err(|_| Refusal::unknown(number))?;
    let named = |transaction: &Transaction| transaction.truth()["receipt_number"].as_i64() == Some(wanted);
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
    let Some((_, result)) = &mut transaction.result else { return Err(Refusal::not_reversible(number)) };
    result["status"] = "cancelled".into();
    result["updated"] = invented::timestamp().into();
    let body = result.clone();
    let id = &transaction.id;
    let paid = world.ledger.iter().rfind(|entry| entry.transaction == *id && entry.change > 0).cloned();
    world.ledger.extend(paid.map(|paid| Entry { time: invented::now_ms(), change: -1, ..paid }));
    Ok(body)
}

fn close(world: &mut World) -> Value {
    let mut sums: Vec<(&str, i64, i64)> = Vec::new();
    for transaction in world.transactions.iter_mut().filter(|transaction| transaction.waits_for_closing()) {
        transaction.is_cleared = true;
        let (brand, sum) =
            (transaction.scenario.brand(), transaction.truth()["basket_info"]["sum"].as_i64().unwrap_or_default());
        match sums.iter_mut().find(|(of, ..)| *of == brand) {
            Some((_, count, total)) => (*count, *total) = (*count + 1, *total + sum),
            None => sums.push((brand, 1, sum)),
        }
    }
    world.closings += 1;
    report(&receipts::closing(OffsetDateTime::now_utc(), &sums))
}

/// How a report is told of is shown nowhere: as a transaction that is done, with what the terminal prints.
fn report(lines: &Value) -> Value {
    json!({
        "object": "smart.transactions",
        "id": invented::id("STX"),
        "created": invented::timestamp(),
        "updated": invented::timestamp(),
        "status": "ok",
        "receipt": [],
        "receipt_merchant": lines,
        "receipt_merchant_print": true,
        "transactions": [],
    })
}
