//! Each call into the kernel fails once, and each is once the last one before a kill, by strace's fault injection.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use secupos::error::{Error, Status};
use secupos::journal::Credential;
use secupos::payment::attempt::Finish;
use secupos::payment::state::State;

use crate::export;
use crate::prune::{ALL, DAYS, LEFT, history, responses};
use crate::till::*;

const FILES: [&str; 6] = ["", "-wal", ".head", ".lock", ".reserve", ".reserve.new"];
const EXPORTED: [&str; 2] = ["secupos-2026-11-23.txt", "secupos-2026-11-23.jsonl"];

/// The child's part, which runs under strace.
fn pay_twice(path: &Path) {
    let mut journal = match open(path) {
        Ok(journal) => journal,
        Err(error) => {
            assert_eq!(error.status(), Status::JournalFailed, "{error}");
            return println!("\nclosed");
        }
    };
    assert!(!journal.is_in_recovery(), "{journal:?}");
    println!("\nopened");
    let body = vec![b'x'; 30_000];
    for reference in ["a", "b"] {
        match journal.begin_starting(&sale(reference, 1), &START, &now()) {
            Ok(_) => println!("\nbegun {reference}"),
            Err(error) => {
                assert!(is_the_disks(&error), "{error}");
                println!("\nrefused {reference}");
                continue;
            }
        }
        let token = Credential { value: reference.into(), expires_at: None };
        let _ = journal.keep_credential("token", &token);
        let result = Finish { response: Some(&body), ..finish(State::Approved) };
        match journal.finish(reference, 1, &result, &now()) {
            Ok(_) => println!("\nfinished {reference}"),
            Err(error) => {
                assert!(is_the_disks(&error), "{error}");
                assert!(journal.may_start().is_err(), "no payment begins after a write has failed");
                println!("\nunstored {reference}");
            }
        }
    }
}

/// SQLite calls what could not be read damaged.
fn is_the_disks(error: &Error) -> bool {
    matches!(error.status(), Status::JournalFailed | Status::StateFileDamaged)
}

/// Runs the child of `test` on a copy of `dir` and returns what it said, whether it was hit, and the copy.
fn run(test: &str, dir: &Dir, syscall: &str, injection: &str, only_its_files: bool) -> (Vec<String>, bool, Dir) {
    let copy = dir.copy();
    let log = copy.path().join("strace");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-y", "-s", "200", "-o"]).arg(&log);
    strace.args(["-e", &format!("trace={syscall}"), "-e", &format!("inject={syscall}:{injection}")]);
    if only_its_files {
        for part in FILES {
            strace.arg("-P").arg(copy.beside(part));
        }
        for name in EXPORTED {
            strace.arg("-P").arg(copy.path().join(name)).arg("-P").arg(copy.path().join(format!("{name}.new")));
        }
    }
    let done = child(&mut strace, test, copy.file().as_path());
    let said = String::from_utf8_lossy(&done.stdout);
    let log = std::fs::read_to_string(log).unwrap_or_default();
    let hit = log.contains("INJECTED") || log.contains("killed by SIGKILL");
    let fault = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() || log.contains("killed by SIGKILL"), "{syscall} {injection}: {said}{fault}");
    (said.lines().map(str::to_owned).collect(), hit, copy)
}

fn child(strace: &mut Command, test: &str, file: &Path) -> std::process::Output {
    strace
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", &format!("syscalls::{test}"), "--nocapture"])
        .env(FILE, file)
        .output()
        .expect("strace, which this test needs")
}

/// Whatever was said is true afterwards, and the file is whole.
fn check(said: &[String], dir: &Dir, what: &str) {
    let journal = dir.reopen();
    assert!(!journal.is_in_recovery(), "{what}: {}", dir.why_in_recovery());
    assert_eq!(journal.verify().expect(what), [], "{what}");
    for line in said {
        let stands = |reference| last_attempt(&journal, reference).map(|attempt| attempt.state);
        match line.split_once(' ') {
            Some(("begun" | "unstored", reference)) => assert!(stands(reference).is_some(), "{what}: {line}"),
            Some(("finished", reference)) => assert_eq!(stands(reference), Some(State::Approved), "{what}: {line}"),
            _ => {}
        }
    }
}

fn till() -> Dir {
    let dir = Dir::new();
    let mut journal = dir.create();
    pay(&mut journal, "before");
    drop(journal);
    std::fs::remove_file(dir.beside(".reserve")).expect("removed");
    dir
}

