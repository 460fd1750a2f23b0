//! The simulator as its clients see it: bytes over sockets.

mod actions;
mod answers;
mod behaviours;
mod client;
mod closing;
mod control;
mod faults;
mod gateway;
mod lagging;
mod listing;
mod payments;
mod refusals;
mod steps;
mod terminals;
mod tokens;

use secupos_simulator::{Options, Simulator};

fn simulator() -> Simulator {
    Simulator::start(Options::default()).expect("a simulator")
}
