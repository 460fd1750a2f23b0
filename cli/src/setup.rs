//! What a till is set up with, the same for each command: options, and what they leave open from a file. And how a payment is
//! named.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use secupos::error::{Error, Result};
use secupos::journal::IfMissing;
use secupos::till::Till;
use secupos::till::config::{Config, Environment, Timeout};
use serde::{Deserialize, Deserializer};

use crate::config_file;

/// Which payment is meant.
#[derive(Args)]
pub struct Which {
    /// The sale's number
    pub reference: String,
    /// Which try; needed where two tries of the sale need something
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    attempt: Option<i32>,
}

impl Which {
    /// Which try, if one is named.
    pub fn attempt(&self) -> Result<Option<i32>> {
        match self.attempt {
            Some(attempt) if attempt < 1 => {
                Err(Error::argument("attempt", format!("is {attempt}; it must be at least 1")))
            }
            attempt => Ok(attempt),
        }
    }
}

/// Where a till's settings come from.
#[derive(Args)]
#[command(next_help_heading = "The till, here or in a file")]
pub struct Setup {
    /// The file with what the options leave open; secupos.toml in this folder, if there is one
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Make the state file if there is none; once, when the till is set up
    #[arg(long)]
    create: bool,
    #[command(flatten)]
    settings: Settings,
}

/// A till's settings: each is an option, and a key of the file with _ for -.
#[derive(Args, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The address of the API
    #[arg(long, value_name = "URL", conflicts_with = "environment")]
    base_url: Option<String>,
    /// One of the vendor's installations, in place of an address; payments move real money in both
    #[arg(long, value_parser = ["production", "testing"])]
    environment: Option<String>,
    /// The vendor's client id
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// The vendor's client secret; other users of this machine may see an option
    #[arg(long, value_name = "SECRET", conflicts_with = "client_secret_file")]
    client_secret: Option<String>,
    /// The file whose first line is the client secret
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,
    /// The code of a device that was registered elsewhere; without it the till is what `register` has made of it, or logs in
    /// as the vendor's client
    #[arg(long, value_name = "CODE")]
    device_code: Option<String>,
    /// The till's state file: one file, one till, one terminal
    #[arg(long, value_name = "FILE")]
    state_file: Option<PathBuf>,
    /// Keep the state file's head, by which a loss is noticed, in this file; best on another disk. Otherwise it is beside it
    #[arg(long, value_name = "FILE")]
    head_file: Option<PathBuf>,
    /// Let this group of the machine's users read and write the state file, too; each of them must say the same
    #[arg(long, value_name = "GROUP")]
    state_group: Option<String>,
    /// Trust the certificates in this PEM file too; in the file an array
    #[arg(long, value_name = "FILE")]
    ca_file: Vec<PathBuf>,
    /// Go through this HTTP proxy; "environment": the one that HTTPS_PROXY names
    #[arg(long, value_name = "URL")]
    proxy: Option<String>,
    /// The proxy's user
    #[arg(long, value_name = "NAME")]
    proxy_user: Option<String>,
    /// The file whose first line is the proxy's password
    #[arg(long, value_name = "FILE")]
    proxy_password_file: Option<PathBuf>,
    /// Another timeout, in milliseconds: connect=, request=, payment=, resolve= or terminal=; in the file a table
    #[arg(long, value_name = "NAME=MS", value_parser = timeout)]
    #[serde(deserialize_with = "timeouts")]
    timeout: Vec<(Timeout, i64)>,
}

impl Setup {
    /// Opens the till.
    pub fn open(self) -> Result<Till> {
        let (settings, if_missing) = self.settings()?;
        settings.open(if_missing)
    }

    /// All that is set, wherever it comes from, and what is done if there is no state file.
    pub fn settings(self) -> Result<(Settings, IfMissing)> {
        let file = match &self.config {
            Some(file) => config_file::read(file)?,
            None => config_file::read_if_there(Path::new(config_file::USUAL))?,
        };
        let if_missing = if self.create { IfMissing::Create } else { IfMissing::Refuse };
        Ok((self.settings.or(file), if_missing))
    }
}

impl Settings {
    /// These, and what they leave open from others.
    fn or(self, others: Settings) -> Settings {
        // What belongs together is taken from one place.
        let (base_url, environment) = match (self.base_url, self.environment) {
            (None, None) => (others.base_url, others.environment),
            own => own,
        };
        let (client_secret, client_secret_file) = match (self.client_secret, self.client_secret_file) {
            (None, None) => (others.client_secret, others.client_secret_file),
            own => own,
        };
        let (proxy, proxy_user, proxy_password_file) = match (self.proxy, self.proxy_user, self.proxy_password_file) {
            (None, None, None) => (others.proxy, others.proxy_user, others.proxy_password_file),
            own => own,
        };
        Settings {
            base_url,
            environment,
            client_id: self.client_id.or(others.client_id),
            client_secret,
            client_secret_file,
            device_code: self.device_code.or(others.device_code),
            state_file: self.state_file.or(others.state_file),
            head_file: self.head_file.or(others.head_file),
            state_group: self.state_group.or(others.state_group),
            ca_file: others.ca_file.into_iter().chain(self.ca_file).collect(),
            proxy,
            proxy_user,
            proxy_password_file,
            // The last one counts.
            timeout: others.timeout.into_iter().chain(self.timeout).collect(),
        }
    }

