//! How a till is set up. Each value is checked when it is set, so that the error names it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rustls::pki_types::CertificateDer;

use crate::api::base_url::{self, BaseUrl};
use crate::api::oauth::Credentials;
use crate::api::proxy::Proxy;
use crate::api::secret::Secret;
use crate::api::tls::certificates;
use crate::error::{Error, Result};
use crate::journal::IfMissing;
use crate::log::Log;
use crate::os::files::{Access, Group};
use crate::payment::grace;

/// The vendor's installations.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(i32)]
pub enum Environment {
    /// Where tills take money.
    Production = 1,
    /// Where tills are tried out. Terminal payments move real money there too.
    Testing = 2,
}

/// What can take too long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(i32)]
pub enum Timeout {
    /// Name lookup, connecting, TLS. Default 10 s.
    Connect = 1,
    /// Every request but the payment itself. Default 30 s.
    Request = 2,
    /// The customer at the terminal. Default 300 s, at most 600 s.
    Payment = 3,
    /// Reading a payment in doubt, before it is called unknown. Default 90 s.
    Resolve = 4,
    /// A reversal, an end of day or a diagnosis at the terminal. Default 180 s.
    Terminal = 6,
}

impl Timeout {
    /// All, in the order of their numbers.
    pub const ALL: [Timeout; 5] =
        [Timeout::Connect, Timeout::Request, Timeout::Payment, Timeout::Resolve, Timeout::Terminal];

    /// The name, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Timeout::Connect => "connect",
            Timeout::Request => "request",
            Timeout::Payment => "payment",
            Timeout::Resolve => "resolve",
            Timeout::Terminal => "terminal",
        }
    }
}

/// The timeouts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Timeouts {
    pub(crate) connect: Duration,
    pub(crate) request: Duration,
    pub(crate) payment: Duration,
    pub(crate) resolve: Duration,
    pub(crate) report: Duration,
}

impl Timeouts {
    /// From the durable row on until no reversal can arrive any more.
    pub(crate) fn until_reversal_is_over(&self) -> Duration {
        grace::length(self.connect, self.request, self.payment.max(self.report))
    }

    /// From the durable row on until no start can arrive any more.
    pub(crate) fn until_grace_is_over(&self) -> Duration {
        grace::length(self.connect, self.request, self.payment)
    }
}

/// Where the state file is, and what to do if it is not there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct StatePath {
    pub(crate) path: PathBuf,
    pub(crate) if_missing: IfMissing,
}

/// A till's settings. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) base_url: Option<BaseUrl>,
    pub(crate) client: Option<(String, Secret)>,
    pub(crate) device_code: Option<Secret>,
    pub(crate) extra_roots: Vec<CertificateDer<'static>>,
    pub(crate) proxy: Option<Proxy>,
    pub(crate) user_agent_suffix: Option<String>,
    pub(crate) timeouts: Timeouts,
    pub(crate) state_file: Option<StatePath>,
    pub(crate) head_file: Option<PathBuf>,
    pub(crate) access: Access,
    pub(crate) environment: Option<Environment>,
    /// Whether what is asked for with money is stored when it is told, and not when the caller says so.
    pub(crate) stores_demands: bool,
    pub(crate) log: Log,
}

impl Environment {
    /// The name, as state files keep it.
    pub fn name(self) -> &'static str {
        match self {
            Environment::Production => "production",
            Environment::Testing => "testing",
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        let timeouts = Timeouts {
            connect: Duration::from_secs(10),
            request: Duration::from_secs(30),
            payment: Duration::from_secs(300),
            resolve: Duration::from_secs(90),
            report: Duration::from_secs(180),
        };
        Config {
            base_url: None,
            client: None,
            device_code: None,
            extra_roots: Vec::new(),
            proxy: None,
            user_agent_suffix: None,
            timeouts,
            state_file: None,
            head_file: None,
            access: Access::Owner,
            environment: None,
            stores_demands: true,
            log: Log::default(),
        }
    }
}

impl Config {
    /// Chooses one of the vendor's installations.
    pub fn set_environment(&mut self, environment: Environment) -> Result<()> {
        self.set_base_url(match environment {
            Environment::Production => base_url::PRODUCTION,
            Environment::Testing => base_url::TESTING,
        })?;
        self.environment = Some(environment);
        Ok(())
    }

    /// Any base URL: https, or http to this machine itself.
    pub fn set_base_url(&mut self, url: &str) -> Result<()> {
        self.base_url = Some(BaseUrl::parse(url)?);
        self.environment = None;
        Ok(())
    }

