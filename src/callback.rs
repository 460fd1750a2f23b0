//! Calls of somebody else's code, whatever that does: a panic in it ends there, and while it runs its thread waits for no
//! other such call. Two that waited for each other would wait for ever.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static IS_INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Calls it.
pub(crate) fn call(body: impl FnOnce()) {
    let was_inside = IS_INSIDE.replace(true);
    let _ = catch_unwind(AssertUnwindSafe(body));
    IS_INSIDE.set(was_inside);
}

/// Whether this thread is inside such a call.
pub(crate) fn is_inside() -> bool {
    IS_INSIDE.get()
}
