//! Files that were restored, removed or exchanged, and files of another till or another version.

use std::fs;
use std::path::Path;

use secupos::error::Status;
use secupos::journal::{Identity, IfMissing, Journal, Opening};
use secupos::os::files::Access;
use secupos::payment::reason::Reason;
use secupos::payment::state::State;

use crate::till::*;

#[test]
fn a_file_is_made_only_when_asked_for() {
    let dir = Dir::new();
    assert_eq!(status(dir.open()), Status::StateFileMissing.number());
    assert_eq!(dir.names(), [""; 0], "nothing was left behind");
    assert_eq!(status(open(&dir.path().join("no/such/till.db"))), Status::StateFileMissing.number());
    let mut journal = dir.create();
    pay(&mut journal, "a");
    drop(journal);
    let journal = dir.create();
    assert!(last_attempt(&journal, "a").is_some(), "an existing file is opened as it is");
    assert!(!journal.is_in_recovery());
}

#[test]
fn a_creation_that_was_interrupted_is_finished() {
    let dir = Dir::new();
    fs::write(dir.beside(".new"), b"half a file").expect("written");
    drop(dir.create());
    // The crash came before the head: the file holds nothing but its first event.
    let fresh = Dir::new();
    {
        let journal = fresh.create();
        drop(journal);
    }
    fresh.tamper(
        "DROP TRIGGER events_are_never_removed; DELETE FROM events WHERE sequence > 1;
         CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'append only'); END;",
    );
    for torn in [None, Some(&b""[..]), Some(b"secupos-he")] {
        let crashed = fresh.copy();
        fs::remove_file(crashed.beside(".head")).expect("removed");
        if let Some(torn) = torn {
            fs::write(crashed.beside(".head"), torn).expect("written");
        }
        assert!(!crashed.create().is_in_recovery());
        assert!(!crashed.reopen().is_in_recovery());
    }
}

#[test]
fn a_file_of_another_till_is_left_alone() {
    let dir = Dir::new();
    drop(dir.create());
    let before = fs::read(dir.file()).expect("read");
    for (other, part) in [
        (Identity::of_device("https://other", "client", "device code"), "base URL"),
        (Identity::of_device("https://connect.secucard.com", "other", "device code"), "client id"),
        (Identity::of_device("https://connect.secucard.com", "client", "other"), "device"),
        (Identity::of_client("https://connect.secucard.com", "client"), "device"),
    ] {
        for if_missing in [IfMissing::Refuse, IfMissing::Create] {
            let error = open_as(&dir.file(), &other, if_missing).expect_err("refused");
            assert_eq!(error.status(), Status::StateFileMismatch);
            assert!(error.message().ends_with(part), "{error}");
        }
    }
    assert_eq!(fs::read(dir.file()).expect("read"), before);
    // Damaged and of another till: still not ours to set aside.
    fs::remove_file(dir.beside(".head")).expect("removed");
    let other = Identity::of_client("https://other", "client");
    assert_eq!(status(open_as(&dir.file(), &other, IfMissing::Refuse)), Status::StateFileMismatch.number());
    assert!(!dir.names().iter().any(|name| name.contains("damaged")));
}

#[test]
fn somebody_elses_file_is_left_alone() {
    for content in [&b""[..], b"Dear diary,", &[0; 4096]] {
        let dir = Dir::new();
        fs::write(dir.file(), content).expect("written");
        for if_missing in [IfMissing::Refuse, IfMissing::Create] {
            let refused = open_as(&dir.file(), &identity(), if_missing);
            assert_eq!(status(refused), Status::StateFileMismatch.number());
        }
        assert_eq!(fs::read(dir.file()).expect("read"), content);
    }
    let dir = Dir::new();
    dir.tamper("CREATE TABLE recipes (cake TEXT); INSERT INTO recipes VALUES ('cheese');");
    let before = fs::read(dir.file()).expect("read");
    assert_eq!(status(dir.open()), Status::StateFileMismatch.number());
    assert_eq!(fs::read(dir.file()).expect("read"), before);
}

