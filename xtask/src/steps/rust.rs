//! What is asked of the code in Rust.

use crate::process::{Result, line};
use crate::requirements::Consent;
use crate::tally::Language;
use crate::transcript::Transcript;
use crate::{bindings, header};

pub fn format(transcript: &mut Transcript, _: Consent) -> Result {
    transcript.run(&mut line("cargo fmt --all --check")).map(drop)
}

/// No warning of clippy or of the documentation.
pub fn lints(transcript: &mut Transcript, _: Consent) -> Result {
    transcript.run(&mut line("cargo clippy --quiet --workspace --all-targets -- -D warnings"))?;
    let mut documentation = line("cargo doc --quiet --workspace --no-deps");
    transcript.run(documentation.env("RUSTDOCFLAGS", "-D warnings")).map(drop)
}

/// What is made from src/ffi/ and src/error.rs is as they are now.
pub fn generated(_: &mut Transcript, _: Consent) -> Result {
    header::check()?;
    bindings::check()
}

/// All tests in Rust except the exhaustive search and the simulation, which are steps of their own. Eight at a time,
/// because they wait more than they work.
pub fn tests(transcript: &mut Transcript, _: Consent) -> Result {
    let mut tests = line("cargo test --quiet --workspace --exclude secupos-model -- --skip simulation::");
    transcript.run_tests(Language::Rust, tests.env("RUST_TEST_THREADS", "8"))?;
    // What they counted: passing tests keep it to themselves.
    let slips =
        transcript.output(&mut line("cargo test --quiet --workspace --test receipts slips:: -- --nocapture"))?;
    let counted: Vec<&str> = slips.lines().filter(|line| line.contains(" slips: ")).collect();
    if counted.is_empty() {
        return Err("the tests of the slips have counted none".to_owned());
    }
    transcript.say(&counted.join("\n"));
    Ok(())
}

/// The exhaustive search. Its crate has tests in one file only; `--workspace` has it built as the others are.
pub fn search(transcript: &mut Transcript, _: Consent) -> Result {
    let search = "cargo test --quiet --workspace --test model -- --nocapture";
    let said = transcript.run_tests(Language::Rust, &mut line(search))?;
    let searched = said.lines().any(|line| line.starts_with("model: "));
    if searched { Ok(()) } else { Err("nothing was searched".to_owned()) }
}

#[cfg(test)]
mod tests_of_the_steps {
    use crate::steps::build::sources;

    #[test]
    fn the_search_has_no_tests_besides_those_that_its_step_runs() {
        assert_eq!(sources(&["model/tests"], ".rs").expect("one"), ["model/tests/model.rs"]);
        for file in sources(&["model/src"], ".rs").expect("some") {
            let text = std::fs::read_to_string(crate::process::root().join(&file)).expect("a file");
            assert!(!text.contains("#[test]"), "{file}");
        }
    }
}
