//! Tokens (reference, section 2): client credentials, the device grant with a known device code, and refresh.

use std::time::Duration;

use serde_json::{Value, json};

use crate::api::refusal::{self, Refusal};
use crate::api::secret::Secret;
use crate::api::transport::Response;
use crate::error::{Error, Result, Status};
use crate::lenient_json;

/// No token is trusted for longer, whatever the server says.
const LONGEST_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// When the server does not say how long a token lives, it is not trusted for longer than this.
const UNKNOWN_LIFETIME: Duration = Duration::from_secs(300);

/// Who the till is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Credentials {
    /// The vendor's client id.
    pub client_id: String,
    /// The vendor's client secret.
    pub client_secret: Secret,
    /// The code of a registered device. Present = the device grant; otherwise client credentials.
    pub device_code: Option<Secret>,
}

/// How a token is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grant {
    /// As a registered device: the merchant and the terminal follow from it.
    Device,
    /// As the vendor's client.
    ClientCredentials,
}

impl Grant {
    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Grant::Device => "device",
            Grant::ClientCredentials => "client_credentials",
        }
    }
}

impl Credentials {
    /// Which grant these are for. There is no silent fallback from one to the other.
    pub fn grant(&self) -> Grant {
        match self.device_code {
            Some(_) => Grant::Device,
            None => Grant::ClientCredentials,
        }
    }

    /// The same client, as this device.
    pub(crate) fn of_device(&self, device_code: &Secret) -> Credentials {
        Credentials { device_code: Some(device_code.clone()), ..self.clone() }
    }

    /// The body of a login. A device that is registered already sends no `uuid`.
    pub(crate) fn login_body(&self) -> Value {
        let mut body = json!({
            "grant_type": self.grant().name(),
            "client_id": self.client_id,
            "client_secret": self.client_secret.reveal(),
        });
        if let Some(code) = &self.device_code {
            body["code"] = code.reveal().into();
        }
        body
    }

    /// The body that asks for the codes of a new device.
    pub(crate) fn registration_body(&self, uuid: &str) -> Value {
        json!({
            "grant_type": Grant::Device.name(),
            "client_id": self.client_id,
            "client_secret": self.client_secret.reveal(),
            "uuid": uuid,
        })
    }

    /// The body that renews a session.
    pub(crate) fn refresh_body(&self, refresh_token: &Secret) -> Value {
        json!({
            "grant_type": "refresh_token",
            "client_id": self.client_id,
            "client_secret": self.client_secret.reveal(),
            "refresh_token": refresh_token.reveal(),
        })
    }
}

/// A token as it was granted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Granted {
    /// The access token.
    pub access: Secret,
    /// How long it lives.
    pub lifetime: Duration,
    /// Absent for client credentials, and absent from the answer to a refresh: then the old one stays.
    pub refresh: Option<Secret>,
}

/// Reads the token endpoint's answer.
pub(crate) fn read_token(grant: Grant, response: &Response) -> Result<Granted> {
    if !response.is_success() {
        return Err(login_error(grant, response));
    }
    let body =
        lenient_json::read(&response.body).map_err(|_| Error::new(Status::Protocol, "the token answer is not JSON"))?;
    let token = |key: &str| match body.get(key) {
        Some(Value::String(text)) if is_token(text) => Some(Secret::new(text.as_str())),
        _ => None,
    };
    let access =
        token("access_token").ok_or_else(|| Error::new(Status::Protocol, "the token answer has no usable token"))?;
    let lifetime = match body.get("expires_in") {
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(text)) => text.parse().ok(),
        _ => None,
    };
    Ok(Granted {
        access,
        lifetime: lifetime.map_or(UNKNOWN_LIFETIME, Duration::from_secs).min(LONGEST_LIFETIME),
        refresh: token("refresh_token"),
    })
}

