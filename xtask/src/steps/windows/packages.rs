//! What is released for Windows: each product unpacked or installed away from this repository, and paid with.

use super::Target;
use crate::process::{Result, line};
use crate::requirements::Consent;
use crate::steps::distribution::make_all;
use crate::tally::Language;
use crate::transcript::Transcript;

const FOLDER: &str = "target/windows/packages";

/// All of them; those for Linux are beside them.
pub fn make(transcript: &mut Transcript, _: Consent) -> Result {
    transcript.run(&mut line(&format!("rm -rf {FOLDER}")))?;
    transcript.run(&mut line(&format!("mkdir -p {FOLDER}")))?;
    make_all(transcript, FOLDER)
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
