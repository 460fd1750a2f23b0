//! The long proof: simulated schedules under virtual time, then real tills that are killed and whose connections break.
//! `tools/check-soak` judges what all of them leave in target/soak/, and shares no code with the library.

use crate::process::{Result, line, root};
use crate::requirements::{Consent, make_sure_of};
use crate::transcript::Transcript;

/// How much of it, and how much it must at least have reached.
#[derive(Clone, Copy)]
pub struct Form {
    profile: &'static str,
    /// What builds the harness and its tills.
    build: &'static str,
    /// Where cargo puts them.
    built: &'static str,
    schedules: u32,
    tills: u32,
    kills: u32,
    in_doubt: u32,
    in_doubt_in_each_window: u32,
    /// After so long the tills are let finish, whatever has been reached.
    seconds: u32,
}

/// What `make test` runs.
pub const SHORT: Form = Form {
    profile: "dev",
    // As make test has built them.
    build: "cargo build --quiet --workspace --all-targets",
    built: "debug",
    schedules: 1_500,
    tills: 8,
    kills: 30,
    in_doubt: 60,
    in_doubt_in_each_window: 5,
    seconds: 120,
};

/// What `make soak` runs. Without the time for building it takes less than half an hour.
pub const LONG: Form = Form {
    profile: "proof",
    build: "cargo build --quiet --workspace --profile proof --bin soak --bin soak-till",
    built: "proof",
    schedules: 100_000,
    tills: 24,
    kills: 1_500,
    in_doubt: 4_500,
    in_doubt_in_each_window: 450,
    seconds: 1_200,
};

/// `cargo xtask soak`. Whatever fails, the verdict comes last.
pub fn run(short: bool, consent: Consent) -> Result {
    make_sure_of(["cc", "python3"], consent)?;
    let transcript = &mut Transcript::begin("soak", true)?;
    let form = if short { SHORT } else { LONG };
    transcript.run(&mut line(form.build))?;
    // The short search is a step of make test itself.
    let searched = if short { Ok(()) } else { search_pairs(transcript, form) };
    let done = [searched, schedules(transcript, form), tills(transcript, form)];
    let faults: Vec<String> = done.into_iter().filter_map(Result::err).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// The exhaustive search with each pair of axioms switched off.
fn search_pairs(transcript: &mut Transcript, form: Form) -> Result {
    let search = format!("cargo test --quiet --workspace --profile {} --test model -- --nocapture", form.profile);
    transcript.run(line(&search).env("SECUPOS_MODEL", "pairs")).map(drop)
}

/// A control without syncs, and simulated schedules under virtual time.
pub fn schedules(transcript: &mut Transcript, form: Form) -> Result {
    let left = root().join("target/soak");
    if left.exists() {
        std::fs::remove_dir_all(&left).map_err(|fault| format!("{}: {fault}", left.display()))?;
    }
    std::fs::create_dir_all(&left).map_err(|fault| format!("{}: {fault}", left.display()))?;
    let test = |which| line(&format!("cargo test --quiet --workspace --profile {} --test {which}", form.profile));
    let control = transcript.run(&mut test("power without_syncs"));
    let mut simulation = test("payment_safety simulation");
    transcript.run(simulation.env("SECUPOS_SCHEDULES", form.schedules.to_string()))?;
    control.map(drop)
}

/// Real tills, then the verdict on all that was left.
pub fn tills(transcript: &mut Transcript, form: Form) -> Result {
    let Form { built, schedules, tills, kills, in_doubt, in_doubt_in_each_window, seconds, .. } = form;
    let harness =
        format!("target/{built}/soak target/soak {tills} {kills} {in_doubt} {in_doubt_in_each_window} {seconds}");
    let lived = transcript.run(&mut line(&harness));
    let least =
        format!("--kills {kills} --in-doubt {in_doubt} --per-window {in_doubt_in_each_window} --schedules {schedules}");
    transcript.run(&mut line(&format!("tools/check-soak target/soak {least}")))?;
    lived.map(drop)
}

/// The checker finds what is planted: one that cannot fail proves nothing.
pub fn check_the_checker(transcript: &mut Transcript) -> Result {
    transcript.run(&mut line("python3 tools/test_check_soak.py")).map(drop)
}
