//! `secupos journal`: the archive in the state file, verified, exported and pruned. Waits for no network.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use secupos::error::Result;
use secupos::till::business_day::Day;
use serde_json::{Value, json};

use crate::setup::Setup;
use crate::show::{DAMAGED, Format};

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
    /// How it is printed, too.
    pub fn run(self) -> (Format, Result<ExitCode>) {
        match self.command {
            Command::Verify(command) => (command.format, command.run()),
            Command::Export(command) => (command.format, command.run()),
            Command::Prune(command) => (command.format, command.run()),
        }
    }
}

/// Go through the whole state file, and print what is not as it was written.
///
/// Ends with 1 if there is any.
#[derive(Args)]
struct Verify {
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    format: Format,
}

impl Verify {
    fn run(self) -> Result<ExitCode> {
        let damages = self.setup.open()?.verify_archive()?;
        let as_json: Value = damages.iter().map(|damage| damage.to_json()).collect();
        let in_words = || match damages.is_empty() {
            true => "whole\n".to_owned(),
            false => damages.iter().map(|damage| format!("{}\n", damage.to_json())).collect(),
        };
        self.format.say(in_words, || json!({ "damages": as_json }));
        Ok(if damages.is_empty() { ExitCode::SUCCESS } else { DAMAGED.into() })
    }
}

/// Write all payments of a day, with their receipts, to two files in a folder, and print their names.
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
    #[command(flatten)]
    format: Format,
}

impl Export {
    fn run(self) -> Result<ExitCode> {
        let day = Day::german(&self.date)?;
        let export = self.setup.open()?.export_day(&day, &self.into)?;
        let files = [&export.payments_file, &export.receipts_file];
        let in_words = || files.iter().map(|file| format!("{}\n", file.display())).collect();
        self.format.say(in_words, || export.to_json());
        Ok(ExitCode::SUCCESS)
    }
}

/// Remove the service's answers, receipts included, of payments that are old; print how many.
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
    #[command(flatten)]
    format: Format,
}

impl Prune {
    fn run(self) -> Result<ExitCode> {
        let pruned = self.setup.open()?.prune_archive(self.retention_days, &self.operator)?;
        let in_words = || format!("{} of the service's answers removed\n", pruned.responses);
        self.format.say(in_words, || pruned.to_json());
        Ok(ExitCode::SUCCESS)
    }
}
