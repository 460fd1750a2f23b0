//! The unit and the example till in Pascal, by Free Pascal.

use super::till::{DEVICE, QUICK_CUSTOMER_MS, on_simulator, pays, survives_a_kill};
use crate::process::{Result, line};
use crate::requirements::Consent;
use crate::transcript::Transcript;

pub fn run(transcript: &mut Transcript, _: Consent) -> Result {
    transcript.run(&mut line("mkdir -p target/pascal"))?;
    // Its notes, hints and warnings are faults.
    transcript.run(&mut line(
        "fpc -Sewnh -Fubindings/pascal -Fltarget/lib/release -FUtarget/pascal -FEtarget/pascal examples/pascal/pay.dpr",
    ))?;
    let pay = format!("env LD_LIBRARY_PATH=target/lib/release target/pascal/pay {DEVICE} r1 STATE_FILE");
    pays(transcript, &mut on_simulator(QUICK_CUSTOMER_MS, &pay))?;
    survives_a_kill(transcript, &pay)?;
    transcript.say("pay.dpr: paid, and paid after it was killed");
    Ok(())
}
