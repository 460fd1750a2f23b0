//! The interface from C and C++: tests, examples and the tills of the quick starts, under valgrind.

use super::build::{sources, stem};
use super::till::{
    DEVICE, NO_LEAK, NO_LEAK_OF_AN_EXAMPLE, careful, lives_the_same_day, pays, prints_the_same_receipts, quick_start,
    survives_a_kill,
};
use crate::process::Result;
use crate::requirements::Consent;
use crate::tally::Language;
use crate::transcript::Transcript;

/// A program that only draws, under valgrind.
const DRAWS: &str =
    "valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=all --errors-for-leak-kinds=all";
/// A program that returns from main() at once, under valgrind.
const RETURNS: &str = "valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect \
                       --errors-for-leak-kinds=definite,indirect";

/// The tests in C, each a program. The list of the state files that are open is empty and can be reached until the
/// process ends; nothing else may be left.
pub fn c_tests(transcript: &mut Transcript, _: Consent) -> Result {
    for test in sources(&["tests/c"], ".c")? {
        let test = format!("target/c/{} {DEVICE}", stem(&test));
        transcript.run_tests(Language::C, &mut careful(NO_LEAK, &test))?;
    }
    Ok(())
}

/// The examples in C.
pub fn c_examples(transcript: &mut Transcript, _: Consent) -> Result {
    let pay = format!("target/c/pay {DEVICE} r1 STATE_FILE");
    pays(transcript, &mut careful(NO_LEAK_OF_AN_EXAMPLE, &pay))?;
    survives_a_kill(transcript, &pay)?;
    prints_the_same_receipts(transcript, &format!("{DRAWS} target/c/receipts"))?;
    lives_the_same_day(transcript, &format!("{RETURNS} target/c/day"))?;
    transcript.passed(Language::C, &["pay.c", "pay.c, killed", "receipts.c", "day.c"]);
    Ok(())
}

/// The tests and examples in C++.
pub fn cpp(transcript: &mut Transcript, _: Consent) -> Result {
    transcript.run_tests(Language::Cpp, &mut careful(NO_LEAK, &format!("target/cpp/till {DEVICE}")))?;
    let pay = format!("target/cpp/pay {DEVICE} r1 STATE_FILE");
    pays(transcript, &mut careful(NO_LEAK_OF_AN_EXAMPLE, &pay))?;
    survives_a_kill(transcript, &pay)?;
    prints_the_same_receipts(transcript, "target/cpp/receipts")?;
    lives_the_same_day(transcript, "target/cpp/day")?;
    transcript.passed(Language::Cpp, &["pay.cpp", "pay.cpp, killed", "receipts.cpp", "day.cpp"]);
    Ok(())
}

/// The tills of the two quick starts.
pub fn quick_starts(transcript: &mut Transcript, _: Consent) -> Result {
    quick_start(transcript, "target/docs/till")?;
    quick_start(transcript, "target/docs/till-cpp")?;
    transcript.passed(Language::Cpp, &["the till of docs/quick-start-c.md", "the till of docs/quick-start-cpp.md"]);
    Ok(())
}
