//! Licences, duplicates and sources of everything that is linked, by deny.toml.

use crate::process::{Result, line};
use crate::requirements::{Consent, cargo_program};
use crate::transcript::Transcript;

const VERSION: &str = "0.20.2";

/// In `make prove` and not in `make test`, because cargo-deny takes minutes to build.
pub fn check(transcript: &mut Transcript, consent: Consent) -> Result {
    cargo_program("deny", VERSION, consent)?;
    transcript.run(&mut line("cargo deny --locked check licenses bans sources")).map(drop)
}
