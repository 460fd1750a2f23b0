//! The proxy that all goes through, if the till says so. Nothing is ever taken from the environment.

use reqwest::Url;

use crate::api::secret::Secret;
use crate::error::{Error, Result};

/// An HTTP proxy. `Debug` shows no password.
#[derive(Clone, Debug)]
pub struct Proxy {
    url: String,
    login: Option<(String, Secret)>,
}

impl Proxy {
    /// Takes `http://host:port`.
    pub fn new(url: &str, login: Option<(&str, Secret)>) -> Result<Self> {
        let refuse = |fault: &str| Error::argument("url", fault);
        let parsed = Url::parse(url).map_err(|fault| refuse(&format!("is not a URL: {fault}")))?;
        if parsed.scheme() != "http" || parsed.host_str().is_none() {
            return Err(refuse("must begin with http:// and name a host: it is that of an HTTP proxy"));
        }
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(refuse("must not contain a user name or password: they are given apart"));
        }
        if parsed.path() != "/" || parsed.query().is_some() || parsed.fragment().is_some() {
            return Err(refuse("must end after the port"));
        }
        if login.as_ref().is_some_and(|(user, _)| user.contains(':')) {
            return Err(Error::argument("user", "contains a colon, which a proxy takes for its end"));
        }
        Ok(Proxy { url: parsed.into(), login: login.map(|(user, password)| (user.to_owned(), password)) })
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its user and password.
    pub fn login(&self) -> Option<&(String, Secret)> {
        self.login.as_ref()
    }
}
