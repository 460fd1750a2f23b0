//! A panic inside every exported function stays inside: the same code, built such that each body panics, is called by a
//! program in C. A test of `tests/abi_surface/` writes its calls.

use crate::process::{Result, line, root};
use crate::requirements::Consent;
use crate::tally::Language;
use crate::transcript::Transcript;

/// Fewer calls than this are not all of them.
const LEAST_CALLS: usize = 70;

pub fn stay_inside(transcript: &mut Transcript, _: Consent) -> Result {
    transcript.run_tests(Language::Rust, &mut line("cargo test --quiet --test abi_surface panics"))?;
    // Beside what the debug build has compiled of others, which need not be compiled again.
    transcript.run(&mut line("cargo rustc --quiet --lib --crate-type cdylib -- --cfg every_body_panics"))?;
    std::fs::create_dir_all(root().join("target/panics")).map_err(|fault| format!("target/panics: {fault}"))?;
    // Moved, so that nothing takes it for the real one.
    transcript.run(&mut line("mv target/debug/libsecupos.so target/panics/"))?;
    transcript.run(&mut line("ln -sf libsecupos.so target/panics/libsecupos.so.1"))?;
    let compile = "cc -std=c11 -g -Wall -Werror -Iinclude -Itarget/tmp/panics tests/abi_surface/panics.c \
                   -o target/panics/panics -Ltarget/panics -lsecupos";
    transcript.run(line(compile).arg(format!("-Wl,-rpath,{}", root().join("target/panics").display())))?;
    let printed = transcript.run(&mut line("target/panics/panics"))?;
    let (calls, quiet) = judge(&printed);
    if calls < LEAST_CALLS || !quiet.is_empty() {
        return Err(format!("{calls} calls; these did not panic, so nothing is shown: {}", quiet.join(", ")));
    }
    Ok(())
}

/// How many calls were made, and which came back without having panicked.
fn judge(printed: &str) -> (usize, Vec<&str>) {
    let mut calls: Vec<(&str, bool)> = Vec::new();
    for line in printed.lines() {
        if let Some(name) = line.strip_prefix("call ") {
            calls.push((name, false));
        } else if line.contains("every body panics")
            && let Some((_, panicked)) = calls.last_mut()
        {
            *panicked = true;
        }
    }
    (calls.len(), calls.into_iter().filter(|(_, panicked)| !panicked).map(|(name, _)| name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_without_a_panic_is_found() {
        let panic = "thread panicked at src/ffi/boundary.rs:\nevery body panics\n";
        assert_eq!(judge(&format!("call one\n{panic}call two\n{panic}")), (2, vec![]));
        assert_eq!(judge(&format!("call one\ncall two\n{panic}call three\n")), (3, vec!["one", "three"]));
        assert_eq!(judge(""), (0, vec![]));
    }
}
