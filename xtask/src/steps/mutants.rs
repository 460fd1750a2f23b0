//! Changes src/payment/ in every way that cargo-mutants knows, one at a time, and looks whether the room's own tests
//! notice. What they need not notice, because nothing changes by it, stands in `tools/mutants-equivalent` with the reason.
//!
//! The room stands alone: it is copied with the two files that it needs into a package of its own, which is built in a
//! second.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::process::{Result, line, root};
use crate::requirements::{Consent, cargo_program};
use crate::transcript::Transcript;

const VERSION: &str = "27.1.0";
const EQUIVALENT: &str = "tools/mutants-equivalent";
/// Fewer caught than this, and it has not looked.
const LEAST_CAUGHT: usize = 100;
/// cargo-mutants ends with this if some were missed, which is judged here.
const SOME_MISSED: i32 = 2;

const MANIFEST: &str = r#"[workspace]

[package]
name = "payment"
version = "0.0.0"
edition = "2024"

[dependencies]
serde = { version = "1", features = ["derive"] }
serde_json = "1"

[profile.dev]
debug = false
"#;

const LIBRARY: &str = "pub mod error;
pub mod money;
pub mod payment;
pub mod receipt {
    #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
    pub enum Decision {
        Required,
        NotRequired,
        Unknown,
    }
}
";

pub fn are_noticed(transcript: &mut Transcript, consent: Consent) -> Result {
    cargo_program("mutants", VERSION, consent)?;
    let folder = root().join("target/mutants");
    make_package(&folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
    // Names and texts decide nothing.
    let mut mutants = line(
        "cargo mutants --dir target/mutants/package --output target/mutants --no-shuffle --jobs 2 --cap-lints true \
         --file src/payment/** --exclude src/payment/cashier_text.rs --exclude-re ::name",
    );
    mutants.args(["--exclude-re", "impl Debug", "--exclude-re", "to_error|Fault::of", "--", "--lib", "payment::"]);
    transcript.run_with_code(mutants.env_remove("CARGO_TARGET_DIR"), SOME_MISSED)?;

    let list = |name: &str| read(&folder.join(format!("mutants.out/{name}.txt")));
    let (caught, missed) = (list("caught")?, list("missed")?);
    let kept = read(&root().join(EQUIVALENT))?;
    let (missed, equivalent) = (names_of(&missed), equivalent(&kept));
    let survived = Vec::from_iter(missed.difference(&equivalent).cloned());
    let stale = Vec::from_iter(equivalent.difference(&missed).cloned());
    transcript.say(&format!(
        "mutants: caught={} survived={} equivalent={} timeout={} unviable={}",
        caught.lines().count(),
        survived.len(),
        equivalent.len(),
        list("timeout")?.lines().count(),
        list("unviable")?.lines().count()
    ));
    if !survived.is_empty() || !stale.is_empty() {
        return Err(format!("survived:\n{}\nnot missed any more:\n{}", survived.join("\n"), stale.join("\n")));
    }
    if caught.lines().count() > LEAST_CAUGHT { Ok(()) } else { Err("too few were caught".to_owned()) }
}

fn make_package(folder: &Path) -> std::io::Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    let source = folder.join("package/src");
    copy_folder(&root().join("src/payment"), &source.join("payment"))?;
    for file in ["error.rs", "money.rs"] {
        std::fs::copy(root().join("src").join(file), source.join(file))?;
    }
    std::fs::copy(root().join("Cargo.lock"), folder.join("package/Cargo.lock"))?;
    std::fs::write(folder.join("package/Cargo.toml"), MANIFEST)?;
    std::fs::write(source.join("lib.rs"), LIBRARY)
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let place: PathBuf = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &place)?;
        } else {
            std::fs::copy(entry.path(), place)?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|fault| format!("{}: {fault}", path.display()))
}

/// Without the line's number, which any change above it moves: "src/a.rs:12:5: replace x" is "src/a.rs: replace x".
fn names_of(list: &str) -> BTreeSet<String> {
    let name = |line: &str| match line.split_once(": ") {
        Some((place, change)) => format!("{}: {change}", place.split(':').next().unwrap_or(place)),
        None => line.to_owned(),
    };
    list.lines().map(name).collect()
}

/// The names in the list of those by which nothing changes; behind # is the reason.
fn equivalent(list: &str) -> BTreeSet<String> {
    let name = |line: &str| line.split(" #").next().unwrap_or(line).trim_end().to_owned();
    list.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mutant_is_known_again_wherever_its_line_has_gone() {
        let missed = names_of("src/payment/grace.rs:12:5: replace < with <= in is_over\n");
        assert_eq!(Vec::from_iter(&missed), ["src/payment/grace.rs: replace < with <= in is_over"]);
        let kept = "# a comment\nsrc/payment/grace.rs: replace < with <= in is_over # they are never equal\n";
        assert_eq!(missed, equivalent(kept));
    }
}
