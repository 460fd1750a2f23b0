//! Where the API is. Checked once, so that no secret can ever be sent in the clear to another machine.

use std::net::IpAddr;

use reqwest::Url;

use crate::error::{Error, Result};

/// Production (reference, section 1: it stays on the older domain).
pub const PRODUCTION: &str = "https://connect.secucard.com";
/// The vendor's test host. Terminal payments move real money there too: `is_demo` has no effect on them.
pub const TESTING: &str = "https://connect-testing.secuconnect.com";

/// A checked base URL without a trailing slash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Takes `https://…`, and `http://…` where it stays on this machine.
    pub fn parse(text: &str) -> Result<Self> {
        let refuse = |fault: &str| Error::argument("base_url", fault);
        let url = Url::parse(text).map_err(|fault| refuse(&format!("is not a URL: {fault}")))?;
        let host = url.host_str().ok_or_else(|| refuse("has no host"))?;
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(host) => {}
            "http" => return Err(refuse("is plain http to another machine; only https keeps secrets there")),
            _ => return Err(refuse("must begin with https:// (or http:// on this machine)")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("must not contain a user name or password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("must not contain ? or #"));
        }
        Ok(BaseUrl(url.as_str().trim_end_matches('/').to_owned()))
    }

    /// The URL of a path that begins with `/`.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// Whether the connection will be encrypted.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https:")
    }

    /// As text, for error messages.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;

    #[test]
    fn takes_https_anywhere_and_http_on_this_machine() {
        for (text, kept) in [
            (PRODUCTION, PRODUCTION),
            (TESTING, TESTING),
            ("https://pay.example/prefix/", "https://pay.example/prefix"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
            ("http://127.9.9.9", "http://127.9.9.9"),
            ("http://localhost:1", "http://localhost:1"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(BaseUrl::parse(text).expect(text).as_str(), kept);
        }
    }

    #[test]
    fn refuses_everything_else_and_names_the_argument() {
        for text in [
            "",
            "connect.secucard.com",
            "ftp://connect.secucard.com",
            "file:///etc/passwd",
            "http://connect.secucard.com",
            "http://192.168.0.1",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "https://user:password@connect.secucard.com",
            "https://connect.secucard.com/?a=b",
            "https://connect.secucard.com/#a",
            "https://",
        ] {
            let error = BaseUrl::parse(text).expect_err(text);
            assert_eq!(error.status(), Status::InvalidArgument, "{text}");
            assert!(error.message().starts_with("base_url "), "{text}: {error}");
        }
    }
}
