//! Row 20 of issue 13 on disk: a till that has moved keeps its file, if a person says so.

use secupos::error::Status;
use secupos::journal::{Credential, Identity, IfMissing, Journal};
use secupos::payment::changes::ReversalNote;
use secupos::payment::state::State;

use crate::steps::{REVERSING, reversed};
use crate::till::*;

const HOST: &str = "https://connect.secucard.com";

fn device(base_url: &str, client: &str, code: &str) -> Identity {
    Identity::of_device(base_url, client, code)
}

#[test]
fn a_renamed_host_a_new_device_or_client_is_taken_over_with_all_that_is_known() {
    for identity_after in [
        device("https://connect.secuconnect.example", "client", "device code"),
        device(HOST, "client", "another device code"),
        device(HOST, "another client", "device code"),
        Identity::of_client(HOST, "client"),
        device("https://all.example", "is", "new").in_environment("production"),
    ] {
        let dir = Dir::new();
        let mut journal = dir.create();
        let before = pay(&mut journal, "before");
        let token = Credential { value: "of the old device".into(), expires_at: None };
        journal.keep_credential("access_token", &token).expect("kept");
        drop(journal);
        let open_after = || open_as(&dir.file(), &identity_after, IfMissing::Refuse);
        assert_eq!(status(open_after()), Status::StateFileMismatch.number());
        patiently(|| rebind(&dir.file(), &identity_after));
        assert_eq!(status(dir.open()), Status::StateFileMismatch.number(), "it is the old one's no longer");
        let mut journal = patiently(open_after);
        assert!(!journal.is_in_recovery());
        assert_eq!(journal.verify().expect("verified"), []);
        assert_eq!(journal.attempt("before", 1).expect("read").as_ref(), Some(&before));
        assert_eq!(journal.credential("access_token").expect("read"), None, "nobody logs in with that any more");
        // It counts as an end of day.
        let after = pay(&mut journal, "after");
        let rebound = |attempt| journal.since(attempt, |_| true).expect("read").rebound;
        assert_eq!((rebound(&before), rebound(&after)), (Some(NOW), None));
        // Who said so, and why, is kept.
        drop(journal);
        let connection = rusqlite::Connection::open(dir.file()).expect("opened");
        let said: String = connection
            .query_row("SELECT payload FROM events WHERE kind = 'rebound'", [], |row| row.get(0))
            .expect("read");
        assert!(said.contains("Erna") && said.contains("it was renamed"), "{said}");
        assert!(!said.contains("device code"), "only its fingerprint: {said}");
    }
}

#[test]
fn a_till_that_was_registered_stays_that_device_where_only_the_host_has_another_name() {
    let own = Identity::of_client(HOST, "client");
    for (after, stays) in [
        (Identity::of_client("https://new.example", "client"), true),
        (Identity::of_client("https://new.example", "client").in_environment("testing"), true),
        (Identity::of_client(HOST, "another client"), false),
        (device(HOST, "client", "brought along"), false),
    ] {
        let dir = Dir::new();
        let mut journal = open_as(&dir.file(), &own, IfMissing::Create).expect("created");
        journal.register("registered code", &now()).expect("registered");
        let token = Credential { value: "t".into(), expires_at: None };
        journal.keep_credential("access_token", &token).expect("kept");
        drop(journal);
        patiently(|| rebind(&dir.file(), &after));
        let journal = patiently(|| open_as(&dir.file(), &after, IfMissing::Refuse));
        assert_eq!(journal.device_code().expect("read").as_deref(), stays.then_some("registered code"), "{after:?}");
        assert_eq!(journal.credential("access_token").expect("read"), None);
        drop(journal);
        let by_its_code = Identity {
            environment: after.environment.clone(),
            ..device(&after.base_url, &after.client_id, "registered code")
        };
        let opened = patiently(|| match open_as(&dir.file(), &by_its_code, IfMissing::Refuse) {
            Err(error) if error.status() == Status::StateFileMismatch => Ok(None),
            other => other.map(Some),
        });
        assert_eq!(opened.is_some(), stays, "{after:?}");
    }
}

