//! Some days in the life of a journal, step by step, and what it must know after each.

use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use secupos::error::{Error, Result, Status};
use secupos::journal::{Credential, Identity, IfMissing, Journal, Moment, NewAttempt, Opening, Start};
use secupos::money::Money;
use secupos::os::files::Access;
use secupos::payment::action::Action;
use secupos::payment::attempt::{Attempt, Conflict, Copies, Decision, Demand, Finish, Told};
use secupos::payment::changes::{Doubt, ReversalNote, Reversing};
use secupos::payment::reason::Reason;
use secupos::payment::state::State;

use crate::dir::Dir;

pub const NOW: i64 = 1_700_000_000_000;

const START: Start<'static> = Start { server_date: Some(NOW), grace: 333_000, action: "an action" };

const DOUBT: Doubt<'static> =
    Doubt { reason: Reason::ConnectionLost, word: Some("created"), word_since_till: Some(1), refused: false };

const REVERSING: Reversing<'static> =
    Reversing { at: NOW, till: 0, grace: 333_000, action: "another action", confirmed_by: None };

fn now() -> Moment {
    Moment { at: NOW, awake: 1_000, boot: Some("one".into()) }
}

/// One thing that a till does.
#[derive(Clone, Copy)]
pub enum Step {
    /// The first day.
    Create,
    /// Another day.
    Reopen,
    /// Somebody copies the state file and forgets its head: it stays as it is.
    LoseHead,
    /// Somebody puts another till's head beside it: it is made anew from what can be read.
    ExchangeHead,
    Do(fn(&mut Journal) -> Result<()>),
}

/// The steps. After each that returns Ok, what it has done is durable.
pub const SCRIPT: &[Step] = &[
    Step::Create,
    Step::Do(|journal| begin(journal, "a", 1)),
    Step::Do(|journal| finish(journal, "a", 1, State::Approved, 6_000)),
    Step::Do(|journal| acknowledge(journal, "a", 1)),
    Step::Do(|journal| journal.refuse(&new("b", 1), Reason::NoConnection, &now()).map(drop)),
    Step::Do(|journal| begin(journal, "b", 2)),
    Step::Do(|journal| finish(journal, "b", 2, State::Declined, 40)),
    Step::Do(|journal| journal.keep_credential("token", &credential("first"))),
    Step::Reopen,
    Step::Do(|journal| begin(journal, "c", 1)),
    Step::Do(|journal| journal.note_doubt("c", 1, &DOUBT, &now()).map(drop)),
    Step::Do(|journal| journal.prove("b", 2, &now()).map(drop)),
    Step::Reopen,
    Step::Do(|journal| journal.decide("c", 1, &not_paid(), &now()).map(drop)),
    Step::Do(|journal| begin(journal, "d", 1)),
    // A conflict, and what is asked for because of it.
    Step::Do(|journal| finish(journal, "c", 1, State::Approved, 20_000)),
    Step::Do(|journal| journal.note_demands("c", 1, &[REFUND], &now()).map(drop)),
    Step::Do(|journal| acknowledge(journal, "c", 1)),
    Step::Do(|journal| finish(journal, "d", 1, State::NotStarted, 0)),
    Step::Do(|journal| finish(journal, "d", 1, State::Approved, 300)),
    Step::Do(|journal| journal.keep_credential("token", &credential("second"))),
    Step::Do(|journal| begin(journal, "e", 1)),
    Step::LoseHead,
    Step::Do(|journal| finish(journal, "e", 1, State::Approved, 9_000)),
    Step::Do(|journal| journal.accept_journal_loss("Erna", &now())),
    Step::Do(|journal| begin(journal, "f", 1)),
    Step::ExchangeHead,
    Step::Do(|journal| finish(journal, "f", 1, State::Approved, 30_000)),
    Step::Do(|journal| journal.accept_journal_loss("Erna", &now())),
    Step::Do(|journal| journal.begin_reversing("f", 1, &REVERSING, &now()).map(drop)),
    Step::Do(|journal| journal.note_reversal("f", 1, ReversalNote::Refused, None, None, &now()).map(drop)),
    Step::Do(|journal| begin(journal, "g", 1)),
    Step::Reopen,
];

const REFUND: Demand = Demand { action: Action::Refund, at: NOW };

