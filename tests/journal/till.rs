//! A directory of its own for each test, and a till that writes into it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use secupos::error::{Error, Result, Status};
use secupos::journal::{Archived, Identity, IfMissing, Journal, Moment, NewAttempt, Opening, Reader, Start};
use secupos::money::Money;
use secupos::os::files::Access;
use secupos::payment::attempt::{Attempt, Copies, Decision, Finish, Told};
use secupos::payment::state::State;

pub const NOW: i64 = 1_700_000_000_000;

/// A moment on a machine whose clocks are right, and which is never started again.
pub fn at(at: i64) -> Moment {
    Moment { at, awake: at.saturating_sub(NOW).saturating_add(1_000_000), boot: Some("one".into()) }
}

pub fn now() -> Moment {
    at(NOW)
}

/// Names the state file to the child of a test. A test that needs a child runs itself again with this set, and then does
/// the child's part.
pub const FILE: &str = "SECUPOS_TEST_STATE_FILE";

/// The state file, if this process is such a child.
pub fn file_of_the_child() -> Option<PathBuf> {
    std::env::var_os(FILE).map(PathBuf::from)
}

/// A directory that is removed at the end.
pub struct Dir(PathBuf);

impl Dir {
    pub fn new() -> Dir {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("journal").join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a directory");
        Dir(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The state file.
    pub fn file(&self) -> PathBuf {
        self.0.join("till.db")
    }

    /// The file beside the state file.
    pub fn beside(&self, suffix: &str) -> PathBuf {
        self.0.join(format!("till.db{suffix}"))
    }

    pub fn create(&self) -> Journal {
        create(&self.file()).expect("created")
    }

    pub fn open(&self) -> Result<Journal> {
        open(&self.file())
    }

    pub fn reopen(&self) -> Journal {
        patiently(|| self.open())
    }

    /// The names of all files, sorted.
    pub fn names(&self) -> Vec<String> {
        let files = std::fs::read_dir(&self.0).expect("a directory");
        let mut names: Vec<_> =
            files.map(|file| file.expect("a file").file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        names
    }

    /// A copy of all files, as a crash would leave them.
    pub fn copy(&self) -> Dir {
        let copy = Dir::new();
        for name in self.names() {
            std::fs::copy(self.0.join(&name), copy.0.join(&name)).expect("copied");
        }
        copy
    }

    /// Why the state file was made anew or lost its head, as its last event of that kind says. Read from a copy, because
    /// the journal lets nobody else read.
    pub fn why_in_recovery(&self) -> String {
        let copy = self.copy();
        let query = "SELECT payload ->> 'why' FROM events WHERE kind = 'recovered' ORDER BY sequence DESC LIMIT 1";
        let connection = rusqlite::Connection::open(copy.file()).expect("opened");
        connection.query_row(query, [], |row| row.get(0)).expect("a reason")
    }

    /// Changes the state file behind the journal's back.
    pub fn tamper(&self, sql: &str) {
        let connection = rusqlite::Connection::open(self.file()).expect("opened");
        connection.execute_batch(sql).expect("tampered");
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Opens what nobody owns.
pub fn patiently<T>(open: impl FnMut() -> Result<T>) -> T {
    once_unlocked(open).expect("opened")
}

/// What opening comes to where nobody owns the file. Another test may be starting a process just now, which holds all
/// that this one has open, our locks included, until it runs its own program.
pub fn once_unlocked<T>(mut open: impl FnMut() -> Result<T>) -> Result<T> {
    for _ in 0..100 {
        match open() {
            Err(error) if error.status() == Status::StateFileLocked => std::thread::sleep(Duration::from_millis(20)),
            opened => return opened,
        }
    }
    panic!("it stays locked");
}

pub fn identity() -> Identity {
    Identity::of_device("https://connect.secucard.com", "client", "device code")
}

pub fn create(path: &Path) -> Result<Journal> {
    open_as(path, &identity(), IfMissing::Create)
}

pub fn open(path: &Path) -> Result<Journal> {
    open_as(path, &identity(), IfMissing::Refuse)
}

pub fn open_as(path: &Path, identity: &Identity, if_missing: IfMissing) -> Result<Journal> {
    open_at(path, identity, if_missing, &now())
}

pub fn open_at(path: &Path, identity: &Identity, if_missing: IfMissing, now: &Moment) -> Result<Journal> {
    Journal::open(&Opening { if_missing, ..opening(path, identity) }, now)
}

/// A file that must be there, opened for its owner.
pub fn opening<'a>(path: &'a Path, identity: &'a Identity) -> Opening<'a> {
    static OWNER: Access = Access::Owner;
    Opening { path, head_file: None, access: &OWNER, identity, if_missing: IfMissing::Refuse }
}

/// Binds a file to somebody else.
pub fn rebind(path: &Path, identity: &Identity) -> Result<()> {
    Journal::rebind(&opening(path, identity), "Erna", "it was renamed", &now())
}

pub fn euro(minor: i64) -> Money {
    Money { minor, currency: "EUR".parse().expect("a currency") }
}

/// A sale, for which the service has made a transaction.
pub fn sale(reference: &str, attempt: i32) -> NewAttempt<'_> {
    let id = format!("STX_{attempt}_{}", reference.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_"));
    NewAttempt {
        reference,
        attempt,
        money: euro(100),
        transaction_id: Some(id.leak()),
        created_at: NOW,
        confirmed_by: None,
    }
}

pub const GRACE: i64 = 333_000;

pub const START: Start<'static> = Start { server_date: Some(NOW), grace: GRACE, action: "an action" };

/// Start's own answer, with both copies of the receipt if it is paid.
pub fn finish(state: State) -> Finish<'static> {
    let is_paid = matches!(state, State::Approved | State::Reversed);
    Finish {
        state,
        at: NOW + 2,
        till: 2,
        said_by_start: true,
        fenced: false,
        reason: None,
        status_text: Some("ok"),
        amount_charged: None,
        amount_unreadable: false,
        receipt_number: Some(7),
        terminal: None,
        copies: Copies { merchant: is_paid, customer: is_paid },
        brand: is_paid.then_some("girocard"),
        took: Some(1),
        response: Some(b"{\"status\":\"ok\"}"),
    }
}

pub fn decision(paid: bool) -> Decision {
    Decision {
        paid,
        operator: "Erna".into(),
        reason: "slip".into(),
        slip_number: Some(7),
        decided_at: NOW + 3,
        decided_till: 3,
    }
}

/// Takes an approved payment.
pub fn pay(journal: &mut Journal, reference: &str) -> Attempt {
    journal.begin_starting(&sale(reference, 1), &START, &now()).expect("begun");
    journal.finish(reference, 1, &finish(State::Approved), &now()).expect("finished").into_attempt()
}

/// The last attempt at a sale.
/// What was begun in this span, page by page.
pub fn archived(journal: &Journal, from: i64, to: i64) -> Vec<Archived> {
    let mut reader = Reader::new(from, to);
    let pages = std::iter::from_fn(|| Some(reader.next_page(journal).expect("read")));
    pages.take_while(|page| !page.is_empty()).flatten().collect()
}

pub fn last_attempt(journal: &Journal, reference: &str) -> Option<Attempt> {
    journal.attempts(reference).expect("read").pop()
}

/// Takes over all that is known of an attempt.
pub fn acknowledge(journal: &mut Journal, reference: &str, attempt: i32, at: &Moment) -> Result<Attempt> {
    let told = journal.attempt(reference, attempt)?.map_or(Told::default(), |known| Told::of(&known, false));
    journal.acknowledge(reference, attempt, told, at)
}

/// The number of the refusal.
pub fn status<T>(result: Result<T>) -> i32 {
    result.err().map(|error: Error| error.status().number()).expect("refused")
}