    /// The vendor's client id and secret.
    pub fn set_client_credentials(&mut self, id: &str, secret: &str) -> Result<()> {
        check_credential("client_id", id)?;
        check_credential("client_secret", secret)?;
        self.client = Some((id.to_owned(), Secret::new(secret)));
        Ok(())
    }

    /// The code of a registered device. With it the till logs in as that device, without it as the vendor's client.
    pub fn set_device_code(&mut self, code: &str) -> Result<()> {
        check_credential("device_code", code)?;
        self.device_code = Some(Secret::new(code));
        Ok(())
    }

    /// Trusts the certificates in a PEM file too, in addition to the system's roots.
    pub fn add_ca_file(&mut self, path: &Path) -> Result<()> {
        let pem = std::fs::read(path)
            .map_err(|fault| Error::argument("ca_file", format!("{} cannot be read: {fault}", path.display())))?;
        self.extra_roots.extend(certificates(&pem)?);
        Ok(())
    }

    /// Goes through this HTTP proxy, and only if this is called; `environment` in place of its URL asks the environment
    /// (HTTPS_PROXY, ALL_PROXY, NO_PROXY), which is not asked otherwise. `https` goes through a tunnel (CONNECT), so that the
    /// proxy sees nothing but the host's name; a service on this machine without TLS is reached without a proxy.
    pub fn set_proxy(&mut self, url: &str, login: Option<(&str, &str)>) -> Result<()> {
        if let Some((user, password)) = login {
            check_credential("user of the proxy", user)?;
            check_credential("password of the proxy", password)?;
        }
        self.proxy = Some(Proxy::new(url, login.map(|(user, password)| (user, Secret::new(password))))?);
        Ok(())
    }

    /// Adds the till's own name to what the library calls itself, such as `Kasse/3.2`.
    pub fn set_user_agent_suffix(&mut self, suffix: &str) -> Result<()> {
        match suffix {
            "" => return Err(Error::argument("suffix of the user agent", "is empty")),
            _ if suffix.len() > 100 => {
                return Err(Error::argument("suffix of the user agent", "is longer than 100 bytes"));
            }
            _ if !suffix.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) => {
                return Err(Error::argument("suffix of the user agent", "has a character that is no visible ASCII"));
            }
            _ => self.user_agent_suffix = Some(suffix.to_owned()),
        }
        Ok(())
    }

    /// The till's state file: one file, one till, one terminal. It is made at set-up, once, with [`IfMissing::Create`];
    /// a till that makes a new one each day forgets what was in doubt.
    pub fn set_state_file(&mut self, path: &Path, if_missing: IfMissing) -> Result<()> {
        check_path("state_file", path)?;
        self.state_file = Some(StatePath { path: path.to_owned(), if_missing });
        Ok(())
    }

    /// Keeps the head of the state file, by which a loss is noticed, somewhere else than beside it: best on another disk,
    /// so that one backup cannot bring back both.
    pub fn set_head_file(&mut self, path: &Path) -> Result<()> {
        check_path("head_file", path)?;
        self.head_file = Some(path.to_owned());
        Ok(())
    }

    /// Lets this group of the machine's users read and write the state file and what is beside it, too: for a till at which
    /// several of them work in turn. Its name, or on Unix its number, on Windows its identifier (`S-1-5-32-545`).
    pub fn set_state_group(&mut self, group: &str) -> Result<()> {
        let refused = |fault: String| Error::argument("state_group", fault);
        let found = match group {
            "" => return Err(refused("is empty".to_owned())),
            name if name.contains('\0') => return Err(refused("contains a NUL".to_owned())),
            name => Group::named(name).map_err(|fault| refused(format!("{name:?} cannot be looked up: {fault}")))?,
        };
        self.access = Access::Group(found.ok_or_else(|| refused(format!("{group:?} is unknown to this machine")))?);
        Ok(())
    }

    /// What is asked for with money counts as told only when [`Till::confirm_told`](crate::till::Till::confirm_told) says
    /// so: for a program whose output may be lost after the result was handed to it.
    pub fn confirm_what_is_told(&mut self) {
        self.stores_demands = false;
    }

    /// Sets one timeout, from 100 ms to one hour; the payment's to 600 s at most; resolving may be 0 (read once).
    pub fn set_timeout_ms(&mut self, which: Timeout, ms: i64) -> Result<()> {
        let least = if which == Timeout::Resolve { 0 } else { 100 };
        let longest = if which == Timeout::Payment { grace::LONGEST_PAYMENT } else { Duration::from_secs(3600) };
        let longest = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX);
        let limit = match u64::try_from(ms) {
            Ok(limit) if (least..=longest).contains(&limit) => Duration::from_millis(limit),
            _ => {
                return Err(Error::argument(
                    "ms",
                    format!("of the {} timeout is {ms}; it must be from {least} to {longest}", which.name()),
                ));
            }
        };
        match which {
            Timeout::Connect => self.timeouts.connect = limit,
            Timeout::Request => self.timeouts.request = limit,
            Timeout::Payment => self.timeouts.payment = limit,
            Timeout::Resolve => self.timeouts.resolve = limit,
            Timeout::Terminal => self.timeouts.report = limit,
        }
        Ok(())
    }

    /// Writes to this log from now on; tills that are open keep theirs.
    pub fn set_log(&mut self, log: Log) {
        self.log = log;
    }

    /// What must be known before a till can be opened.
    pub(crate) fn complete(&self) -> Result<(BaseUrl, Credentials, StatePath)> {
        let missing = |what| Error::argument("config", format!("has no {what}"));
        let base_url = self.base_url.clone().ok_or_else(|| missing("base URL and no environment"))?;
        let (client_id, client_secret) = self.client.clone().ok_or_else(|| missing("client credentials"))?;
        let state_file = self.state_file.clone().ok_or_else(|| missing("state file"))?;
        let credentials = Credentials { client_id, client_secret, device_code: self.device_code.clone() };
        Ok((base_url, credentials, state_file))
    }
}

