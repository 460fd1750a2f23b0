//! The long proof with real processes: tills over real HTTP and SQLite, whose connections break and which are killed,
//! until enough payments were in doubt; then each is let finish, so that nothing may be left open.
//!
//! - [`mod@plan`]: what is done to one attempt
//! - [`mod@run`]: one till and its simulator
//! - [`mod@process`]: the till's process; [`mod@state_file`]: what stands in its file, seen from outside
//! - [`mod@evidence`]: what was seen, and when a payment was in doubt
//! - [`mod@goal`]: how much is to be done
//!
//! It leaves what was seen in a directory, and judges nothing: `tools/check-soak` does.
#![forbid(unsafe_code)]

mod evidence;
mod goal;
mod plan;
mod process;
mod run;
mod state_file;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::goal::Goal;
use crate::run::{Record, Run};

fn main() -> ExitCode {
    match soak() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            eprintln!("soak: {fault}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all tills have come to their end.
fn soak() -> std::io::Result<bool> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<u64> = arguments.iter().skip(1).map_while(|number| number.parse().ok()).collect();
    let ([directory, ..], [tills, kills, in_doubt, per_window, seconds]) = (&arguments[..], &numbers[..]) else {
        let usage = "usage: soak DIRECTORY TILLS KILLS IN_DOUBT PER_WINDOW SECONDS";
        return Err(std::io::Error::other(usage));
    };
    let directory = PathBuf::from(directory);
    let program = std::env::current_exe()?.with_file_name("soak-till");
    let [count, kills, in_doubt, per_window] =
        [tills, kills, in_doubt, per_window].map(|number| usize::try_from(*number).unwrap_or(usize::MAX));
    let began = Instant::now();
    let goal = Arc::new(Goal::new(kills, in_doubt, per_window, began + Duration::from_secs(*seconds)));
    let runs = (1..=count).map(|number| {
        let name = format!("T{number}");
        Run::new(name.clone(), program.clone(), directory.join(name), goal.clone())
    });
    let threads: Vec<_> =
        runs.map(|run| run.map(|run| std::thread::spawn(move || run.run()))).collect::<Result<_, _>>()?;
    let mut reported = Instant::now();
    while !threads.iter().all(std::thread::JoinHandle::is_finished) {
        std::thread::sleep(Duration::from_millis(200));
        if reported.elapsed() > Duration::from_secs(20) {
            reported = Instant::now();
            println!("{:>5} s: {}", began.elapsed().as_secs(), goal.progress());
        }
    }
    let records: Vec<Record> = threads
        .into_iter()
        .map(|thread| thread.join().map_err(|_| std::io::Error::other("a till's thread has failed")))
        .collect::<Result<_, _>>()?;
    leave(&directory, &records)?;
    let took = began.elapsed();
    let killed: usize = records.iter().map(|record| record.kills.len()).sum();
    let interval = took.as_secs_f64() * count as f64 / killed.max(1) as f64;
    println!(
        "{count} tills, {:.0} s, each killed every {interval:.2} s, grace {:.2} s (time-outs {:?} ms)",
        took.as_secs_f64(),
        plan::GRACE_MS as f64 / 1000.0,
        plan::TIMEOUTS
    );
    let faults: Vec<&String> = records.iter().flat_map(|record| &record.faults).collect();
    faults.iter().for_each(|fault| println!("fault: {fault}"));
    Ok(faults.is_empty())
}

/// Leaves what was seen for the checker.
fn leave(directory: &Path, records: &[Record]) -> std::io::Result<()> {
    let write = |name: &str, lines: &dyn Fn(&Record) -> &Vec<Value>| {
        let text: String = records.iter().flat_map(lines).map(|line| format!("{line}\n")).collect();
        std::fs::write(directory.join(name), text)
    };
    write("ledger.jsonl", &|record| &record.ledger)?;
    write("transactions.jsonl", &|record| &record.transactions)?;
    write("cases.jsonl", &|record| &record.cases)?;
    write("kills.jsonl", &|record| &record.kills)?;
    write("aborts.jsonl", &|record| &record.aborts)?;
    let books: String = records.iter().map(|record| record.books.as_str()).collect();
    std::fs::write(directory.join("booked.jsonl"), books)
}
