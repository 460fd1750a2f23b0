//! The transport over reqwest and rustls: HTTP/1.1, no redirects, no retries, TLS verified always.
//!
//! All of it, building and dropping included, must run on a thread of the library's own: reqwest's blocking client may
//! not be used inside somebody else's async runtime.

use std::cell::RefCell;
use std::io::Read;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant, UNIX_EPOCH};

use reqwest::blocking::{Client, ClientBuilder};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderName, RETRY_AFTER};
use rustls::pki_types::CertificateDer;
use tower::util::AndThenLayer;

use crate::api::base_url::BaseUrl;
use crate::api::proxy::Proxy;
use crate::api::secret::Secret;
use crate::api::tls::{self, Tls};
use crate::api::transport::{Broken, InFlight, LARGEST_ANSWER, Lane, Method, Request, Response, SecondLook, Transport};
use crate::error::{Error, Result, Status};
use crate::os::threads;

/// A connection that carries a start is silent while the customer thinks. A router that has forgotten it meanwhile, or a
/// server that is gone, is noticed in so long a silence...
const SILENCE: Duration = Duration::from_secs(20);
/// ...after so many questions without an answer...
const QUESTIONS: u32 = 8;
/// ...at this interval. Windows asks ten times, whatever it is told.
const BETWEEN_QUESTIONS: Duration = Duration::from_secs(if cfg!(windows) { 8 } else { 10 });

/// What a transport is made with.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Where the API is.
    pub base_url: BaseUrl,
    /// How long connecting may take.
    pub connect_timeout: Duration,
    /// Trusted in addition to the system's roots.
    pub extra_roots: Vec<CertificateDer<'static>>,
    /// What all goes through; nothing unless it is said.
    pub proxy: Option<Proxy>,
    /// Added to the name of the library.
    pub user_agent_suffix: Option<String>,
}

/// HTTP to one base URL.
pub struct Http {
    line: Arc<Line>,
    /// The client that keeps its connection, from the first request on.
    shared: RefCell<Option<Client>>,
}

/// What every connection is made with.
struct Line {
    setup: Setup,
    tls: Tls,
}

impl Http {
    /// Prepares the transport; connects to nothing.
    pub fn new(setup: Setup) -> Result<Self> {
        let tls = Tls::new(setup.base_url.is_https(), setup.extra_roots.clone())?;
        Ok(Http { line: Arc::new(Line { setup, tls }), shared: RefCell::default() })
    }

    fn client(&self, request: &Request) -> Result<Client> {
        match request.lane {
            Lane::Fresh => self.line.fresh(request.second_look.as_ref()),
            Lane::Shared => {
                let mut shared = self.shared.borrow_mut();
                let client = shared.take().map_or_else(|| self.line.shared(), Ok)?;
                Ok(shared.insert(client).clone())
            }
        }
    }
}

impl Line {
    /// A client that keeps its connection.
    fn shared(&self) -> Result<Client> {
        built(self.client()?.pool_max_idle_per_host(1).pool_idle_timeout(Duration::from_secs(20)))
    }

    /// A client for one request.
    fn fresh(&self, look: Option<&SecondLook>) -> Result<Client> {
        let builder = self.client()?.pool_max_idle_per_host(0);
        let builder = builder.tcp_keepalive(SILENCE).tcp_keepalive_interval(BETWEEN_QUESTIONS);
        let builder = builder.tcp_keepalive_retries(QUESTIONS);
        // Where there is this limit, too, reqwest sets it to 30 s, and it would cut the questions short.
        #[cfg(any(target_os = "android", target_os = "linux"))]
        let builder = builder.tcp_user_timeout(SILENCE + BETWEEN_QUESTIONS * QUESTIONS);
        let Some(look) = look.cloned() else { return built(builder) };
        // Around all that connects, so after TCP, proxy and TLS; hyper writes nothing before it has the connection.
        built(builder.connector_layer(AndThenLayer::new(move |connection| {
            std::future::ready(if look.may_send() { Ok(connection) } else { Err(Box::from(TooLate)) })
        })))
    }

