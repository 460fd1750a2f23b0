//! The endpoints of the API: a request is read off the wire, the model works on it, and its answer is sent when it comes.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use serde_json::Value;

use crate::http::answer::response;
use crate::http::running::Running;
use crate::model::answer::Refusal;
use crate::model::endpoint::Endpoint;
use crate::model::node::Node;
use crate::model::request;

/// The header of the id that a request is made under.
const ACTION: &str = "x-action";

/// What the guide has, and nothing else.
pub(crate) fn router() -> Router<Arc<Running>> {
    Router::new()
        .route("/oauth/token", post(ask))
        .route("/api/v2/Smart/Transactions", get(ask).post(ask))
        .route("/api/v2/Smart/Transactions/{id}", get(ask))
        .route("/api/v2/Smart/Transactions/{id}/start/cashless", post(ask))
        .route("/api/v2/Smart/Transactions/{id}/abort", post(ask))
        .route("/api/v2/Smart/Transactions/{id}/cancelTrx", post(ask))
        .route("/api/v2/Smart/Transactions/me/EndOfDay", post(ask))
        .route("/api/v2/Smart/Transactions/me/diagnosis", post(ask))
        .fallback(unknown)
}

async fn ask(State(running): State<Arc<Running>>, Extension(node): Extension<Node>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Some(endpoint) = Endpoint::of(head.method.as_str(), head.uri.path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let action = action(&head.headers);
    let asked = request::Request {
        endpoint,
        named: named(head.uri.path()),
        query: head.uri.query().unwrap_or_default(),
        bearer: bearer(&head.headers),
        is_let_in: false,
        action: action.as_deref(),
        body: read(&head.headers, &body),
        node,
    };
    match running.ask(&asked).await {
        Some(answer) => response(&answer),
        // The simulator has ended.
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn unknown(State(running): State<Arc<Running>>, request: Request) -> Response {
    let refusal = Refusal::unknown(request.uri().path());
    response(&running.act(|state, _| state.model.refuse(refusal)))
}

/// The transaction or the receipt number that a path names.
pub(crate) fn named(path: &str) -> &str {
    path.strip_prefix("/api/v2/Smart/Transactions/").and_then(|rest| rest.split('/').next()).unwrap_or_default()
}

/// The id that a request is made under.
pub(crate) fn action(headers: &HeaderMap) -> Option<String> {
    Some(headers.get(ACTION)?.to_str().ok()?.to_owned())
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// A body, as JSON or as a form.
fn read(headers: &HeaderMap, body: &Bytes) -> Option<Value> {
    let kind = headers.get(header::CONTENT_TYPE).map(|kind| kind.as_bytes()).unwrap_or_default();
    if kind.starts_with(b"application/x-www-form") {
        let fields = form_urlencoded::parse(body);
        return Some(fields.map(|(name, value)| (name.into_owned(), Value::from(value))).collect());
    }
    serde_json::from_slice(body).ok()
}
