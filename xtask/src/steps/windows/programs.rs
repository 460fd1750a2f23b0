//! The command line, and the tests in Rust.

use std::process::Command;

use super::Target;
use super::toolchain::{built, cargo};
use crate::process::{Result, line, root};
use crate::transcript::Transcript;

/// The tests that run on Windows. The others of the library speak of the sources, of POSIX, or of Linux alone.
pub const TESTS: [&str; 4] = ["payments", "receipts", "journal", "windows"];

/// As it is released.
pub fn command_line(transcript: &mut Transcript, target: &Target) -> Result {
    transcript.run(&mut cargo(target, "build --release -p secupos-cli"))?;
    let program = format!("{}/secupos.exe {}", built(target, "release"), target.path());
    transcript.run(&mut line(&format!("cp {program}"))).map(drop)
}

pub fn tests(transcript: &mut Transcript, target: &Target) -> Result {
    let which: String = TESTS.iter().map(|test| format!(" --test {test}")).collect();
    let said = transcript
        .output(&mut optimised(cargo(target, &format!("test --no-run --message-format=json --lib{which}"))))?;
    for message in said.lines() {
        let Ok(message) = serde_json::from_str::<serde_json::Value>(message) else { continue };
        let (Some(program), Some(name)) = (message["executable"].as_str(), message["target"]["name"].as_str()) else {
            continue;
        };
        let copy = target.folder().join(format!("test-{name}.exe"));
        std::fs::copy(root().join(program), &copy).map_err(|fault| format!("{}: {fault}", copy.display()))?;
    }
    Ok(())
}

/// A little: Rust's own library is built here, too, and without that it is ten times as slow as on any other machine.
fn optimised(mut cargo: Command) -> Command {
    cargo.env("CARGO_PROFILE_DEV_OPT_LEVEL", "1");
    cargo
}