    fn client(&self) -> Result<ClientBuilder> {
        let builder = Client::builder()
            .tls_backend_preconfigured(self.tls.config())
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .user_agent(self.user_agent())
            .connect_timeout(self.setup.connect_timeout)
            .tcp_nodelay(true);
        Ok(match &self.setup.proxy {
            None => builder.no_proxy(),
            // The way to this machine needs none, and without TLS a proxy would read all that is secret.
            Some(_) if !self.setup.base_url.is_https() => builder.no_proxy(),
            Some(Proxy::At(url, login)) => builder.proxy(through(url, login.as_ref())?),
            // What a client does of itself.
            Some(Proxy::OfEnvironment) => builder,
        })
    }

    fn user_agent(&self) -> String {
        let own = concat!("secupos/", env!("CARGO_PKG_VERSION"));
        self.setup.user_agent_suffix.as_ref().map_or(own.to_owned(), |suffix| format!("{own} {suffix}"))
    }

    fn exchange(&self, client: &Client, request: &Request) -> std::result::Result<Response, Broken> {
        let started = Instant::now();
        let url = self.setup.base_url.join(&request.path);
        let mut builder = match request.method {
            Method::Get => client.get(url),
            Method::Post => client.post(url).header(CONTENT_TYPE, "application/json"),
        };
        // A proxy that packs what it passes on would have us read nothing.
        builder =
            builder.header(ACCEPT, "application/json").header(ACCEPT_ENCODING, "identity").timeout(request.timeout);
        if let Some(token) = &request.bearer {
            builder = builder.bearer_auth(token.reveal());
        }
        if let Some(action) = &request.action {
            builder = builder.header("X-Action", action.as_str());
        }
        if request.method == Method::Post {
            builder = builder.body(request.body.clone().unwrap_or_default());
        }
        let mut answer = builder.send().map_err(|fault| self.broken(fault))?;
        let status = answer.status().as_u16();
        let retry_after = header(answer.headers(), RETRY_AFTER).and_then(seconds);
        let date = header(answer.headers(), DATE).and_then(unix_milliseconds);
        let body = read_bounded(&mut answer, started + request.timeout)?;
        Ok(Response { status, retry_after, date, body })
    }

    /// Only what failed before a connection stood is known not to have been sent.
    fn broken(&self, fault: reqwest::Error) -> Broken {
        let fault = fault.without_url();
        let text = chain(&fault);
        if !fault.is_connect() {
            let status = if fault.is_timeout() { Status::Timeout } else { Status::Unreachable };
            return Broken::MaybeSent(Error::new(status, format!("the connection broke: {text}")));
        }
        if cause::<TooLate>(&fault).is_some() {
            return Broken::NeverSent(Error::new(Status::InvalidState, format!("{TooLate}: the request was not sent")));
        }
        if let Some(of_tls) = cause::<rustls::Error>(&fault) {
            self.tls.read_again();
            return Broken::NeverSent(Error::new(Status::Tls, format!("no connection: {text}{}", tls::advice(of_tls))));
        }
        let status = match () {
            () if fault.is_timeout() => Status::Timeout,
            // What there was to connect to is the proxy, or what stands behind its tunnel. The environment may have named none.
            () if matches!(self.setup.proxy, Some(Proxy::At(..))) && self.setup.base_url.is_https() => Status::Proxy,
            () => Status::Unreachable,
        };
        Broken::NeverSent(Error::new(status, format!("no connection: {text}")))
    }
}

fn built(builder: ClientBuilder) -> Result<Client> {
    builder.build().map_err(|fault| Error::new(Status::Internal, format!("no HTTP client: {}", chain(&fault))))
}

/// What the second look has said.
#[derive(Debug)]
struct TooLate;

impl std::fmt::Display for TooLate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("too much time had passed when the connection stood")
    }
}

impl std::error::Error for TooLate {}

fn through(url: &str, login: Option<&(String, Secret)>) -> Result<reqwest::Proxy> {
    let fail =
        |fault: reqwest::Error| Error::new(Status::Proxy, format!("no such proxy: {}", chain(&fault.without_url())));
    let through = reqwest::Proxy::all(url).map_err(fail)?;
    Ok(match login {
        Some((user, password)) => through.basic_auth(user, password.reveal()),
        None => through,
    })
}

