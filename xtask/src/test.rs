//! `cargo xtask test`, which is `make test`: everything that CI runs. It ends with what ran in each language; nothing is
//! skipped.

use crate::process::Result;
use crate::requirements::Consent;
use crate::schedule::{self, Choice, ROOM};
use crate::soak;
use crate::step::{ALONE, Step};
use crate::steps::{build, c_and_cpp, decoders, packages, pages, rust};

/// It sets up the machine: as root it installs what is missing, without a question.
pub fn run(choice: &Choice) -> Result {
    let Some(tally) = schedule::run(&STEPS, choice, Consent::Given)? else { return Ok(()) };
    let silent = tally.silent();
    if choice.is_whole() && !silent.is_empty() {
        return Err(format!("no test ran in {}", silent.join(", ")));
    }
    Ok(())
}

/// Two such steps run side by side, on two cores, with those that wait more than they work.
const KEEPS_A_CORE_BUSY: u8 = ROOM / 3 + 1;

/// Would be red on a machine that is busy with something else: beside it runs only one that waits nearly always.
const IS_SENSITIVE: u8 = ROOM - 1;

/// The builds come first, each once; the library's last part, which one core does alone, beside those of the tests. What
/// follows waits more than it works. The loads also keep the tests in Rust apart from the two steps that, like one of them,
/// write into target/soak/.
static STEPS: [Step; 22] = [
    Step { name: "format", title: "Rust: format", load: 1, run: rust::format, ..ALONE },
    Step {
        name: "decoders",
        title: "Other programs that read our receipts, installed",
        needs: decoders::NEEDS,
        load: 0,
        run: decoders::install,
        ..ALONE
    },
    Step {
        name: "library",
        title: "The library that ships, built",
        needs: &["cc"],
        load: KEEPS_A_CORE_BUSY,
        run: build::library,
        ..ALONE
    },
    Step {
        name: "rust-build",
        title: "Rust: programs and tests, built",
        needs: &["cc"],
        load: KEEPS_A_CORE_BUSY,
        run: build::rust,
        ..ALONE
    },
    Step {
        name: "lints",
        title: "Rust: lints and documentation",
        after: &["rust-build"],
        load: KEEPS_A_CORE_BUSY,
        run: rust::lints,
        ..ALONE
    },
    Step {
        name: "generated",
        title: "What is made from src/ffi/ and src/error.rs is up to date",
        load: 0,
        run: rust::generated,
        ..ALONE
    },
    Step { name: "c-build", title: "C: built", needs: &["cc"], after: &["library"], load: 2, run: build::c, ..ALONE },
    Step {
        name: "cpp-build",
        title: "C++: built",
        needs: &["c++"],
        after: &["library"],
        load: 4,
        run: build::cpp,
        ..ALONE
    },
    Step {
        name: "csharp-build",
        title: "C#: built",
        needs: &["mcs", "mono", "System.Windows.Forms"],
        after: &["library"],
        load: 4,
        run: build::csharp,
        ..ALONE
    },
    Step {
        name: "pages-build",
        title: "The tills of the pages, built",
        needs: &["cc", "c++", "python3", "mcs"],
        after: &["csharp-build"],
        load: 4,
        run: build::pages,
        ..ALONE
    },
    Step {
        name: "rust",
        title: "Rust: tests",
        needs: &["cc", "nm", "curl-config", "kill", "unshare", "python3"],
        after: &["decoders", "library", "rust-build"],
        load: IS_SENSITIVE,
        run: rust::tests,
        ..ALONE
    },
    Step {
        name: "search",
        title: "Payment safety: the exhaustive search",
        after: &["rust-build"],
        load: KEEPS_A_CORE_BUSY,
        run: rust::search,
        ..ALONE
    },
    Step {
        name: "soak-checker",
        title: "Payment safety: the checker of the soak finds what is planted",
        needs: &["python3"],
        load: 1,
        run: |transcript, _| soak::check_the_checker(transcript),
        ..ALONE
    },
    Step {
        name: "schedules",
        title: "Payment safety: simulated schedules under virtual time",
        needs: &["cc"],
        after: &["rust-build"],
        load: KEEPS_A_CORE_BUSY,
        run: |transcript, _| soak::schedules(transcript, soak::SHORT),
        ..ALONE
    },
    Step {
        name: "soak",
        title: "Payment safety: real tills, killed at random",
        needs: &["python3"],
        after: &["schedules"],
        load: IS_SENSITIVE,
        run: |transcript, _| soak::tills(transcript, soak::SHORT),
        ..ALONE
    },
    Step {
        name: "c",
        title: "C: tests under valgrind",
        needs: &["valgrind", "unshare"],
        after: &["rust-build", "c-build"],
        load: KEEPS_A_CORE_BUSY,
        run: c_and_cpp::c_tests,
        ..ALONE
    },
    Step {
        name: "c-examples",
        title: "C: examples under valgrind",
        needs: &["valgrind", "python3"],
        after: &["rust-build", "c-build"],
        load: KEEPS_A_CORE_BUSY,
        run: c_and_cpp::c_examples,
        ..ALONE
    },
    Step {
        name: "cpp",
        title: "C++: tests and examples under valgrind",
        needs: &["valgrind", "python3"],
        after: &["rust-build", "cpp-build"],
        load: KEEPS_A_CORE_BUSY,
        run: c_and_cpp::cpp,
        ..ALONE
    },
    Step {
        name: "quick-starts",
        title: "C and C++: the tills of the quick starts",
        after: &["rust-build", "pages-build"],
        load: 1,
        run: c_and_cpp::quick_starts,
        ..ALONE
    },
    Step {
        name: "python",
        title: "Python: tests, examples and the tills of the quick start",
        needs: &["python3", "unshare"],
        after: &["rust-build", "library", "pages-build"],
        load: 1,
        run: packages::python,
        ..ALONE
    },
    Step {
        name: "csharp",
        title: "C#: tests, examples and the till of the quick start",
        needs: &["mono", "python3", "unshare"],
        after: &["rust-build", "csharp-build", "pages-build"],
        load: 2,
        run: packages::csharp,
        ..ALONE
    },
    Step {
        name: "documented-loop",
        title: "The tills of the pages, through scripted scenarios",
        needs: &["cc", "mono", "python3"],
        after: &["rust-build", "pages-build"],
        load: 5,
        run: pages::loop_in_part,
        ..ALONE
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::tests::assert_is_sound;

    #[test]
    fn the_steps_stand_in_an_order_in_which_they_can_run() {
        assert_is_sound(&STEPS);
    }
}
