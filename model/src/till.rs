//! The library's process: which call it is at work on, how far it is, and what it remembers only as long as it lives. What it
//! decides, the shipping functions decide.

use secupos::payment::admission::{Admission, admit, is_possible_duplicate};
use secupos::payment::attempt::{Attempt, Told};
use secupos::payment::reason::Reason;
use secupos::payment::resolution::Word;
use secupos::payment::state::State;
use secupos::payment::voice::{ambiguity, speaker};

use crate::cashier::Duty;
use crate::graphs::{Behaviour, Scene};
use crate::service::{Transaction, Truth};
use crate::telling::Object;
use crate::terminal::customer;
use crate::world::{Move, Step};

/// connect 10 s + request 30 s + 300 s + 30 s.
pub const GRACE: i64 = 370_000;
/// For how long the till waits for the answer to start.
pub const PAYMENT: i64 = 300_000;
/// From then on it reads beside it.
pub const WATCHED: i64 = 20_000;
/// From then on a person may decide it while it runs.
pub const DECIDABLE: i64 = 60_000;
/// The longest between the row and the first byte.
const STALE: i64 = 10_000;

/// What the till's program has called.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Call {
    Pay { purchase: usize, reference: String, attempt: i32, confirmed: bool },
    Recover { reference: String },
    RecoverAll,
    Reverse { at: usize, confirmed: bool },
}

/// How far the call is. `at`: which attempt in the file.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Phase {
    /// Nothing is done yet.
    Asked,
    /// The row is durable, and nothing was sent.
    Stored { at: usize, since: i64 },
    /// Start was sent before its row was written: only where axiom 2 is switched off.
    Unstored { number: usize },
    /// Start's connection is open. `since`: by the awake clock; `sent`: by the clock that shows most.
    Open { at: usize, since: i64, sent: i64, has_read: bool },
    /// It is being found out what became of it.
    Reading(Reading),
    /// The same of all that is unfinished, one after the other.
    ReadingAll { reading: Reading, left: Vec<usize>, done: Vec<usize> },
    /// The row of a reversal is durable, and nothing was sent.
    ReversalStored { at: usize },
    /// cancelTrx was sent.
    ReversalOpen { at: usize },
    /// It is being found out what became of a reversal.
    ReversalReading { at: usize, wake: i64, until: i64, refused: Option<i64> },
    /// The result is stored, and nothing was told.
    Ended { of: Vec<usize> },
    /// What is told is stored, and nobody has read it.
    Telling { objects: Vec<Object> },
    /// The call has failed: it has sent nothing.
    Failed(Fault),
}

/// How far the finding out is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Reading {
    pub at: usize,
    /// When it goes on.
    pub wake: i64,
    /// How long there is time for it.
    pub until: i64,
    /// The service's word, and since when.
    pub word: Word,
    /// Start was refused at once.
    pub refused: bool,
}

impl Reading {
    /// As it begins now.
    pub fn of(attempt: &Attempt, at: usize, now: i64) -> Reading {
        Reading { at, wake: now, until: now + crate::doubt::RESOLVE, word: Word::of(attempt), refused: false }
    }
}

/// Why a call has sent nothing.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Fault {
    /// The money may have been paid under that reference.
    PossibleDuplicate(String),
    /// This attempt must not be made.
    Forbidden,
    /// Something else is in doubt.
    Busy,
    /// The file is not what it was.
    Recovery,
    /// Somebody must say which attempt is meant.
    Ambiguous,
    /// A person must confirm it.
    Unconfirmed,
    /// The service cannot be asked, or says something else.
    Unsure,
}

/// What became of this process's abort of an attempt.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Aborted {
    Refused,
    Taken(i64),
}

/// A process, and what it alone knows.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Process {
    pub call: Option<(Call, Phase)>,
    pub aborts: Vec<(usize, Aborted)>,
    /// What was told of the attempts that need a person.
    pub told: Vec<(usize, Told)>,
    /// It has looked at the service's list since the file was opened.
    pub has_listed: bool,
}

