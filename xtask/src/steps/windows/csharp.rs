//! The C# package on .NET for Windows.

use super::Target;
use crate::process::{Result, line};
use crate::tally::Language;
use crate::transcript::Transcript;

/// What mono's compiler has made for Linux is the same for every system.
pub fn run(transcript: &mut Transcript, target: &Target) -> Result {
    let tests = format!("tools/windows-dotnet {} target/csharp/Secupos.Tests.exe", target.name);
    transcript.run_tests(Language::CSharp, &mut line(&tests)).map(drop)
}
