//! What a step prints: kept in `target/test-logs/NAME.txt`, and shown at once if the step runs alone.

use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::process::{Result, name, root};
use crate::tally::{Count, Language, Tally};

/// How often is looked whether a program that prints nothing has ended.
const GLANCE: Duration = Duration::from_millis(100);

/// How long what a program has left running may still print.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// What a step prints, and the tests that it counts.
pub struct Transcript {
    file: File,
    path: PathBuf,
    live: bool,
    tally: Tally,
}

impl Transcript {
    /// A new one for the step of this name.
    pub fn begin(step: &str, live: bool) -> Result<Self> {
        let folder = root().join("target/test-logs");
        let path = folder.join(format!("{step}.txt"));
        let file = std::fs::create_dir_all(&folder).and_then(|()| File::create(&path));
        let file = file.map_err(|fault| format!("{}: {fault}", path.display()))?;
        Ok(Self { file, path, live, tally: Tally::default() })
    }

    /// Runs a program and returns all that it prints, which is part of the transcript.
    pub fn run(&mut self, command: &mut Command) -> Result<String> {
        let (printed, status) = self.attempt(command)?;
        if status.success() { Ok(printed) } else { Err(ended(command, status)) }
    }

    /// Runs a program that must fail, and returns all that it prints, which is part of the transcript.
    pub fn run_refused(&mut self, command: &mut Command) -> Result<String> {
        let (printed, status) = self.attempt(command)?;
        if status.success() { Err(format!("{} should have failed", name(command))) } else { Ok(printed) }
    }

    /// Runs a program that may also end with this code, and returns all that it prints, which is part of the transcript.
    pub fn run_with_code(&mut self, command: &mut Command, code: i32) -> Result<String> {
        let (printed, status) = self.attempt(command)?;
        let is_fine = status.success() || status.code() == Some(code);
        if is_fine { Ok(printed) } else { Err(ended(command, status)) }
    }

    /// Runs tests and counts them. One that is left out is as bad as one that fails, and so is none at all.
    pub fn run_tests(&mut self, language: Language, command: &mut Command) -> Result<String> {
        let (printed, status) = self.attempt(command)?;
        let count = Count::read(language, &printed);
        self.tally.add(language, count);
        let called = name(command);
        match count {
            _ if !status.success() => Err(ended(command, status)),
            Count { left_out: 1.., .. } => Err(format!("{called}: {} tests were left out", count.left_out)),
            Count { failed: 1.., .. } => Err(format!("{called}: {} tests failed", count.failed)),
            Count { passed: 0, .. } => Err(format!("{called}: no test ran")),
            _ => Ok(printed),
        }
    }

    /// Runs a program and returns what it prints, of which only the errors are part of the transcript.
    pub fn output(&mut self, command: &mut Command) -> Result<String> {
        let output = command.stdin(Stdio::null()).output().map_err(|fault| format!("{}: {fault}", name(command)))?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        self.take_in(&output.stderr);
        if output.status.success() {
            return Ok(printed);
        }
        self.say(&printed);
        Err(ended(command, output.status))
    }

    /// Keeps what a program has printed beside the transcript, for another program to look at.
    pub fn keep(&self, printed: &str) -> Result<PathBuf> {
        let path = self.path.with_extension("shown");
        std::fs::write(&path, printed).map_err(|fault| format!("{}: {fault}", path.display()))?;
        Ok(path)
    }

    /// A line of the step's own.
    pub fn say(&mut self, line: &str) {
        self.take_in(format!("{line}\n").as_bytes());
    }

    /// Counts what has been shown and is no runner's test: each of these is one.
    pub fn passed(&mut self, language: Language, shown: &[&str]) {
        self.passed_tests(language, shown.len() as u64, &shown.join("; "));
    }

    /// Counts the tests of a runner that has been judged elsewhere.
    pub fn passed_tests(&mut self, language: Language, count: u64, which: &str) {
        self.tally.add(language, Count { passed: count, ..Count::default() });
        self.say(&format!("{count} passed ({which})"));
    }

    /// What was counted, and all that was printed unless it has been shown already.
    pub fn end(self) -> (Tally, String) {
        let printed = if self.live { Vec::new() } else { std::fs::read(&self.path).unwrap_or_default() };
        (self.tally, String::from_utf8_lossy(&printed).into_owned())
    }