#[test]
fn each_call_into_the_kernel_may_fail_once() {
    if let Some(path) = file_of_the_child() {
        return pay_twice(&path);
    }
    let dir = till();
    let (mut hits, mut refused, mut unstored) = (0, 0, 0);
    for (syscall, fault) in [
        ("pwrite64", "EIO"),
        ("pwrite64", "ENOSPC"),
        ("fdatasync", "EIO"),
        ("fsync", "EIO"),
        ("write", "EIO"),
        ("write", "ENOSPC"),
        ("pread64", "EIO"),
        ("ftruncate", "EIO"),
        ("openat", "EIO"),
        ("rename", "EIO"),
        ("flock", "EIO"),
        ("fcntl", "EIO"),
    ] {
        // All of the first calls, and then fewer and fewer.
        for when in (1..24).chain((24..400).step_by(7)) {
            let (said, hit, after) = run(
                "each_call_into_the_kernel_may_fail_once",
                &dir,
                syscall,
                &format!("error={fault}:when={when}"),
                true,
            );
            if !hit {
                break;
            }
            hits += 1;
            refused += said.iter().filter(|line| line.starts_with("refused") || *line == "closed").count();
            unstored += said.iter().filter(|line| line.starts_with("unstored")).count();
            check(&said, &after, &format!("{syscall} {fault} {when}: {said:?}"));
        }
    }
    println!("failing calls: {hits} hits, {refused} refused, {unstored} unstored");
    assert!(hits > 80 && refused > 10 && unstored > 5, "{hits} {refused} {unstored}");
}

#[test]
fn each_call_into_the_kernel_may_be_the_last() {
    if let Some(path) = file_of_the_child() {
        return pay_twice(&path);
    }
    let dir = till();
    let mut hits = 0;
    for syscall in ["pwrite64", "fdatasync", "fsync", "write", "ftruncate", "rename", "unlink", "openat"] {
        let mut misses = 0;
        for when in (1..24).chain((24..400).step_by(7)) {
            let (said, hit, after) = run(
                "each_call_into_the_kernel_may_be_the_last",
                &dir,
                syscall,
                &format!("signal=KILL:when={when}"),
                false,
            );
            hits += u32::from(hit);
            misses += u32::from(!hit);
            check(&said, &after, &format!("{syscall} killed {when}: {said:?}"));
            if misses > 0 {
                break;
            }
        }
    }
    println!("kills at calls: {hits}");
    assert!(hits > 80, "{hits}");
}

/// Between what was said before and "begun", in this order: the log is written and synced, the head is written and
/// synced.
#[test]
fn begun_is_said_only_after_everything_is_synced() {
    if let Some(path) = file_of_the_child() {
        return pay_twice(&path);
    }
    let (_, _, after) = run(
        "begun_is_said_only_after_everything_is_synced",
        &till(),
        "pwrite64,write,fsync,fdatasync",
        "delay_enter=0:when=1",
        false,
    );
    let log = std::fs::read_to_string(after.path().join("strace")).expect("a log");
    let row = [("write(", ".head>"), ("sync(", "-wal>"), ("write64(", "-wal>")];
    let with_its_head = [[("sync(", ".head>")].as_slice(), &row].concat();
    // A result that is forgotten is asked for again; a start that is forgotten charges twice.
    for (word, calls_before) in
        [("begun a", &*with_its_head), ("begun b", &with_its_head), ("finished a", &row), ("finished b", &row)]
    {
        let mut calls = log.lines().rev().skip_while(|line| !line.contains(word)).skip(1);
        for (call, file) in calls_before {
            let is_said =
                |line: &str| line.contains("opened\\n") || line.contains("begun ") || line.contains("finished ");
            let found =
                calls.by_ref().take_while(|line| !is_said(line)).any(|line| line.contains(call) && line.contains(file));
            assert!(found, "no {call} of {file} before {word}:\n{log}");
        }
    }
    // Two before the start, which nothing may go before; one for the result; and one for the token that is kept meanwhile.
    let second =
        log.lines().skip_while(|line| !line.contains("finished a")).take_while(|line| !line.contains("finished b"));
    assert_eq!(second.filter(|line| line.contains("sync(")).count(), 4, "{log}");
}

/// The child's part, where something is pruned.
fn prune(path: &Path) {
    let mut journal = match open(path) {
        Ok(journal) => journal,
        Err(error) => {
            assert!(is_the_disks(&error), "{error}");
            return println!("\nclosed");
        }
    };
    assert!(!journal.is_in_recovery(), "{journal:?}");
    println!("\nopened");
    match journal.prune(DAYS, "Erna", &now()) {
        Ok(pruned) => {
            assert_eq!(pruned.responses, 2);
            assert!(pruned.shrunk || journal.has_failed());
            println!("\npruned {}", pruned.shrunk);
        }
        Err(error) => {
            assert!(is_the_disks(&error), "{error}");
            println!("\nunpruned");
        }
    }
}

/// Either nothing was removed or what the chain tells of, and everything else is as it was.
fn check_pruned(said: &[String], dir: &Dir, what: &str) {
    let journal = dir.reopen();
    assert!(!journal.is_in_recovery(), "{what}: {}", dir.why_in_recovery());
    assert_eq!(journal.verify().expect(what), [], "{what}");
    assert_eq!(journal.find(0, i64::MAX, None).expect(what).len(), 8, "{what}");
    let left = responses(&journal);
    let is_pruned = left == LEFT;
    assert!(is_pruned || left == ALL, "{what}: {left:?}");
    assert!(is_pruned || !said.iter().any(|line| line.starts_with("pruned")), "{what}");
}