    /// Its files as seen from here, if they were named from that folder.
    pub fn in_folder(mut self, folder: &Path) -> Settings {
        let files =
            [&mut self.client_secret_file, &mut self.state_file, &mut self.head_file, &mut self.proxy_password_file];
        files.into_iter().flatten().chain(&mut self.ca_file).for_each(|file| *file = folder.join(&*file));
        self
    }

    /// Opens the till.
    pub fn open(self, if_missing: IfMissing) -> Result<Till> {
        Till::open(&self.config(if_missing)?)
    }

    /// What the library is set up with.
    pub fn config(self, if_missing: IfMissing) -> Result<Config> {
        self.check_complete()?;
        let mut config = Config::default();
        match (&self.base_url, self.environment.as_deref()) {
            (Some(url), None) => config.set_base_url(url)?,
            (None, Some("testing")) => config.set_environment(Environment::Testing)?,
            (None, Some("production")) => config.set_environment(Environment::Production)?,
            (Some(_), _) => return Err(Error::argument("base_url", "and environment stand for the same: give one")),
            (None, _) => return Err(Error::argument("environment", "is neither production nor testing")),
        }
        let secret = match (self.client_secret, &self.client_secret_file) {
            (Some(secret), None) => secret,
            (None, Some(file)) => first_line("client_secret_file", file)?,
            _ => return Err(Error::argument("client_secret", "and client_secret_file stand for the same: give one")),
        };
        config.set_client_credentials(self.client_id.as_deref().unwrap_or_default(), &secret)?;
        if let Some(code) = &self.device_code {
            config.set_device_code(code)?;
        }
        config.set_state_file(&self.state_file.unwrap_or_default(), if_missing)?;
        if let Some(file) = &self.head_file {
            config.set_head_file(file)?;
        }
        if let Some(group) = &self.state_group {
            config.set_state_group(group)?;
        }
        for file in &self.ca_file {
            config.add_ca_file(file)?;
        }
        match (&self.proxy, &self.proxy_user, &self.proxy_password_file) {
            (Some(url), Some(user), Some(file)) => {
                config.set_proxy(url, Some((user, &first_line("proxy_password_file", file)?)))?;
            }
            (Some(url), None, None) => config.set_proxy(url, None)?,
            (None, None, None) => {}
            _ => {
                return Err(Error::argument(
                    "proxy",
                    "is incomplete: a user and a password file go with it, or neither",
                ));
            }
        }
        for (which, ms) in &self.timeout {
            config.set_timeout_ms(*which, *ms)?;
        }
        // What is printed may be lost on its way.
        config.confirm_what_is_told();
        Ok(config)
    }

    /// For how long a payment in doubt is asked about.
    pub fn resolve_limit(&self) -> Option<Duration> {
        let (_, ms) = self.timeout.iter().rfind(|(which, _)| *which == Timeout::Resolve)?;
        u64::try_from(*ms).ok().map(Duration::from_millis)
    }

    /// Names all that is missing at once.
    fn check_complete(&self) -> Result<()> {
        let missing: Vec<_> = [
            ("base_url (or environment)", self.base_url.is_none() && self.environment.is_none()),
            ("client_id", self.client_id.is_none()),
            (
                "client_secret (or client_secret_file)",
                self.client_secret.is_none() && self.client_secret_file.is_none(),
            ),
            ("state_file", self.state_file.is_none()),
        ]
        .into_iter()
        .filter_map(|(name, is_missing)| is_missing.then_some(name))
        .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let fault = format!("lacks {}: give it as an option, or in a file to --config", missing.join(", "));
        Err(Error::argument("the till's setup", fault))
    }
}

fn first_line(argument: &str, file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file)
        .map_err(|fault| Error::argument(argument, format!("{} cannot be read: {fault}", file.display())))?;
    // Some editors begin a file with a mark that nobody sees.
    Ok(text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default().trim().to_owned())
}

/// One timeout, as an option names it.
pub fn timeout(given: &str) -> std::result::Result<(Timeout, i64), String> {
    let (name, ms) = given.split_once('=').ok_or("it must be NAME=MS")?;
    let which = timeout_named(name).ok_or_else(|| format!("there is no timeout {name}"))?;
    ms.parse().map(|ms| (which, ms)).map_err(|fault| format!("{ms}: {fault}"))
}

fn timeouts<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Vec<(Timeout, i64)>, D::Error> {
    let named = std::collections::BTreeMap::<String, i64>::deserialize(deserializer)?;
    let each = named.into_iter().map(|(name, ms)| match timeout_named(&name) {
        Some(which) => Ok((which, ms)),
        None => Err(serde::de::Error::custom(format!("there is no timeout {name}"))),
    });
    each.collect()
}

fn timeout_named(name: &str) -> Option<Timeout> {
    Timeout::ALL.into_iter().find(|which| which.name() == name)
}