#[test]
fn no_person_makes_one_environment_the_other() {
    let (testing, production) = (identity().in_environment("testing"), identity().in_environment("production"));
    let dir = Dir::new();
    drop(open_as(&dir.file(), &testing, IfMissing::Create).expect("created"));
    let file = dir.file();
    let refused = opening(&file, &production);
    let error = Journal::rebind(&refused, "Erna", "I mean it", &now()).expect_err("refused");
    assert_eq!(error.status(), Status::StateFileMismatch, "{error}");
    assert!(error.message().contains("testing"), "{error}");
    // The environments are names: a host that is called otherwise is the same one.
    let renamed = device("https://new.example", "client", "device code").in_environment("testing");
    drop(patiently(|| open_as(&dir.file(), &renamed, IfMissing::Refuse)));
    // And to a server of one's own, and back.
    patiently(|| rebind(&dir.file(), &identity()));
    patiently(|| rebind(&dir.file(), &testing));
    drop(patiently(|| open_as(&dir.file(), &testing, IfMissing::Refuse)));
}

#[test]
fn nothing_is_bound_anew_while_money_may_move() {
    let moved = device(HOST, "client", "another device code");
    let dir = Dir::new();
    let mut journal = dir.create();
    let refused = |dir: &Dir, why: &str| {
        let error = rebind(&dir.file(), &moved).expect_err(why);
        assert_eq!(error.status(), Status::InvalidState, "{why}: {error}");
        assert!(error.message().contains("still in doubt"), "{error}");
    };
    journal.begin_starting(&sale("r1", 1), &START, &now()).expect("begun");
    drop(journal);
    refused(&dir, "in doubt");
    let mut journal = dir.reopen();
    journal.decide("r1", 1, &decision(false), &now()).expect("decided");
    drop(journal);
    refused(&dir, "decided, and its grace is not over");
    let mut journal = dir.reopen();
    journal.finish("r1", 1, &finish(State::Approved), &now()).expect("paid");
    journal.begin_reversing("r1", 1, &REVERSING, &now()).expect("begun");
    drop(journal);
    refused(&dir, "its reversal is in doubt");
    let mut journal = dir.reopen();
    journal.decide_reversal("r1", 1, &reversed(true), &now()).expect("decided");
    drop(journal);
    let over = dir.copy();
    patiently(|| rebind(&dir.file(), &moved));

    // In doubt without an end: the grace being over is no reason to let go of it.
    let mut journal = over.reopen();
    journal.begin_starting(&sale("r2", 1), &START, &now()).expect("begun");
    drop(journal);
    let file = over.file();
    let late = opening(&file, &moved);
    let mut when = at(NOW + 2 * GRACE);
    assert!(Journal::rebind(&late, "Erna", "it was renamed", &when).is_err());
    let mut journal = patiently(|| open_at(&over.file(), &identity(), IfMissing::Refuse, &when));
    journal.decide("r2", 1, &decision(true), &when).expect("decided");
    drop(journal);
    when = at(NOW + 3 * GRACE);
    Journal::rebind(&late, "Erna", "it was renamed", &when).expect("a person has decided, and it cannot arrive");
}

#[test]
fn a_file_in_recovery_or_of_another_version_is_not_bound_anew() {
    let moved = device(HOST, "client", "another device code");
    let dir = Dir::new();
    let mut journal = dir.create();
    pay(&mut journal, "r1");
    journal.begin_reversing("r1", 1, &REVERSING, &now()).expect("begun");
    journal.note_reversal("r1", 1, ReversalNote::NeverSent, None, None, &now()).expect("noted");
    drop(journal);
    let newer = dir.copy();
    newer.tamper("PRAGMA user_version = 4");
    assert_eq!(status(rebind(&newer.file(), &moved)), Status::StateFileTooNew.number());
    let lost = dir.copy();
    std::fs::remove_file(lost.beside(".head")).expect("removed");
    assert_eq!(status(rebind(&lost.file(), &moved)), Status::StateFileDamaged.number());
    let missing = Dir::new();
    assert_eq!(status(rebind(&missing.file(), &moved)), Status::StateFileMissing.number());
    assert_eq!(missing.names(), [""; 0]);
    let _open = dir.reopen();
    assert_eq!(status(rebind(&dir.file(), &moved)), Status::StateFileLocked.number());
}
