//! `cargo xtask`: what is done around the library. The Makefile's targets call it.
#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::process::Result;
use crate::requirements::Consent;
use crate::transcript::Transcript;

mod bench;
mod bindings;
mod demo;
mod header;
mod process;
mod prove;
mod requirements;
mod schedule;
mod soak;
mod step;
mod steps;
mod tally;
mod test;
mod transcript;
mod windows;

/// What is done around the library.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Sells a bread roll on the simulator, from C, Python and C#
    Demo,
    /// Runs everything that CI runs, as many steps side by side as there is room for
    Test(schedule::Choice),
    /// Runs what is slower than CI should be
    Prove(schedule::Choice),
    /// Runs the long proof that no payment is lost and none charged twice
    Soak {
        /// The form that `make test` runs
        #[arg(long)]
        short: bool,
        /// Installs what is missing without asking
        #[arg(long)]
        yes: bool,
    },
    /// Builds everything for Windows, 64 and 32 bits, and runs it under Wine
    Windows(schedule::Choice),
    /// Builds the library that ships, alone in target/lib
    Library,
    /// Makes what is released, into dist/
    Dist {
        /// Installs what is missing without asking
        #[arg(long)]
        yes: bool,
    },
    /// Writes include/secupos.h anew after a change to src/ffi/
    Header {
        /// Only compares
        #[arg(long)]
        check: bool,
    },
    /// Writes anew what Python, C#, C++ and the pages repeat of src/ffi/ and src/error.rs
    Bindings {
        /// Only compares, and tells the first difference
        #[arg(long)]
        check: bool,
    },
    /// Takes over into abi/secupos.abi.xml what was added to the ABI, or everything if its version is new
    BlessAbi,
    /// Measures what secupos costs side by side with others, and writes docs/performance.md
    Bench {
        /// How many payments stand in the longer one of two journals that are compared
        #[arg(long, value_name = "NUMBER", default_value_t = 1_000_000)]
        payments: u64,
        /// Installs what is missing without asking
        #[arg(long)]
        yes: bool,
    },
    /// Makes a state file with so many payments, to try what a long one costs
    Journal {
        #[arg(long, value_name = "NUMBER")]
        payments: u64,
        /// It must not be there yet
        file: PathBuf,
    },
    /// Makes sure that the machine has these commands, for scripts
    Requirements {
        #[arg(required = true, value_name = "COMMAND")]
        needs: Vec<String>,
        /// Installs what is missing without asking
        #[arg(long)]
        yes: bool,
    },
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result {
    match task {
        Task::Demo => demo::run(),
        Task::Test(choice) => test::run(&choice),
        Task::Prove(choice) => prove::run(&choice),
        Task::Soak { short, yes } => soak::run(short, Consent::of(yes)),
        Task::Windows(choice) => windows::run(&choice),
        Task::Library => steps::build::library(&mut Transcript::begin("library", true)?, Consent::of(false)),
        Task::Dist { yes } => steps::distribution::dist(Consent::of(yes)),
        Task::Header { check: true } => header::check(),
        Task::Header { check: false } => header::write(),
        Task::Bindings { check: true } => bindings::check(),
        Task::Bindings { check: false } => bindings::write(),
        Task::BlessAbi => steps::abi::bless(Consent::of(false)),
        Task::Bench { payments, yes } => bench::run(payments, Consent::of(yes)),
        Task::Journal { payments, file } => {
            let mut make = process::line("cargo run --quiet --profile proof -p secupos-bench --bin journal-of --");
            // It runs in the repository, and the file is meant from here.
            let file = std::path::absolute(&file).map_err(|fault| format!("{}: {fault}", file.display()))?;
            make.args(["--payments", &payments.to_string()]).arg(file);
            Transcript::begin("journal", true)?.run(&mut make).map(drop)
        }
        Task::Requirements { needs, yes } => {
            requirements::make_sure_of(needs.iter().map(String::as_str), Consent::of(yes))
        }
    }
}
