//! The C# package on .NET for Windows.

use super::Target;
use crate::process::{Result, line};
use crate::tally::Language;
use crate::transcript::Transcript;

/// What mono's compiler has made for Linux is the same for every system. The library stands beside it.
pub fn run(transcript: &mut Transcript, target: &Target) -> Result {
    let (made, folder) = ("target/csharp", format!("{}/csharp", target.path()));
    let library = format!("{}/libsecupos.dll", target.path());
    transcript.run(&mut line(&format!("mkdir -p {folder}")))?;
    transcript.run(&mut line(&format!(
        "cp {made}/Secupos.dll {made}/Secupos.xml {made}/Secupos.Tests.exe {library} {folder}/"
    )))?;
    target.offer_simulator(transcript)?;
    let tests = format!("tools/windows-dotnet {} {folder}/Secupos.Tests.exe", target.name);
    transcript.run_tests(Language::CSharp, &mut line(&tests)).map(drop)
}
