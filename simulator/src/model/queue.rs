//! Who is at a terminal, and what happens to those who come meanwhile.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::model::answer::Refusal;
use crate::model::settings::TerminalBusy;

/// The queue before a terminal.
pub(crate) struct Queue(Arc<Semaphore>);

impl Default for Queue {
    fn default() -> Self {
        Queue(Arc::new(Semaphore::new(1)))
    }
}

/// A place in it.
pub(crate) enum Place {
    /// At the terminal; those who come together have none to themselves.
    There(Option<OwnedSemaphorePermit>),
    /// Behind others.
    Behind(Arc<Semaphore>),
}

impl Queue {
    /// Comes to the terminal.
    pub(crate) fn joined(&self, busy: TerminalBusy) -> Result<Place, Refusal> {
        match (self.0.clone().try_acquire_owned(), busy) {
            (Ok(there), _) => Ok(Place::There(Some(there))),
            (Err(_), TerminalBusy::Together) => Ok(Place::There(None)),
            (Err(_), TerminalBusy::Queued) => Ok(Place::Behind(self.0.clone())),
            (Err(_), TerminalBusy::Refused) => Err(Refusal::busy()),
        }
    }
}

impl Place {
    /// Waits until its turn comes. What it returns holds the terminal.
    pub(crate) async fn comes(self) -> Option<OwnedSemaphorePermit> {
        match self {
            Place::There(there) => there,
            Place::Behind(queue) => queue.acquire_owned().await.ok(),
        }
    }
}
