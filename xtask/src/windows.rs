//! `cargo xtask windows`, which is `make windows`: the library and all that stands on it, built for Windows of 64 and of 32
//! bits, and run under Wine. It is a part of `make prove`.

use crate::process::{Result, root};
use crate::schedule::{self, Choice};
use crate::step::{ALONE, Step};
use crate::steps::build;
use crate::steps::windows::{X64, X86, c, csharp, kills, library, programs, python, rust, toolchain, wine};
use crate::tally::{Language, Tally};

/// It asks before it installs.
pub fn run(choice: &Choice) -> Result {
    let Some(tally) = schedule::run(&STEPS, choice, choice.consent())? else { return Ok(()) };
    if choice.is_whole() {
        println!("{}", summary(&tally)?);
    }
    Ok(())
}

/// One line for those who want only that.
fn summary(tally: &Tally) -> Result<String> {
    let targets = [&X64, &X86];
    let dlls = targets.iter().filter(|target| target.folder().join("libsecupos.dll").is_file()).count();
    let (mut kills, mut double) = (0, 0);
    for target in targets {
        let told = root().join(format!("target/test-logs/kills-{}.txt", target.name));
        let told = std::fs::read_to_string(&told).map_err(|fault| format!("{}: {fault}", told.display()))?;
        kills += number(&told, "kills=")?;
        double += number(&told, "double=")?;
    }
    let [python, csharp, c, cpp, rust] =
        [Language::Python, Language::CSharp, Language::C, Language::Cpp, Language::Rust]
            .map(|language| tally.passed_in(language));
    Ok(format!(
        "windows: targets={} dlls={dlls} kills={kills} double={double} python={python} csharp={csharp} c={c} cpp={cpp} \
         rust={rust} failed={}",
        targets.len(),
        tally.failed()
    ))
}

/// The number behind this word.
fn number(told: &str, word: &str) -> Result<u64> {
    let behind = told.rsplit(word).next().filter(|behind| behind.len() < told.len());
    let digits = behind.and_then(|behind| behind.split(|letter: char| !letter.is_ascii_digit()).next());
    digits.and_then(|digits| digits.parse().ok()).ok_or_else(|| format!("there is no number behind {word}"))
}

/// Each takes the whole machine. The name of a step ends with the width that it is about.
static STEPS: [Step; 18] = [
    Step {
        name: "toolchain",
        title: "Rust's own library, to be built for Windows, and the start of each program",
        needs: toolchain::NEEDS,
        run: toolchain::prepare,
        ..ALONE
    },
    Step {
        name: "library-x64",
        title: "libsecupos.dll, 64 bits: built, and what it asks of Windows",
        needs: toolchain::NEEDS,
        after: &["toolchain"],
        run: |transcript, _| library::build(transcript, &X64),
        ..ALONE
    },
    Step {
        name: "library-x86",
        title: "libsecupos.dll, 32 bits: built, and what it asks of Windows",
        needs: toolchain::NEEDS,
        after: &["toolchain"],
        run: |transcript, _| library::build(transcript, &X86),
        ..ALONE
    },
    Step {
        name: "programs-x64",
        title: "secupos.exe, 64 bits, and the tests in Rust",
        needs: toolchain::NEEDS,
        after: &["library-x64"],
        run: |transcript, _| programs::build(transcript, &X64),
        ..ALONE
    },
    Step {
        name: "programs-x86",
        title: "secupos.exe, 32 bits, and the tests in Rust",
        needs: toolchain::NEEDS,
        after: &["library-x86"],
        run: |transcript, _| programs::build(transcript, &X86),
        ..ALONE
    },
    Step {
        name: "wine-x64",
        title: "Wine, 64 bits, in a system of its own",
        needs: wine::NEEDS,
        as_root: true,
        run: |transcript, _| wine::install(transcript, &X64),
        ..ALONE
    },
    Step {
        name: "wine-x86",
        title: "Wine, 32 bits, in a system of its own",
        needs: wine::NEEDS,
        as_root: true,
        run: |transcript, _| wine::install(transcript, &X86),
        ..ALONE
    },
    Step {
        name: "c-x64",
        title: "C and C++, 64 bits: the examples and the tills of the quick starts",
        needs: &["clang", "lld-link", "python3"],
        as_root: true,
        after: &["programs-x64", "wine-x64"],
        run: |transcript, _| c::run(transcript, &X64),
        ..ALONE
    },
    Step {
        name: "c-x86",
        title: "C and C++, 32 bits: the examples and the tills of the quick starts",
        needs: &["clang", "lld-link", "python3"],
        as_root: true,
        after: &["programs-x86", "wine-x86"],
        run: |transcript, _| c::run(transcript, &X86),
        ..ALONE
    },
    Step {
        name: "rust-x64",
        title: "Rust, 64 bits: units, payments, the journal, and what is Windows' own",
        as_root: true,
        after: &["programs-x64", "wine-x64"],
        run: |transcript, _| rust::run(transcript, &X64),
        ..ALONE
    },
    Step {
        name: "rust-x86",
        title: "Rust, 32 bits: units, payments, the journal, and what is Windows' own",
        as_root: true,
        after: &["programs-x86", "wine-x86"],
        run: |transcript, _| rust::run(transcript, &X86),
        ..ALONE
    },
    Step {
        name: "python-x64",
        title: "Python, 64 bits: the tests and the example",
        needs: &["python3", "pip"],
        as_root: true,
        after: &["programs-x64", "wine-x64"],
        run: |transcript, _| python::run(transcript, &X64),
        ..ALONE
    },
    Step {
        name: "python-x86",
        title: "Python, 32 bits: the tests and the example",
        needs: &["python3", "pip"],
        as_root: true,
        after: &["programs-x86", "wine-x86"],
        run: |transcript, _| python::run(transcript, &X86),
        ..ALONE
    },
    Step {
        name: "csharp-build",
        title: "C#: built",
        needs: &["mcs", "mono", "System.Windows.Forms"],
        run: build::csharp,
        ..ALONE
    },
    Step {
        name: "csharp-x64",
        title: "C#, 64 bits: the tests on .NET 8",
        needs: &["python3", "pip"],
        as_root: true,
        after: &["programs-x64", "wine-x64", "csharp-build"],
        run: |transcript, _| csharp::run(transcript, &X64),
        ..ALONE
    },
    Step {
        name: "csharp-x86",
        title: "C#, 32 bits: the tests on .NET Core 3.1",
        needs: &["python3", "pip"],
        as_root: true,
        after: &["programs-x86", "wine-x86", "csharp-build"],
        run: |transcript, _| csharp::run(transcript, &X86),
        ..ALONE
    },
    Step {
        name: "kills-x64",
        title: "secupos.exe, 64 bits, killed in the middle of payments",
        as_root: true,
        after: &["programs-x64", "wine-x64"],
        run: |transcript, _| kills::run(transcript, &X64),
        ..ALONE
    },
    Step {
        name: "kills-x86",
        title: "secupos.exe, 32 bits, killed in the middle of payments",
        as_root: true,
        after: &["programs-x86", "wine-x86"],
        run: |transcript, _| kills::run(transcript, &X86),
        ..ALONE
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::tests::assert_is_sound;

    #[test]
    fn the_last_number_behind_a_word_is_read() {
        let told = "kills=1 double=9\nkills=60 charged=41 double=0 lost=0\n";
        assert_eq!((number(told, "kills="), number(told, "double=")), (Ok(60), Ok(0)));
        assert!(number(told, "open=").is_err());
    }

    #[test]
    fn the_steps_stand_in_an_order_in_which_they_can_run() {
        assert_is_sound(&STEPS);
    }
}
