//! A call of SQLite fails, once or from then on until the till is opened again.

use secupos::error::Status;
use secupos::journal::{IfMissing, Journal};

use crate::dir::Dir;
use crate::disk::{Fault, Modelled, Plan};
use crate::script::{Desk, Found, Knowledge, SCRIPT, Step, known_after, look, open};
use crate::thorough;

#[derive(Default, Debug)]
struct Tally {
    runs: u32,
    /// Steps that said that they had failed.
    refused: u32,
    /// Of these, those that had been made all the same.
    made: u32,
    /// Faults that no step minded.
    unnoticed: u32,
}

/// Runs the script with this fault at this call, as a till would: what fails makes it open its file again, and is done
/// again if it was not done. Returns whether the script is that long.
fn run(at: u32, fault: Fault, lasting: bool, tally: &mut Tally) -> bool {
    let what = format!("call {at}, {fault:?}, lasting: {lasting}");
    let dir = Dir::new();
    let file = dir.file();
    let modelled = Modelled::new(dir.path(), Plan::Fail { at, fault, lasting }, u64::from(at));
    let mut desk = Desk { file: &file, journal: None };
    let mut refused = 0;
    for (number, step) in SCRIPT.iter().enumerate() {
        let what = format!("{what}, step {number}");
        if let Err(error) = desk.take(*step) {
            assert_eq!(error.status(), Status::JournalFailed, "{what}: {error}");
            assert!(modelled.disk.lock().failed > 0, "{what}: {error}");
            refused += 1;
            if let Some(journal) = &desk.journal {
                assert!(journal.may_start().is_err(), "{what}: a payment may begin after a write has failed");
            }
            desk.journal = None;
            modelled.disk.lock().plan(Plan::Work);
            let if_missing = if number == 0 { IfMissing::Create } else { IfMissing::Refuse };
            let journal = open(&file, if_missing).unwrap_or_else(|error| panic!("{what}: opened again: {error}"));
            let known = knowledge(&journal, &what);
            desk.journal = Some(journal);
            if Some(&known) == known_after(number + 1) {
                tally.made += u32::from(known_after(number) != known_after(number + 1));
            } else {
                assert_eq!(Some(&known), known_after(number), "{what}: neither done nor not done");
                match step {
                    Step::Do(_) => desk.take(*step).unwrap_or_else(|error| panic!("{what}: again: {error}")),
                    _ => panic!("{what}: opened, and not as it should be"),
                }
            }
        }
    }
    let mut disk = modelled.disk.lock();
    let (failed, is_that_long) = (disk.failed, disk.calls >= at);
    disk.plan(Plan::Work);
    drop(disk);
    tally.runs += u32::from(failed > 0);
    tally.refused += refused;
    tally.unnoticed += u32::from(failed > 0 && refused == 0);
    let journal = desk.journal.as_ref().expect("open");
    assert_eq!(Some(&knowledge(journal, &what)), known_after(SCRIPT.len()), "{what}");
    assert_eq!(journal.verify().expect(&what), [], "{what}");

    // And if now the power fails, what a sync has failed to write is gone: not in silence.
    let mut disk = modelled.disk.lock();
    disk.acknowledged = SCRIPT.len();
    disk.photograph(2);
    let photographs = std::mem::take(&mut disk.photographs);
    drop(disk);
    for photograph in photographs {
        let left = Dir::new();
        photograph.develop(left.path());
        let found = look(&left.file(), photograph.acknowledged);
        assert!(!matches!(found, Found::LossInSilence(_)), "{what}, then {}: {found:?}", photograph.what);
    }
    is_that_long
}

fn knowledge(journal: &Journal, what: &str) -> Knowledge {
    Knowledge::of(journal).unwrap_or_else(|error| panic!("{what}: {error}"))
}

fn sweep(fault: Fault, lasting: bool, every: usize) -> Tally {
    let mut tally = Tally::default();
    for at in (1..).step_by(every) {
        if !run(at, fault, lasting, &mut tally) {
            break;
        }
    }
    println!("{fault:?}, lasting: {lasting}: {tally:?}");
    tally
}

#[test]
fn each_call_may_fail_once() {
    let tally = sweep(Fault::Io, false, thorough(7, 1) as usize);
    assert!(tally.runs > thorough(80, 600) && tally.refused > thorough(60, 500), "{tally:?}");
}

#[test]
fn from_each_call_on_the_disk_may_be_gone_until_the_till_is_opened_again() {
    let tally = sweep(Fault::Io, true, thorough(13, 1) as usize);
    assert!(tally.runs > thorough(45, 600) && tally.refused > thorough(45, 600), "{tally:?}");
}

#[test]
fn at_each_write_the_disk_may_be_full() {
    for lasting in [false, true] {
        let tally = sweep(Fault::Full, lasting, thorough(9, 1) as usize);
        assert!(tally.runs > thorough(30, 300), "{tally:?}");
    }
}
