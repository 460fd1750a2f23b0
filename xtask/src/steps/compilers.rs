//! The headers, tests and example in C and C++ by clang, too, and by the newer standard of C++.

use super::build::{sources, stem};
use super::till::{DEVICE, QUICK_CUSTOMER_MS, on_simulator, pays};
use crate::process::{Result, line};
use crate::requirements::Consent;
use crate::tally::Language;
use crate::transcript::Transcript;

pub fn clang(transcript: &mut Transcript, _: Consent) -> Result {
    transcript.run(line("tools/build-c clang target/clang").args(sources(&["examples/c", "tests/c"], ".c")?))?;
    pays(transcript, &mut on_simulator(QUICK_CUSTOMER_MS, &format!("target/clang/pay {DEVICE} r1 STATE_FILE")))?;
    for test in sources(&["tests/c"], ".c")? {
        let test = format!("target/clang/{} {DEVICE}", stem(&test));
        transcript.run_tests(Language::C, &mut on_simulator(QUICK_CUSTOMER_MS, &test))?;
    }
    for standard in ["c++17", "c++20"] {
        let built = format!("tools/build-cpp clang++ {standard} target/clang/{standard}");
        transcript.run(line(&built).args(sources(&["tests/cpp"], ".cpp")?))?;
        let tests = format!("target/clang/{standard} {DEVICE}");
        transcript.run_tests(Language::Cpp, &mut on_simulator(QUICK_CUSTOMER_MS, &tests))?;
    }
    Ok(())
}
