//! Row 21 of issue 13: a process that forks. The child keeps nothing of the state file locked, what it frees is nothing of its
//! parent's, and it may open the file anew.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use secupos::error::Status;
use secupos::till::Till;
use secupos::till::sale::Sale;

use crate::export;
use crate::till::*;

/// A program of a test's, which has opened a till and forks.
struct Program {
    process: Child,
    dir: Dir,
}

impl Program {
    fn run(test: &str) -> Program {
        let dir = Dir::new();
        let process = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", &format!("forked::{test}"), "--nocapture"])
            .env(FILE, dir.file())
            .stdout(Stdio::piped())
            .spawn()
            .expect("started");
        Program { process, dir }
    }

    /// Waits until it or its child says this at the end of a line.
    fn hear(&mut self, word: &str) {
        let lines = BufReader::with_capacity(1, self.process.stdout.as_mut().expect("piped")).lines();
        assert!(lines.map_while(Result::ok).any(|line| line.ends_with(word)), "nobody ever said {word}");
    }

    /// Lets those go on who wait for this.
    fn allow(&self, what: &str) {
        std::fs::write(self.dir.path().join(what), "").expect("written");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.allow("the end");
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn say(word: &str) {
    println!("\n{word}");
}

/// In the program or its child: waits until the test allows this, or has ended.
fn wait_for(path: &Path, what: &str) {
    let file = path.with_file_name(what);
    for _ in 0..6_000 {
        if file.exists() || !path.with_file_name("").exists() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("{what} never came");
}

/// Forks. The child does this and ends.
#[allow(unsafe_code)]
fn fork(act: impl FnOnce()) -> i32 {
    // SAFETY: the child goes on with this one thread, and ends without returning to the test.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(act));
        // SAFETY: it returns nowhere.
        unsafe { libc::_exit(i32::from(done.is_err())) };
    }
    assert!(child > 0, "not forked");
    child
}

#[allow(unsafe_code)]
fn wait(child: i32) {
    let mut status = 0;
    // SAFETY: the status is this function's.
    let waited = unsafe { libc::waitpid(child, &mut status, 0) };
    assert_eq!((waited, status), (child, 0));
}

/// Writes to the state file: without a network, that nothing was started.
fn write(till: &Till, reference: &str) {
    let mut sale = Sale::new(reference, 100, "EUR").expect("a sale");
    sale.confirm_not_duplicate("Erna").expect("confirmed");
    till.pay(&sale).expect("a payment");
}

fn open_here(path: &Path) -> secupos::error::Result<Till> {
    export::open_till(path, Duration::ZERO)
}

/// What is left is whole, and has what was written.
fn check(dir: &Dir, references: &[&str]) {
    let till = export::till(&dir.file());
    assert_eq!(till.verify_archive().expect("verified"), []);
    for reference in references {
        assert!(till.recover(reference, None).is_ok(), "{reference}");
    }
}

#[test]
fn the_file_is_free_when_its_owner_has_died_although_a_child_of_it_lives_on() {
    if let Some(path) = file_of_the_child() {
        let till = open_here(&path).expect("a till");
        write(&till, "before");
        fork(|| wait_for(&path, "the end"));
        say("forked");
        return wait_for(&path, "the end");
    }
    let mut program = Program::run("the_file_is_free_when_its_owner_has_died_although_a_child_of_it_lives_on");
    program.hear("forked");
    let locked = open_here(&program.dir.file()).err().expect("its owner lives");
    assert_eq!(locked.status(), Status::StateFileLocked);
    program.process.kill().expect("killed");
    program.process.wait().expect("waited");
    check(&program.dir, &["before"]);
}

#[test]
fn the_file_is_free_when_its_owner_has_closed_it_although_a_child_of_it_lives_on() {
    if let Some(path) = file_of_the_child() {
        let till = open_here(&path).expect("a till");
        write(&till, "before");
        fork(|| wait_for(&path, "the end"));
        drop(till);
        say("closed");
        return wait_for(&path, "the end");
    }
    let mut program = Program::run("the_file_is_free_when_its_owner_has_closed_it_although_a_child_of_it_lives_on");
    program.hear("closed");
    check(&program.dir, &["before"]);
}

#[test]
fn what_a_child_frees_is_nothing_of_its_parents() {
    if let Some(path) = file_of_the_child() {
        let mut till = Some(open_here(&path).expect("a till"));
        write(till.as_ref().expect("open"), "before");
        let child = fork(|| {
            wait_for(&path, "freeing");
            till = None;
            // The parent has it still.
            let locked = open_here(&path).err().expect("locked");
            assert!(
                locked.status() == Status::StateFileLocked && locked.message().contains("another process"),
                "{locked}"
            );
        });
        say("forked");
        wait(child);
        say("freed");
        wait_for(&path, "going on");
        write(till.as_ref().expect("open"), "after");
        drop(till);
        return say("closed");
    }
    let mut program = Program::run("what_a_child_frees_is_nothing_of_its_parents");
    program.hear("forked");
    let files = |dir: &Dir| ["", "-wal", ".head"].map(|part| std::fs::read(dir.beside(part)).ok());
    let before = files(&program.dir);
    assert!(before.iter().all(|file| file.as_ref().is_some_and(|content| !content.is_empty())));
    program.allow("freeing");
    program.hear("freed");
    assert!(files(&program.dir) == before, "nothing was brought to the disk, and nothing removed");
    // Neither is SQLite's own lock gone.
    let other = rusqlite::Connection::open(program.dir.file()).expect("opened");
    let read = other.query_row("SELECT count(*) FROM events", [], |row| row.get::<_, i64>(0)).expect_err("busy");
    assert_eq!(read.sqlite_error_code(), Some(rusqlite::ErrorCode::DatabaseBusy));
    drop(other);
    program.allow("going on");
    program.hear("closed");
    check(&program.dir, &["before", "after"]);
}

#[test]
fn a_program_that_opens_and_daemonises_frees_what_it_has_inherited_and_opens_anew() {
    if let Some(path) = file_of_the_child() {
        let mut till = Some(open_here(&path).expect("a till"));
        write(till.as_ref().expect("open"), "before");
        fork(|| {
            wait_for(&path, "orphaned");
            // As long as it has not freed it, it is told what to do.
            let locked = open_here(&path).err().expect("locked");
            assert_eq!(locked.status(), Status::StateFileLocked);
            assert!(locked.message().contains("before this process was forked must be freed here"), "{locked}");
            till = None;
            let till = open_here(&path).expect("a till of its own");
            write(&till, "by the daemon");
            say("opened");
            // A child of the child's, which also stays.
            fork(|| wait_for(&path, "the end"));
            drop(till);
            drop(open_here(&path).expect("once more"));
            say("opened once more");
        });
        // As a daemon's parent ends: at once, and without closing anything.
        std::process::exit(0);
    }
    let mut program = Program::run("a_program_that_opens_and_daemonises_frees_what_it_has_inherited_and_opens_anew");
    program.process.wait().expect("it has ended");
    program.allow("orphaned");
    program.hear("opened");
    program.hear("opened once more");
    check(&program.dir, &["before", "by the daemon"]);
}
