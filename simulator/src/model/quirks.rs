//! Bodies that say all they should, and are odd elsewhere: in bytes, or in fields that nobody needs.

use axum::body::Bytes;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::http::fault::Endpoint;
use crate::model::answer::success;
use crate::model::settings::Settings;

/// What is odd about the answers to start and to reads of one payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quirk {
    /// They begin with a byte order mark.
    Bom,
    /// `cashier` holds a byte of Latin-1, which is no UTF-8.
    Latin1,
    /// `trans_id` is `NaN`.
    Nan,
    /// `tax_amount` is `1e400`.
    HugeNumber,
    /// `customer` is nested three hundred deep.
    Deep,
    /// The `Content-Type` does not name a character set.
    NoCharset,
    /// `status` comes twice, as `failed` at first: a deciding field that cannot be read.
    TwoStatuses,
}

/// The answer to a request about a payment.
pub(crate) fn told(settings: &Settings, endpoint: Endpoint, body: &Value, quirk: Option<Quirk>) -> Response {
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
    let mut answer = success(settings, endpoint, Bytes::from([mark, brace, &first, rest].concat()));
    if quirk == Some(Quirk::NoCharset) {
        answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    answer
}