    /// Runs a program. All that it prints, and how it has ended. What it has started and left running is waited for, but not
    /// for ever.
    fn attempt(&mut self, command: &mut Command) -> Result<(String, ExitStatus)> {
        let called = name(command);
        let failed = |fault| format!("{called}: {fault}");
        let (mut reader, writer) = std::io::pipe().map_err(failed)?;
        command.stdin(Stdio::null()).stdout(writer.try_clone().map_err(failed)?).stderr(writer);
        let mut child = command.spawn().map_err(failed)?;
        // The pipe has an end only when nobody can write to it any more.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let (sender, parts) = channel();
        std::thread::spawn(move || {
            let mut part = vec![0; 8192];
            while let Ok(length @ 1..) = reader.read(&mut part) {
                if sender.send(part[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        let mut printed = Vec::new();
        let mut ended_at = None;
        loop {
            match parts.recv_timeout(GLANCE) {
                Ok(part) => {
                    self.take_in(&part);
                    printed.extend(part);
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    let Some(status) = child.try_wait().map_err(failed)? else { continue };
                    if ended_at.get_or_insert_with(Instant::now).elapsed() > LAST_WORDS {
                        return Err(format!("{}, and what it has started is still running", ended(command, status)));
                    }
                }
            }
        }
        let status = child.wait().map_err(failed)?;
        Ok((String::from_utf8_lossy(&printed).into_owned(), status))
    }

    /// A transcript that cannot be kept or shown changes no verdict.
    fn take_in(&mut self, printed: &[u8]) {
        let _ = self.file.write_all(printed);
        if self.live {
            let mut shown = std::io::stdout().lock();
            let _ = shown.write_all(printed).and_then(|()| shown.flush());
        }
    }
}

fn ended(command: &Command, status: ExitStatus) -> String {
    format!("{}: {status}", name(command))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::program;

    /// A runner that prints this and ends with this.
    fn runner(printed: &str, code: u8) -> Command {
        program(["sh", "-c", "echo \"$1\"; exit $2", "sh", printed, &code.to_string()])
    }

    #[test]
    fn a_program_that_leaves_another_one_running_is_not_waited_for_for_ever() {
        let mut transcript = Transcript::begin("own-left", false).expect("a transcript");
        let since = Instant::now();
        let left = transcript.run(&mut program(["sh", "-c", "sleep 20 & echo 3 passed"])).expect_err("it goes on");
        assert_eq!(left, "sh: exit status: 0, and what it has started is still running");
        assert!(since.elapsed() < Duration::from_secs(15));
        assert_eq!(transcript.end().1, "3 passed\n");
        let mut transcript = Transcript::begin("own-soon", false).expect("a transcript");
        let late = transcript.run(&mut program(["sh", "-c", "(sleep 0.5; echo late) & echo early"]));
        assert_eq!(late.expect("it has ended in time"), "early\nlate\n");
    }

    #[test]
    fn a_runner_is_believed_only_if_all_of_its_tests_have_passed() {
        for (name, printed, code, fault) in [
            ("own-fine", "3 passed, 0 failed", 0, None),
            ("own-ended", "3 passed, 0 failed", 1, Some("sh: exit status: 1")),
            ("own-failed", "3 passed, 1 failed", 0, Some("sh: 1 tests failed")),
            ("own-ignored", "3 passed; 0 failed; 2 ignored", 0, Some("sh: 2 tests were left out")),
            ("own-none", "done", 0, Some("sh: no test ran")),
        ] {
            let mut transcript = Transcript::begin(name, false).expect("a file");
            let ran = transcript.run_tests(Language::Rust, &mut runner(printed, code));
            assert_eq!(ran.err().as_deref(), fault, "{name}");
            let (_, kept) = transcript.end();
            assert_eq!(kept, format!("{printed}\n"));
        }
    }

    #[test]
    fn what_must_fail_may_not_succeed() {
        let mut transcript = Transcript::begin("own-refused", false).expect("a file");
        assert_eq!(transcript.run_refused(&mut runner("no", 1)).as_deref(), Ok("no\n"));
        assert_eq!(transcript.run_refused(&mut runner("yes", 0)), Err("sh should have failed".to_owned()));
    }
}
