//! What is built before the tests, each once. Steps that run side by side build nothing that another one may be running.

use crate::process::{Result, line, root};
use crate::requirements::Consent;
use crate::transcript::Transcript;

/// C# 7 by mono's compiler, against the package's assembly.
pub const MCS: &str = "mcs -langversion:7 -codepage:utf8 -warnaserror -r:target/csharp/Secupos.dll";

/// The library that ships, alone in its own target directory, so that no other build can overwrite it.
pub fn library(transcript: &mut Transcript, _: Consent) -> Result {
    transcript.run(&mut line("cargo rustc --quiet --release --lib --crate-type cdylib --target-dir target/lib"))?;
    transcript.run(&mut line("ln -sf libsecupos.so target/lib/release/libsecupos.so.1")).map(drop)
}

/// The command line, which brings the simulator.
pub fn command_line(transcript: &mut Transcript, _: Consent) -> Result {
    transcript.run(&mut line("cargo build --quiet -p secupos-cli")).map(drop)
}

/// Every test in Rust and every program, for all that follows. The whole workspace at once: of a part of it cargo would
/// build the dependencies with fewer features, and so a second time.
pub fn rust(transcript: &mut Transcript, _: Consent) -> Result {
    transcript.run(&mut line("cargo build --quiet --workspace --all-targets")).map(drop)
}

/// The tests and examples in C.
pub fn c(transcript: &mut Transcript, _: Consent) -> Result {
    let sources = sources(&["examples/c", "tests/c"], ".c")?;
    transcript.run(line("tools/build-c cc target/c").args(sources)).map(drop)
}

/// The tests and examples in C++.
pub fn cpp(transcript: &mut Transcript, _: Consent) -> Result {
    transcript.run(line("tools/build-cpp c++ c++17 target/cpp/till").args(sources(&["tests/cpp"], ".cpp")?))?;
    for example in ["pay", "receipts", "day"] {
        let built = format!("tools/build-cpp c++ c++17 target/cpp/{example} examples/cpp/{example}.cpp");
        transcript.run(&mut line(&built))?;
    }
    Ok(())
}

/// The package in C#, its tests and the examples.
pub fn csharp(transcript: &mut Transcript, _: Consent) -> Result {
    transcript.run(&mut line("bindings/csharp/build.sh"))?;
    let button =
        format!("{MCS} -r:System.Windows.Forms -out:target/csharp/ButtonTill.exe examples/csharp/ButtonTill.cs");
    transcript.run(&mut line(&button)).map(drop)
}

/// The tills that the pages show, word for word.
pub fn pages(transcript: &mut Transcript, _: Consent) -> Result {
    let folder = root().join("target/docs");
    std::fs::create_dir_all(&folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
    for (shown, source) in [
        ("tools/program-in docs/quick-start-c.md c", "till.c"),
        ("tools/program-in docs/quick-start-cpp.md cpp", "till.cpp"),
        ("tools/program-in docs/quick-start-python.md python 1", "till-1.py"),
        ("tools/program-in docs/quick-start-python.md python 3", "till-3.py"),
        ("tools/program-in docs/quick-start-csharp.md csharp", "Till.cs"),
        ("tools/readme-till c", "readme.c"),
        ("tools/readme-till cpp", "readme.cpp"),
        ("tools/readme-till python", "readme.py"),
        ("tools/readme-till csharp", "Readme.cs"),
    ] {
        let program = transcript.output(&mut line(shown))?;
        std::fs::write(folder.join(source), program).map_err(|fault| format!("{source}: {fault}"))?;
    }
    transcript.run(&mut line("tools/build-c cc target/docs target/docs/till.c target/docs/readme.c"))?;
    transcript.run(&mut line("tools/build-cpp c++ c++17 target/docs/till-cpp target/docs/till.cpp"))?;
    transcript.run(&mut line("tools/build-cpp c++ c++17 target/docs/readme-cpp target/docs/readme.cpp"))?;
    for program in ["Till", "Readme"] {
        transcript.run(&mut line(&format!("{MCS} -out:target/csharp/{program}.exe target/docs/{program}.cs")))?;
    }
    Ok(())
}

/// The files in these folders whose names end so, in order.
pub fn sources(folders: &[&str], ending: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for folder in folders {
        let files = std::fs::read_dir(root().join(folder)).map_err(|fault| format!("{folder}: {fault}"))?;
        let names = files.flatten().map(|file| file.file_name().to_string_lossy().into_owned());
        found.extend(names.filter(|name| name.ends_with(ending)).map(|name| format!("{folder}/{name}")));
    }
    found.sort();
    if found.is_empty() { Err(format!("no {ending} in {}", folders.join(", "))) } else { Ok(found) }
}

/// The name of the program that a source is built into.
pub fn stem(source: &str) -> &str {
    let name = source.rsplit('/').next().unwrap_or(source);
    name.split('.').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sources_are_found_in_order() {
        let found = sources(&["examples/c"], ".c").expect("some");
        assert_eq!(found, ["examples/c/day.c", "examples/c/pay.c", "examples/c/receipts.c"]);
        assert!(sources(&["examples/c"], ".cpp").is_err());
        assert_eq!(stem("examples/c/pay.c"), "pay");
    }
}
