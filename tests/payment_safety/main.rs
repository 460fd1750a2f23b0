//! No payment lost, none charged twice: how that is shown, through the public interface.

mod abort;
mod after_faults;
mod behaviours;
mod bench;
mod contract;
mod faults;
#[path = "../page/mod.rs"]
mod page;
mod processes;
mod simulation;
mod transport;
