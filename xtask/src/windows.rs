//! `cargo xtask windows`, which is `make windows`: the library and all that stands on it, built for Windows of 64 and of 32
//! bits, and run under Wine. It is a part of `make prove`.

use std::sync::LazyLock;

use crate::process::{Result, root};
use crate::schedule::{self, Choice};
use crate::step::{ALONE, Step};
use crate::steps::windows::{
    X64, X86, c, csharp, kills, library, packages, programs, python, rust, toolchain, visual_basic, wine,
};
use crate::steps::{build, distribution};
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

/// What is built for one width of processor. Each step takes the whole machine, and its name ends with the width.
macro_rules! builds_for {
    ($target:ident, $width:literal, $bits:literal) => {
        [
            Step {
                name: concat!("library-", $width),
                title: concat!("libsecupos.dll, ", $bits, ": built, and what it asks of Windows"),
                needs: toolchain::NEEDS,
                after: &["toolchain"],
                run: |transcript, _| library::build(transcript, &$target),
                ..ALONE
            },
            Step {
                name: concat!("again-", $width),
                title: concat!("libsecupos.dll, ", $bits, ": built once more in another folder, with the same bytes"),
                needs: toolchain::NEEDS,
                after: &[concat!("library-", $width)],
                run: |transcript, _| library::build_again(transcript, &$target),
                ..ALONE
            },
            Step {
                name: concat!("command-line-", $width),
                title: concat!("secupos.exe, ", $bits),
                needs: toolchain::NEEDS,
                after: &[concat!("library-", $width)],
                run: |transcript, _| programs::command_line(transcript, &$target),
                ..ALONE
            },
            Step {
                name: concat!("tests-", $width),
                title: concat!("The tests in Rust, ", $bits, ", built"),
                needs: toolchain::NEEDS,
                after: &["toolchain"],
                run: |transcript, _| programs::tests(transcript, &$target),
                ..ALONE
            },
        ]
    };
}

/// What is run of it, under Wine.
macro_rules! runs_for {
    ($target:ident, $width:literal, $bits:literal) => {
        [
            Step {
                name: concat!("wine-", $width),
                title: concat!("Wine, ", $bits, ", in a system of its own"),
                needs: wine::NEEDS,
                as_root: true,
                run: |transcript, _| wine::install(transcript, &$target),
                ..ALONE
            },
            Step {
                name: concat!("c-", $width),
                title: concat!("C and C++, ", $bits, ": the examples and the tills of the quick starts"),
                needs: &["python3", "script"],
                as_root: true,
                after: &["simulator", concat!("command-line-", $width), concat!("wine-", $width)],
                run: |transcript, _| c::run(transcript, &$target),
                ..ALONE
            },
            Step {
                name: concat!("rust-", $width),
                title: concat!("Rust, ", $bits, ": units, payments, the journal, and what is Windows' own"),
                as_root: true,
                after: &[concat!("tests-", $width), concat!("wine-", $width)],
                run: |transcript, _| rust::run(transcript, &$target),
                ..ALONE
            },
            Step {
                name: concat!("python-", $width),
                title: concat!("Python, ", $bits, ": the tests and the examples"),
                needs: &["cc", "python3", "pip"],
                as_root: true,
                after: &["simulator", concat!("command-line-", $width), concat!("wine-", $width)],
                run: |transcript, _| python::run(transcript, &$target),
                ..ALONE
            },
            Step {
                name: concat!("csharp-", $width),
                title: concat!("C#, ", $bits, ": the tests on .NET"),
                needs: &["python3", "pip"],
                as_root: true,
                after: &["csharp-build", concat!("command-line-", $width), concat!("wine-", $width)],
                run: |transcript, _| csharp::run(transcript, &$target),
                ..ALONE
            },
            Step {
                name: concat!("kills-", $width),
                title: concat!("secupos.exe, ", $bits, ", killed in the middle of payments"),
                needs: &["cc", "python3"],
                as_root: true,
                after: &["simulator", concat!("command-line-", $width), concat!("wine-", $width)],
                run: |transcript, _| kills::run(transcript, &$target),
                ..ALONE
            },
            Step {
                name: concat!("packages-", $width),
                title: concat!("The packages, ", $bits, ": unpacked or installed away from here, paying"),
                needs: &["cc", "clang", "cmake", "lld-link", "mcs", "python3", "pip", "unzip"],
                as_root: true,
                after: &["simulator", "packages", concat!("wine-", $width)],
                run: |transcript, _| packages::check(transcript, &$target),
                ..ALONE
            },
        ]
    };
}

static STEPS: LazyLock<Vec<Step>> = LazyLock::new(|| {
    let first = [
        Step {
            name: "toolchain",
            title: "Rust's own library, to be built for Windows, and the start of each program",
            needs: toolchain::NEEDS,
            run: toolchain::prepare,
            ..ALONE
        },
        Step {
            name: "simulator",
            title: "The command line for this machine: its simulator is the service",
            needs: &["cc"],
            run: build::command_line,
            ..ALONE
        },
        Step {
            name: "csharp-build",
            title: "C#: built",
            needs: &["mcs", "mono", "System.Windows.Forms"],
            run: build::csharp,
            ..ALONE
        },
    ];
    let visual_basic = Step {
        name: "visual-basic",
        title: "secupos_vb.dll, for Visual Basic 6 and FoxPro, built",
        needs: toolchain::NEEDS,
        after: &["library-x86"],
        run: visual_basic::build,
        ..ALONE
    };
    let stdcall = Step {
        name: "stdcall",
        title: "secupos_vb.dll: called as Visual Basic would",
        needs: toolchain::NEEDS,
        as_root: true,
        after: &["simulator", "visual-basic", "wine-x86"],
        run: visual_basic::test,
        ..ALONE
    };
    let packages = Step {
        name: "packages",
        title: "What is released for Windows, made",
        needs: distribution::NEEDS,
        after: &["command-line-x64", "command-line-x86", "visual-basic"],
        run: packages::make,
        ..ALONE
    };
    let builds = builds_for!(X64, "x64", "64 bits").into_iter().chain(builds_for!(X86, "x86", "32 bits"));
    let runs = runs_for!(X64, "x64", "64 bits").into_iter().chain(runs_for!(X86, "x86", "32 bits"));
    first.into_iter().chain(builds).chain([visual_basic, packages]).chain(runs).chain([stdcall]).collect()
});

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
