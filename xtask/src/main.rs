//! `cargo xtask`: what is done around the library. The Makefile's targets call it.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod header;
mod process;

/// What is done around the library.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Writes include/secupos.h anew after a change to src/ffi/
    Header,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Header => header::write(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}