fn new(reference: &str, attempt: i32) -> NewAttempt<'_> {
    let money = Money { minor: 100, currency: "EUR".parse().expect("a currency") };
    let id = format!("STX_{reference}_{attempt}").leak();
    NewAttempt { reference, attempt, money, transaction_id: Some(id), created_at: NOW, confirmed_by: None }
}

fn begin(journal: &mut Journal, reference: &str, attempt: i32) -> Result<()> {
    journal.begin_starting(&new(reference, attempt), &START, &now()).map(drop)
}

fn said(state: State, response: &[u8]) -> Finish<'_> {
    Finish {
        state,
        at: NOW + 2,
        till: 2,
        said_by_start: true,
        fenced: state == State::NotStarted,
        reason: None,
        status_text: Some("said"),
        amount_charged: None,
        amount_unreadable: false,
        receipt_number: Some(7),
        terminal: Some("a terminal"),
        copies: Copies { merchant: state == State::Approved, customer: state == State::Approved },
        brand: None,
        took: Some(1),
        response: Some(response),
    }
}

fn finish(journal: &mut Journal, reference: &str, attempt: i32, state: State, length: usize) -> Result<()> {
    journal.finish(reference, attempt, &said(state, &vec![b'x'; length]), &now()).map(drop)
}

fn acknowledge(journal: &mut Journal, reference: &str, attempt: i32) -> Result<()> {
    let told = journal.attempt(reference, attempt)?.map_or(Told::default(), |known| Told::of(&known, false));
    journal.acknowledge(reference, attempt, told, &now()).map(drop)
}

fn credential(value: &str) -> Credential {
    Credential { value: value.into(), expires_at: None }
}

fn not_paid() -> Decision {
    Decision {
        paid: false,
        operator: "Erna".into(),
        reason: "slip".into(),
        slip_number: None,
        decided_at: NOW,
        decided_till: 0,
    }
}

/// A process that another test is just starting still holds what is open here, until it has become another program.
pub fn open(path: &Path, if_missing: IfMissing) -> Result<Journal> {
    open_as(path, &Identity::of_device("https://connect.secucard.com", "client", "device code"), if_missing)
}

fn open_as(path: &Path, identity: &Identity, if_missing: IfMissing) -> Result<Journal> {
    let patience = Instant::now() + Duration::from_secs(5);
    loop {
        match Journal::open(&Opening { path, head_file: None, access: &Access::Owner, identity, if_missing }, &now()) {
            Err(error) if error.status() == Status::StateFileLocked && Instant::now() < patience => {
                std::thread::sleep(Duration::from_millis(1));
            }
            opened => return opened,
        }
    }
}

/// The head of another till's file.
fn another_head() -> &'static [u8] {
    static HEAD: OnceLock<Vec<u8>> = OnceLock::new();
    HEAD.get_or_init(|| {
        let dir = Dir::new();
        let identity = Identity::of_client("https://another.example", "another");
        drop(open_as(&dir.file(), &identity, IfMissing::Create).expect("another till"));
        std::fs::read(dir.file().with_extension("db.head")).expect("its head")
    })
}

/// The journal as the till has it at hand: closed between two days.
pub struct Desk<'a> {
    pub file: &'a Path,
    pub journal: Option<Journal>,
}

impl Desk<'_> {
    pub fn take(&mut self, step: Step) -> Result<()> {
        match step {
            Step::Create => self.open(IfMissing::Create),
            Step::Reopen => self.open(IfMissing::Refuse),
            Step::LoseHead => {
                self.journal = None;
                match std::fs::remove_file(self.file.with_extension("db.head")) {
                    Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => panic!("{fault}"),
                    _ => self.open(IfMissing::Refuse),
                }
            }
            Step::ExchangeHead => {
                self.journal = None;
                std::fs::write(self.file.with_extension("db.head"), another_head()).expect("written");
                self.open(IfMissing::Refuse)
            }
            Step::Do(does) => match &mut self.journal {
                Some(journal) => does(journal),
                None => Err(Error::new(Status::JournalFailed, "it is not open")),
            },
        }
    }

    fn open(&mut self, if_missing: IfMissing) -> Result<()> {
        self.journal = None;
        self.journal = Some(open(self.file, if_missing)?);
        Ok(())
    }
}

/// All that a journal knows and must not lose. Where a response stands is left out, because a recovery numbers anew; the
/// response itself is in.
#[derive(PartialEq, Eq, Debug, Clone)]
pub struct Knowledge {
    pub attempts: Vec<Known>,
    pub token: Option<String>,
    pub in_recovery: bool,
}

