//! The tests in Rust, under Wine.

use super::Target;
use super::programs::TESTS;
use crate::process::{Result, line};
use crate::tally::Language;
use crate::transcript::Transcript;

/// Without what other programs of Linux judge.
pub fn run(transcript: &mut Transcript, target: &Target) -> Result {
    for test in ["secupos"].iter().chain(&TESTS) {
        let program = target.wine(&format!("{}/test-{test}.exe --quiet --skip decoders::", target.path()));
        transcript.run_tests(Language::Rust, line(&program).env("RUST_TEST_THREADS", "4"))?;
    }
    Ok(())
}
