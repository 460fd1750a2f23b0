//! The server's error bodies as our error. There are two shapes: the API's (`error`, `error_user`, `code`, `supportId`;
//! reference, section 5) and OAuth's (`error`, `error_description`; section 2.6). Anything else is a proxy's page.

use serde_json::Value;

use crate::api::transport::Response;
use crate::error::{Error, ServerWords, Status};
use crate::lenient_json::Json;
use crate::receipt::{clean, without_account_numbers};

/// The longest text of the server's that is passed on.
const LONGEST_TEXT: usize = 300;

/// What the body of an answer without success says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The API's own error body: this is the API speaking, not a proxy.
    Api(ServerWords),
    /// OAuth's error body.
    OAuth(ServerWords),
    /// Neither.
    Foreign,
}

impl Refusal {
    /// Reads an error body.
    pub fn read(body: &[u8]) -> Refusal {
        let json = Json::received(body);
        let Ok(Value::Object(object)) = json.value() else { return Refusal::Foreign };
        if json.contradiction(&["status", "error", "code"]).is_some() {
            return Refusal::Foreign;
        }
        let text = |key: &str| match object.get(key) {
            Some(Value::String(text)) => Some(bounded(text)).filter(|text| !text.is_empty()),
            Some(Value::Number(number)) => Some(bounded(&number.to_string())),
            _ => None,
        };
        match (text("status").as_deref(), text("error")) {
            (Some("error"), _) => Refusal::Api(ServerWords {
                code: text("code"),
                text: text("error_user"),
                support_id: text("supportId"),
            }),
            (None, Some(code)) => {
                Refusal::OAuth(ServerWords { code: Some(code), text: text("error_description"), support_id: None })
            }
            _ => Refusal::Foreign,
        }
    }

    /// What the server said, as far as it was the server.
    pub fn into_words(self) -> ServerWords {
        match self {
            Refusal::Api(words) | Refusal::OAuth(words) => words,
            Refusal::Foreign => ServerWords::default(),
        }
    }
}

/// The error for an answer without success, to a request named `what`.
pub fn error(what: &str, response: &Response) -> Error {
    let refusal = Refusal::read(&response.body);
    let status = match response.status {
        500.. => Status::ServerFailed,
        400.. if refusal != Refusal::Foreign => Status::ServerRefused,
        _ => Status::Protocol,
    };
    Error::new(status, format!("{what} was answered with HTTP {}", response.status)).with_answer(
        response.status,
        refusal.into_words(),
        response.retry_after,
    )
}

/// Whether the API refuses the access token: 401, or the documented 403 with code 2003, in the API's own words.
pub fn is_token_refused(response: &Response) -> bool {
    match (response.status, Refusal::read(&response.body)) {
        (401, Refusal::Api(_) | Refusal::OAuth(_)) => true,
        (403, Refusal::Api(words)) => words.code.as_deref() == Some("2003"),
        _ => false,
    }
}

/// The server's text, made harmless, short and without account numbers.
pub fn bounded(text: &str) -> String {
    // Half a card number would not be known as one.
    let harmless = without_account_numbers(&clean(text));
    harmless.chars().take(LONGEST_TEXT).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Response {
        Response { status, retry_after: None, date: None, body: body.as_bytes().to_vec() }
    }

    const EXPIRED: &str = r#"{"status":"error","error":"ProductNotAllowedException","error_details":"Valid auth token required",
        "error_user":"Es ist ein unbekannter Fehler aufgetreten (Code 2003)","code":2003,"supportId":"f8e0"}"#;

    #[test]
    fn the_apis_words_are_kept_whether_the_code_is_a_number_or_a_text() {
        for body in [EXPIRED.to_owned(), EXPIRED.replace("2003,", "\"2003\",")] {
            let error = error("start", &answer(403, &body));
            assert_eq!(error.status(), Status::ServerRefused);
            assert_eq!(error.http_status(), Some(403));
            assert_eq!(error.server().code.as_deref(), Some("2003"));
            assert_eq!(error.server().support_id.as_deref(), Some("f8e0"));
            assert_eq!(error.server().text.as_deref(), Some("Es ist ein unbekannter Fehler aufgetreten (Code 2003)"));
        }
    }

    #[test]
    fn a_refused_token_is_told_from_everything_else() {
        for (status, body, refused) in [
            (401, EXPIRED, true),
            (401, r#"{"error":"invalid_token"}"#, true),
            (403, EXPIRED, true),
            (401, "<html>login</html>", false),
            (403, "<html>forbidden</html>", false),
            (403, r#"{"status":"error","code":1009}"#, false),
            (400, EXPIRED, false),
            (200, EXPIRED, false),
        ] {
            assert_eq!(is_token_refused(&answer(status, body)), refused, "{status} {body}");
        }
    }

    #[test]
    fn a_proxys_page_is_not_the_api_and_its_text_is_not_passed_on() {
        let error = error("read", &answer(502, "<html>Bad Gateway</html>"));
        assert_eq!(error.status(), Status::ServerFailed);
        assert_eq!(error.server(), &ServerWords::default());
        assert_eq!(super::error("read", &answer(302, "")).status(), Status::Protocol);
        assert_eq!(super::error("read", &answer(407, "<html>")).status(), Status::Protocol);
    }

    #[test]
    fn a_refusal_that_contradicts_itself_or_breaks_off_is_nobodys() {
        let refusal = |body: &[u8]| matches!(Refusal::read(body), Refusal::Api(_));
        assert!(refusal(b"\xef\xbb\xbf{\"status\":\"error\",\"error_user\":\"nicht verf\xfcgbar\",\"x\":NaN}"));
        assert!(refusal(br#"{"status":"error","status":"error"}"#));
        assert!(!refusal(br#"{"status":"error","status":"ok"}"#));
        assert!(!refusal(br#"{"status":"error","code":2003,"code":1}"#));
        assert!(!refusal(br#"{"status":"error","code":2003"#));
    }

    #[test]
    fn hostile_texts_are_made_harmless_and_short() {
        let body = format!(r#"{{"status":"error","error_user":"\u001b[2J{}"}}"#, "x".repeat(10_000));
        let error = error("read", &answer(400, &body));
        let text = error.server().text.as_deref().expect("a text");
        assert!(text.chars().count() <= LONGEST_TEXT && !text.contains('\u{1b}'), "{text}");
    }
}
