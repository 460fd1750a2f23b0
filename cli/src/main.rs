//! The command line `secupos`.

mod simulate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Card payments on a secuconnect terminal.
#[derive(Parser)]
#[command(version, name = "secupos")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Simulate(simulate::Simulate),
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Simulate(command) => command.run(),
    }
}
