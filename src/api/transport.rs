//! One request, one answer, or how far it got. The flow knows only this trait, so that it can be simulated with virtual
//! time, and so that another implementation can take its place.

use std::sync::Arc;
use std::time::Duration;

use crate::api::action::ActionId;
use crate::api::secret::Secret;
use crate::error::Error;

/// No answer of the API is larger. What is, is not read to its end.
pub const LARGEST_ANSWER: usize = 1024 * 1024;

/// The verbs that the API uses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    /// Reads; may be repeated.
    Get,
    /// Does something; never repeated by the transport.
    Post,
}

impl Method {
    /// As on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }
}

/// Which connection carries the request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lane {
    /// A kept-alive one: for what may safely arrive twice.
    Shared,
    /// A connection of its own that carries nothing else, before or after. A server that closes a reused connection
    /// after it has read a POST makes HTTP clients send it again: two charges.
    Fresh,
}

/// Asked when a request's connection stands, before its first byte is written: whether it may still be sent. To connect takes
/// long enough for the machine to sleep meanwhile, and for whoever stood at the terminal to go.
#[derive(Clone)]
pub struct SecondLook(Arc<dyn Fn() -> bool + Send + Sync>);

impl SecondLook {
    /// Asks `may_send`, on a thread of the transport's.
    pub fn new(may_send: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        SecondLook(Arc::new(may_send))
    }

    /// Whether the request may still be sent.
    pub fn may_send(&self) -> bool {
        (self.0)()
    }
}

/// A request. `Debug` shows neither body nor token.
#[derive(Clone)]
pub struct Request {
    /// The verb.
    pub method: Method,
    /// The path, beginning with `/`.
    pub path: String,
    /// The access token, if the endpoint wants one.
    pub bearer: Option<Secret>,
    /// A JSON body.
    pub body: Option<Vec<u8>>,
    /// The name of what it does, if it does something.
    pub action: Option<ActionId>,
    /// Which connection carries it.
    pub lane: Lane,
    /// What is asked once more before it is sent. Only a connection of its own can be waited for, so only [`Lane::Fresh`]
    /// has one.
    pub second_look: Option<SecondLook>,
    /// How long all of it may take, from connecting to the last byte of the answer.
    pub timeout: Duration,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method.name(), self.path)
    }
}

/// An answer, whatever its status. `Debug` does not show the body: it may hold a receipt or a token.
#[derive(Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After`, when it was given in seconds.
    pub retry_after: Option<Duration>,
    /// The server's clock, from its `Date` header: Unix time in milliseconds, UTC, to the second.
    pub date: Option<i64>,
    /// The body, at most [`LARGEST_ANSWER`] bytes.
    pub body: Vec<u8>,
}

impl Response {
    /// Any 2xx. What the body says is another question.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HTTP {} with {} bytes", self.status, self.body.len())
    }
}

/// Why there is no answer, and how far the request got: the difference between "nothing happened" and "in doubt".
#[derive(Clone, Debug)]
pub enum Broken {
    /// Provably not one byte of the request was written: name lookup, connecting, the proxy or TLS failed, or the second
    /// look said no.
    NeverSent(Error),
    /// Anything later. The server may have read the request and acted on it.
    MaybeSent(Error),
}

impl Broken {
    /// What went wrong.
    pub fn into_error(self) -> Error {
        match self {
            Broken::NeverSent(error) | Broken::MaybeSent(error) => error,
        }
    }
}

/// Carries requests. Never repeats one, never follows a redirect.
pub trait Transport: Send {
    /// Sends the request once, if the second look does not say no, and waits for the whole answer.
    fn exchange(&self, request: &Request) -> Result<Response, Broken>;

    /// The same, but does not wait: meanwhile others may be exchanged.
    fn begin(&self, request: Request) -> Box<dyn InFlight>;
}

/// A request that has been sent and whose answer is waited for. Dropping it leaves the request alone.
pub trait InFlight: Send {
    /// Waits for what comes of it, but no longer than `limit`: then nothing has come yet.
    fn wait(&mut self, limit: Duration) -> Option<Result<Response, Broken>>;
}
