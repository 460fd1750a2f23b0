//! `cargo xtask prove`: what is slower than CI should be. `make prove` runs it after `make test`.

use crate::process::Result;
use crate::schedule::{self, Choice};
use crate::step::{ALONE, Step};
use crate::steps::{
    abi, build, compilers, coverage, debian, decoders, distribution, header_manual, licences, mutants, pages, panics,
    pascal, processors, runtimes, rust_compiler, sanitizers, thorough,
};

/// It asks before it installs.
pub fn run(choice: &Choice) -> Result {
    if schedule::run(&STEPS, choice, choice.consent())?.is_some() && choice.is_whole() {
        println!("prove: all passed");
    }
    Ok(())
}

/// Each takes the whole machine: these look at time, memory and the compiler's own work, and nobody waits for them.
static STEPS: [Step; 35] = [
    Step { name: "library", title: "The library that ships, built", needs: &["cc"], run: build::library, ..ALONE },
    Step { name: "command-line", title: "The command line, built", needs: &["cc"], run: build::command_line, ..ALONE },
    Step {
        name: "clang",
        title: "C and C++: the headers, tests and example by clang, run",
        needs: &["clang"],
        after: &["library", "command-line"],
        run: compilers::clang,
        ..ALONE
    },
    Step {
        name: "pascal",
        title: "Pascal: the unit and the example by Free Pascal, run",
        needs: &["fpc", "python3"],
        after: &["library", "command-line"],
        run: pascal::run,
        ..ALONE
    },
    Step {
        name: "installed",
        title: "C and C++: installed, moved and used from there; uninstalled; the archive made twice",
        needs: distribution::NEEDS_OF_C,
        after: &["library", "command-line"],
        run: distribution::c,
        ..ALONE
    },
    Step {
        name: "header-manual",
        title: "The headers as pages, without a warning",
        needs: &["doxygen"],
        run: header_manual::write,
        ..ALONE
    },
    Step {
        name: "cpythons",
        title: "Python: the tests under every CPython from 3.9 on that is here",
        needs: &["python3", "unshare"],
        after: &["library", "command-line"],
        run: runtimes::cpythons,
        ..ALONE
    },
    Step {
        name: "python-lints",
        title: "Python: mypy --strict and ruff",
        needs: &["python3", "pip"],
        run: runtimes::python_lints,
        ..ALONE
    },
    Step {
        name: "csharp-build",
        title: "C#: built",
        needs: &["mcs", "mono", "System.Windows.Forms"],
        after: &["library"],
        run: build::csharp,
        ..ALONE
    },
    Step {
        name: "coreclr",
        title: "C#: the assembly that mono runs, on CoreCLR 8",
        needs: &["pip", "python3", "unshare"],
        after: &["command-line", "csharp-build"],
        run: runtimes::coreclr,
        ..ALONE
    },
    Step {
        name: "nullable",
        title: "C#: what may be null is as annotated, checked by Roslyn",
        needs: &["mcs", "npm", "pip", "python3"],
        run: runtimes::nullable,
        ..ALONE
    },
    Step {
        name: "packages",
        title: "Packages of the command line, Python and C#: made twice, installed and used away from here",
        needs: distribution::NEEDS_OF_PACKAGES,
        after: &["library", "command-line"],
        run: distribution::packages,
        ..ALONE
    },
    Step {
        name: "processors",
        title: "Linux on ARM and on 32 bits: a payment each, under an emulator",
        needs: processors::NEEDS,
        after: &["command-line"],
        run: processors::pay,
        ..ALONE
    },
    Step {
        name: "journal",
        title: "The journal on real disks, under strace, killed",
        needs: &["strace"],
        as_root: true,
        run: thorough::journal,
        ..ALONE
    },
    Step {
        name: "two-users",
        title: "Two users of a machine at one till, and one who may not",
        needs: &["python3", "setpriv"],
        after: &["command-line"],
        as_root: true,
        run: thorough::two_users,
        ..ALONE
    },
    Step {
        name: "pages-build",
        title: "The tills of the pages, built",
        needs: &["cc", "c++", "python3", "mcs"],
        after: &["csharp-build"],
        run: build::pages,
        ..ALONE
    },
    Step {
        name: "documented-loop",
        title: "The tills of the pages, through all scenarios in all languages",
        needs: &["cc", "mono", "python3"],
        after: &["command-line", "pages-build"],
        run: pages::loop_in_all,
        ..ALONE
    },
    Step {
        name: "abi",
        title: "The ABI: the compiler's view of it against the kept one",
        needs: &["abidw", "cc", "python3"],
        run: abi::compare,
        ..ALONE
    },
    Step {
        name: "thread-sanitizer",
        title: "Threads that share handles, under ThreadSanitizer",
        needs: &["cc", "clang"],
        after: &["library"],
        run: sanitizers::threads,
        ..ALONE
    },
    Step {
        name: "panics",
        title: "A panic in each exported function stays inside",
        needs: &["cc"],
        after: &["library"],
        run: panics::stay_inside,
        ..ALONE
    },
    Step { name: "c-build", title: "C: built", needs: &["cc"], after: &["library"], run: build::c, ..ALONE },
    Step {
        name: "synced-then-sent",
        title: "The row is on the disk before start is sent: strace looks at the library that ships",
        needs: &["python3", "strace"],
        after: &["command-line", "c-build"],
        run: thorough::synced_then_sent,
        ..ALONE
    },
    Step {
        name: "address-sanitizer",
        title: "C programs and hostile callers under AddressSanitizer and LeakSanitizer",
        needs: &["cc", "clang", "unshare"],
        after: &["library", "command-line"],
        run: sanitizers::addresses,
        ..ALONE
    },
    Step {
        name: "cpp-sanitizers",
        title: "C++: the header and its tests under AddressSanitizer and UndefinedBehaviorSanitizer",
        needs: &["c++"],
        after: &["library", "command-line"],
        run: sanitizers::cpp,
        ..ALONE
    },
    Step {
        name: "power",
        title: "Power failures, failing calls and kills, at every call of SQLite, thoroughly",
        needs: &["cc"],
        run: thorough::power,
        ..ALONE
    },
    Step {
        name: "mutants",
        title: "The payment room: every change that cargo-mutants knows is noticed",
        needs: &["cc"],
        run: mutants::are_noticed,
        ..ALONE
    },
    Step {
        name: "optimised",
        title: "Receipts and payments: the tests on the optimised build",
        needs: &["cc"],
        run: thorough::optimised,
        ..ALONE
    },
    Step {
        name: "decoders",
        title: "Other programs that read our receipts, installed",
        needs: decoders::NEEDS,
        run: decoders::install,
        ..ALONE
    },
    Step {
        name: "browser",
        title: "Receipts in Chromium",
        needs: &["cc", "chromium", "pdfinfo"],
        after: &["decoders"],
        run: thorough::browser,
        ..ALONE
    },
    Step {
        name: "fuzz",
        title: "Receipts: 60 s of mutated ones on the optimised build",
        needs: &["cc"],
        run: thorough::fuzz,
        ..ALONE
    },
    Step {
        name: "licences",
        title: "Licences, duplicates and sources of the crates",
        needs: &["cc"],
        run: licences::check,
        ..ALONE
    },
    Step {
        name: "oldest-rust",
        title: "The oldest Rust that is promised compiles all of it",
        needs: &["cc"],
        run: rust_compiler::oldest,
        ..ALONE
    },
    Step {
        name: "coverage",
        title: "How much of the library its Rust tests run, by room",
        needs: &["cc", "curl-config", "kill", "nm", "unshare"],
        after: &["library", "decoders"],
        run: coverage::measure,
        ..ALONE
    },
    Step {
        name: "release",
        title: "What make dist makes, with bills of materials",
        needs: distribution::NEEDS,
        run: distribution::release,
        ..ALONE
    },
    Step {
        name: "debian",
        title: "make demo on a bare Debian 13",
        needs: &["debootstrap", "git", "unshare"],
        as_root: true,
        run: debian::demo,
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
