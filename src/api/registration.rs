//! Registering a till as a device, on the wire (reference, section 2.2): codes are asked for, a person confirms them
//! somewhere else, and the till asks until that is done.

use std::time::Duration;

use serde_json::Value;

use crate::api::oauth::{self, Grant, Granted};
use crate::api::refusal;
use crate::api::secret::Secret;
use crate::api::transport::Response;
use crate::error::{Error, Result, Status};
use crate::lenient_json;
use crate::receipt::clean;

/// Where the service says nothing sensible, and in its own clients, the till asks every 5 s.
const USUAL_INTERVAL: Duration = Duration::from_secs(5);
const LONGEST_INTERVAL: Duration = Duration::from_secs(60);
/// How much longer the till waits each time it is told to slow down (RFC 8628, section 3.5).
pub(crate) const SLOWER: Duration = Duration::from_secs(5);
/// As the vendor's own clients have it, where the service does not say how long the codes live.
const USUAL_LIFETIME: Duration = Duration::from_secs(1200);
const LONGEST_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// The codes of a registration that is to be confirmed.
#[derive(Clone, Debug)]
pub struct Codes {
    /// What the till logs in with from now on.
    pub device_code: Secret,
    /// What the person enters.
    pub user_code: String,
    /// Where.
    pub verification_url: String,
    /// How long the codes live.
    pub lifetime: Duration,
    /// How often the till may ask.
    pub interval: Duration,
}

/// What a till hears when it asks whether it has been confirmed.
#[derive(Debug)]
pub enum Asked {
    /// It has been, and this is its first token.
    Confirmed(Granted),
    /// Not yet.
    Pending,
    /// Not yet, and it asks too often.
    TooOften,
    /// The person has refused.
    Denied,
    /// Nobody has confirmed it in time.
    Expired,
    /// Nobody knows: the network or the service failed.
    Unsure,
    /// It can never be: this is why.
    Refused(Error),
}

/// Checks a device's own name: `/vendor/<vendor>/<key>/<value>`, with as many keys as are agreed on with the vendor.
pub fn check_uuid(uuid: &str) -> Result<()> {
    let fault =
        |fault: &str| Err(Error::argument("device_name", format!("{fault}, such as /vendor/unknown/cashier/1")));
    if uuid.len() > 255 {
        return fault("is longer than 255 bytes; it must be a short name");
    }
    if !uuid.bytes().all(|byte| byte.is_ascii_graphic()) {
        return fault("has a character that is no visible ASCII");
    }
    let parts: Vec<&str> = uuid.split('/').collect();
    let is_shaped = parts.len() >= 5 && parts.len() % 2 == 1 && parts[0].is_empty() && parts[1] == "vendor";
    if !is_shaped || parts[2..].iter().any(|part| part.is_empty()) {
        return fault("must be /vendor/<vendor>/<key>/<value>");
    }
    Ok(())
}

/// Reads the answer to asking for codes.
pub(crate) fn read_codes(response: &Response) -> Result<Codes> {
    if !response.is_success() {
        let login = oauth::login_error(Grant::ClientCredentials, response);
        let is_wrong_client = login.status() == Status::InvalidCredentials;
        return Err(if is_wrong_client { login } else { refusal::error("the registration", response) });
    }
    let body = lenient_json::read(&response.body)
        .map_err(|_| Error::new(Status::Protocol, "the answer to the registration is not JSON"))?;
    let lacks =
        |what: &str| Error::new(Status::Protocol, format!("the answer to the registration has no usable {what}"));
    let text = |key: &str, most: usize| {
        let text = clean(body.get(key)?.as_str()?).trim().to_owned();
        (!text.is_empty() && text.len() <= most).then_some(text)
    };
    let device_code = body.get("device_code").and_then(Value::as_str);
    let device_code = device_code.filter(|code| (1..=512).contains(&code.len()) && !code.chars().any(char::is_control));
    let seconds = |key: &str| match body.get(key) {
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(text)) => text.parse().ok(),
        _ => None,
    };
    let within = |key: &str, usual: Duration, longest: Duration| {
        let said = seconds(key).filter(|seconds| *seconds > 0).map(Duration::from_secs);
        said.unwrap_or(usual).min(longest)
    };
    Ok(Codes {
        device_code: Secret::new(device_code.ok_or_else(|| lacks("device code"))?),
        user_code: text("user_code", 64).ok_or_else(|| lacks("user code"))?,
        verification_url: text("verification_url", 2048).ok_or_else(|| lacks("verification address"))?,
        lifetime: within("expires_in", USUAL_LIFETIME, LONGEST_LIFETIME),
        interval: within("interval", USUAL_INTERVAL, LONGEST_INTERVAL),
    })
}

