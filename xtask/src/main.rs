//! `cargo xtask`: what is done around the library. The Makefile's targets call it.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bindings;
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
    /// Writes anew what Python, C#, C++ and the pages repeat of src/ffi/ and src/error.rs
    Bindings {
        /// Only compares, and tells the first difference
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Header => header::write(),
        Task::Bindings { check: true } => bindings::check(),
        Task::Bindings { check: false } => bindings::write(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}