/// A token goes into a header: visible ASCII only, and not without end.
fn is_token(text: &str) -> bool {
    (1..=4096).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Why a login was refused. "Pending" is told by `authorization_pending` and by a 401 without usable words; the wrong
/// client is never taken for pending (reference, section 2.2).
pub(crate) fn login_error(grant: Grant, response: &Response) -> Error {
    let words = Refusal::read(&response.body).into_words();
    let (status, message) = match (words.code.as_deref(), response.status) {
        (Some("authorization_pending"), _) => (Status::NotRegistered, "the device has not been confirmed yet"),
        (Some("access_denied"), _) => (Status::RegistrationDenied, "the device was denied"),
        (Some("expired_token"), _) => (Status::RegistrationExpired, "the device code has expired"),
        (Some("invalid_client" | "invalid_grant" | "unauthorized_client"), _) | (Some(_), 401) => {
            (Status::InvalidCredentials, "the credentials were refused")
        }
        (None, 401) if grant == Grant::Device => (Status::NotRegistered, "the device has not been confirmed yet"),
        (None, 401) => (Status::InvalidCredentials, "the credentials were refused"),
        _ => return refusal::error("the login", response),
    };
    Error::new(status, message).with_answer(response.status, words, response.retry_after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Response {
        Response { status, retry_after: None, date: None, body: body.as_bytes().to_vec() }
    }

    fn device() -> Credentials {
        Credentials {
            client_id: "vendor".into(),
            client_secret: Secret::new("s3cret"),
            device_code: Some(Secret::new("c0de")),
        }
    }

    #[test]
    fn a_device_logs_in_with_its_code_and_without_a_uuid() {
        assert_eq!(
            device().login_body(),
            json!({"grant_type": "device", "client_id": "vendor", "client_secret": "s3cret", "code": "c0de"})
        );
        let client = Credentials { device_code: None, ..device() };
        assert_eq!(
            client.login_body(),
            json!({"grant_type": "client_credentials", "client_id": "vendor", "client_secret": "s3cret"})
        );
    }

    #[test]
    fn tokens_are_read_from_each_grants_answer() {
        let granted = read_token(
            Grant::Device,
            &answer(
                200,
                r#"{"access_token":"a1","expires_in":1200,"token_type":"bearer","scope":null,"refresh_token":"r1"}"#,
            ),
        )
        .expect("granted");
        assert_eq!(granted.access, Secret::new("a1"));
        assert_eq!(granted.lifetime, Duration::from_secs(1200));
        assert_eq!(granted.refresh, Some(Secret::new("r1")));
        let refreshed =
            read_token(Grant::Device, &answer(201, r#"{"access_token":"a2","expires_in":"60"}"#)).expect("granted");
        assert_eq!((refreshed.lifetime, refreshed.refresh), (Duration::from_secs(60), None));
        for (lifetime, taken) in [("18446744073709551615", LONGEST_LIFETIME), ("-1", UNKNOWN_LIFETIME)] {
            let body = format!(r#"{{"access_token":"a","expires_in":{lifetime}}}"#);
            assert_eq!(read_token(Grant::Device, &answer(200, &body)).expect("granted").lifetime, taken);
        }
    }

    #[test]
    fn what_is_no_token_is_refused_without_being_quoted() {
        for body in
            ["", "<html>", "{}", r#"{"access_token":""}"#, r#"{"access_token":7}"#, r#"{"access_token":"a\r\nX: y"}"#]
        {
            let error = read_token(Grant::Device, &answer(200, body)).expect_err(body);
            assert_eq!(error.status(), Status::Protocol, "{body}");
        }
    }

    #[test]
    fn refusals_are_told_apart() {
        use Status::*;
        for (grant, status, body, expected) in [
            (Grant::Device, 401, r#"{"error":"authorization_pending"}"#, NotRegistered),
            (Grant::Device, 400, r#"{"error":"authorization_pending"}"#, NotRegistered),
            (Grant::Device, 401, "", NotRegistered),
            (Grant::Device, 401, "<html>", NotRegistered),
            (Grant::Device, 401, r#"{"error":"invalid_client"}"#, InvalidCredentials),
            (Grant::Device, 400, r#"{"error":"invalid_client"}"#, InvalidCredentials),
            (Grant::Device, 400, r#"{"error":"invalid_grant"}"#, InvalidCredentials),
            (Grant::Device, 400, r#"{"error":"access_denied"}"#, RegistrationDenied),
            (Grant::Device, 400, r#"{"error":"expired_token"}"#, RegistrationExpired),
            (Grant::ClientCredentials, 401, "", InvalidCredentials),
            (Grant::ClientCredentials, 400, r#"{"error":"unsupported_grant_type"}"#, ServerRefused),
            (Grant::ClientCredentials, 502, "<html>", ServerFailed),
            (Grant::ClientCredentials, 302, "", Protocol),
        ] {
            let error = read_token(grant, &answer(status, body)).expect_err(body);
            assert_eq!(error.status(), expected, "{grant:?} {status} {body}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let granted =
            Granted { access: Secret::new("a1x"), lifetime: Duration::ZERO, refresh: Some(Secret::new("r1x")) };
        let shown = format!("{:?} {:?}", device(), granted);
        for secret in ["s3cret", "c0de", "a1x", "r1x"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
