//! The power fails at each call of SQLite, and leaves all, nothing, or any part of what was not synced.

use std::path::Path;

use crate::dir::Dir;
use crate::disk::{Modelled, Plan};
use crate::script::{Desk, Found, SCRIPT, look};
use crate::thorough;

#[derive(Default, Debug)]
struct Tally {
    calls: u32,
    cases: u32,
    noticed: u32,
    in_silence: u32,
    first: Option<String>,
}

/// Runs the script once, and looks at what a power failure at each of its calls would leave.
fn run(honest: bool, losses: u32, seed: u64) -> Tally {
    let dir = Dir::new();
    let modelled = Modelled::new(dir.path(), Plan::Photograph { losses }, seed);
    modelled.disk.lock().honest = honest;
    let file = dir.file();
    let mut desk = Desk { file: &file, journal: None };
    for (number, step) in SCRIPT.iter().enumerate() {
        desk.take(*step).unwrap_or_else(|error| panic!("step {number}: {error}"));
        let mut disk = modelled.disk.lock();
        disk.acknowledged = number + 1;
        disk.photograph(losses);
    }
    let mut disk = modelled.disk.lock();
    let mut tally = Tally { calls: disk.calls, ..Tally::default() };
    for photograph in std::mem::take(&mut disk.photographs) {
        let left = Dir::new();
        photograph.develop(left.path());
        // Here the disk works; the model only spares the waiting.
        let _works = Modelled::new(left.path(), Plan::Work, 0);
        tally.cases += 1;
        let (what, count) = match look(&left.file(), photograph.acknowledged) {
            Found::Everything => continue,
            Found::LossNoticed(what) => (what, &mut tally.noticed),
            Found::LossInSilence(what) => (what, &mut tally.in_silence),
        };
        *count += 1;
        tally.first.get_or_insert(format!("{}: {what}", photograph.what));
    }
    tally
}

#[test]
fn whatever_a_power_failure_leaves_what_was_acknowledged_is_there_and_nothing_is_half() {
    let (mut calls, mut cases) = (0, 0);
    for seed in 0..u64::from(thorough(1, 10)) {
        let tally = run(true, thorough(3, 8), seed);
        assert_eq!((tally.noticed, tally.in_silence), (0, 0), "seed {seed}: {tally:#?}");
        assert!(tally.calls > 500 && tally.cases > 500, "{tally:#?}");
        (calls, cases) = (tally.calls, cases + tally.cases);
    }
    println!("power failures: {cases} at {calls} calls");
}

/// The control: the same disk, the same seeds, but a sync does nothing. What finds no fault here finds none anywhere.
#[test]
fn without_syncs_the_same_power_failures_lose_what_was_acknowledged() {
    let (mut cases, mut lost, mut in_silence) = (0, 0, None);
    for seed in 0..u64::from(thorough(1, 10)) {
        let tally = run(false, thorough(3, 8), seed);
        cases += tally.cases;
        lost += tally.noticed + tally.in_silence;
        in_silence = in_silence.or(tally.first.filter(|_| tally.in_silence > 0));
    }
    let percent = 100 * lost / cases;
    println!("synchronous_off:{percent}");
    let soak = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("soak");
    std::fs::create_dir_all(&soak).expect("a directory");
    std::fs::write(soak.join("power.txt"), format!("control=synchronous_off:{percent} cases={cases}\n"))
        .expect("written");
    assert!(percent >= 5, "{lost} of {cases}");
    assert_eq!(in_silence, None, "even then the head notices");
}
