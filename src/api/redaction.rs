//! Secrets that went over the wire do not come back: a server or a proxy that quotes them in an error or a status would have
//! them shown to the cashier, and logged. What tells of a payment is stored as it was received.

use std::borrow::Cow;
use std::cell::RefCell;

use serde_json::Value;

use crate::api::secret::Secret;
use crate::api::transport::{Request, Response};
use crate::lenient_json;

/// What is shorter is found in other words, too; no service issues such secrets.
const SHORTEST: usize = 8;
/// Tokens come and go: so many are kept in mind.
const MOST_TOKENS: usize = 16;

/// The secrets that have been seen on the wire.
#[derive(Default)]
pub(super) struct Redaction {
    own: RefCell<Vec<Secret>>,
    tokens: RefCell<Vec<Secret>>,
}

impl Redaction {
    /// Learns what the till had before anything went over the wire.
    pub(super) fn learn(&self, secret: &Secret) {
        learn(&self.own, secret.reveal());
    }

    /// Learns what a request holds.
    pub(super) fn learn_from(&self, request: &Request) {
        if let Some(token) = &request.bearer {
            learn(&self.tokens, token.reveal());
        }
        if is_about_tokens(request) {
            self.learn_fields(request.body.as_deref().unwrap_or_default());
        }
    }

    /// Learns what an answer grants, and redacts in any other what is known.
    pub(super) fn pass(&self, request: &Request, mut response: Response) -> Response {
        match response.is_success() {
            true if is_about_tokens(request) => self.learn_fields(&response.body),
            true if !self.is_quoted_as_status(&response.body) => {}
            _ => self.redact(&mut response.body),
        }
        response
    }

    fn learn_fields(&self, body: &[u8]) {
        let body = lenient_json::read(body).unwrap_or_default();
        let fields = |kept: &RefCell<Vec<Secret>>, names: &[&str]| {
            names.iter().filter_map(|name| body[name].as_str()).for_each(|text| learn(kept, text));
        };
        fields(&self.own, &["client_secret", "code", "device_code"]);
        fields(&self.tokens, &["access_token", "refresh_token"]);
        let tokens = &mut *self.tokens.borrow_mut();
        let too_many = tokens.len().saturating_sub(MOST_TOKENS);
        tokens.drain(..too_many);
    }

    /// The bytes, and in JSON, where a secret can be written in many ways, the texts too.
    fn redact(&self, body: &mut Vec<u8>) {
        self.each(|secret| redact(body, secret.as_bytes()));
        let Ok(written) = lenient_json::read(body) else { return };
        let mut value = written.clone();
        each_text(&mut value, &mut |text| {
            self.each(|secret| *text = text.replace(secret, &"*".repeat(secret.len())));
        });
        if value != written {
            *body = value.to_string().into_bytes();
        }
    }

    fn is_quoted_as_status(&self, body: &[u8]) -> bool {
        let status = lenient_json::read_in_place(body, |body| body.member("status").text().map(Cow::into_owned));
        let status = status.ok().flatten().unwrap_or_default();
        let mut is_quoted = false;
        self.each(|secret| is_quoted |= status.contains(secret));
        is_quoted
    }

    fn each(&self, mut act: impl FnMut(&str)) {
        self.own.borrow().iter().chain(self.tokens.borrow().iter()).for_each(|secret| act(secret.reveal()));
    }
}

fn is_about_tokens(request: &Request) -> bool {
    request.path == "/oauth/token"
}

/// The latest last.
fn learn(kept: &RefCell<Vec<Secret>>, text: &str) {
    if text.len() >= SHORTEST {
        let kept = &mut *kept.borrow_mut();
        kept.retain(|known| known.reveal() != text);
        kept.push(Secret::new(text));
    }
}

/// The texts in a value, whatever they are called.
fn each_text(value: &mut Value, act: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => act(text),
        Value::Array(items) => items.iter_mut().for_each(|item| each_text(item, act)),
        Value::Object(fields) => fields.values_mut().for_each(|field| each_text(field, act)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// As many bytes as before, so that a text in JSON stays one.
fn redact(body: &mut [u8], secret: &[u8]) {
    let mut at = 0;
    while at + secret.len() <= body.len() {
        if body[at..].starts_with(secret) {
            body[at..at + secret.len()].fill(b'*');
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::api::transport::{Lane, Method};

    fn request(path: &str, bearer: Option<&str>, body: &str) -> Request {
        Request {
            method: Method::Post,
            path: path.into(),
            bearer: bearer.map(Secret::new),
            body: Some(body.into()),
            action: None,
            lane: Lane::Shared,
            second_look: None,
            timeout: Duration::ZERO,
        }
    }

    fn answer(status: u16, body: &str) -> Response {
        Response { status, retry_after: None, date: None, body: body.into() }
    }

    #[test]
    fn a_secret_that_was_sent_or_granted_is_redacted_of_errors_and_statuses_only() {
        let redaction = Redaction::default();
        let login = request("/oauth/token", None, r#"{"client_secret":"hush-hush","code":"device-7"}"#);
        redaction.learn_from(&login);
        let granted = r#"{"access_token":"access-1","refresh_token":"refresh-1"}"#;
        assert_eq!(redaction.pass(&login, answer(200, granted)).body, granted.as_bytes());
        let pay = request("/x", Some("access-2"), "");
        redaction.learn_from(&pay);
        let all = "hush-hush device-7 access-1 refresh-1 access-2";
        let redacted = "********* ******** ******** ********* ********";
        assert_eq!(redaction.pass(&pay, answer(400, all)).body, redacted.as_bytes());
        assert_eq!(redaction.pass(&login, answer(401, all)).body, redacted.as_bytes());
        for (sent, passed) in [
            (r#"{"status":"is hush-hush","a":"hush-hush"}"#, r#"{"status":"is *********","a":"*********"}"#),
            (r#"{"status":"ok","receipt":"hush-hush"}"#, r#"{"status":"ok","receipt":"hush-hush"}"#),
        ] {
            assert_eq!(redaction.pass(&pay, answer(200, sent)).body, passed.as_bytes());
        }
    }

    #[test]
    fn a_secret_is_found_however_json_writes_it() {
        let redaction = Redaction::default();
        redaction.learn(&Secret::new("hush/\"hüsh\""));
        let answered =
            answer(401, r#"{"error":"no hush\/\"h\u00fcsh\" here","more":[{"why":"hush/\u0022hüsh\u0022"}]}"#);
        let passed: Value =
            serde_json::from_slice(&redaction.pass(&request("/x", None, ""), answered).body).expect("JSON");
        let redacted = "*".repeat("hush/\"hüsh\"".len());
        assert_eq!(passed["error"], format!("no {redacted} here"));
        assert_eq!(passed["more"][0]["why"], redacted);
    }

    #[test]
    fn the_last_tokens_are_kept_in_mind_and_the_tills_own_secrets_always() {
        let redaction = Redaction::default();
        let login = request("/oauth/token", None, r#"{"client_secret":"hush-hush"}"#);
        redaction.learn_from(&login);
        for number in 100..200 {
            redaction.pass(&login, answer(200, &format!(r#"{{"access_token":"token-{number}"}}"#)));
        }
        let told = redaction.pass(&login, answer(400, "hush-hush token-100 token-184 token-199"));
        assert_eq!(told.body, b"********* token-100 ********* *********");
    }
}
