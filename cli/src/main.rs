//! The command line `secupos`.
//!
//! - `simulate`: the simulator
//! - `pay`: what takes a payment or finds out about payments, and waits; `books`: what looks at the state file or writes to it
//! - `register`: the till becomes a device of the service
//! - `journal`: the archive in the state file, verified, exported and pruned
//! - `terminal`: what the terminal does besides: a payment reversed, its day closed, a diagnosis
//! - `setup`: the till's settings, as options and, by `config_file`, from a file
//! - `show`: what is printed, and the exit codes; `waiting`: what is shown and heard meanwhile
//! - `receipt`: prints a receipt from a file, without a till
#![forbid(unsafe_code)]

mod books;
mod config_file;
mod journal;
mod pay;
mod receipt;
mod register;
mod setup;
mod show;
mod simulate;
mod terminal;
mod waiting;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::show::Format;

/// Card payments on a secuconnect terminal.
///
/// Try it without a terminal, in two windows of the same folder:
///
///     secupos simulate --config secupos.toml
///     secupos pay --amount 1 --currency EUR --reference r1
///
/// A till is set up once (`register --create`), then takes payments (`pay`), and says that it has booked and printed them
/// (`acknowledge`). Each time it starts: `recover-all`, and what each payment says. At the end of its day: `end-of-day`.
#[derive(Parser)]
#[command(version, name = "secupos", verbatim_doc_comment, after_help = show::EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Pay(pay::Pay),
    Recover(pay::Recover),
    RecoverAll(pay::RecoverAll),
    Reverse(terminal::Reverse),
    EndOfDay(terminal::EndOfDay),
    Diagnose(terminal::Diagnose),
    Unfinished(books::Unfinished),
    Acknowledge(books::Acknowledge),
    Decide(books::Decide),
    DecideReversal(books::DecideReversal),
    Payments(books::Payments),
    Status(books::Status),
    AcceptJournalLoss(books::AcceptJournalLoss),
    Rebind(books::Rebind),
    Register(register::Register),
    Registered(register::Registered),
    Journal(journal::Journal),
    Receipt(receipt::PrintReceipt),
    Simulate(simulate::Simulate),
}

fn main() -> ExitCode {
    let (format, done) = match Arguments::parse().command {
        Command::Pay(command) => (command.format, command.run()),
        Command::Recover(command) => (command.format, command.run()),
        Command::RecoverAll(command) => (command.format, command.run()),
        Command::Reverse(command) => (command.format, command.run()),
        Command::EndOfDay(command) => (command.format, command.run()),
        Command::Diagnose(command) => (command.format, command.run()),
        Command::Unfinished(command) => (command.format, command.run()),
        Command::Acknowledge(command) => (command.format, command.run()),
        Command::Decide(command) => (command.format, command.run()),
        Command::DecideReversal(command) => (command.format, command.run()),
        Command::Payments(command) => (command.format, command.run()),
        Command::Status(command) => (command.format, command.run()),
        Command::AcceptJournalLoss(command) => (command.format, command.run()),
        Command::Rebind(command) => (command.format, command.run()),
        Command::Register(command) => (command.format, command.run()),
        Command::Registered(command) => (command.format, command.run()),
        Command::Journal(command) => command.run(),
        Command::Receipt(command) => (Format::default(), command.run()),
        Command::Simulate(command) => return command.run(),
    };
    done.unwrap_or_else(|error| format.failure(&error))
}
