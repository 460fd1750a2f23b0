//! What a till is set up with, as options, the same for each command.

use std::path::{Path, PathBuf};

use clap::Args;
use secupos::error::{Error, Result};
use secupos::journal::IfMissing;
use secupos::till::Till;
use secupos::till::config::{Config, Environment, Timeout};

/// A till on the command line.
#[derive(Args)]
pub struct Setup {
    #[command(flatten)]
    server: Server,
    /// The vendor's client id
    #[arg(long)]
    client_id: String,
    #[command(flatten)]
    secret: ClientSecret,
    /// The code of a device that was registered elsewhere; without it the till is what `register` has made of it, or logs in
    /// as the vendor's client
    #[arg(long)]
    device_code: Option<String>,
    /// The till's state file: one file, one till, one terminal
    #[arg(long, value_name = "FILE")]
    state_file: PathBuf,
    /// Make the state file if there is none; once, when the till is set up
    #[arg(long)]
    create_state_file: bool,
    /// Trust the certificates in this PEM file too
    #[arg(long, value_name = "FILE")]
    ca_file: Vec<PathBuf>,
    /// Go through this HTTP proxy; the environment is not asked
    #[arg(long, value_name = "URL")]
    proxy: Option<String>,
    /// The proxy's user
    #[arg(long, value_name = "NAME", requires = "proxy", requires = "proxy_password_file")]
    proxy_user: Option<String>,
    /// The file whose first line is the proxy's password
    #[arg(long, value_name = "FILE", requires = "proxy_user")]
    proxy_password_file: Option<PathBuf>,
    /// Another timeout, in milliseconds: connect=, request=, payment=, resolve= or grace=
    #[arg(long, value_name = "NAME=MS", value_parser = timeout)]
    timeout: Vec<(Timeout, i64)>,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Server {
    /// The address of the API
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// One of the vendor's installations, in place of an address; payments move real money in both
    #[arg(long, value_parser = ["production", "testing"])]
    environment: Option<String>,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct ClientSecret {
    /// The file whose first line is the vendor's client secret
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,
    /// The client secret itself; other users of this machine may see it
    #[arg(long, value_name = "SECRET")]
    client_secret: Option<String>,
}

impl ClientSecret {
    fn read(&self) -> Result<String> {
        match (&self.client_secret, &self.client_secret_file) {
            (Some(secret), _) => Ok(secret.clone()),
            (None, Some(file)) => first_line("client_secret_file", file),
            (None, None) => Err(Error::argument("client_secret", "is missing")),
        }
    }
}

impl Setup {
    /// Opens the till.
    pub fn open(&self) -> Result<Till> {
        let mut config = Config::default();
        match (&self.server.base_url, self.server.environment.as_deref()) {
            (Some(url), _) => config.set_base_url(url)?,
            (None, Some("testing")) => config.set_environment(Environment::Testing)?,
            (None, _) => config.set_environment(Environment::Production)?,
        }
        config.set_client_credentials(&self.client_id, &self.secret.read()?)?;
        if let Some(code) = &self.device_code {
            config.set_device_code(code)?;
        }
        let if_missing = if self.create_state_file { IfMissing::Create } else { IfMissing::Refuse };
        config.set_state_file(&self.state_file, if_missing)?;
        for file in &self.ca_file {
            config.add_ca_file(file)?;
        }
        if let Some(url) = &self.proxy {
            let password =
                self.proxy_password_file.as_deref().map(|file| first_line("proxy_password_file", file)).transpose()?;
            config.set_proxy(url, self.proxy_user.as_deref().zip(password.as_deref()))?;
        }
        for (which, ms) in &self.timeout {
            config.set_timeout_ms(*which, *ms)?;
        }
        Till::open(&config)
    }
}

fn first_line(argument: &str, file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file)
        .map_err(|fault| Error::argument(argument, format!("{} cannot be read: {fault}", file.display())))?;
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}

fn timeout(given: &str) -> std::result::Result<(Timeout, i64), String> {
    let (name, ms) = given.split_once('=').ok_or("it must be NAME=MS")?;
    let which = match name {
        "connect" => Timeout::Connect,
        "request" => Timeout::Request,
        "payment" => Timeout::Payment,
        "resolve" => Timeout::Resolve,
        "grace" => Timeout::Grace,
        _ => return Err(format!("there is no timeout {name}")),
    };
    ms.parse().map(|ms| (which, ms)).map_err(|fault| format!("{ms}: {fault}"))
}
