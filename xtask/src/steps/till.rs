//! Example tills on a fresh simulator, and what each must show.

use std::process::Command;

use crate::process::{Result, line};
use crate::transcript::Transcript;

/// What tools/with-simulator puts in the place of these, as the programs in C and C++ want it.
pub const DEVICE: &str = "BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE";

/// The same for the programs with options, with a sale.
pub const OPTIONS: &str = "--base-url BASE_URL --client-id CLIENT_ID --client-secret CLIENT_SECRET \
                           --device-code DEVICE_CODE --reference r1 --state-file STATE_FILE";

/// The same for the command line, which is told its sale besides.
pub const SETTINGS: &str = "--base-url BASE_URL --client-id CLIENT_ID --client-secret CLIENT_SECRET \
                            --device-code DEVICE_CODE --state-file STATE_FILE --create";

/// Python with our package and its output in UTF-8 whatever the machine's language is.
pub const PYTHON: &str = "env PYTHONPATH=bindings/python/src PYTHONIOENCODING=utf-8 python3";

/// Looks for definite leaks, and for indirect and possible ones if no thread may still be ending. An error is 99.
pub const VALGRIND: &str = "valgrind --quiet --child-silent-after-fork=yes --error-exitcode=99 --leak-check=full";
pub const NO_LEAK: &str =
    "--show-leak-kinds=definite,indirect,possible --errors-for-leak-kinds=definite,indirect,possible";
/// An example returns from main() at once; what a thread that is just ending still holds is no leak.
pub const NO_LEAK_OF_AN_EXAMPLE: &str = "--show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect";

/// The customer takes long enough for a slow machine to see a running payment.
const SLOW_CUSTOMER_MS: u32 = 500;
/// And long enough to be there when the till is killed, or to be watched.
const KILLED_CUSTOMER_MS: u32 = 1500;
pub const QUICK_CUSTOMER_MS: u32 = 50;

/// A program on a fresh simulator, whose customer takes so long.
pub fn on_simulator(customer_ms: u32, command_line: &str) -> Command {
    line(&format!("tools/with-simulator {customer_ms} {command_line}"))
}

/// A program under valgrind.
pub fn careful(leaks: &str, command_line: &str) -> Command {
    on_simulator(SLOW_CUSTOMER_MS, &format!("{VALGRIND} {leaks} {command_line}"))
}

/// An example takes a payment and shows what it should of it.
pub fn pays(transcript: &mut Transcript, command: &mut Command) -> Result {
    let shown = transcript.output(command)?;
    shows_a_payment(transcript, &shown)
}

/// The same, for people to see: the customer takes as long as one does.
pub fn pays_visibly(transcript: &mut Transcript, command_line: &str) -> Result {
    let shown = transcript.run(&mut on_simulator(KILLED_CUSTOMER_MS, command_line))?;
    shows_a_payment(transcript, &shown)
}

fn shows_a_payment(transcript: &mut Transcript, shown: &str) -> Result {
    let file = transcript.keep(shown)?;
    transcript.run(line("tools/shows-a-payment").arg(file)).map(drop)
}

/// An example must also survive that it is killed while the customer stands at the terminal.
pub fn survives_a_kill(transcript: &mut Transcript, command_line: &str) -> Result {
    let killed = format!("tools/survives-a-kill BASE_URL {command_line}");
    transcript.output(&mut on_simulator(KILLED_CUSTOMER_MS, &killed)).map(drop)
}

/// An example prints receipts as the command line does, byte by byte.
pub fn prints_the_same_receipts(transcript: &mut Transcript, command_line: &str) -> Result {
    transcript.run(&mut line(&format!("tools/same-receipts {command_line}"))).map(drop)
}

/// An example lives the day of examples/day.txt.
pub fn lives_the_same_day(transcript: &mut Transcript, command_line: &str) -> Result {
    transcript.run(&mut line(&format!("tools/same-day {command_line}"))).map(drop)
}

/// The till of a quick start takes a payment and shows both receipts.
pub fn quick_start(transcript: &mut Transcript, command_line: &str) -> Result {
    let sale = format!("{command_line} {DEVICE} STATE_FILE r1");
    let shown = transcript.output(&mut on_simulator(QUICK_CUSTOMER_MS, &sale))?;
    shows(&shown, &["* * Händlerbeleg * *", ">> Bitte den Beleg unterschreiben lassen.", "* * Kundenbeleg * *"])
}

/// Each of these must be a line of it.
fn shows(shown: &str, lines: &[&str]) -> Result {
    match lines.iter().find(|wanted| !shown.lines().any(|line| line == **wanted)) {
        Some(missing) => Err(format!("this was not shown: {missing}\nbut this:\n{shown}")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_only_a_part_of_one_was_not_shown() {
        assert_eq!(
            shows("receipt number: 3\noutcome: approved\n", &["outcome: approved", "receipt number: 3"]),
            Ok(())
        );
        assert!(shows("receipt number: 31\n", &["receipt number: 3"]).is_err());
    }
}
