//! The packages on more runtimes than `make test` uses, and the linters of Python.

use std::process::Stdio;

use crate::process::{Result, line};
use crate::requirements::Consent;
use crate::tally::{Count, Language};
use crate::transcript::Transcript;

/// The tests under every CPython from 3.9 on that is here; at the same time, because most of it is waiting.
pub fn cpythons(transcript: &mut Transcript, _: Consent) -> Result {
    let found = transcript.output(&mut line("tools/pythons"))?;
    let mut running = Vec::new();
    for (version, python) in found.lines().filter_map(|line| line.split_once(' ')) {
        let mut tests = line("env PYTHONPATH=bindings/python/src");
        tests.args([python, "-m", "unittest", "discover", "-s", "bindings/python/tests"]);
        let tests = tests.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        running.push((version, tests.map_err(|fault| format!("CPython {version}: {fault}"))?));
    }
    let mut faults = Vec::new();
    for (version, tests) in running {
        let ended = tests.wait_with_output().map_err(|fault| fault.to_string())?;
        let printed = String::from_utf8_lossy(&ended.stderr).into_owned() + &String::from_utf8_lossy(&ended.stdout);
        let count = Count::read(Language::Python, &printed);
        if ended.status.success() && count.left_out == 0 && count.passed > 0 {
            transcript.passed_tests(Language::Python, count.passed, &format!("CPython {version}"));
        } else {
            transcript.say(&printed);
            faults.push(format!("CPython {version}: {}, {} left out", ended.status, count.left_out));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// mypy --strict and ruff.
pub fn python_lints(transcript: &mut Transcript, _: Consent) -> Result {
    transcript.run(&mut line("tools/python-lints")).map(drop)
}

/// The assembly that mono runs, on CoreCLR 8.
pub fn coreclr(transcript: &mut Transcript, _: Consent) -> Result {
    let tests = "tools/coreclr target/csharp/Secupos.Tests.exe";
    let printed = transcript.run_tests(Language::CSharp, &mut line(tests))?;
    if printed.contains(" passed, 0 failed, on .NET 8.") { Ok(()) } else { Err("this was not .NET 8".to_owned()) }
}

/// The annotations of what may be null, which mcs does not read.
pub fn nullable(transcript: &mut Transcript, _: Consent) -> Result {
    transcript.run(&mut line("bindings/csharp/nullable.sh")).map(drop)
}
