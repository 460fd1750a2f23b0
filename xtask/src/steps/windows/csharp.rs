//! The C# package on .NET for Windows.

use super::Target;
use crate::process::{Result, line};
use crate::requirements::Consent;
use crate::steps::build;
use crate::tally::Language;
use crate::transcript::Transcript;

/// By mono's compiler, as everywhere here: what it makes is the same for every system.
pub fn build(transcript: &mut Transcript, consent: Consent) -> Result {
    build::csharp(transcript, consent)
}

pub fn run(transcript: &mut Transcript, target: &Target) -> Result {
    let tests = format!("tools/windows-dotnet {} target/csharp/Secupos.Tests.exe", target.name);
    transcript.run_tests(Language::CSharp, &mut line(&tests)).map(drop)
}
