//! The service as its clients reach it: the model over HTTP under the real clock, with faults on the way.
//!
//! - `running`, `clock`: the model, woken when something is due
//! - `api`, `answer`: requests and answers as bytes; `control`: the endpoints for tests
//! - `gateway`, `gzip`, `spelling`: what stands before the API
//! - `fault`, `sabotage`, `connection`: what goes wrong, and how that is done

mod answer;
mod api;
mod clock;
pub(crate) mod connection;
pub mod control;
pub mod fault;
mod gateway;
mod gzip;
pub(crate) mod running;
mod sabotage;
mod spelling;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};

use running::Running;

/// All that is answered.
pub(crate) fn router(running: &Arc<Running>) -> Router {
    let watched = from_fn_with_state(running.clone(), sabotage::watch);
    let api = api::router().merge(control::router()).with_state(running.clone()).layer(watched);
    // Paths are spelt anew before they are looked up.
    let spelt = Router::new().fallback_service(api).layer(from_fn(spelling::as_in_the_guide));
    spelt.layer(from_fn_with_state(running.clone(), gateway::pass))
}
