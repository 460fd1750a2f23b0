//! What stands between the till and the API, and has a hand in every answer: which node's clock it tells, and whether it is
//! packed.

use std::sync::Arc;
use std::time::SystemTime;

use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::http::gzip;
use crate::http::running::Running;

pub(crate) async fn pass(State(running): State<Arc<Running>>, mut request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/_control/") {
        return next.run(request).await;
    }
    let (node, tells_date, packs) = running.act(|state, _| {
        let node = state.model.next_node();
        let settings = &state.model.settings;
        (node, settings.date_header, settings.compresses && !asks_for_identity(request.headers()))
    });
    request.extensions_mut().insert(node);
    let mut answer = next.run(request).await;
    if tells_date {
        let shown = node.shows(running.act(|state, _| state.model.unix()));
        let date = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + shown);
        answer.headers_mut().extend(HeaderValue::from_str(&date).ok().map(|date| (header::DATE, date)));
    }
    if packs { packed(answer).await } else { answer }
}

fn asks_for_identity(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("identity"))
}

/// Only what is there as a whole is packed, not what drips or breaks off.
async fn packed(answer: Response) -> Response {
    if answer.body().size_hint().exact().is_none_or(|length| length == 0) {
        return answer;
    }
    let (mut head, body) = answer.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Response::from_parts(head, Body::from(gzip::packed(&body)))
}
