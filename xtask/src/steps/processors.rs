//! Linux on ARM and on 32 bits: the library, the command line and the wheel, built here, and a payment with each under an
//! emulator of that processor.

use super::debian;
use super::till::{DEVICE, OPTIONS, QUICK_CUSTOMER_MS, SETTINGS, on_simulator, pays};
use super::windows::toolchain::with_toolchain;
use crate::process::{Result, line, program};
use crate::requirements::Consent;
use crate::transcript::Transcript;

pub const NEEDS: &[&str] =
    with_toolchain!["debootstrap", "dpkg-deb", "pip", "python3", "qemu-aarch64", "qemu-arm", "qemu-i386", "zip"];

struct Processor {
    /// What Rust calls it.
    triple: &'static str,
    /// What zig calls it, with the C library.
    zig: &'static str,
    /// What wheels call it.
    platform: &'static str,
    /// What Debian calls it.
    debian: &'static str,
    /// What runs its programs.
    emulator: &'static str,
}

static PROCESSORS: [Processor; 3] = [
    Processor {
        triple: "aarch64-unknown-linux-gnu",
        zig: "aarch64-linux-gnu.2.17",
        platform: "manylinux_2_17_aarch64",
        debian: "arm64",
        emulator: "qemu-aarch64",
    },
    Processor {
        triple: "armv7-unknown-linux-gnueabihf",
        zig: "arm-linux-gnueabihf.2.17 -mcpu=generic+v7a",
        platform: "manylinux_2_17_armv7l",
        debian: "armhf",
        emulator: "qemu-arm",
    },
    Processor {
        triple: "i686-unknown-linux-gnu",
        zig: "x86-linux-gnu.2.17",
        platform: "manylinux_2_17_i686",
        debian: "i386",
        emulator: "qemu-i386",
    },
];

/// The wheels come from the packages: what is released is tried.
pub fn pay(transcript: &mut Transcript, _: Consent) -> Result {
    let wheels = "target/processors/wheels";
    transcript.run(&mut line(&format!("rm -rf {wheels}")))?;
    transcript.run(&mut line(&format!("mkdir -p {wheels}")))?;
    transcript.run(line(&format!("packaging/wheel/build {wheels}")).env("SOURCE_DATE_EPOCH", "1700000000"))?;
    for processor in &PROCESSORS {
        let triple = processor.triple;
        let system = system(transcript, processor)?;
        let emulated = format!("{} -L {system}", processor.emulator);
        let made = format!("target/wheel/library/{triple}/release");

        // In C, against the library by the name that programs load.
        transcript.run(&mut line(&format!("ln -sf libsecupos.so {made}/libsecupos.so.1")))?;
        let till = format!("target/processors/pay-{triple}");
        transcript.run(&mut line(&format!(
            "target/wheel/tools/bin/python -m ziglang cc -target {} -std=c99 -Iinclude examples/c/pay.c -o {till} \
             -L{made} -lsecupos",
            processor.zig
        )))?;
        let pay = format!("env LD_LIBRARY_PATH={made} {emulated} {till} {DEVICE} r1 STATE_FILE");
        pays(transcript, &mut on_simulator(QUICK_CUSTOMER_MS, &pay))?;

        transcript.run(&mut line(&format!("packaging/wheel/compile {triple} command-line")))?;
        command_line_pays(transcript, &format!("{emulated} target/wheel/command-line/{triple}/release/secupos"))?;

        // In Python, with the wheel.
        let site = format!("target/processors/site-{triple}");
        transcript.run(&mut line(&format!("rm -rf {site}")))?;
        transcript.run(&mut line(&format!(
            "python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-index --no-deps \
             --only-binary :all: --platform {} --find-links {wheels} --target {site} secupos",
            processor.platform
        )))?;
        let python = format!(
            "env PYTHONPATH={site} PYTHONHOME={system}/usr PYTHONIOENCODING=utf-8 {emulated} {system}/usr/bin/python3"
        );
        pays(transcript, &mut on_simulator(QUICK_CUSTOMER_MS, &format!("{python} examples/python/pay.py {OPTIONS}")))?;
        transcript.say(&format!("{triple}: C, the command line and Python have paid"));
    }
    Ok(())
}

/// Python and the C library of that processor: Debian's packages, unpacked only.
fn system(transcript: &mut Transcript, processor: &Processor) -> Result<String> {
    let system = format!("target/processors/{}", processor.debian);
    if !crate::process::root().join(&system).join("usr/bin/python3").exists() {
        let mirror = debian::mirror(transcript)?;
        transcript.run(&mut line(&format!("rm -rf {system}")))?;
        transcript.output(&mut line(&format!(
            "debootstrap --download-only --arch={} --variant=minbase --include=python3 trixie {system} {mirror}",
            processor.debian
        )))?;
        let unpack =
            format!("for package in {system}/var/cache/apt/archives/*.deb; do dpkg-deb -x $package {system}; done");
        transcript.run(&mut program(["sh", "-euc", &unpack]))?;
    }
    Ok(system)
}

fn command_line_pays(transcript: &mut Transcript, command_line: &str) -> Result {
    let pay = format!("{command_line} pay {SETTINGS} --reference r1 --amount 1 --currency EUR --json");
    let said = transcript.output(&mut on_simulator(QUICK_CUSTOMER_MS, &pay))?;
    if said.contains(r#""outcome":"approved""#) { Ok(()) } else { Err(format!("{command_line} says {said}")) }
}
