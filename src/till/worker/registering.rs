//! A registration that the till's thread carries on, between payments, until somebody has confirmed it.

use std::sync::Arc;
use std::time::Duration;

use crate::api::registration::Codes;
use crate::error::{Error, Status};
use crate::till::handles::registration::Registration;

/// A registration that the till's thread carries on.
pub(crate) struct Registering {
    pub(crate) registration: Arc<Registration>,
    pub(crate) codes: Codes,
    pub(crate) asks_at: Duration,
    pub(crate) ends_at: Duration,
}

impl Drop for Registering {
    /// Whoever waits is told, whatever the reason.
    fn drop(&mut self) {
        let closed = Error::new(Status::InvalidState, "the till was closed before it was confirmed");
        self.registration.end(Err(closed));
    }
}
