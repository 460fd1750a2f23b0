//! The wire: what is said to the secuconnect API and what is understood of its answers. Knows no journal and keeps
//! nothing; decides nothing that needs more than one request.
//!
//! - [`mod@base_url`]: where the API is, and that nothing goes there in the clear
//! - [`mod@secret`]: strings that must never be shown
//! - [`mod@action`]: the names under which what is done is sent
//! - [`mod@transport`]: one request, one answer, or how far it got; the trait that a simulation puts itself behind
//! - [`mod@http`]: the transport over reqwest and rustls
//! - [`mod@tls`]: whom TLS trusts
//! - [`mod@proxy`]: what all goes through, if the till says so
//! - [`mod@logging`]: what the log says of each request; `redaction`: what the answers must not say
//! - [`mod@oauth`]: the three ways to a token
//! - [`mod@registration`]: a new device: its codes, and whether it has been confirmed
//! - [`mod@transaction`]: the Smart Transaction as sent and as received
//! - [`mod@moment`]: moments as the API writes them
//! - [`mod@endpoints`]: the requests, by name
//! - [`mod@refusal`]: the server's error bodies as our error
//! - [`mod@answer`]: what came of a request, as `payment` judges it

pub mod action;
pub mod answer;
pub mod base_url;
pub mod endpoints;
pub mod http;
pub mod logging;
pub mod moment;
pub mod oauth;
pub mod proxy;
pub(crate) mod redaction;
pub mod refusal;
pub mod registration;
pub mod secret;
pub mod tls;
pub mod transaction;
pub mod transport;
