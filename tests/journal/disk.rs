//! Disks that are full, read-only, or readable by others.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use secupos::error::Status;
use secupos::journal::{Credential, IfMissing, RESPONSE_ROOM_BYTES};
use secupos::payment::attempt::Finish;
use secupos::payment::outcome::Outcome;
use secupos::payment::reason::Reason;
use secupos::payment::state::State;
use secupos::till::Till;
use secupos::till::config::Config;
use secupos::till::sale::Sale;
use secupos_simulator::{Options, Simulator};

use crate::prune::{ACCOUNT, DAYS, OLD, begin_at, pay_at, take_over};
use crate::till::*;

/// A real file system of its own, unmounted at the end.
struct SmallDisk {
    dir: Dir,
}

impl SmallDisk {
    /// Needs root; without it the test fails, because what it should show would not have been shown.
    fn mount(options: &str) -> SmallDisk {
        let dir = Dir::new();
        run("mount", &["-t", "tmpfs", "-o", options, "tmpfs"], &dir);
        SmallDisk { dir }
    }

    fn file(&self) -> PathBuf {
        self.dir.file()
    }

    /// Takes all the room that is left.
    fn fill(&self) {
        use std::io::Write;
        let mut file = fs::File::create(self.dir.path().join("filler")).expect("created");
        for size in [1 << 16, 4096, 512, 1] {
            while file.write_all(&vec![1; size]).is_ok() {}
        }
    }

    fn empty(&self) {
        fs::remove_file(self.dir.path().join("filler")).expect("removed");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.dir.path()).status();
    }
}

fn run(program: &str, arguments: &[&str], dir: &Dir) {
    let done = Command::new(program).args(arguments).arg(dir.path()).status().expect(program);
    assert!(done.success(), "{program} {arguments:?} failed: this test needs root");
}

#[test]
fn a_full_disk_refuses_before_and_never_after() {
    let disk = SmallDisk::mount("size=16m");
    let mut journal = create(&disk.file()).expect("created");
    pay(&mut journal, "a");

    // The room for the result is taken when the payment begins, so the full disk does not matter to it.
    journal.begin_starting(&sale("b", 1), &START, &now()).expect("begun");
    disk.fill();
    let token = Credential { value: "t".repeat(20_000), expires_at: None };
    assert_eq!(status(journal.keep_credential("access_token", &token)), Status::JournalFailed.number());
    let body = vec![b'x'; RESPONSE_ROOM_BYTES];
    let result = Finish { response: Some(&body), ..finish(State::Approved) };
    let stored = journal.finish("b", 1, &result, &now()).expect("the room was kept").into_attempt();
    assert_eq!(journal.response(stored.response.expect("a response")).expect("read"), Some(body));

    // The next one finds no room and is refused, and so it stays after opening it again.
    disk.fill();
    assert_eq!(status(journal.begin_starting(&sale("c", 1), &START, &now())), Status::JournalFailed.number());
    drop(journal);
    disk.fill();
    match once_unlocked(|| open(&disk.file())) {
        Err(error) => assert_eq!(error.status(), Status::JournalFailed, "{error}"),
        Ok(mut journal) => {
            assert_eq!(status(journal.begin_starting(&sale("c", 1), &START, &now())), Status::JournalFailed.number());
        }
    }
    disk.empty();
    let mut journal = patiently(|| open(&disk.file()));
    assert!(!journal.is_in_recovery());
    assert_eq!(last_attempt(&journal, "b"), Some(stored));
    assert_eq!(last_attempt(&journal, "c"), None);
    assert_eq!(journal.verify().expect("verified"), []);
    pay(&mut journal, "c");
}

/// Whatever the room that is left, a payment either begins and its result is stored, or it does not begin.
#[test]
fn at_no_size_of_disk_is_a_result_lost() {
    let (mut begun, mut refused) = (0, 0);
    for kilobytes in (200..8000).step_by(300) {
        let disk = SmallDisk::mount(&format!("size={kilobytes}k"));
        let Ok(mut journal) = create(&disk.file()) else { continue };
        let body = vec![b'x'; RESPONSE_ROOM_BYTES];
        for number in 0..4 {
            let reference = format!("sale {number}");
            if let Err(error) = journal.begin_starting(&sale(&reference, 1), &START, &now()) {
                assert_eq!(error.status(), Status::JournalFailed, "{kilobytes} kB: {error}");
                refused += 1;
                break;
            }
            begun += 1;
            let result = Finish { response: Some(&body), ..finish(State::Approved) };
            journal.finish(&reference, 1, &result, &now()).unwrap_or_else(|error| panic!("{kilobytes} kB: {error}"));
        }
        drop(journal);
    }
    assert!(begun > 10 && refused > 10, "{begun} {refused}");
}