impl Transport for Http {
    fn exchange(&self, request: &Request) -> std::result::Result<Response, Broken> {
        let client = self.client(request).map_err(Broken::NeverSent)?;
        let exchanged = self.line.exchange(&client, request);
        if matches!(&exchanged, Err(Broken::NeverSent(error)) if error.status() == Status::Tls) {
            // The next one is made with the roots as they are then.
            self.shared.take();
        }
        exchanged
    }

    fn begin(&self, request: Request) -> Box<dyn InFlight> {
        let (answer, answered) = mpsc::channel();
        let line = self.line.clone();
        let send = move || {
            let came = line.fresh(request.second_look.as_ref()).map_err(Broken::NeverSent);
            // Whoever waited may have gone.
            let _ = answer.send(came.and_then(|client| line.exchange(&client, &request)));
        };
        match threads::start("secupos-start", send) {
            Ok(_) => Box::new(Thread(answered)),
            Err(fault) => Box::new(NoThread(Error::new(Status::Internal, format!("no thread for start: {fault}")))),
        }
    }
}

/// A request on a thread of its own, which ends at the request's timeout.
struct Thread(Receiver<std::result::Result<Response, Broken>>);

impl InFlight for Thread {
    fn wait(&mut self, limit: Duration) -> Option<std::result::Result<Response, Broken>> {
        match self.0.recv_timeout(limit) {
            Ok(came) => Some(came),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => {
                Some(Err(Broken::MaybeSent(Error::new(Status::Internal, "the thread of a request has failed"))))
            }
        }
    }
}

/// A request that could not even be begun.
struct NoThread(Error);

impl InFlight for NoThread {
    fn wait(&mut self, _: Duration) -> Option<std::result::Result<Response, Broken>> {
        Some(Err(Broken::NeverSent(self.0.clone())))
    }
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// A wait, however long the server says, of a day at most.
fn seconds(text: &str) -> Option<Duration> {
    text.parse().ok().map(|seconds: u64| Duration::from_secs(seconds.min(24 * 60 * 60)))
}

/// An HTTP date as Unix milliseconds.
fn unix_milliseconds(date: &str) -> Option<i64> {
    let since = httpdate::parse_http_date(date).ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}

/// Reads the body, but neither more than any answer has nor longer than the request may take: a server that drips one
/// byte at a time must not hold the till for ever.
fn read_bounded(answer: &mut impl Read, deadline: Instant) -> std::result::Result<Vec<u8>, Broken> {
    let lost = |status, fault: String| Broken::MaybeSent(Error::new(status, fault));
    let mut body = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        if Instant::now() > deadline {
            return Err(lost(Status::Timeout, "the answer did not end in time".into()));
        }
        match answer.read(&mut chunk) {
            Ok(0) => return Ok(body),
            Ok(length) if body.len() + length > LARGEST_ANSWER => {
                return Err(lost(Status::Protocol, format!("the answer is larger than {LARGEST_ANSWER} bytes")));
            }
            Ok(length) => body.extend_from_slice(&chunk[..length]),
            Err(fault) if fault.kind() == std::io::ErrorKind::Interrupted => {}
            Err(fault) => {
                let cut_off = Error::new(Status::Unreachable, format!("the answer broke off: {}", chain(&fault)));
                return Err(Broken::MaybeSent(cut_off));
            }
        }
    }
}

/// The error of this kind that it comes from, if there is one.
fn cause<'a, Cause: std::error::Error + 'static>(fault: &'a (dyn std::error::Error + 'static)) -> Option<&'a Cause> {
    // An io::Error names what it wraps by get_ref; its source() already is the wrapped one's source.
    let wrapped = || fault.downcast_ref::<std::io::Error>().and_then(|io| cause(io.get_ref()?));
    fault.downcast_ref().or_else(wrapped).or_else(|| cause(fault.source()?))
}

/// An error with all its causes, innermost last.
fn chain(fault: &dyn std::error::Error) -> String {
    let mut text = fault.to_string();
    let mut cause = fault.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    text
}
