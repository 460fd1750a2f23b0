//! The transport over reqwest and rustls: HTTP/1.1, no redirects, no retries, TLS verified always. Whoever asks waits on the
//! thread that asks; the request itself is carried by the one thread of `wire`, as are those of all other tills.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::{Client, ClientBuilder};
use rustls::pki_types::CertificateDer;
use tower::util::AndThenLayer;

use crate::api::base_url::BaseUrl;
use crate::api::proxy::Proxy;
use crate::api::secret::Secret;
use crate::api::tls::{self, Tls};
use crate::api::transport::{Broken, InFlight, LARGEST_ANSWER, Lane, Method, Request, Response, SecondLook, Transport};
use crate::api::wire::Wire;
use crate::error::{Error, Result, Status};

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
    wire: Arc<Wire>,
    clients: Mutex<Option<Clients>>,
}

/// What every connection is made with.
struct Line {
    setup: Setup,
    tls: Arc<Tls>,
}

/// One for each lane, made once.
struct Clients {
    /// Which roots they were made with.
    roots: u64,
    shared: Client,
    fresh: Client,
}

tokio::task_local! {
    /// What is asked once more when the connection of this request stands.
    static SECOND_LOOK: Option<SecondLook>;
}

impl Http {
    /// Prepares the transport; connects to nothing.
    pub fn new(setup: Setup) -> Result<Self> {
        let tls = Tls::shared(setup.base_url.is_https(), &setup.extra_roots)?;
        Ok(Http { line: Arc::new(Line { setup, tls }), wire: Wire::shared()?, clients: Mutex::default() })
    }

    /// The client for a request; another one than before where the roots have been read anew.
    fn client(&self, lane: Lane) -> Result<Client> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let roots = self.line.tls.roots();
        let clients = match clients.take().filter(|clients| clients.roots == roots) {
            Some(known) => clients.insert(known),
            None => clients.insert(Clients { roots, shared: self.line.shared()?, fresh: self.line.fresh()? }),
        };
        Ok(match lane {
            Lane::Shared => clients.shared.clone(),
            Lane::Fresh => clients.fresh.clone(),
        })
    }

    /// Sends the request, and waits for nothing.
    fn send(&self, request: Request) -> Sent {
        let (answer, answered) = mpsc::channel();
        let line = self.line.clone();
        match self.client(request.lane) {
            Err(error) => drop(answer.send(Err(Broken::NeverSent(error)))),
            Ok(client) => self.wire.carry(async move {
                let look = request.second_look.clone();
                // Whoever waited may have gone.
                let _ = answer.send(SECOND_LOOK.scope(look, line.exchange(&client, &request)).await);
            }),
        }
        Sent { answered, line: self.line.clone() }
    }
}

impl Line {
    /// A client that keeps its connection.
    fn shared(&self) -> Result<Client> {
        built(self.client()?.pool_max_idle_per_host(1).pool_idle_timeout(Duration::from_secs(20)))
    }

    /// A client that makes a connection for each request.
    fn fresh(&self) -> Result<Client> {
        let builder = self.client()?.pool_max_idle_per_host(0);
        let builder = builder.tcp_keepalive(SILENCE).tcp_keepalive_interval(BETWEEN_QUESTIONS);
        let builder = builder.tcp_keepalive_retries(QUESTIONS);
        // Where there is this limit, too, reqwest sets it to 30 s, and it would cut the questions short.
        #[cfg(any(target_os = "android", target_os = "linux"))]
        let builder = builder.tcp_user_timeout(SILENCE + BETWEEN_QUESTIONS * QUESTIONS);
        // Around all that connects, so after TCP, proxy and TLS; hyper writes nothing before it has the connection. A request
        // whose look cannot be found is not sent.
        built(builder.connector_layer(AndThenLayer::new(move |connection| {
            let look = SECOND_LOOK.try_with(Clone::clone);
            let may_send = look.is_ok_and(|look| look.is_none_or(|look| look.may_send()));
            std::future::ready(if may_send { Ok(connection) } else { Err(Box::from(TooLate)) })
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

    async fn exchange(&self, client: &Client, request: &Request) -> std::result::Result<Response, Broken> {
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
        let answer = builder.send().await.map_err(|fault| self.broken(fault))?;
        let status = answer.status().as_u16();
        let retry_after = header(answer.headers(), RETRY_AFTER).and_then(seconds);
        let date = header(answer.headers(), DATE).and_then(unix_milliseconds);
        let body = read_bounded(answer).await?;
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
        // The request has a timeout of its own.
        let came = |mut sent: Sent| loop {
            if let Some(came) = sent.wait(Duration::from_secs(60)) {
                return came;
            }
        };
        came(self.send(request.clone()))
    }

    fn begin(&self, request: Request) -> Box<dyn InFlight> {
        Box::new(self.send(request))
    }
}

/// A request that is carried, and ends at its timeout.
struct Sent {
    answered: Receiver<std::result::Result<Response, Broken>>,
    line: Arc<Line>,
}

impl InFlight for Sent {
    fn wait(&mut self, limit: Duration) -> Option<std::result::Result<Response, Broken>> {
        let came = match self.answered.recv_timeout(limit) {
            Ok(came) => came,
            Err(RecvTimeoutError::Timeout) => return None,
            Err(RecvTimeoutError::Disconnected) => {
                Err(Broken::MaybeSent(Error::new(Status::Internal, "the thread of a request has failed")))
            }
        };
        if matches!(&came, Err(Broken::NeverSent(error)) if error.status() == Status::Tls) {
            // The next one is made with the roots as they are then.
            self.line.tls.read_again();
        }
        Some(came)
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

/// Reads the body, but not more than any answer has. It may not take longer than the request may, either: a server that drips
/// one byte at a time must not hold the till for ever.
async fn read_bounded(mut answer: reqwest::Response) -> std::result::Result<Vec<u8>, Broken> {
    let lost = |status, fault: String| Broken::MaybeSent(Error::new(status, fault));
    let mut body = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(None) => return Ok(body),
            Ok(Some(part)) if body.len() + part.len() > LARGEST_ANSWER => {
                return Err(lost(Status::Protocol, format!("the answer is larger than {LARGEST_ANSWER} bytes")));
            }
            Ok(Some(part)) => body.extend_from_slice(&part),
            Err(fault) if fault.is_timeout() => {
                return Err(lost(Status::Timeout, "the answer did not end in time".into()));
            }
            Err(fault) => {
                let text = chain(&fault.without_url());
                return Err(lost(Status::Unreachable, format!("the answer broke off: {text}")));
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
