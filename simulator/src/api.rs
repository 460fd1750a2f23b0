//! The endpoints of secuconnect, and the faults before and behind them.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use futures_util::stream;
use serde_json::{Value, json};

use crate::connection::Connection;
use crate::fault::{Endpoint, Fault, What, When};
use crate::world::{self, RequestSeen, Stage, World};

pub(crate) type Shared = Arc<Mutex<World>>;

/// An error as the API writes it: HTTP status, exception, code, text for the user.
struct ApiError(u16, &'static str, i64, String);

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let ApiError(status, exception, code, text) = self;
        let body = json!({"status": "error", "error": exception, "error_details": text, "error_user": text,
            "code": code, "supportId": format!("{code:032x}")});
        (StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), Json(body)).into_response()
    }
}

pub(crate) fn locked(world: &Shared) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/oauth/token", post(token))
        .route("/api/v2/Smart/Transactions", post(create))
        .route("/api/v2/Smart/Transactions/{id}", get(read))
        .route("/api/v2/Smart/Transactions/{id}/start/cashless", post(start))
        .route("/api/v2/Smart/Transactions/{id}/abort", post(abort))
}

async fn token(State(world): State<Shared>, body: Bytes) -> Response {
    let refuse = |error: &str, text: &str| {
        let body = json!({"error": error, "error_description": text});
        (StatusCode::BAD_REQUEST, Json(body)).into_response()
    };
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return refuse("invalid_request", "The body is not JSON");
    };
    let is = |key: &str, value: &str| body[key].as_str() == Some(value);
    if !is("client_id", world::CLIENT_ID) || !is("client_secret", world::CLIENT_SECRET) {
        return refuse("invalid_client", "The client credentials are invalid");
    }
    let mut world = locked(&world);
    match body["grant_type"].as_str() {
        Some("client_credentials") => Json(world.grant(world::CLIENT_ID, false)).into_response(),
        Some("device") if is("code", world::DEVICE_CODE) && body.get("uuid").is_none() => {
            Json(world.grant(world::DEVICE_CODE, true)).into_response()
        }
        Some("device") => refuse("invalid_grant", "The device code is invalid"),
        Some("refresh_token") => match world.session_of_refresh(body["refresh_token"].as_str().unwrap_or_default()) {
            Some(session) => {
                let mut granted = world.grant(&session, true);
                granted.as_object_mut().map(|granted| granted.remove("refresh_token"));
                Json(granted).into_response()
            }
            None => refuse("invalid_grant", "The refresh token is invalid"),
        },
        _ => refuse("unsupported_grant_type", "The grant type is not supported"),
    }
}

/// The documented answers: 401 without a token, 403 with code 2003 for one that is not alive.
fn check_token(world: &World, headers: &HeaderMap) -> Result<(), ApiError> {
    let refuse = |status| {
        let text = "Es ist ein unbekannter Fehler aufgetreten (Code 2003)".to_owned();
        Err(ApiError(status, "ProductNotAllowedException", 2003, text))
    };
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match value.and_then(|value| value.strip_prefix("Bearer ")) {
        None => refuse(401),
        Some(token) if !world.is_alive(token) => refuse(403),
        Some(_) => Ok(()),
    }
}

async fn create(State(world): State<Shared>, headers: HeaderMap, body: Bytes) -> Result<Json<Value>, ApiError> {
    let mut world = locked(&world);
    check_token(&world, &headers)?;
    let invalid = |text: String| ApiError(400, "ProductInternalException", 1001, text);
    let body: Value = serde_json::from_slice(&body).map_err(|fault| invalid(format!("no JSON: {fault}")))?;
    let sum = body["basket_info"]["sum"].as_i64().filter(|sum| *sum > 0);
    let sum = sum.ok_or_else(|| invalid("basket_info.sum is missing or not positive".into()))?;
    let currency = body["basket_info"]["currency"].as_str().unwrap_or_default();
    if currency.len() != 3 {
        return Err(invalid("basket_info.currency is not an ISO 4217 code".into()));
    }
    if let Some(products) = body["basket"]["products"].as_array() {
        let total = |product: &Value| {
            let sign = if product["item_type"] == "coupon" { -1 } else { 1 };
            Some(sign * product["quantity"].as_i64()? * product["priceOne"].as_i64()?)
        };
        let total: Option<i64> = products.iter().map(total).sum();
        if total != Some(sum) {
            return Err(invalid(format!("the items make {total:?}, but basket_info.sum is {sum}")));
        }
    }
    Ok(Json(world.create(&body)))
}

fn unknown(id: &str) -> ApiError {
    ApiError(404, "ProductNotFoundException", 2404, format!("no transaction {id}"))
}

async fn read(
    State(world): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let world = locked(&world);
    check_token(&world, &headers)?;
    let transaction = world.transactions.get(&id).ok_or_else(|| unknown(&id))?;
    if world.settings.hidden_while_running && *transaction.stage.borrow() == Stage::Running {
        return Err(unknown(&id));
    }
    Ok(Json(transaction.body.clone()))
}

