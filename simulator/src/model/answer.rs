//! How the API answers: JSON, and refusals in its error body.

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::ext::ReasonPhrase;
use serde_json::json;

use crate::http::fault::Endpoint;
use crate::model::ids;
use crate::model::settings::Settings;

/// An answer with a body and the API's headers.
pub(crate) fn answer(status: StatusCode, body: impl Into<Body>) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json; charset=UTF-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, body.into()).into_response()
}

/// The answer to a request that was done: 200, or what is set for this endpoint.
pub(crate) fn success(settings: &Settings, endpoint: Endpoint, body: impl Into<Body>) -> Response {
    answer(settings.success_status.get(&endpoint).map_or(StatusCode::OK, |number| status(*number)), body)
}

/// A status by its number; one that cannot be is answered as 500.
pub(crate) fn status(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// A refusal with the API's error body.
pub(crate) struct Refusal {
    status: u16,
    exception: &'static str,
    code: i64,
    /// For the developer.
    details: String,
    /// For the user.
    user: String,
}

/// Codes that are documented nowhere are invented, from 9000 on.
impl Refusal {
    fn new(status: u16, exception: &'static str, code: i64, details: String) -> Refusal {
        let user = format!("Es ist ein unbekannter Fehler aufgetreten (Code {code})");
        Refusal { status, exception, code, details, user }
    }

    /// There is no token, or it is not alive.
    pub(crate) fn token(status: u16) -> Refusal {
        Refusal::new(status, "ProductNotAllowedException", 2003, "Valid auth token required".into())
    }

    pub(crate) fn invalid(details: String) -> Refusal {
        Refusal::new(400, "ProductInternalException", 1001, details)
    }

    pub(crate) fn sum_differs(details: String) -> Refusal {
        Refusal::new(400, "ProductInternalException", 9001, details)
    }

    pub(crate) fn started_before(id: &str) -> Refusal {
        Refusal::new(400, "ProductNotAllowedException", 9002, format!("{id} has been started or abandoned before"))
    }

    pub(crate) fn not_reversible(number: &str) -> Refusal {
        let details = format!("{number} cannot be cancelled at the terminal");
        let user = "Storno nicht möglich".into();
        Refusal { user, ..Refusal::new(400, "ProductBackendproviderException", 9005, details) }
    }

    pub(crate) fn reversed_before(number: &str) -> Refusal {
        let details = format!("{number} has already been cancelled");
        let user = "Die Zahlung wurde bereits storniert".into();
        Refusal { user, ..Refusal::new(400, "ProductBackendproviderException", 9006, details) }
    }

    pub(crate) fn not_allowed() -> Refusal {
        Refusal::new(403, "ProductNotAllowedException", 9007, "Not allowed for this device".into())
    }

    pub(crate) fn busy() -> Refusal {
        let user = "Das Terminal ist belegt".into();
        Refusal { user, ..Refusal::new(400, "ProductBackendproviderException", 9008, "The terminal is busy".into()) }
    }

    pub(crate) fn unknown(id: &str) -> Refusal {
        Refusal::new(404, "ProductNotFoundException", 9004, format!("There is no {id}"))
    }

    pub(crate) fn scripted(status: u16, code: i64, text: String) -> Refusal {
        Refusal { user: text.clone(), ..Refusal::new(status, "ProductBackendproviderException", code, text) }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Refusal { status: number, exception, code, details, user } = self;
        let support = ids::hex() + &ids::hex();
        let body = json!({"status": "error", "error": exception, "error_details": details, "error_user": user,
            "code": code, "supportId": support});
        let mut answer = answer(status(number), body.to_string());
        // The documentation shows the exception in place of the usual "Forbidden".
        answer.extensions_mut().insert(ReasonPhrase::from_static(exception.as_bytes()));
        answer
    }
}