#[test]
fn a_restored_backup_is_noticed_and_nothing_is_overwritten() {
    let dir = Dir::new();
    let mut journal = dir.create();
    pay(&mut journal, "before");
    journal.begin_starting(&sale("in doubt", 1), &START, &now()).expect("begun");
    drop(journal);
    let backup = fs::read(dir.file()).expect("read");
    let mut journal = dir.reopen();
    pay(&mut journal, "after");
    drop(journal);
    fs::write(dir.file(), &backup).expect("restored");

    let mut journal = dir.reopen();
    assert!(journal.is_in_recovery());
    assert!(dir.why_in_recovery().contains("which the head has seen"));
    assert_eq!(fs::read(dir.beside(".damaged-1")).expect("read"), backup);
    assert_eq!(last_attempt(&journal, "after"), None);
    let unfinished: Vec<_> = journal.unfinished().expect("read").into_iter().map(|attempt| attempt.reference).collect();
    assert_eq!(unfinished, ["before", "in doubt"]);
    let begun = journal.begin_starting(&sale("new", 1), &START, &now());
    assert_eq!(status(begun), Status::StateFileDamaged.number());
    assert_eq!(
        status(journal.refuse(&sale("new", 1), Reason::NoConnection, &now())),
        Status::StateFileDamaged.number()
    );
    // What was in doubt may be settled all the same, and taken over.
    journal.finish("in doubt", 1, &finish(State::Declined), &now()).expect("finished");
    acknowledge(&mut journal, "before", 1, &now()).expect("acknowledged");
    drop(journal);

    let mut journal = dir.reopen();
    assert!(journal.is_in_recovery(), "nobody has accepted the loss");
    journal.accept_journal_loss("Erna", &now()).expect("accepted");
    journal.accept_journal_loss("Erna", &now()).expect("any number of times");
    assert!(!journal.is_in_recovery());
    pay(&mut journal, "new");
    assert_eq!(journal.verify().expect("verified"), []);
    drop(journal);
    assert!(!dir.reopen().is_in_recovery());

    fs::write(dir.file(), &backup).expect("restored once more");
    assert!(dir.reopen().is_in_recovery());
    assert!(dir.names().contains(&"till.db.damaged-2".into()), "{:?}", dir.names());
    assert_eq!(fs::read(dir.beside(".damaged-1")).expect("read"), backup);
}

#[test]
fn a_log_that_was_not_copied_is_noticed() {
    let dir = Dir::new();
    let mut journal = dir.create();
    pay(&mut journal, "a");
    let crashed = dir.copy();
    drop(journal);
    fs::remove_file(crashed.beside("-wal")).expect("removed");
    let journal = crashed.reopen();
    assert!(journal.is_in_recovery());
    assert_eq!(last_attempt(&journal, "a"), None);
}

#[test]
fn a_file_that_is_gone_beside_its_head_is_noticed() {
    for if_missing in [IfMissing::Refuse, IfMissing::Create] {
        let dir = Dir::new();
        let mut journal = dir.create();
        pay(&mut journal, "a");
        drop(journal);
        fs::remove_file(dir.file()).expect("removed");
        let journal = open_as(&dir.file(), &identity(), if_missing).expect("opened");
        assert!(journal.is_in_recovery());
        assert_eq!(last_attempt(&journal, "a"), None);
    }
}

#[test]
fn the_head_may_lose_one_slot_but_not_both() {
    let make = || {
        let dir = Dir::new();
        let mut journal = dir.create();
        pay(&mut journal, "a");
        drop(journal);
        dir
    };
    for (slots, lost) in [(0..1, false), (1..2, false), (0..2, true)] {
        let dir = make();
        let mut head = fs::read(dir.beside(".head")).expect("read");
        for slot in slots.clone() {
            head[slot * 4096 + 20] ^= 1;
        }
        fs::write(dir.beside(".head"), head).expect("written");
        assert_eq!(dir.reopen().is_in_recovery(), lost, "{slots:?}");
    }
    for length in [None, Some(0), Some(1), Some(100)] {
        let dir = make();
        match length {
            None => fs::remove_file(dir.beside(".head")).expect("removed"),
            Some(length) => {
                let head = fs::read(dir.beside(".head")).expect("read");
                fs::write(dir.beside(".head"), &head[..length]).expect("written");
            }
        }
        let journal = dir.reopen();
        // The first slot's line is longer than any of these, and the second one is gone.
        assert!(journal.is_in_recovery(), "{length:?}");
        assert!(last_attempt(&journal, "a").is_some(), "everything was readable");
    }
}