/// Blocks until the customer is done. The terminal does not care whether anybody waits for the answer.
async fn start(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let (mut stage, think) = {
        let mut world = locked(&shared);
        check_token(&world, &headers)?;
        let (word, usual) = (world.settings.status_while_running.clone(), world.settings.think);
        let transaction = world.transactions.get_mut(&id).ok_or_else(|| unknown(&id))?;
        if *transaction.stage.borrow() != Stage::Created {
            return Err(ApiError(400, "ProductNotAllowedException", 9001, format!("{id} was started before")));
        }
        transaction.stage.send_replace(Stage::Running);
        transaction.body["status"] = word.into();
        (transaction.stage.subscribe(), transaction.script.think_ms.map_or(usual, Duration::from_millis))
    };
    let terminal = shared.clone();
    let paying = id.clone();
    tokio::spawn(async move {
        tokio::time::sleep(think).await;
        locked(&terminal).finish(&paying);
    });
    let _ = stage.wait_for(|stage| *stage == Stage::Final).await;
    let world = locked(&shared);
    world.transactions.get(&id).map(|transaction| Json(transaction.body.clone())).ok_or_else(|| unknown(&id))
}

/// "Abandons a Smart Transaction that has not yet been started."
async fn abort(
    State(world): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let mut world = locked(&world);
    check_token(&world, &headers)?;
    let transaction = world.transactions.get_mut(&id).ok_or_else(|| unknown(&id))?;
    if *transaction.stage.borrow() != Stage::Created {
        return Err(ApiError(400, "ProductNotAllowedException", 9002, format!("{id} was started before")));
    }
    transaction.stage.send_replace(Stage::Final);
    transaction.body["status"] = "aborted".into();
    Ok(Json(transaction.body.clone()))
}

/// Notes each request, and makes it go wrong where a fault waits for it.
pub(crate) async fn faulty(
    State(world): State<Shared>,
    Extension(connection): Extension<Connection>,
    request: Request,
    next: Next,
) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    if path.starts_with("/_control") {
        return next.run(request).await;
    }
    let fault = {
        let mut world = locked(&world);
        let bearer = request.headers().contains_key(header::AUTHORIZATION);
        let (time, connection) = (world::now_ms(), connection.number);
        let seen = RequestSeen { time, method: method.to_string(), path: path.clone(), connection, bearer };
        world.requests.push(seen);
        Endpoint::of(method.as_str(), &path).and_then(|endpoint| world.take_fault(endpoint))
    };
    match fault {
        None => next.run(request).await,
        Some(Fault { when: When::Before, what: What::Delay(ms) }) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            next.run(request).await
        }
        Some(Fault { when: When::Before, what }) => break_it(what, None, &connection).await,
        Some(Fault { when: When::During, what }) if method == Method::POST && path.contains("/start/") => {
            tokio::spawn(next.run(request));
            tokio::time::sleep(Duration::from_millis(20)).await;
            break_it(what, None, &connection).await
        }
        Some(Fault { what, .. }) => {
            let answer = next.run(request).await;
            break_it(what, Some(answer), &connection).await
        }
    }
}

async fn break_it(what: What, answer: Option<Response>, connection: &Connection) -> Response {
    let status = answer.as_ref().map_or(StatusCode::OK, Response::status);
    let body = match answer {
        Some(answer) => axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap_or_default(),
        None => Bytes::from_static(b"{}"),
    };
    let json = |body: Value| (status, Json(body)).into_response();
    match what {
        What::Reset => {
            connection.end_with_reset();
            connection.cut().await
        }
        What::Close => connection.cut().await,
        What::Silence => std::future::pending().await,
        What::Delay(ms) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            answer_of(status, Body::from(body))
        }
        What::Truncate => half_of(status, &body),
        What::ResetInAnswer => {
            connection.end_with_reset();
            half_of(status, &body)
        }
        What::Drip(ms) => {
            let drop = move |rest: Bytes| async move {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                (!rest.is_empty()).then(|| (Ok::<_, Infallible>(rest.slice(..1)), rest.slice(1..)))
            };
            answer_of(status, Body::from_stream(stream::unfold(body, drop)))
        }
        What::Answer { status, body } => {
            (StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), body).into_response()
        }
        What::ApiError { status, code, text } => {
            ApiError(status, "ProductBackendproviderException", code, text).into_response()
        }
        What::Replace { pointer, value } => {
            let mut body: Value = serde_json::from_slice(&body).unwrap_or_default();
            if let Some(place) = body.pointer_mut(&pointer) {
                *place = value;
            }
            json(body)
        }
        What::Huge(bytes) => answer_of(status, Body::from(vec![b' '; bytes])),
        What::Deep(levels) => answer_of(status, Body::from("[".repeat(levels) + &"]".repeat(levels))),
        What::Lines(count) => {
            let mut body: Value = serde_json::from_slice(&body).unwrap_or_default();
            body["receipt"] = json!(vec![json!({"type": "space"}); count]);
            body["receipt_merchant"] = json!([]);
            json(body)
        }
    }
}

fn answer_of(status: StatusCode, body: Body) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json; charset=UTF-8")], body).into_response()
}

/// Says how long the body is, sends half of it, and breaks off.
fn half_of(status: StatusCode, body: &Bytes) -> Response {
    let (length, half) = (body.len(), body.slice(..body.len() / 2));
    let parts = move |at: u8| {
        let half = half.clone();
        async move {
            match at {
                0 => Some((Ok(half), 1)),
                _ => {
                    // Time for the first half to leave before the connection does.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    Some((Err(std::io::Error::other("cut")), 2))
                }
            }
        }
    };
    let mut answer = answer_of(status, Body::from_stream(stream::unfold(0, parts)));
    answer.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    answer
}
