//! The examples in C and C++ and the tills of the quick starts, compiled by mingw.

use super::{Target, write};
use crate::process::{Result, line};
use crate::steps::till::{
    DEVICE, QUICK_CUSTOMER_MS, SETTINGS, lives_the_same_day, on_simulator, pays, prints_the_same_receipts, quick_start,
    survives_a_kill,
};
use crate::tally::Language;
use crate::transcript::Transcript;

/// The library is unloaded while this customer thinks.
const LATE_CUSTOMER_MS: u32 = 1500;
/// This one is still there when somebody presses Ctrl-C.
const SLOW_CUSTOMER_MS: u32 = 6000;

pub fn run(transcript: &mut Transcript, target: &Target) -> Result {
    let folder = target.path();
    for (language, source, name) in [
        ("c", "examples/c/pay.c", "pay"),
        ("c", "examples/c/receipts.c", "receipts"),
        ("c", "examples/c/day.c", "day"),
        ("c", "tests/windows/wide.c", "wide"),
        ("c", "tests/windows/unloaded.c", "unloaded"),
        ("c", "tests/windows/interrupt.c", "interrupt"),
        ("c++", "examples/cpp/pay.cpp", "pay-cpp"),
        ("c++", "examples/cpp/receipts.cpp", "receipts-cpp"),
        ("c++", "examples/cpp/day.cpp", "day-cpp"),
    ] {
        compile(transcript, target, language, source, name)?;
    }
    for (page, name, language) in [("c", "till", "c"), ("cpp", "till-cpp", "c++")] {
        let shown = transcript.output(&mut line(&format!("tools/program-in docs/quick-start-{page}.md {page}")))?;
        let source = format!("{folder}/{name}.{page}");
        write(&source, &shown)?;
        compile(transcript, target, language, &source, name)?;
    }
    let program = |name: &str| target.wine(&format!("{folder}/{name}.exe"));
    for (language, ending) in [(Language::C, ""), (Language::Cpp, "-cpp")] {
        let pay = format!("{} {DEVICE} r1 STATE_FILE", program(&format!("pay{ending}")));
        pays(transcript, &mut on_simulator(QUICK_CUSTOMER_MS, &pay))?;
        survives_a_kill(transcript, &pay)?;
        lives_the_same_day(transcript, &program(&format!("day{ending}")))?;
        quick_start(transcript, &program(&format!("till{ending}")))?;
        prints_the_same_receipts(transcript, &program(&format!("receipts{ending}")))?;
        transcript.passed(language, &["pay", "pay, killed", "day", "the till of the quick start", "receipts"]);
    }
    let wide = format!("{} {DEVICE}", program("wide"));
    transcript.run_tests(Language::C, &mut on_simulator(QUICK_CUSTOMER_MS, &wide))?;
    let unloaded = format!("{} {DEVICE}", program("unloaded"));
    transcript.run_tests(Language::C, &mut on_simulator(LATE_CUSTOMER_MS, &unloaded))?;
    // Ctrl-C wants a console, and a console wants a terminal.
    let interrupt = format!(
        "tools/on-terminal {} {folder}/secupos.exe pay --reference r1 --amount 102 {SETTINGS}",
        program("interrupt")
    );
    transcript.run(&mut on_simulator(SLOW_CUSTOMER_MS, &interrupt))?;
    transcript.passed(Language::C, &["Ctrl-C in a payment"]);
    Ok(())
}

/// Against the library of this target.
fn compile(transcript: &mut Transcript, target: &Target, language: &str, source: &str, name: &str) -> Result {
    let (compiler, standard) = if language == "c" { ("gcc", "c99") } else { ("g++", "c++17") };
    let (folder, mingw) = (target.path(), target.mingw);
    let mut compile = line(&format!(
        "{mingw}-{compiler} -std={standard} -Wall -Wextra -Werror -pedantic -Iinclude -static-libgcc {source} \
         -o {folder}/{name}.exe {folder}/libsecupos.dll.a"
    ));
    if language != "c" {
        compile.arg("-static-libstdc++");
    }
    transcript.run(&mut compile).map(drop)
}
