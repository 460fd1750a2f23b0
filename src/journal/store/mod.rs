//! The state file itself: its form, what keeps it whole, and what happens when it is not.

pub(super) mod chain;
pub(super) mod check;
mod create;
pub(super) mod credential;
pub(super) mod damage;
mod doubt;
pub(super) mod fault;
pub(super) mod hash;
mod head;
pub(super) mod identity;
pub(super) mod journal;
pub(super) mod kind;
mod lock;
mod loss;
pub(super) mod names;
pub(super) mod open;
mod pointer;
mod recovery;
pub(super) mod reserve;
mod salvage;
mod schema;
pub(super) mod till_time;
pub(super) mod walk;
