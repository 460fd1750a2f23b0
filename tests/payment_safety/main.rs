//! No payment lost, none charged twice: how that is shown, through the public interface.

mod abort;
mod actions;
mod adversary;
mod after_faults;
mod behaviours;
mod bench;
#[path = "../clock/mod.rs"]
mod clock;
mod contract;
mod faults;
mod login;
mod money_back;
#[path = "../page/mod.rs"]
mod page;
mod processes;
mod proof;
mod simulation;
mod start_up;
mod transport;
mod voice;
