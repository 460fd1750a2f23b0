//! The archive is the state file, as those see it who look at a day that is over.

pub(super) mod export;
pub(super) mod prune;
mod prunings;
pub(super) mod read;
mod verify;