/// Row 10 of issue 13.
#[test]
fn a_file_that_is_whole_and_has_lost_its_head_stays_as_it_is() {
    let dir = Dir::new();
    let mut journal = dir.create();
    let old = pay(&mut journal, "old");
    let day = journal.begin_end_of_day(false, "a day", &now()).expect("begun");
    journal.end_report(day, "done", None, &now()).expect("ended");
    let young = pay(&mut journal, "young");
    drop(journal);
    fs::remove_file(dir.beside(".head")).expect("removed");

    let mut journal = dir.reopen();
    assert!(journal.is_in_recovery());
    assert!(dir.why_in_recovery().contains("head file"));
    assert_eq!(status(journal.begin_starting(&sale("new", 1), &START, &now())), Status::StateFileDamaged.number());
    assert_eq!(journal.verify().expect("verified"), []);
    for is_accepted in [false, true] {
        let since = |attempt| journal.since(attempt, |_| true).expect("read").end_of_day;
        assert_eq!((since(&old), since(&young)), (Some(NOW), None), "order and ends of days stay");
        assert_eq!(journal.attempt("old", 1).expect("read").as_ref(), Some(&old), "where its response is, too");
        assert_eq!(journal.ends_of_days(0).expect("read").len(), 1);
        assert_eq!(journal.is_in_recovery(), !is_accepted);
        if !is_accepted {
            journal.accept_journal_loss("Erna", &now()).expect("accepted");
            drop(journal);
            journal = dir.reopen();
        }
    }
    pay(&mut journal, "new");
    assert!(!dir.names().iter().any(|name| name.contains("damaged")), "nothing was set aside: {:?}", dir.names());
}

/// A till whose head is on another disk.
fn with_head(dir: &Dir, head: &Path, if_missing: IfMissing) -> secupos::error::Result<Journal> {
    let (path, identity) = (dir.file(), identity());
    Journal::open(
        &Opening { path: &path, head_file: Some(head), access: &Access::Owner, identity: &identity, if_missing },
        &now(),
    )
}

#[test]
fn a_head_on_another_disk_is_not_brought_back_by_a_backup_of_this_one() {
    let (dir, other_disk) = (Dir::new(), Dir::new());
    let head = other_disk.path().join("the till's head");
    let mut journal = with_head(&dir, &head, IfMissing::Create).expect("created");
    pay(&mut journal, "yesterday");
    drop(journal);
    assert!(head.exists() && !dir.beside(".head").exists());
    let backup = dir.copy();
    let mut journal = patiently(|| with_head(&dir, &head, IfMissing::Refuse));
    assert!(!journal.is_in_recovery());
    pay(&mut journal, "today");
    drop(journal);
    // The folder as it was last night, with all that is in it.
    fs::remove_dir_all(dir.path()).expect("removed");
    fs::create_dir(dir.path()).expect("made");
    for name in backup.names() {
        fs::copy(backup.path().join(&name), dir.path().join(&name)).expect("restored");
    }
    let journal = patiently(|| with_head(&dir, &head, IfMissing::Refuse));
    assert!(journal.is_in_recovery());
    assert!(dir.why_in_recovery().contains("which the head has seen"));
    assert!(journal.attempt("yesterday", 1).expect("read").is_some());
    drop(journal);
    // And if the whole folder is gone.
    for name in dir.names() {
        fs::remove_file(dir.path().join(name)).expect("removed");
    }
    for if_missing in [IfMissing::Refuse, IfMissing::Create] {
        assert!(patiently(|| with_head(&dir, &head, if_missing)).is_in_recovery());
    }
}

#[test]
fn a_head_that_is_moved_by_hand_is_found_and_one_that_is_not_is_missed() {
    let (dir, other_disk) = (Dir::new(), Dir::new());
    let mut journal = dir.create();
    pay(&mut journal, "a");
    drop(journal);
    let head = other_disk.path().join("head");
    let forgotten = dir.copy();
    fs::rename(dir.beside(".head"), &head).expect("moved");
    assert!(!patiently(|| with_head(&dir, &head, IfMissing::Refuse)).is_in_recovery());
    assert!(dir.reopen().is_in_recovery(), "it is not beside it any more");
    let journal = patiently(|| with_head(&forgotten, &other_disk.path().join("another head"), IfMissing::Refuse));
    assert!(journal.is_in_recovery() && journal.attempt("a", 1).expect("read").is_some());
    let nowhere = other_disk.path().join("no such folder").join("head");
    assert_eq!(status(with_head(&dir, &nowhere, IfMissing::Refuse)), Status::JournalFailed.number());
}

