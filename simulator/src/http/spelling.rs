//! Clients that work spell paths in many ways: `smart/transactions`, `canceltrx`, `endOfDay`. All of them mean the guide's.

use axum::extract::Request;
use axum::http::Uri;
use axum::middleware::Next;
use axum::response::Response;

/// The words of paths, as the guide spells them. Ids are none of them.
const WORDS: &[&str] = &[
    "oauth",
    "token",
    "api",
    "v2",
    "Smart",
    "Transactions",
    "start",
    "cashless",
    "abort",
    "cancelTrx",
    "me",
    "EndOfDay",
    "diagnosis",
];

pub(crate) async fn as_in_the_guide(mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let spelt: Vec<&str> = path.split('/').map(known).collect();
    let spelt = spelt.join("/");
    if spelt != path && !path.starts_with("/_control/") {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        if let Ok(uri) = format!("{spelt}{query}").parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
    next.run(request).await
}

fn known(part: &str) -> &str {
    WORDS.iter().find(|word| word.eq_ignore_ascii_case(part)).unwrap_or(&part)
}
