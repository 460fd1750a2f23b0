//! The packages from their own languages: tests, examples and the tills of the quick starts.

use super::till::{
    OPTIONS, PYTHON, QUICK_CUSTOMER_MS, lives_the_same_day, on_simulator, pays, prints_the_same_receipts, quick_start,
    survives_a_kill,
};
use crate::process::{Result, line, root};
use crate::requirements::Consent;
use crate::tally::Language;
use crate::transcript::Transcript;

/// The Python package.
pub fn python(transcript: &mut Transcript, _: Consent) -> Result {
    let tests = "env PYTHONPATH=bindings/python/src python3 -m unittest discover -s bindings/python/tests";
    transcript.run_tests(Language::Python, &mut line(tests))?;
    survives_a_kill(transcript, &format!("{PYTHON} examples/python/pay.py {OPTIONS}"))?;
    prints_the_same_receipts(transcript, &format!("{PYTHON} examples/python/receipts.py"))?;
    lives_the_same_day(transcript, &format!("{PYTHON} examples/python/day.py"))?;
    quick_start(transcript, &format!("{PYTHON} target/docs/till-1.py"))?;
    asyncio(transcript)?;
    let shown =
        ["pay.py, killed", "receipts.py", "day.py", "the till of docs/quick-start-python.md", "its till with asyncio"];
    transcript.passed(Language::Python, &shown);
    Ok(())
}

/// The till with asyncio goes on working while the customer pays.
fn asyncio(transcript: &mut Transcript) -> Result {
    let programs = std::env::join_paths(
        [root().join("target/debug")]
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let mut till = line(&format!("{PYTHON} target/docs/till-3.py"));
    let shown = transcript.run(till.env("PATH", programs.map_err(|fault| fault.to_string())?))?;
    let worked = shown.lines().filter(|line| line.contains("goes on working")).count();
    if worked <= 2 || !shown.contains("Paid") {
        return Err(format!("the till with asyncio went on working {worked} times:\n{shown}"));
    }
    Ok(())
}

/// The C# package, on mono.
pub fn csharp(transcript: &mut Transcript, _: Consent) -> Result {
    transcript.run_tests(Language::CSharp, &mut line("mono target/csharp/Secupos.Tests.exe"))?;
    let pay = format!("mono target/csharp/Pay.exe {OPTIONS}");
    pays(transcript, &mut on_simulator(QUICK_CUSTOMER_MS, &pay))?;
    survives_a_kill(transcript, &pay)?;
    prints_the_same_receipts(transcript, "mono target/csharp/Receipts.exe")?;
    lives_the_same_day(transcript, "mono target/csharp/Day.exe")?;
    quick_start(transcript, "mono target/csharp/Till.exe")?;
    let shown = ["Pay.cs", "Pay.cs, killed", "Receipts.cs", "Day.cs", "the till of docs/quick-start-csharp.md"];
    transcript.passed(Language::CSharp, &shown);
    Ok(())
}