/// What an attempt to log in says of a registration that waits to be confirmed.
pub(crate) fn read_asked(login: Result<Granted>) -> Asked {
    let error = match login {
        Ok(granted) => return Asked::Confirmed(granted),
        Err(error) => error,
    };
    let code = error.server().code.as_deref();
    match (code, error.status()) {
        (Some("slow_down"), _) => Asked::TooOften,
        // The code was the service's own a moment ago.
        (Some("invalid_grant"), _) | (_, Status::RegistrationExpired) => Asked::Expired,
        (_, Status::NotRegistered) => Asked::Pending,
        (_, Status::RegistrationDenied) => Asked::Denied,
        (_, status) if status.is_connection() => Asked::Unsure,
        (_, Status::ServerFailed | Status::Protocol) => Asked::Unsure,
        _ => Asked::Refused(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Response {
        Response { status, retry_after: None, date: None, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn names_of_devices_are_checked_before_anything_is_sent() {
        for good in ["/vendor/unknown/cashier/1", "/vendor/secucard/serial/123/cashier/3"] {
            check_uuid(good).expect(good);
        }
        for bad in [
            "",
            "/",
            "cashier/1",
            "/vendor",
            "/vendor/x",
            "/vendor/x/cashier",
            "/vendor/x/cashier/",
            "/vendor//cashier/1",
            "/vendor/x/cashier/1/",
            "/vendor/x/cashier/1/serial",
            "/seller/x/cashier/1",
            "/vendor/x/cashier/one two",
            "/vendor/x/cashier/\n",
            "/vendor/x/cashier/ä",
            &format!("/vendor/x/cashier/{}", "1".repeat(255)),
        ] {
            let error = check_uuid(bad).expect_err(bad);
            assert_eq!(error.status(), Status::InvalidArgument);
            assert!(error.message().starts_with("device_name "), "{error}");
        }
    }

    #[test]
    fn codes_are_read_and_bounded() {
        let codes = |more: &str| {
            let body = format!(
                r#"{{"device_code":"c0de","user_code":" aa63\u001bq9k9","verification_url":"http://x"{more}}}"#
            );
            read_codes(&answer(200, &body))
        };
        let usual = codes(r#","expires_in":1200,"interval":5"#).expect("codes");
        assert_eq!((usual.user_code.as_str(), usual.interval), ("aa63q9k9", Duration::from_secs(5)));
        for (more, lifetime, interval) in [
            ("", 1200, 5),
            (r#","expires_in":0,"interval":0"#, 1200, 5),
            (r#","expires_in":-1,"interval":-1"#, 1200, 5),
            (r#","expires_in":"60","interval":"7""#, 60, 7),
            (r#","expires_in":99999999,"interval":99999999"#, 86_400, 60),
        ] {
            let codes = codes(more).expect(more);
            assert_eq!((codes.lifetime.as_secs(), codes.interval.as_secs()), (lifetime, interval), "{more}");
        }
        assert!(!format!("{usual:?}").contains("c0de"));
        let whole: Value = serde_json::json!({"device_code": "c", "user_code": "u", "verification_url": "v"});
        for (key, bad) in [("device_code", ""), ("user_code", "\u{1b}"), ("verification_url", "")] {
            let mut body = whole.clone();
            body[key] = bad.into();
            assert_eq!(read_codes(&answer(200, &body.to_string())).expect_err(key).status(), Status::Protocol);
        }
        let refused = read_codes(&answer(400, r#"{"error":"invalid_client"}"#)).expect_err("refused");
        assert_eq!(refused.status(), Status::InvalidCredentials);
        let unwell = read_codes(&answer(503, "")).expect_err("refused");
        assert_eq!(unwell.status(), Status::ServerFailed);
    }

    #[test]
    fn pending_is_told_from_everything_else() {
        let asked = |status, body: &str| read_asked(oauth::read_token(Grant::Device, &answer(status, body)));
        assert!(matches!(asked(401, r#"{"error":"authorization_pending"}"#), Asked::Pending));
        assert!(matches!(asked(400, r#"{"error":"authorization_pending"}"#), Asked::Pending));
        assert!(matches!(asked(401, ""), Asked::Pending));
        assert!(matches!(asked(400, r#"{"error":"slow_down"}"#), Asked::TooOften));
        assert!(matches!(asked(401, r#"{"error":"slow_down"}"#), Asked::TooOften));
        assert!(matches!(asked(400, r#"{"error":"access_denied"}"#), Asked::Denied));
        assert!(matches!(asked(400, r#"{"error":"expired_token"}"#), Asked::Expired));
        assert!(matches!(asked(400, r#"{"error":"invalid_grant"}"#), Asked::Expired));
        for status in [400, 401] {
            assert!(matches!(asked(status, r#"{"error":"invalid_client"}"#), Asked::Refused(_)), "{status}");
        }
        assert!(matches!(asked(502, "<html>"), Asked::Unsure));
        assert!(matches!(asked(200, "<html>"), Asked::Unsure));
    }
}
