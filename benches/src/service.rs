//! A service that answers at once and within the process: what a till costs beside the network. It knows no faults.

use std::sync::Mutex;
use std::time::Duration;

use secupos::api::transport::{Broken, InFlight, Method, Request, Response, Transport};

/// The real answer to a payment, with both receipts.
const PAID: &str = include_str!("../../tests/fixtures/payment-elv-ok.json");
/// What stands in it.
const PAID_ID: &str = "STX_3HXQQBSVK2XWNAX7ESCZH9NZY3YZAZ";
const PAID_NUMBER: &str = "\"receipt_number\": 3";

/// Answers each request.
#[derive(Default)]
pub struct Service {
    created: Mutex<u64>,
}

impl Service {
    fn answer(&self, request: &Request) -> Vec<u8> {
        if request.path == "/oauth/token" {
            let token =
                r#"{"access_token":"token","refresh_token":"refresh","expires_in":86400,"token_type":"bearer"}"#;
            return token.into();
        }
        let parts: Vec<&str> = request.path.split('?').next().unwrap_or_default().split('/').collect();
        match (request.method, parts.as_slice()) {
            (Method::Post, [.., "Transactions"]) => {
                let mut created = self.created.lock().expect("no panic holds it");
                *created += 1;
                let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
                let id = format!("STX_{:x}_{created}", now.as_micros());
                format!(r#"{{"object":"smart.transactions","id":"{id}","status":"created"}}"#).into()
            }
            (Method::Get, [.., "Transactions"]) => br#"{"count":0,"data":[]}"#.into(),
            (Method::Post, [.., "cancelTrx", _] | [.., "cancelTrx"]) => self.transaction(PAID_ID, "cancelled"),
            (_, [.., "Transactions", id] | [.., "Transactions", id, _, _]) => self.transaction(id, "ok"),
            _ => Vec::new(),
        }
    }

    fn transaction(&self, id: &str, status: &str) -> Vec<u8> {
        let number = 30_000 + *self.created.lock().expect("no panic holds it");
        let paid = PAID.replace(PAID_ID, id).replace(PAID_NUMBER, &format!("\"receipt_number\": {number}"));
        paid.replace("\"status\": \"ok\"", &format!("\"status\": \"{status}\"")).into()
    }
}

impl Transport for Service {
    fn exchange(&self, request: &Request) -> Result<Response, Broken> {
        Ok(Response { status: 200, retry_after: None, date: Some(0), body: self.answer(request) })
    }

    fn begin(&self, request: Request) -> Box<dyn InFlight> {
        Box::new(Answered(Some(self.exchange(&request))))
    }
}

struct Answered(Option<Result<Response, Broken>>);

impl InFlight for Answered {
    fn wait(&mut self, _: Duration) -> Option<Result<Response, Broken>> {
        self.0.take()
    }
}
