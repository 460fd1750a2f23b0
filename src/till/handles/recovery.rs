//! Recovering everything that is unfinished, as the caller and the till's thread hold it.

use std::sync::Arc;
use std::time::Duration;

use crate::error::Result;
use crate::till::handles::once::Once;
use crate::till::handles::payment::Payment;

/// The start-up of a till, while it goes on.
pub(crate) struct Recovery {
    /// By the till's clock that never goes back.
    until: Duration,
    list: Once<Result<Vec<Arc<Payment>>>>,
}

impl Recovery {
    pub(crate) fn new(until: Duration) -> Self {
        Recovery { until, list: Once::new() }
    }

    /// Until when it may go on.
    pub(crate) fn until(&self) -> Duration {
        self.until
    }

    /// Waits for the list.
    pub(crate) fn wait(&self) -> Option<Result<Vec<Arc<Payment>>>> {
        self.list.wait(None).cloned()
    }

    pub(crate) fn end(&self, list: Result<Vec<Arc<Payment>>>) {
        self.list.set(list);
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.list.get().is_some()
    }
}
