//! The proxy that all goes through, if the till says so. The environment's is taken only if the till asks for it by name.

use reqwest::Url;

use crate::api::secret::Secret;
use crate::error::{Error, Result};

/// In place of a URL: whatever the environment names.
const ENVIRONMENT: &str = "environment";

/// Which proxy. `Debug` shows no password.
#[derive(Clone, Debug)]
pub enum Proxy {
    /// An HTTP proxy, with its user and password if it wants them.
    At(String, Option<(String, Secret)>),
    /// What HTTPS_PROXY, ALL_PROXY and NO_PROXY say; none if they say nothing.
    OfEnvironment,
}

impl Proxy {
    /// Takes `http://host:port`, or `environment`.
    pub fn new(url: &str, login: Option<(&str, Secret)>) -> Result<Self> {
        if url == ENVIRONMENT {
            return match login {
                None => Ok(Proxy::OfEnvironment),
                Some(_) => Err(Error::argument(
                    "user of the proxy",
                    "must not be given: the environment's URL says the login itself",
                )),
            };
        }
        let refuse = |fault: &str| Error::argument("url of the proxy", fault);
        let parsed = Url::parse(url).map_err(|fault| refuse(&format!("is not a URL: {fault}")))?;
        if parsed.scheme() != "http" || parsed.host_str().is_none() {
            return Err(refuse(
                "must begin with http:// and name a host (it is that of an HTTP proxy), or be \"environment\"",
            ));
        }
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(refuse("must not contain a user name or password: they are given apart"));
        }
        if parsed.path() != "/" || parsed.query().is_some() || parsed.fragment().is_some() {
            return Err(refuse("must end after the port"));
        }
        if login.as_ref().is_some_and(|(user, _)| user.contains(':')) {
            return Err(Error::argument("user of the proxy", "contains a colon, which a proxy takes for its end"));
        }
        Ok(Proxy::At(parsed.into(), login.map(|(user, password)| (user.to_owned(), password))))
    }
}
