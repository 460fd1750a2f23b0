//! Two owners of one file, and owners that are killed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use secupos::error::Status;
use secupos::payment::state::State;

use crate::till::*;

/// Runs `test` in a process of its own, where it does the other part and returns.
fn child(test: &str, dir: &Dir) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", test, "--nocapture"])
        .env(FILE, dir.file())
        .stdout(Stdio::piped())
        .spawn()
        .expect("started")
}

/// Waits until the child says `word` at the beginning of a line.
fn wait_for(child: &mut Child, word: &str) {
    let lines = BufReader::new(child.stdout.as_mut().expect("piped")).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.contains(word)), "the child never said {word}");
}

fn hold_the_file(path: &Path) {
    let journal = open(path).expect("opened");
    println!("\nholding {journal:?}");
    std::thread::sleep(std::time::Duration::from_secs(600));
}

fn pay_without_end(path: &Path) {
    let mut journal = open(path).expect("opened");
    for turn in 0.. {
        let reference = format!("{}-{turn}", std::process::id());
        journal.begin_starting(&sale(&reference, 1), &START, &now()).expect("begun");
        println!("\nbegun {reference}");
        journal.finish(&reference, 1, &finish(State::Approved), &now()).expect("finished");
        println!("\nfinished {reference}");
    }
}

#[test]
fn two_processes_cannot_own_one_file_and_death_gives_it_back() {
    if let Some(path) = file_of_the_child() {
        return hold_the_file(&path);
    }
    let dir = Dir::new();
    drop(dir.create());
    let mut other = child("processes::two_processes_cannot_own_one_file_and_death_gives_it_back", &dir);
    wait_for(&mut other, "holding");
    assert_eq!(status(dir.open()), Status::StateFileLocked.number());
    other.kill().expect("killed");
    other.wait().expect("waited");
    dir.reopen();
}

#[test]
fn one_process_cannot_open_it_twice_by_any_name() {
    let dir = Dir::new();
    let journal = dir.create();
    assert_eq!(status(dir.open()), Status::StateFileLocked.number());
    let dotted = dir.path().join(".").join("till.db");
    assert_eq!(status(open(&dotted)), Status::StateFileLocked.number());
    #[cfg(unix)]
    {
        let link = dir.path().join("link.db");
        std::os::unix::fs::symlink(dir.file(), &link).expect("linked");
        assert_eq!(status(open(&link)), Status::StateFileLocked.number());
        // A hard link has another lock file; SQLite's own lock is on the file itself.
        let hard = dir.path().join("hard.db");
        std::fs::hard_link(dir.file(), &hard).expect("linked");
        std::fs::copy(dir.beside(".head"), dir.path().join("hard.db.head")).expect("copied");
        assert_eq!(status(open(&hard)), Status::StateFileLocked.number());
        std::fs::remove_file(&hard).expect("removed");
    }
    drop(journal);
    dir.reopen();
}

#[test]
fn a_lock_that_was_refused_does_not_stay() {
    let dir = Dir::new();
    let journal = dir.create();
    for _ in 0..3 {
        assert_eq!(status(dir.open()), Status::StateFileLocked.number());
    }
    drop(journal);
    for _ in 0..3 {
        dir.reopen();
    }
}

/// Whatever the child has said before it was killed is true afterwards, and nothing is damaged.
#[test]
fn nothing_that_was_said_is_lost_by_a_kill() {
    if let Some(path) = file_of_the_child() {
        return pay_without_end(&path);
    }
    let dir = Dir::new();
    drop(dir.create());
    let mut said = Vec::new();
    for kill in 0..30 {
        let mut other = child("processes::nothing_that_was_said_is_lost_by_a_kill", &dir);
        let mut lines = BufReader::new(other.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let heard = lines.by_ref().filter(|line| line.contains(' ') && !line.contains("...")).take(3 + 5 * kill % 17);
        said.extend(heard.filter(|line| line.starts_with("begun") || line.starts_with("finished")));
        other.kill().expect("killed");
        other.wait().expect("waited");
        said.extend(lines.filter(|line| line.starts_with("begun") || line.starts_with("finished")));

        let journal = dir.reopen();
        assert!(!journal.is_in_recovery(), "kill {kill}: {journal:?}");
        assert_eq!(journal.verify().expect("verified"), []);
        for line in &said {
            let (word, reference) = line.split_once(' ').expect("two words");
            let attempt = last_attempt(&journal, reference).expect(line);
            assert!(word == "begun" || attempt.state == State::Approved, "kill {kill}: {line}");
        }
    }
    assert!(said.len() > 60, "only {} lines", said.len());
}

#[test]
fn a_crash_without_closing_leaves_what_was_written() {
    let dir = Dir::new();
    let mut journal = dir.create();
    pay(&mut journal, "a");
    journal.begin_starting(&sale("b", 1), &START, &now()).expect("begun");
    let crashed = dir.copy();
    drop(journal);
    let journal = crashed.reopen();
    assert!(!journal.is_in_recovery());
    let unfinished = journal.unfinished().expect("read");
    assert_eq!(unfinished.iter().map(|attempt| attempt.state).collect::<Vec<_>>(), [State::Approved, State::Starting]);
}
