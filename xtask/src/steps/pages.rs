//! The documented loop: the tills that the pages show live through scripted scenarios.

use crate::process::{Result, line};
use crate::requirements::Consent;
use crate::transcript::Transcript;

/// All scenarios in C and Python, some of them in the other languages and with the README's tills.
pub fn loop_in_part(transcript: &mut Transcript, _: Consent) -> Result {
    let programs = "C Python C++/3 C#/3 README-C/6 README-C++/6 README-Python/6 README-C#/6";
    transcript.run(&mut line(&format!("tools/documented-loop {programs}"))).map(drop)
}

/// All scenarios in all languages.
pub fn loop_in_all(transcript: &mut Transcript, _: Consent) -> Result {
    let programs = "C C++ Python C# README-C/3 README-C++/3 README-Python/3 README-C#/3";
    transcript.run(&mut line(&format!("tools/documented-loop {programs}"))).map(drop)
}
