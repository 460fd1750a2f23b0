//! How much of the library its Rust tests run, by room. The C ABI's share is small, because C, Python and C# programs test
//! it, which are not counted here. Only shown: no share is demanded.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::rust_compiler::{host, llvm, sysroot};
use crate::process::{Result, is_here, line, output, program, root};
use crate::requirements::Consent;
use crate::tally::Language;
use crate::transcript::Transcript;

/// How many lines there are, and how many of them were run.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Lines {
    run: u32,
    all: u32,
}

pub fn measure(transcript: &mut Transcript, consent: Consent) -> Result {
    let (profdata, cov) = llvm_tools(consent)?;
    let folder = root().join("target/coverage");
    write_wrapper(&folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
    transcript.run(&mut line("chmod +x target/coverage/rustc"))?;
    // As a wrapper around the compiler of our own crates it makes builds that stand beside the usual ones, and leaves those
    // of others alone.
    let test = |more: &str| {
        let mut test = line(&format!("cargo test --quiet {more}"));
        test.env("RUSTC_WORKSPACE_WRAPPER", folder.join("rustc")).env("LLVM_PROFILE_FILE", folder.join("%m.profraw"));
        test
    };
    transcript.run_tests(Language::Rust, &mut test(""))?;
    let built = transcript.output(&mut test("--no-run --message-format=json"))?;
    let written = std::fs::read_dir(&folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
    let written =
        written.flatten().map(|file| file.path()).filter(|path| path.extension().is_some_and(|it| it == "profraw"));
    let all = folder.join("all.profdata");
    transcript.run(program([&profdata, "merge", "-sparse", "-o"]).arg(&all).args(written))?;
    // Line by line, because a summary knows only the best of the programs, not what they run together.
    let mut export = program([&cov, "export", "-format=lcov"]);
    export.arg(format!("-instr-profile={}", all.display()));
    for (number, test) in programs(&built).iter().enumerate() {
        export.args((number > 0).then_some("-object")).arg(test);
    }
    let rooms = rooms(&transcript.output(export.args(["-sources", "src"]))?, &root().join("src"));
    if rooms.is_empty() {
        return Err("nothing of src/ was run".to_owned());
    }
    let all =
        rooms.values().fold(Lines::default(), |sum, room| Lines { run: sum.run + room.run, all: sum.all + room.all });
    for (room, lines) in rooms.iter().chain([(&"all".to_owned(), &all)]) {
        let percent = 100.0 * f64::from(lines.run) / f64::from(lines.all.max(1));
        transcript.say(&format!("coverage: {room:16} {percent:5.1} % of {} lines", lines.all));
    }
    Ok(())
}

/// What reads what the compiler's own LLVM writes: rustup's component, or Debian's package of that version.
fn llvm_tools(consent: Consent) -> Result<(String, String)> {
    let (version, own) = (llvm()?, sysroot()?.join("lib/rustlib").join(host()?).join("bin"));
    let debian = format!("llvm-cov-{version}");
    if !own.join("llvm-cov").is_file() && !is_here(&debian) {
        let add = "rustup component add llvm-tools";
        if !consent.to(add) || output(&mut line(add)).is_err() {
            return Err(format!("llvm-cov {version} is missing. Run: {add}, or: apt-get install llvm-{version}"));
        }
    }
    let tool = |name: &str| own.join(name).display().to_string();
    if own.join("llvm-cov").is_file() {
        return Ok((tool("llvm-profdata"), tool("llvm-cov")));
    }
    Ok((format!("llvm-profdata-{version}"), debian))
}

/// A compiler that has what it compiles count its lines.
fn write_wrapper(folder: &Path) -> std::io::Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("rustc"), "#!/bin/sh\nexec \"$@\" -C instrument-coverage\n")
}

/// The programs that cargo has built.
fn programs(messages: &str) -> Vec<PathBuf> {
    let program = |line: &str| {
        let message: Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    };
    messages.lines().filter_map(program).collect()
}

/// The lines of each room, from the format of lcov: SF is a file, DA one of its lines with how often it was run.
fn rooms(lcov: &str, source: &Path) -> BTreeMap<String, Lines> {
    let mut rooms: BTreeMap<String, Lines> = BTreeMap::new();
    let mut room = None;
    for line in lcov.lines() {
        if let Some(file) = line.strip_prefix("SF:") {
            let inside = Path::new(file).strip_prefix(source).ok();
            room = inside.and_then(|path| Some(path.components().next()?.as_os_str().to_string_lossy().into_owned()));
        } else if let (Some(room), Some(counted)) = (&room, line.strip_prefix("DA:")) {
            let lines = rooms.entry(room.clone()).or_default();
            lines.all += 1;
            lines.run += u32::from(counted.split(',').nth(1) != Some("0"));
        }
    }
    rooms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_by_room() {
        let lcov = "SF:/r/src/till/mod.rs\nDA:1,4\nDA:2,0\nend_of_record\nSF:/r/src/money.rs\nDA:7,1\nend_of_record\n\
                    SF:/r/src/till/sale.rs\nDA:3,1\nend_of_record\nSF:/else/lib.rs\nDA:3,1\nend_of_record\n";
        let rooms = rooms(lcov, Path::new("/r/src"));
        assert_eq!(Vec::from_iter(rooms.keys()), ["money.rs", "till"]);
        assert_eq!(rooms["till"], Lines { run: 2, all: 3 });
        assert_eq!(rooms["money.rs"], Lines { run: 1, all: 1 });
    }

    #[test]
    fn only_programs_are_taken_from_cargos_messages() {
        let messages =
            "{\"reason\":\"compiler-artifact\",\"executable\":\"/t/a-1\"}\n{\"executable\":null}\nno message\n";
        assert_eq!(programs(messages), [PathBuf::from("/t/a-1")]);
    }
}
