//! `secupos journal`: the archive in the state file, verified, exported and pruned. Waits for no network.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use secupos::error::Result;
use secupos::till::day::Day;
use serde_json::Value;

use crate::setup::Setup;
use crate::show::{DAMAGED, say};

/// Verify, export or prune the archive of payments in the state file.
#[derive(Args)]
pub struct Journal {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Verify(Verify),
    Export(Export),
    Prune(Prune),
}

impl Journal {
    pub fn run(self) -> Result<ExitCode> {
        match self.command {
            Command::Verify(command) => command.run(),
            Command::Export(command) => command.run(),
            Command::Prune(command) => command.run(),
        }
    }
}

/// Go through the whole state file, and print what is not as it was written: a JSON array, empty if it is whole.
///
/// Ends with 1 if there is any.
#[derive(Args)]
struct Verify {
    #[command(flatten)]
    setup: Setup,
}

impl Verify {
    fn run(self) -> Result<ExitCode> {
        let damages = self.setup.open()?.verify_archive()?;
        let told: Value = damages.iter().map(|damage| damage.to_json()).collect();
        say(&format!("{told}\n"));
        Ok(if damages.is_empty() { ExitCode::SUCCESS } else { DAMAGED.into() })
    }
}

/// Write all payments of a day, with their receipts, to two files in a folder, and print their names as JSON.
///
/// None is ever written over. They hold account numbers: keep them as you keep receipts.
#[derive(Args)]
struct Export {
    /// The day by German legal time, such as 2026-11-23
    date: String,
    /// The folder
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    into: PathBuf,
    #[command(flatten)]
    setup: Setup,
}

impl Export {
    fn run(self) -> Result<ExitCode> {
        let day = Day::german(&self.date)?;
        say(&format!("{}\n", self.setup.open()?.export_day(&day, &self.into)?.to_json()));
        Ok(ExitCode::SUCCESS)
    }
}

/// Remove the service's answers, receipts included, of payments that are old; print what was removed as JSON.
///
/// This cannot be taken back: export before. All else that is known of a payment stays.
#[derive(Args)]
struct Prune {
    /// Who wants it
    #[arg(long, value_name = "NAME")]
    operator: String,
    /// Of payments begun more than so many days ago [default: 4018, the longest that German law asks for]
    #[arg(long, value_name = "DAYS")]
    retention_days: Option<u32>,
    #[command(flatten)]
    setup: Setup,
}

impl Prune {
    fn run(self) -> Result<ExitCode> {
        let pruned = self.setup.open()?.prune_archive(self.retention_days, &self.operator)?;
        say(&format!("{}\n", pruned.to_json()));
        Ok(ExitCode::SUCCESS)
    }
}