#[test]
fn a_head_of_another_file_is_noticed() {
    let (one, other) = (Dir::new(), Dir::new());
    for (dir, reference) in [(&one, "a"), (&other, "b")] {
        let mut journal = dir.create();
        pay(&mut journal, reference);
    }
    fs::copy(one.beside(".head"), other.beside(".head")).expect("copied");
    assert!(other.reopen().is_in_recovery());
}

#[test]
fn an_interrupted_recovery_is_begun_anew() {
    // Where the crash came, as the files that it leaves.
    for crash in ["before anything", "after the head", "after the file", "after the log", "before the last step"] {
        let dir = Dir::new();
        let mut journal = dir.create();
        pay(&mut journal, "a");
        drop(journal);
        let backup = dir.copy();
        let mut journal = dir.reopen();
        pay(&mut journal, "b");
        let crashed = dir.copy();
        drop(journal);
        // The log is there, but the file is older than it: what it holds is a valid file behind its head.
        fs::remove_file(crashed.beside("-wal")).expect("removed");
        fs::copy(backup.file(), crashed.file()).expect("copied");
        fs::write(crashed.beside("-wal"), b"the log").expect("written");
        let (head, aside) = (crashed.beside(".head"), crashed.beside(".damaged-1"));
        match crash {
            "before anything" => {}
            "after the head" => drop(fs::copy(&head, crashed.beside(".damaged-1.head")).expect("copied")),
            "after the file" | "after the log" => {
                fs::copy(&head, crashed.beside(".damaged-1.head")).expect("copied");
                fs::rename(crashed.file(), &aside).expect("renamed");
                if crash == "after the log" {
                    fs::rename(crashed.beside("-wal"), crashed.beside(".damaged-1-wal")).expect("renamed");
                }
            }
            "before the last step" => {
                let before = fs::read(&head).expect("read");
                drop(crashed.reopen());
                fs::write(&head, before).expect("written");
            }
            other => panic!("{other}"),
        }
        let journal = crashed.reopen();
        assert!(journal.is_in_recovery(), "{crash}");
        assert!(last_attempt(&journal, "a").is_some(), "{crash}");
        assert_eq!(journal.verify().expect("verified"), [], "{crash}");
        drop(journal);
        assert!(crashed.reopen().is_in_recovery(), "{crash}");
    }
}

#[test]
fn what_stands_in_the_log_alone_survives_a_crash_between_the_file_and_its_log() {
    let dir = Dir::new();
    let mut journal = dir.create();
    pay(&mut journal, "a");
    let crashed = dir.copy();
    drop(journal);
    fs::copy(crashed.beside(".head"), crashed.beside(".damaged-1.head")).expect("copied");
    fs::rename(crashed.file(), crashed.beside(".damaged-1")).expect("renamed");
    assert!(crashed.beside("-wal").exists());
    let journal = crashed.reopen();
    assert!(journal.is_in_recovery());
    assert_eq!(last_attempt(&journal, "a").map(|attempt| attempt.state), Some(State::Approved));
    assert!(crashed.beside(".damaged-1-wal").exists() && !crashed.beside(".damaged-2").exists());
}

#[test]
fn the_next_version_can_be_read_and_the_one_after_cannot() {
    let dir = Dir::new();
    let mut journal = dir.create();
    pay(&mut journal, "a");
    drop(journal);
    dir.tamper("PRAGMA user_version = 4; ALTER TABLE attempts ADD COLUMN clerk TEXT; CREATE TABLE reports (id);");
    let mut journal = dir.reopen();
    assert!(!journal.is_in_recovery());
    assert!(last_attempt(&journal, "a").is_some());
    assert_eq!(status(journal.begin_starting(&sale("b", 1), &START, &now())), Status::StateFileTooNew.number());
    assert_eq!(status(acknowledge(&mut journal, "a", 1, &now())), Status::StateFileTooNew.number());
    drop(journal);
    dir.tamper("PRAGMA user_version = 5");
    assert_eq!(status(dir.open()), Status::StateFileTooNew.number());
    assert!(!dir.names().iter().any(|name| name.contains("damaged")));
}
