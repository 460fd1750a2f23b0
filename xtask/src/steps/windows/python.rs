//! The Python package on CPython for Windows.

use super::Target;
use crate::process::{Result, line};
use crate::steps::till::{
    OPTIONS, QUICK_CUSTOMER_MS, lives_the_same_day, on_simulator, pays, prints_the_same_receipts,
};
use crate::tally::Language;
use crate::transcript::Transcript;

pub fn run(transcript: &mut Transcript, target: &Target) -> Result {
    let python = transcript.output(&mut line(&format!("tools/windows-python {}", target.name)))?;
    // The library stands inside the package, as in a wheel.
    let site = format!("{}/site", target.path());
    transcript.run(&mut line(&format!("mkdir -p {site}")))?;
    transcript.run(&mut line(&format!("cp -r bindings/python/src/secupos {site}/")))?;
    transcript.run(&mut line(&format!("cp {}/libsecupos.dll {site}/secupos/", target.path())))?;
    let python = format!("env PYTHONPATH={site} tools/wine {} {}", target.name, python.trim());
    target.offer_simulator(transcript)?;
    let tests = format!("{python} -m unittest discover -s bindings/python/tests");
    transcript.run_tests(Language::Python, &mut line(&tests))?;
    pays(transcript, &mut on_simulator(QUICK_CUSTOMER_MS, &format!("{python} examples/python/pay.py {OPTIONS}")))?;
    prints_the_same_receipts(transcript, &format!("{python} examples/python/receipts.py"))?;
    lives_the_same_day(transcript, &format!("{python} examples/python/day.py"))?;
    transcript.passed(Language::Python, &["pay.py", "receipts.py", "day.py"]);
    Ok(())
}
