//! The command line `secupos`.
//!
//! - `simulate`: the simulator
//! - `pay`: what takes a payment or finds out about one, and waits; `books`: what looks at the state file or writes to it
//! - `register`: the till becomes a device of the service
//! - `journal`: the archive in the state file, verified, exported and pruned
//! - `terminal`: what the terminal does besides: a payment reversed, its day closed, a diagnosis
//! - `setup`: the options that all of them share; `show`: what they print, and their exit codes
//! - `receipt`: prints a receipt from a file, without a till

mod books;
mod journal;
mod pay;
mod receipt;
mod register;
mod setup;
mod show;
mod simulate;
mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Card payments on a secuconnect terminal.
#[derive(Parser)]
#[command(version, name = "secupos", after_help = show::EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Pay(pay::Pay),
    Recover(pay::Recover),
    Reverse(terminal::Reverse),
    EndOfDay(terminal::EndOfDay),
    Diagnose(terminal::Diagnose),
    Unfinished(books::Unfinished),
    Acknowledge(books::Acknowledge),
    Decide(books::Decide),
    Payments(books::Payments),
    AcceptJournalLoss(books::AcceptJournalLoss),
    Register(register::Register),
    Registered(register::Registered),
    Journal(journal::Journal),
    Receipt(receipt::PrintReceipt),
    Simulate(simulate::Simulate),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Pay(command) => command.run(),
        Command::Recover(command) => command.run(),
        Command::Reverse(command) => command.run(),
        Command::EndOfDay(command) => command.run(),
        Command::Diagnose(command) => command.run(),
        Command::Unfinished(command) => command.run(),
        Command::Acknowledge(command) => command.run(),
        Command::Decide(command) => command.run(),
        Command::Payments(command) => command.run(),
        Command::AcceptJournalLoss(command) => command.run(),
        Command::Register(command) => command.run(),
        Command::Registered(command) => command.run(),
        Command::Journal(command) => command.run(),
        Command::Receipt(command) => command.run(),
        Command::Simulate(command) => return command.run(),
    };
    done.unwrap_or_else(|error| show::failure(&error))
}
