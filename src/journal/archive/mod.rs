//! The archive: days that are over, read out of the state file, exported, pruned and verified.

pub(super) mod export;
pub(super) mod prune;
mod prunings;
pub(super) mod read;
mod verify;