/// The same through the whole till: the disk fills up while the customer is at the terminal, and stays full.
#[test]
fn a_disk_that_fills_up_while_the_customer_pays_loses_no_payment_and_takes_no_other() {
    let disk = SmallDisk::mount("size=16m");
    let options = Options { think: Duration::from_millis(500), ..Options::default() };
    let simulator = Simulator::start(options).expect("a simulator");
    let mut config = Config::default();
    config.set_base_url(&simulator.base_url()).expect("a base URL");
    config.set_client_credentials(simulator.client_id(), simulator.client_secret()).expect("credentials");
    config.set_device_code(simulator.device_code()).expect("a device code");
    config.set_state_file(&disk.file(), IfMissing::Create).expect("a state file");
    let till = Till::open(&config).expect("a till");
    let starts = || simulator.requests().iter().filter(|request| request.path.ends_with("/start/cashless")).count();
    let sale = |reference| Sale::new(reference, 100, "EUR").expect("a sale");

    let payment = till.start_payment(&sale("r1")).expect("a payment");
    while starts() == 0 {
        std::thread::yield_now();
    }
    disk.fill();
    assert_eq!(payment.wait(None), Outcome::Approved);
    let settled = payment.settled().expect("settled");
    assert!(settled.reason.is_none() && !settled.customer_receipt.is_empty(), "the room was kept: {settled:?}");

    disk.fill();
    match till.pay(&sale("r2")) {
        Ok(refused) => {
            let settled = refused.settled().expect("settled");
            assert_eq!((settled.outcome, settled.reason), (Outcome::NotStarted, Some(Reason::JournalFailed)));
        }
        Err(error) => assert_eq!(error.status(), Status::JournalFailed, "{error}"),
    }
    assert_eq!((starts(), simulator.ledger().len()), (1, 1));
    disk.empty();
    let unfinished = till.unfinished().expect("listed");
    assert_eq!(unfinished.iter().map(|payment| payment.outcome()).collect::<Vec<_>>(), [Outcome::Approved]);
    assert_eq!(till.pay(&sale("r3")).expect("a payment").outcome(), Outcome::Approved);
    assert_eq!((starts(), simulator.ledger().len()), (2, 2));
}

/// The file cannot be written anew for want of room; what was removed is gone all the same.
#[test]
fn a_full_disk_can_be_pruned_of_what_it_has_room_to_overwrite() {
    let disk = SmallDisk::mount("size=24m");
    let mut journal = create(&disk.file()).expect("created");
    for number in 0..40 {
        let reference = format!("old {number}");
        pay_at(&mut journal, &reference, Some(OLD));
        take_over(&mut journal, &reference);
    }
    for number in 0..6 {
        let reference = format!("young {number}");
        begin_at(&mut journal, &reference, Some(NOW));
        let body = vec![b'x'; RESPONSE_ROOM_BYTES];
        journal
            .finish(&reference, 1, &Finish { response: Some(&body), ..finish(State::Approved) }, &now())
            .expect("paid");
    }
    drop(journal);
    let mut journal = patiently(|| open(&disk.file()));
    disk.fill();
    // Not a byte is left: nothing is removed.
    assert_eq!(status(journal.prune(DAYS, "Erna", &now())), Status::JournalFailed.number());
    drop(journal);
    disk.empty();
    let mut journal = patiently(|| open(&disk.file()));
    assert_eq!(journal.verify().expect("verified"), []);
    assert_eq!(archived(&journal, OLD, OLD + 1).len(), 40);
    fs::write(disk.dir.path().join("spare"), vec![1; 2 << 20]).expect("written");
    disk.fill();
    fs::remove_file(disk.dir.path().join("spare")).expect("removed");
    let pruned = journal.prune(DAYS, "Erna", &now()).expect("pruned");
    assert!(pruned.responses == 40 && !pruned.shrunk, "{pruned:?}");
    assert!(journal.has_failed(), "a write has failed");
    drop(journal);
    disk.empty();
    let mut journal = patiently(|| open(&disk.file()));
    assert!(!journal.is_in_recovery());
    assert_eq!(journal.verify().expect("verified"), []);
    pay(&mut journal, "next");
    drop(journal);
    let left = fs::read(disk.file()).expect("read");
    assert!(!left.windows(ACCOUNT.len()).any(|bytes| bytes == ACCOUNT));
}

#[test]
fn a_full_disk_can_neither_make_nor_recover_a_file() {
    let disk = SmallDisk::mount("size=1m");
    disk.fill();
    assert_eq!(status(create(&disk.file())), Status::JournalFailed.number());
    disk.empty();
    let mut journal = create(&disk.file()).expect("created");
    let _ = journal.keep_credential("n", &Credential { value: "v".into(), expires_at: None });
    drop(journal);
    fs::remove_file(disk.dir.beside(".head")).expect("removed");
    disk.fill();
    assert_eq!(status(once_unlocked(|| open(&disk.file()))), Status::JournalFailed.number());
    disk.empty();
    assert!(patiently(|| open(&disk.file())).is_in_recovery(), "nothing was lost on the way");
}

#[test]
fn a_read_only_disk_refuses() {
    let disk = SmallDisk::mount("size=16m");
    drop(create(&disk.file()).expect("created"));
    run("mount", &["-o", "remount,ro"], &disk.dir);
    assert_eq!(status(once_unlocked(|| open(&disk.file()))), Status::JournalFailed.number());
    run("mount", &["-o", "remount,rw"], &disk.dir);
    assert!(!patiently(|| open(&disk.file())).is_in_recovery());
}

#[test]
fn nobody_else_can_read_any_of_the_files() {
    let dir = Dir::new();
    let mut journal = dir.create();
    pay(&mut journal, "a");
    let names = dir.names();
    assert_eq!(names, ["till.db", "till.db-wal", "till.db.head", "till.db.lock", "till.db.reserve"]);
    let check = |dir: &Dir| {
        for name in dir.names() {
            let mode = fs::metadata(dir.path().join(&name)).expect("found").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    };
    check(&dir);
    drop(journal);
    fs::set_permissions(dir.file(), fs::Permissions::from_mode(0o644)).expect("set");
    drop(dir.reopen());
    check(&dir);
    fs::remove_file(dir.file()).expect("removed");
    fs::write(dir.file(), b"x").expect("written");
    fs::set_permissions(dir.file(), fs::Permissions::from_mode(0o600)).expect("set");
    drop(dir.reopen());
    check(&dir);
}
