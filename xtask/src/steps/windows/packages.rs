//! What is released for Windows: each product unpacked or installed away from this repository, and paid with.

use super::Target;
use crate::process::{Result, line};
use crate::requirements::Consent;
use crate::steps::distribution::{Systems, make_all};
use crate::tally::Language;
use crate::transcript::Transcript;

const FOLDER: &str = "target/windows/packages";

/// Those for Windows. The C# package has the library for Linux, too.
pub fn make(transcript: &mut Transcript, _: Consent) -> Result {
    transcript.run(&mut line(&format!("rm -rf {FOLDER}")))?;
    transcript.run(&mut line(&format!("mkdir -p {FOLDER}")))?;
    make_all(transcript, FOLDER, Systems::Windows)
}

pub fn check(transcript: &mut Transcript, target: &Target) -> Result {
    for (product, language) in
        [("c", Language::C), ("cli", Language::Rust), ("wheel", Language::Python), ("nuget", Language::CSharp)]
    {
        let check = format!("packaging/{product}/check-windows {} {FOLDER}", target.name);
        transcript.run(&mut line(&check))?;
        transcript.passed(language, &[product]);
    }
    Ok(())
}