#[derive(PartialEq, Eq, Clone)]
pub struct Known {
    attempt: Attempt,
    response: Option<Vec<u8>>,
    conflicting: Option<Vec<u8>>,
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let length = |body: &Option<Vec<u8>>| body.as_ref().map(Vec::len);
        write!(f, "{:?} {:?} {:?}", self.attempt, length(&self.response), length(&self.conflicting))
    }
}

impl Knowledge {
    pub fn of(journal: &Journal) -> Result<Knowledge> {
        let body = |event: Option<i64>| event.map_or(Ok(None), |event| journal.response(event));
        let know = |attempt: Attempt| -> Result<Known> {
            let (response, conflict) = (attempt.response, attempt.conflict.clone());
            let conflicting = conflict.as_ref().and_then(|conflict| conflict.response);
            let conflict = conflict.map(|conflict| Conflict { response: None, ..conflict });
            let attempt = Attempt { response: None, conflict, ..attempt };
            Ok(Known { attempt, response: body(response)?, conflicting: body(conflicting)? })
        };
        let mut attempts = journal.find(0, i64::MAX, None)?.into_iter().map(know).collect::<Result<Vec<_>>>()?;
        attempts.sort_by_key(|known| (known.attempt.reference.clone(), known.attempt.attempt));
        let token = journal.credential("token")?.map(|token| token.value);
        Ok(Knowledge { attempts, token, in_recovery: journal.is_in_recovery() })
    }
}

/// What the journal knows after so many steps, where nothing goes wrong.
pub fn known_after(steps: usize) -> Option<&'static Knowledge> {
    static KNOWN: OnceLock<Vec<Knowledge>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let dir = Dir::new();
        let file = dir.file();
        let mut desk = Desk { file: &file, journal: None };
        let after = |step: &Step| {
            desk.take(*step).expect("nothing goes wrong");
            Knowledge::of(desk.journal.as_ref().expect("open")).expect("read")
        };
        SCRIPT.iter().map(after).collect()
    });
    steps.checked_sub(1).and_then(|last| known.get(last))
}

/// What was found after a power failure, a kill or a fault.
#[derive(PartialEq, Eq, Debug)]
pub enum Found {
    /// All that was acknowledged, and nothing half.
    Everything,
    /// Something is missing, and the journal says so.
    LossNoticed(String),
    /// Something is missing, and the journal does not say so.
    LossInSilence(String),
}

/// Opens what is left after `acknowledged` steps, of which the next may have been made or not.
pub fn look(file: &Path, acknowledged: usize) -> Found {
    let if_missing = if acknowledged == 0 { IfMissing::Create } else { IfMissing::Refuse };
    let mut journal = match open(file, if_missing) {
        Ok(journal) => journal,
        Err(error) => return Found::LossNoticed(error.to_string()),
    };
    let is_in_recovery = journal.is_in_recovery();
    let damages = journal.verify().map(|damages| damages.iter().map(ToString::to_string).collect::<Vec<_>>());
    let known = Knowledge::of(&journal);
    let is_one_of_both = |known: &Knowledge| {
        let both = [known_after(acknowledged), known_after(acknowledged + 1)];
        // A file that is being made for the first time holds nothing yet, so nothing of it is ever lost.
        both.into_iter().flatten().any(|expected| expected == known)
    };
    let is_whole = damages.as_ref().is_ok_and(Vec::is_empty) && known.as_ref().is_ok_and(is_one_of_both);
    if is_whole {
        // What is whole takes the next customer, who is remembered; what is in recovery does not.
        let next = begin(&mut journal, "next", 1);
        let is_remembered = journal.attempt("next", 1).is_ok_and(|found| found.is_some());
        if next.is_err() == is_in_recovery && is_remembered != is_in_recovery {
            return Found::Everything;
        }
        return Found::LossNoticed(format!("the next payment: {next:?}, in recovery: {is_in_recovery}"));
    }
    let said =
        format!("in recovery: {is_in_recovery}; {damages:?}; {known:?}\n expected {:?}", known_after(acknowledged));
    let is_noticed = is_in_recovery || damages.is_ok_and(|damages| !damages.is_empty()) || known.is_err();
    if is_noticed { Found::LossNoticed(said) } else { Found::LossInSilence(said) }
}
