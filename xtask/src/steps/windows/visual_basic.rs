//! `secupos_vb.dll`, which is of 32 bits only, as the languages are that want it.

use super::X86;
use crate::process::{Result, line};
use crate::requirements::Consent;
use crate::steps::till::{DEVICE, QUICK_CUSTOMER_MS, on_simulator};
use crate::tally::Language;
use crate::transcript::Transcript;

pub fn build(transcript: &mut Transcript, _: Consent) -> Result {
    let (folder, mingw) = (X86.path(), X86.mingw);
    transcript
        .run(&mut line(&format!(
            "{mingw}-gcc -std=c99 -O2 -Wall -Wextra -Werror -pedantic -Iinclude -shared -s -static-libgcc \
             -Wl,--no-insert-timestamp -Wl,--major-subsystem-version,6,--minor-subsystem-version,1 \
             bindings/vb/secupos_vb.c bindings/vb/secupos_vb.def {folder}/libsecupos.dll.a -o {folder}/secupos_vb.dll"
        )))
        .map(drop)
}

/// No Visual Basic is to be had: a program in C calls the layer as it would.
pub fn test(transcript: &mut Transcript, _: Consent) -> Result {
    let (folder, mingw) = (X86.path(), X86.mingw);
    transcript.run(&mut line(&format!(
        "{mingw}-gcc -std=c99 -Wall -Wextra -Werror -Iinclude -static-libgcc tests/windows/stdcall.c -o {folder}/stdcall.exe"
    )))?;
    let program = X86.wine(&format!("{folder}/stdcall.exe"));
    let test = format!("{program} {DEVICE}");
    transcript.run_tests(Language::C, &mut on_simulator(QUICK_CUSTOMER_MS, &test)).map(drop)
}
