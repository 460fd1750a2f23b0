//! The simulator as its clients see it: bytes over sockets.

mod behaviours;
mod client;
mod closing;
mod control;
mod faults;
mod payments;
mod steps;
mod tokens;

use secupos_simulator::{Options, Simulator};

fn simulator() -> Simulator {
    Simulator::start(Options::default()).expect("a simulator")
}