fn check_path(argument: &str, path: &Path) -> Result<()> {
    match path.to_string_lossy() {
        text if text.is_empty() => Err(Error::argument(argument, "is empty")),
        text if text.contains('\0') => Err(Error::argument(argument, "contains a NUL")),
        _ => Ok(()),
    }
}

fn check_credential(argument: &str, text: &str) -> Result<()> {
    match text {
        "" => Err(Error::argument(argument, "is empty")),
        _ if text.len() > 512 => Err(Error::argument(argument, "is longer than 512 bytes")),
        _ if text.chars().any(char::is_control) => Err(Error::argument(argument, "contains a control character")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_name_the_argument_and_never_quote_a_secret() {
        let mut config = Config::default();
        for (fault, argument) in [
            (config.set_client_credentials("", "x"), "client_id "),
            (config.set_client_credentials("x", ""), "client_secret "),
            (config.set_client_credentials("x", "hush\n"), "client_secret "),
            (config.set_device_code("hush\u{7f}"), "device_code "),
            (config.set_timeout_ms(Timeout::Connect, 99), "ms "),
            (config.set_timeout_ms(Timeout::Payment, 600_001), "ms "),
            (config.set_timeout_ms(Timeout::Terminal, 3_600_001), "ms "),
            (config.set_timeout_ms(Timeout::Request, i64::MIN), "ms "),
            (config.set_timeout_ms(Timeout::Resolve, -1), "ms "),
            (config.set_head_file(Path::new("")), "head_file "),
            (config.set_head_file(Path::new("a\0b")), "head_file "),
            (config.set_state_group(""), "state_group "),
            (config.set_state_group("a\0b"), "state_group "),
            (config.set_state_group("no such group"), "state_group "),
            #[cfg(unix)]
            (config.set_state_group("4294967295"), "state_group "),
            (config.set_state_file(Path::new(""), IfMissing::Create), "state_file "),
            (config.set_state_file(Path::new("a\0b"), IfMissing::Create), "state_file "),
            (config.set_proxy("proxy:3128", None), "url "),
            (config.set_proxy("https://user:hush@proxy", None), "url "),
            (config.set_proxy("http://proxy", Some(("a:b", "hush"))), "user "),
            (config.set_proxy("http://proxy", Some(("", "hush"))), "user "),
            (config.set_proxy("http://proxy", Some(("a", "hush\n"))), "password "),
            (config.set_proxy("environment", Some(("a", "hush"))), "user "),
            (config.set_proxy("Environment", None), "url "),
            (config.set_user_agent_suffix("a\r\nX: y"), "suffix "),
            (config.set_user_agent_suffix(""), "suffix "),
            (config.add_ca_file(Path::new("/no/such/file.pem")), "ca_file "),
            (config.complete().map(|_| ()), "config "),
        ] {
            let message = fault.expect_err("refused").message().to_owned();
            assert!(message.starts_with(argument) && !message.contains("hush"), "{message}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let mut config = Config::default();
        config.set_client_credentials("vendor", "hush").expect("set");
        config.set_device_code("quiet").expect("set");
        let shown = format!("{config:?}");
        assert!(!shown.contains("hush") && !shown.contains("quiet"), "{shown}");
    }
}