#[test]
fn a_pruning_may_fail_at_each_call_into_the_kernel() {
    if let Some(path) = file_of_the_child() {
        return prune(&path);
    }
    let test = "a_pruning_may_fail_at_each_call_into_the_kernel";
    let dir = history();
    let (mut hits, mut unpruned, mut unshrunk) = (0, 0, 0);
    for (syscall, fault) in [
        ("pwrite64", "EIO"),
        ("pwrite64", "ENOSPC"),
        ("fdatasync", "EIO"),
        ("fsync", "EIO"),
        ("write", "EIO"),
        ("pread64", "EIO"),
        ("ftruncate", "EIO"),
    ] {
        for when in (1..12).chain((12..400).step_by(9)) {
            let injection = format!("error={fault}:when={when}");
            let (said, hit, after) = run(test, &dir, syscall, &injection, true);
            if !hit {
                break;
            }
            hits += 1;
            unpruned += said.iter().filter(|line| *line == "unpruned").count();
            unshrunk += said.iter().filter(|line| *line == "pruned false").count();
            check_pruned(&said, &after, &format!("{syscall} {fault} {when}: {said:?}"));
        }
    }
    println!("failing calls of a pruning: {hits} hits, {unpruned} unpruned, {unshrunk} unshrunk");
    assert!(hits > 40 && unpruned > 3 && unshrunk > 3, "{hits} {unpruned} {unshrunk}");
}

#[test]
fn a_pruning_may_be_killed_at_each_call_into_the_kernel() {
    if let Some(path) = file_of_the_child() {
        return prune(&path);
    }
    let test = "a_pruning_may_be_killed_at_each_call_into_the_kernel";
    let dir = history();
    let (mut hits, mut pruned) = (0, 0);
    for syscall in ["pwrite64", "fdatasync", "fsync", "write", "ftruncate", "unlink"] {
        for when in (1..30).chain((30..400).step_by(7)) {
            let injection = format!("signal=KILL:when={when}");
            let (said, hit, after) = run(test, &dir, syscall, &injection, false);
            check_pruned(&said, &after, &format!("{syscall} killed {when}: {said:?}"));
            if !hit {
                break;
            }
            hits += 1;
            pruned += u32::from(responses(&after.reopen()).len() < ALL.len());
        }
    }
    println!("kills of a pruning: {hits}, of which {pruned} after it");
    assert!(hits > 30 && pruned > 5 && pruned < hits, "{hits} {pruned}");
}

/// The child's part, where a day is exported.
fn export_a_day(path: &Path) {
    let exported = export::open_till(path, Duration::ZERO)
        .and_then(|till| till.export_day(&export::day(), path.parent().expect("a folder")));
    println!("\n{}", if exported.is_ok() { "exported" } else { "not exported" });
}

/// Each of the two files is there as a whole or not at all, and the next export makes the day whole.
fn check_exported(said: &[String], dir: &Dir, expected: &[Vec<u8>; 2], what: &str) -> usize {
    let files = || EXPORTED.map(|name| std::fs::read(dir.path().join(name)).ok());
    let found = files();
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.as_ref().is_none_or(|found| found == expected), "{what}: half a file");
    }
    let there = found.iter().flatten().count();
    assert!(there == 2 || !said.iter().any(|line| line == "exported"), "{what}");
    let again = export::till(&dir.file()).export_day(&export::day(), dir.path()).expect(what);
    assert_eq!(again.was_there, there == 2, "{what}");
    assert_eq!(files(), expected.clone().map(Some), "{what}");
    assert!(!dir.names().iter().any(|name| name.ends_with(".new") && name.starts_with("secupos")), "{what}");
    there
}

#[test]
fn an_export_may_fail_or_be_killed_at_each_call_into_the_kernel() {
    if let Some(path) = file_of_the_child() {
        return export_a_day(&path);
    }
    let test = "an_export_may_fail_or_be_killed_at_each_call_into_the_kernel";
    let dir = export::history();
    let whole = dir.copy();
    let exported = export::till(&whole.file()).export_day(&export::day(), whole.path()).expect("exported");
    let expected = [exported.receipts_file, exported.payments_file].map(|file| std::fs::read(file).expect("read"));
    let mut found = [0; 3];
    for (syscall, fault) in [
        ("write", "signal=KILL"),
        ("fsync", "signal=KILL"),
        ("rename", "signal=KILL"),
        ("openat", "signal=KILL"),
        ("write", "error=ENOSPC"),
        ("fsync", "error=EIO"),
        ("rename", "error=EIO"),
    ] {
        let is_kill = fault.starts_with("signal");
        // A file is opened often before the export begins.
        for when in (1..14).chain((14..200).step_by(3)) {
            let injection = format!("{fault}:when={when}");
            let copy = dir.copy();
            let (said, hit, after) = run(test, &copy, syscall, &injection, !is_kill);
            if !hit {
                break;
            }
            let there = check_exported(&said, &after, &expected, &format!("{syscall} {injection}: {said:?}"));
            found[there] += u32::from(is_kill);
        }
    }
    println!("kills of an export: {} before, {} between its files, {} after", found[0], found[1], found[2]);
    assert!(found[0] > 5 && found[1] > 0 && found[2] > 0, "{found:?}");
}
