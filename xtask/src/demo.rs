//! `cargo xtask demo`, which is `make demo`: a card payment of 0.01 EUR on the simulator, from C, Python and C#, with both
//! receipts each time.

use crate::process::{Result, line, output, root};
use crate::requirements::{Consent, make_sure_of};
use crate::steps::build;
use crate::steps::till::{DEVICE, OPTIONS, PYTHON, pays_visibly};
use crate::transcript::Transcript;

/// It sets up the machine. Without a .NET runtime C and Python are shown all the same, and then the demo fails.
pub fn run() -> Result {
    let has_mono = make_sure_of(["cc", "python3", "mcs", "mono"], Consent::Given);
    if let Err(missing) = &has_mono {
        make_sure_of(["cc", "python3"], Consent::Given)?;
        eprintln!("{missing}");
    }
    let transcript = &mut Transcript::begin("demo", true)?;
    if !root().join("target/lib/release/libsecupos.so").exists() {
        transcript.say("building, about 3 min");
    }
    build::library(transcript, Consent::Given)?;
    build::command_line(transcript, Consent::Given)?;
    transcript.run(&mut line("tools/build-c cc target/c examples/c/pay.c"))?;

    let reference = format!("{}/0042", output(&mut line("date +%F"))?.trim());
    let options = OPTIONS.replace("r1", &reference);
    heading(transcript, "C");
    pays_visibly(transcript, &format!("target/c/pay {DEVICE} {reference} STATE_FILE"))?;
    heading(transcript, "Python");
    pays_visibly(transcript, &format!("{PYTHON} examples/python/pay.py {options}"))?;
    if has_mono.is_err() {
        return Err(
            "\nC# not shown: there is no .NET runtime (mono) here; the first line says how to get it".to_owned()
        );
    }
    heading(transcript, "C#");
    transcript.run(&mut line("bindings/csharp/build.sh"))?;
    pays_visibly(transcript, &format!("mono target/csharp/Pay.exe {options}"))
}

fn heading(transcript: &mut Transcript, language: &str) {
    transcript.say(&format!("\n=============== {language} ==============="));
}
