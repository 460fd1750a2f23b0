//! Each call into the kernel fails once, and each is once the last one before a kill, by strace's fault injection.

use std::path::Path;
use std::process::Command;

use secupos::error::{Error, Status};
use secupos::journal::{Credential, Finish, State};

use crate::till::*;

const FILES: [&str; 6] = ["", "-wal", ".head", ".lock", ".reserve", ".reserve.new"];

/// The child's part, which runs under strace.
fn pay_twice(path: &Path) {
    let mut journal = match open(path) {
        Ok(journal) => journal,
        Err(error) => {
            assert_eq!(error.status(), Status::JournalFailed, "{error}");
            return println!("\nclosed");
        }
    };
    assert!(!journal.is_in_recovery(), "{:?}", journal.why_in_recovery());
    println!("\nopened");
    let body = vec![b'x'; 30_000];
    for reference in ["a", "b"] {
        match journal.begin_starting(&sale(reference, 1), &START) {
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
        match journal.finish(reference, 1, &result) {
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
    matches!(error.status(), Status::JournalFailed | Status::StateDamaged)
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
    assert!(!journal.is_in_recovery(), "{what}: {:?}", journal.why_in_recovery());
    assert_eq!(journal.verify().expect(what), [], "{what}");
    for line in said {
        let stands = |reference| journal.last_attempt(reference).expect(what).map(|attempt| attempt.state);
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
    for word in ["begun a", "begun b", "finished a", "finished b"] {
        let mut calls = log.lines().rev().skip_while(|line| !line.contains(word)).skip(1);
        for (call, file) in [("sync(", ".head>"), ("write(", ".head>"), ("sync(", "-wal>"), ("write64(", "-wal>")] {
            let is_said =
                |line: &str| line.contains("opened\\n") || line.contains("begun ") || line.contains("finished ");
            let found =
                calls.by_ref().take_while(|line| !is_said(line)).any(|line| line.contains(call) && line.contains(file));
            assert!(found, "no {call} of {file} before {word}:\n{log}");
        }
    }
}
