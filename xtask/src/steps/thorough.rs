//! Tests that take too long for `make test`, or want more of the machine.

use super::till::{DEVICE, on_simulator};
use crate::process::{Result, line};
use crate::requirements::Consent;
use crate::tally::Language;
use crate::transcript::Transcript;

/// The journal on real disks, under strace, killed. It mounts small file systems.
pub fn journal(transcript: &mut Transcript, _: Consent) -> Result {
    transcript.run_tests(Language::Rust, &mut line("cargo test --quiet --test journal")).map(drop)
}

/// Several users of a machine work at one till.
pub fn two_users(transcript: &mut Transcript, _: Consent) -> Result {
    let till = "tools/two-users BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE";
    transcript.run(&mut on_simulator(300, till)).map(drop)
}

/// Power failures, failing calls and kills at every call of SQLite.
pub fn power(transcript: &mut Transcript, _: Consent) -> Result {
    let mut tests = line("cargo test --quiet --profile proof --test power");
    transcript.run_tests(Language::Rust, tests.env("SECUPOS_TEST_THOROUGH", "1")).map(drop)
}

/// Receipts and payments on the optimised build.
pub fn optimised(transcript: &mut Transcript, _: Consent) -> Result {
    let tests = "cargo test --quiet --profile proof --test receipts_golden --test payments";
    transcript.run_tests(Language::Rust, &mut line(tests)).map(drop)
}

/// Receipts in Chromium.
pub fn browser(transcript: &mut Transcript, _: Consent) -> Result {
    transcript.run_tests(Language::Rust, &mut line("cargo test --quiet --test receipts_browser")).map(drop)
}

/// A minute of mutated receipts, on the optimised build.
pub fn fuzz(transcript: &mut Transcript, _: Consent) -> Result {
    let mut fuzz = line("cargo test --quiet --release --target-dir target/prove --test receipts fuzz -- --show-output");
    transcript.run_tests(Language::Rust, fuzz.env("SECUPOS_FUZZ_SECONDS", "60")).map(drop)
}

/// strace looks at the library that ships: the row of an attempt is on the disk before the first byte of its start.
pub fn synced_then_sent(transcript: &mut Transcript, _: Consent) -> Result {
    let till = format!("tools/synced-then-sent target/c/pay {DEVICE} r1 STATE_FILE");
    transcript.run(&mut on_simulator(300, &till)).map(drop)
}