impl Process {
    /// Whether nothing goes on before something else happens.
    pub fn waits(&self, now: i64) -> bool {
        match &self.call {
            None => true,
            Some((_, Phase::Open { since, has_read, .. })) => *has_read || now - since < WATCHED,
            Some((_, phase)) => phase.wake().is_some_and(|wake| wake > now),
        }
    }

    /// Until when it waits at most.
    pub fn waits_until(&self) -> Vec<i64> {
        match self.call.as_ref().map(|(_, phase)| phase) {
            Some(Phase::Open { since, .. }) => [WATCHED, DECIDABLE, PAYMENT].map(|length| since + length).to_vec(),
            Some(phase) => phase.wake().into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// The clocks are set to nought.
    pub fn grow_older(&mut self, awake: i64, real: i64) {
        for (_, aborted) in &mut self.aborts {
            if let Aborted::Taken(at) = aborted {
                *at = (*at - awake).max(-60_000);
            }
        }
        match self.call.as_mut().map(|(_, phase)| phase) {
            Some(Phase::Stored { since, .. }) => *since -= real,
            Some(Phase::Open { since, sent, .. }) => (*since, *sent) = (*since - awake, *sent - real),
            Some(Phase::Reading(reading) | Phase::ReadingAll { reading, .. }) => {
                (reading.wake, reading.until) = (reading.wake - awake, reading.until - awake);
                reading.word.since = reading.word.since.map(|since| since - awake);
            }
            Some(Phase::ReversalReading { wake, until, refused, .. }) => {
                (*wake, *until) = (*wake - awake, *until - awake);
                *refused = refused.map(|at| at - awake);
            }
            _ => {}
        }
    }
}

impl Phase {
    fn wake(&self) -> Option<i64> {
        match self {
            Phase::Reading(reading) | Phase::ReadingAll { reading, .. } => Some(reading.wake),
            Phase::ReversalReading { wake, .. } => Some(*wake),
            _ => None,
        }
    }
}

impl Step<'_> {
    /// Till time; with axiom 7 off, what the wall clock says.
    pub fn now(&self) -> i64 {
        let clocks = &self.world.clocks;
        clocks.awake + if self.graph.is_without(7) { clocks.wall } else { 0 }
    }

    pub fn attempt(&self, at: usize) -> &Attempt {
        &self.world.file.attempts[at]
    }

    /// The service's transaction of an attempt.
    pub fn number_of(&self, at: usize) -> Option<usize> {
        self.attempt(at).transaction_id.as_ref()?.parse().ok()
    }

    /// Where the attempts at a sale stand in the file.
    pub fn sale(&self, reference: &str) -> Vec<Attempt> {
        self.world.file.attempts.iter().filter(|attempt| attempt.reference == reference).cloned().collect()
    }

    pub fn place_of(&self, attempt: &Attempt) -> usize {
        let is_it = |known: &Attempt| known.reference == attempt.reference && known.attempt == attempt.attempt;
        self.world.file.attempts.iter().position(is_it).expect("it is in the file")
    }

    pub fn is_over(&mut self, phase: Phase) {
        let call = self.open().call.take().expect("a call");
        self.open().call = Some((call.0, phase));
    }

    /// What the library or its connection can do now.
    pub fn moves_of_till(&self, moves: &mut Vec<Move>) {
        let world = &*self.world;
        let Some(process) = &world.process else {
            moves.push(Move::StartUp);
            return;
        };
        let is_busy = process.call.is_some() || world.cashier.is_acting();
        if is_busy && world.faults > 0 {
            moves.push(Move::Crashes);
        }
        let Some((_, phase)) = &process.call else { return };
        if !process.waits(world.clocks.awake) {
            moves.push(Move::Till);
        }
        if let Phase::Open { at, sent, .. } = phase
            && let Some(number) = self.number_of(*at)
        {
            let transaction = &world.service[number];
            if transaction.connected && transaction.answer_to_start().is_some() {
                moves.push(Move::Answers(number));
            }
            let is_late = world.clocks.real - sent > 5_000;
            let is_running = transaction.truth == Truth::AtTerminal;
            if transaction.connected && is_running && is_late && self.graph.has(Behaviour::RefusedLate) {
                moves.push(Move::RefusesLate(number));
            }
            if transaction.connected && world.faults > 0 {
                moves.push(Move::LineBreaks(number));
            }
        }
    }

    /// The next step of the call.
    pub fn till_goes_on(&mut self) {
        let (call, phase) = self.open().call.clone().expect("a call");
        match phase {
            Phase::Asked => match call {
                Call::Pay { purchase, reference, attempt, confirmed } => {
                    self.pay(purchase, &reference, attempt, confirmed);
                }
                Call::Recover { reference } => self.recover(&reference),
                Call::RecoverAll => self.recover_all(),
                Call::Reverse { at, confirmed } => self.reverse(at, confirmed),
            },
            Phase::Stored { at, since } => self.send_start(at, since),
            Phase::Unstored { number } => self.store_after_the_fact(number),
            Phase::Open { at, since, .. } => self.read_beside(at, since),
            Phase::Reading(reading) => {
                let at = reading.at;
                match self.find_out(reading) {
                    Some(reading) => self.is_over(Phase::Reading(reading)),
                    None => self.is_over(Phase::Ended { of: vec![at] }),
                }
            }
            Phase::ReadingAll { reading, mut left, mut done } => {
                let at = reading.at;
                match self.find_out(reading) {
                    Some(reading) => self.is_over(Phase::ReadingAll { reading, left, done }),
                    None => {
                        done.push(at);
                        let next = left.pop();
                        self.read_all(next, left, done);
                    }
                }
            }
            Phase::ReversalStored { at } => self.send_reversal(at),
            Phase::ReversalOpen { at } => self.reversal_answers(at),
            Phase::ReversalReading { at, until, refused, .. } => self.find_out_reversal(at, until, refused),
            Phase::Ended { of } => self.store_what_is_told(&of),
            Phase::Telling { objects } => self.hand_over(objects),
            Phase::Failed(fault) => self.hand_over_fault(&call, &fault),
        }
    }

    /// `pay`: by the file, then by the service, then create, then the row.
    fn pay(&mut self, purchase: usize, reference: &str, attempt: i32, confirmed: bool) {
        if self.world.file.in_recovery {
            return self.is_over(Phase::Failed(Fault::Recovery));
        }
        let before = self.sale(reference);
        let money = crate::ledger::money(self.world.purchases[purchase].price);
        match admit(&before, attempt, money) {
            Admission::Fresh => {}
            Admission::Known(known) => return self.pay_again(&known),
            Admission::OtherMoney(_) | Admission::OutOfOrder(_) => unreachable!("the documented till does not"),
            Admission::Closed(_) | Admission::Used(..) => return self.is_over(Phase::Failed(Fault::Forbidden)),
        }
        let now = self.now();
        let process = self.world.process.as_ref().expect("a process");
        let is_told = |at: usize, other: &Attempt| process.told.contains(&(at, Told::of(other, false)));
        let mut others = self.world.file.attempts.iter().enumerate();
        let duplicate =
            others.find(|(at, other)| is_possible_duplicate(other, reference, money, now, is_told(*at, other)));
        if let Some((_, duplicate)) = duplicate.filter(|_| !confirmed && !self.graph.is_without(8)) {
            let fault = Fault::PossibleDuplicate(duplicate.reference.clone());
            return self.is_over(Phase::Failed(fault));
        }
        if let Err(why) = self.look_back(reference) {
            return self.refuse(reference, attempt, why);
        }
        let Some(number) = self.create(purchase) else {
            return self.refuse(reference, attempt, Reason::CreateUnsure);
        };
        if self.graph.scene == Scene::BroughtBack && !self.list(number) {
            return self.refuse(reference, attempt, Reason::StateFileOld);
        }
        if self.graph.is_without(2) {
            self.say(|| format!("The library sends start of transaction {number}, and will write that down later."));
            self.start_arrives(number);
            return self.is_over(Phase::Unstored { number });
        }
        self.store_row(reference, attempt, number, confirmed);
        let (at, since) = (self.world.file.attempts.len() - 1, self.real());
        self.is_over(Phase::Stored { at, since });
    }

    /// The one synced write.
    fn store_row(&mut self, reference: &str, attempt: i32, number: usize, confirmed: bool) {
        let money = crate::ledger::money(self.world.purchases[self.world.service[number].purchase].price);
        self.play
            .coverage
            .reach_cell(secupos::payment::state::Standing::New, secupos::payment::trigger::Trigger::Start);
        let grace = if self.graph.is_without(6) { 30_000 } else { GRACE };
        let row = Attempt {
            transaction_id: Some(number.to_string()),
            starting_at: Some(0),
            begun_till: self.now(),
            grace: Some(grace),
            server_date: (self.graph.scene == Scene::BroughtBack).then(|| self.world.service[number].created),
            confirmed_by: confirmed.then(|| "Anna".to_owned()),
            ..Attempt::new(reference, attempt, money, State::Starting, 0)
        };
        self.world.file.attempts.push(row);
        self.say(|| format!("The library writes {reference}/{attempt} as transaction {number} to the disk."));
    }

    fn store_after_the_fact(&mut self, number: usize) {
        let (call, _) = self.open().call.clone().expect("a call");
        let Call::Pay { reference, attempt, confirmed, .. } = call else { unreachable!("only pay starts") };
        self.store_row(&reference, attempt, number, confirmed);
        let at = self.world.file.attempts.len() - 1;
        let (since, sent) = (self.world.clocks.awake, self.real());
        self.is_over(Phase::Open { at, since, sent, has_read: false });
    }

    /// Create moves no money. Where its answer is lost it is asked once more, under the same X-Action.
    fn create(&mut self, purchase: usize) -> Option<usize> {
        let mut answers = 0;
        let may_be_lost = self.graph.has(Behaviour::CreateLost);
        let mut number = None;
        while answers < 2 {
            answers += 1;
            let known = number.filter(|_| self.graph.has(Behaviour::ActionHonoured));
            let created = known.unwrap_or(self.world.service.len());
            if known.is_none() {
                let now = self.real();
                self.world.service.push(Transaction::new(purchase, now));
            }
            number = Some(created);
            if !(may_be_lost && self.play.may()) {
                self.say(|| format!("The library creates transaction {created} for customer {}.", customer(purchase)));
                // A second, at the least, for a create.
                if self.graph.scene == Scene::BroughtBack {
                    self.world.clocks.awake += 1000;
                    self.world.clocks.real += 1000;
                }
                return number;
            }
            self.say(|| format!("Transaction {created} is created, and the answer is lost."));
        }
        None
    }

    /// `recover`: the attempt that speaks for the sale, unless two of them need something.
    fn recover(&mut self, reference: &str) {
        let sale = self.sale(reference);
        let at = match (ambiguity(&sale), speaker(&sale)) {
            (None, Some(speaker)) => self.place_of(speaker),
            _ => return self.is_over(Phase::Failed(Fault::Ambiguous)),
        };
        let now = self.world.clocks.awake;
        match self.attempt(at).is_reversing() {
            true => self.is_over(Phase::ReversalReading { at, wake: now, until: now, refused: None }),
            false => self.is_over(Phase::Reading(Reading::of(self.attempt(at), at, now))),
        }
    }

    /// `recover_all`: everything unfinished, in turns.
    fn recover_all(&mut self) {
        let attempts = self.world.file.attempts.iter().enumerate();
        let mut left: Vec<usize> = attempts.filter(|(_, one)| one.is_unfinished()).map(|(at, _)| at).rev().collect();
        let first = left.pop();
        self.read_all(first, left, Vec::new());
    }

    fn read_all(&mut self, next: Option<usize>, left: Vec<usize>, done: Vec<usize>) {
        let now = self.world.clocks.awake;
        match next {
            Some(at) => self.is_over(Phase::ReadingAll { reading: Reading::of(self.attempt(at), at, now), left, done }),
            None => self.is_over(Phase::Ended { of: done }),
        }
    }

    /// `pay` under a name that has been begun.
    fn pay_again(&mut self, known: &Attempt) {
        let at = self.place_of(known);
        let now = self.world.clocks.awake;
        match known.state {
            State::Starting => self.is_over(Phase::Reading(Reading::of(known, at, now))),
            _ => self.is_over(Phase::Ended { of: vec![at] }),
        }
    }

    /// The first byte of start, if it is still fresh.
    fn send_start(&mut self, at: usize, since: i64) {
        let number = self.number_of(at).expect("a transaction");
        if self.real() - since > STALE {
            self.say(|| "The machine stood still for too long: nothing is sent.".into());
            self.never_sent(at);
            return self.is_over(Phase::Ended { of: vec![at] });
        }
        self.say(|| format!("The library sends start of transaction {number}."));
        let (since, sent) = (self.world.clocks.awake, self.real());
        self.is_over(Phase::Open { at, since, sent, has_read: false });
        self.start_arrives(number);
    }

    /// The service's side of start, and how it may go.
    fn start_arrives(&mut self, number: usize) {
        let now = self.real();
        self.world.at_terminal = Some(self.world.service[number].purchase);
        self.change();
        let transaction = &mut self.world.service[number];
        transaction.starts += 1;
        (transaction.begun, transaction.connected) = (Some(now), true);
        let (breaks, late) = (self.world.faults > 0, self.graph.has(Behaviour::ArrivesLate));
        let at_once = self.graph.has(Behaviour::RefusedAtOnce) || self.graph.has(Behaviour::AbortedThenPaid);
        let token = self.graph.has(Behaviour::TokenKilled);
        let mut ways = vec![Way::Arrives, Way::Refused { of_token: false, arrives: false }];
        if at_once {
            ways.push(Way::Refused { of_token: false, arrives: true });
        }
        if token {
            ways.extend([false, true].map(|arrives| Way::Refused { of_token: true, arrives }));
        }
        if breaks {
            ways.push(Way::Breaks { truth: Truth::AtTerminal });
            ways.push(Way::Breaks { truth: Truth::Created });
        }
        // A start that is held back loses its connection, which is no fault besides.
        if late {
            ways.push(Way::Breaks { truth: Truth::OnItsWay });
        }
        match ways[self.play.choose(ways.len())] {
            Way::Arrives => self.arrives(number),
            Way::Refused { of_token, arrives } => {
                let what = if of_token { "the token" } else { "it" };
                self.say(|| format!("The service refuses {what} at once."));
                if arrives {
                    self.arrives(number);
                }
                self.start_is_refused(number, of_token, 2_000);
            }
            Way::Breaks { truth } => {
                self.world.faults -= u8::from(truth != Truth::OnItsWay);
                match truth {
                    Truth::AtTerminal => self.arrives(number),
                    Truth::OnItsWay => {
                        self.say(|| format!("The start of transaction {number} is held back on its way."))
                    }
                    _ => self.say(|| format!("The start of transaction {number} is lost on its way.")),
                }
                if truth == Truth::OnItsWay {
                    self.world.service[number].truth = truth;
                }
                self.line_is_broken(number);
            }
        }
    }

    /// A break of the line.
    pub fn line_breaks(&mut self, number: usize) {
        self.world.faults -= 1;
        self.line_is_broken(number);
    }

    /// What a person at the till may do while start runs.
    pub fn is_decidable_in_flight(&self) -> Option<usize> {
        let process = self.world.process.as_ref()?;
        match process.call.as_ref()?.1 {
            Phase::Open { at, since, .. } if self.world.clocks.awake - since >= DECIDABLE => Some(at),
            _ => None,
        }
    }

    /// A read beside start is due once in each stretch of time.
    pub fn time_has_passed(&mut self, length: i64) {
        if length >= 15 * 60_000 {
            (self.world.is_asked, self.world.asks_are_due) = (false, true);
        }
        // No customer waits for so long.
        if length >= 30 * 60_000 {
            self.world.at_terminal = None;
            self.world.purchases.iter_mut().for_each(|purchase| purchase.is_gone = true);
            for duty in &mut self.world.cashier.duties {
                if !matches!(duty, Duty::GiveBack | Duty::GiveBackConfirmed) {
                    *duty = Duty::Nothing;
                }
            }
        }
        let Some(process) = &mut self.world.process else { return };
        if let Some((_, Phase::Open { has_read, .. })) = &mut process.call {
            *has_read = false;
        }
    }
}

/// How a start may go.
#[derive(Clone, Copy)]
enum Way {
    Arrives,
    Refused { of_token: bool, arrives: bool },
    Breaks { truth: Truth },
}
