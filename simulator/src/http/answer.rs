//! An answer as it goes over the wire.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::ext::ReasonPhrase;
use serde_json::Value;

use crate::model::answer::Answer;
use crate::model::quirks::Quirk;

/// Marks an answer that never comes: the connection breaks instead.
#[derive(Clone, Copy)]
pub(crate) struct Lost;

/// A body with the API's headers.
pub(crate) fn with_headers(number: u16, body: impl Into<Body>) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json; charset=UTF-8"), (header::CACHE_CONTROL, "no-store")];
    (status(number), headers, body.into()).into_response()
}

/// A status by its number; one that cannot be is answered as 500.
pub(crate) fn status(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// An answer of the service, all of it, marked if it is to be lost.
pub(crate) fn response(answer: &Answer) -> Response {
    let mut response = with_headers(answer.status, bytes(&answer.body, answer.quirk));
    if let Some(reason) = answer.reason {
        response.extensions_mut().insert(ReasonPhrase::from_static(reason.as_bytes()));
    }
    if answer.is_lost {
        response.extensions_mut().insert(Lost);
    }
    if answer.quirk == Some(Quirk::NoCharset) {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    response
}

/// A body with what is odd about it.
fn bytes(body: &Value, quirk: Option<Quirk>) -> Bytes {
    let text = body.to_string();
    let first = match quirk {
        Some(Quirk::Latin1) => b"\"cashier\":\"J\xfcrgen\",".to_vec(),
        Some(Quirk::Nan) => b"\"trans_id\":NaN,".to_vec(),
        Some(Quirk::HugeNumber) => b"\"tax_amount\":1e400,".to_vec(),
        Some(Quirk::Deep) => format!("\"customer\":{}{},", "[".repeat(300), "]".repeat(300)).into_bytes(),
        Some(Quirk::TwoStatuses) => b"\"status\":\"failed\",".to_vec(),
        Some(Quirk::Bom | Quirk::NoCharset) | None => Vec::new(),
    };
    let mark: &[u8] = if quirk == Some(Quirk::Bom) { b"\xef\xbb\xbf" } else { b"" };
    let (brace, rest) = text.as_bytes().split_at(1);
    Bytes::from([mark, brace, &first, rest].concat())
}
