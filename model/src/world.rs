//! Everything that there is besides the shipping functions: the state file, the till's process, the cashier, the service, the
//! customers, and time. One step is one thing that happens to one of them.

use std::hash::{Hash, Hasher};

use secupos::payment::attempt::Attempt;
use secupos::payment::state::State;

use crate::cashier::{Cashier, Duty};
use crate::graphs::{Behaviour, Graph, Life, Scene};
use crate::invariants::{Broken, broken};
use crate::ledger::Purchase;
use crate::search::{Play, Searched};
use crate::service::{Transaction, Truth, Word};
use crate::till::{Call, Phase, Process};

/// Clocks, in milliseconds. All stand at nought after each step, so that two states differ only by how old things are.
#[derive(Clone, Debug, Default)]
pub struct Clocks {
    /// The time during which the machine ran awake.
    pub awake: i64,
    /// The service's, which nothing stops.
    pub real: i64,
    /// How much the till's wall clock is ahead of that.
    pub wall: i64,
    /// Since the story began; no part of the state.
    since_then: i64,
}

impl Hash for Clocks {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        (self.awake, self.real, self.wall).hash(hasher);
    }
}

/// What is on the disk.
#[derive(Clone, Hash, Debug, Default)]
pub struct File {
    pub attempts: Vec<Attempt>,
    /// Something is missing in it, and no payment is taken until somebody has accepted that.
    pub in_recovery: bool,
    /// Transactions that somebody has accepted as lost.
    pub accepted: Vec<usize>,
}

/// All of it.
#[derive(Clone, Hash, Debug)]
pub struct World {
    pub clocks: Clocks,
    pub file: File,
    /// Last night's copy of the file, and of what the cashier's program knew.
    pub copy: Option<(File, Vec<Duty>)>,
    pub was_brought_back: bool,
    /// A payment has been asked for since: only then can it be noticed.
    pub is_compared: bool,
    /// None while the till's program does not run.
    pub process: Option<Process>,
    pub cashier: Cashier,
    pub service: Vec<Transaction>,
    pub purchases: Vec<Purchase>,
    /// Whose purchase the person at the terminal is about to pay.
    pub at_terminal: Option<usize>,
    /// How often something may still break.
    pub faults: u8,
    /// The wall clock was set, the machine was suspended, or somebody has decided wrongly: once.
    pub is_disturbed: bool,
    /// The till's status says that nobody can notice whether the file was brought back.
    pub is_blind: bool,
    /// The service was asked about everything, and everything was answered, since anything changed.
    pub is_asked: bool,
    /// It is time to ask: after an open, and every 15 min.
    pub asks_are_due: bool,
    /// And the till has been through its start-up since.
    pub is_told: bool,
    /// What must never be, and was noticed when it happened.
    pub broken: Option<Broken>,
}

/// What can happen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Move {
    /// The library goes on.
    Till,
    /// The cashier and the till's program go on.
    Cashier(Duty, usize),
    /// The cashier does the next thing that the till has told.
    Acts,
    /// Somebody sees what became of a payment, and says so.
    Decides {
        at: usize,
        paid: bool,
    },
    /// The same of a reversal.
    DecidesReversal {
        at: usize,
        reversed: bool,
    },
    /// An idle till asks about what is not proven; one that is a command line does so before the next customer's payment.
    Asks,
    /// The till is started again, and does what the documentation says.
    StartUp,
    Arrives(usize),
    IsDropped(usize),
    Pays(usize),
    Fails(usize),
    SaysFailed(usize),
    CatchesUp(usize),
    ReceiptsCome(usize),
    IsCancelled(usize),
    IsTakenBack(usize),
    IsReversedByHand(usize),
    Answers(usize),
    RefusesLate(usize),
    LineBreaks(usize),
    Crashes,
    TimePasses(i64),
    IsSuspended,
    ClockIsSet(i64),
    IsCopied,
    IsBroughtBack,
    LossIsAccepted,
}

/// The names of all of them.
pub const MOVES: [&str; 27] = [
    "till",
    "cashier",
    "acts",
    "decides",
    "decides reversal",
    "asks",
    "start-up",
    "arrives",
    "is dropped",
    "pays",
    "fails",
    "says failed",
    "catches up",
    "receipts come",
    "is cancelled",
    "is taken back",
    "is reversed by hand",
    "answers",
    "refuses late",
    "line breaks",
    "crashes",
    "time passes",
    "is suspended",
    "clock is set",
    "is copied",
    "is brought back",
    "loss is accepted",
];

impl Move {
    fn name(self) -> &'static str {
        match self {
            Move::Till => "till",
            Move::Cashier(..) => "cashier",
            Move::Acts => "acts",
            Move::Decides { .. } => "decides",
            Move::DecidesReversal { .. } => "decides reversal",
            Move::Asks => "asks",
            Move::StartUp => "start-up",
            Move::Arrives(_) => "arrives",
            Move::IsDropped(_) => "is dropped",
            Move::Pays(_) => "pays",
            Move::Fails(_) => "fails",
            Move::SaysFailed(_) => "says failed",
            Move::CatchesUp(_) => "catches up",
            Move::ReceiptsCome(_) => "receipts come",
            Move::IsCancelled(_) => "is cancelled",
            Move::IsTakenBack(_) => "is taken back",
            Move::IsReversedByHand(_) => "is reversed by hand",
            Move::Answers(_) => "answers",
            Move::RefusesLate(_) => "refuses late",
            Move::LineBreaks(_) => "line breaks",
            Move::Crashes => "crashes",
            Move::TimePasses(_) => "time passes",
            Move::IsSuspended => "is suspended",
            Move::ClockIsSet(_) => "clock is set",
            Move::IsCopied => "is copied",
            Move::IsBroughtBack => "is brought back",
            Move::LossIsAccepted => "loss is accepted",
        }
    }
}

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// For so long a till may be off, or not ask.
const LONGEST_OFF: i64 = 30 * MINUTE;

/// One step as it is taken: the world, the graph's constants, and the choices.
pub struct Step<'a> {
    pub world: &'a mut World,
    pub graph: &'a Graph,
    pub play: &'a mut Play,
}

impl Searched for Graph {
    type State = World;
    type Violation = Broken;

    fn first(&self) -> World {
        crate::ledger::first(self)
    }

    fn step(&self, world: &mut World, play: &mut Play) -> bool {
        let moves = Step { world, graph: self, play }.moves();
        if moves.is_empty() {
            return false;
        }
        let chosen = moves[play.choose(moves.len())];
        play.coverage.reach(chosen.name());
        let mut step = Step { world, graph: self, play };
        step.make(chosen);
        world.settle_down(self);
        true
    }

    fn violation(&self, world: &World) -> Option<Broken> {
        broken(self, world)
    }
}

impl World {
    /// Whether nothing happens at the service any more by itself.
    pub fn is_quiet(&self) -> bool {
        self.service.iter().all(Transaction::is_quiet)
    }

    /// Whether all is over that could follow: nobody acts, nobody waits, and everything was asked about and told.
    pub fn is_at_rest(&self) -> bool {
        let is_asked = self.is_asked || !self.file.attempts.iter().any(Attempt::is_unproven);
        let is_compared = self.is_compared && !self.is_blind || !self.was_brought_back;
        self.is_quiet()
            && is_asked
            && is_compared
            && self.is_told
            && self.is_idle()
            && !self.cashier.is_acting()
            && !self.cashier.is_to_give_back()
    }

    pub fn is_idle(&self) -> bool {
        self.process.as_ref().is_some_and(|process| process.call.is_none())
    }

    /// Sets all clocks to nought, and forgets what makes no difference any more, so that the same is known again.
    fn settle_down(&mut self, graph: &Graph) {
        let (awake, real) = (self.clocks.awake, self.clocks.real);
        self.clocks.since_then += real;
        (self.clocks.awake, self.clocks.real) = (0, 0);
        let now = if graph.is_without(7) { self.clocks.wall } else { 0 };
        let copied = self.copy.iter_mut().flat_map(|copy| copy.0.attempts.iter_mut());
        let is_idle = self.process.as_ref().is_none_or(|process| process.call.is_none());
        for attempt in self.file.attempts.iter_mut().chain(copied) {
            grow_older(attempt, awake, real, now, graph, is_idle);
        }
        if let Some(process) = &mut self.process {
            process.grow_older(awake, real);
            let attempts = &self.file.attempts;
            process.aborts.retain(|(at, _)| attempts[*at].state == State::Starting);
            process.told.retain(|(at, _)| attempts[*at].needs_a_person());
        }
        for transaction in &mut self.service {
            transaction.grow_older(real, graph, is_idle);
        }
        if graph.scene == Scene::BroughtBack {
            self.put_dates_in_order();
        }
        if !self.service.iter().any(Transaction::is_running) {
            self.at_terminal = None;
        }
        // What was created and never started, and is in no file, is nobody's.
        while is_idle && graph.scene != Scene::BroughtBack && self.service.last().is_some_and(|last| last.starts == 0) {
            let id = (self.service.len() - 1).to_string();
            if self.file.attempts.iter().any(|attempt| attempt.transaction_id.as_ref() == Some(&id)) {
                break;
            }
            self.service.pop();
        }
    }
}

impl World {
    /// The service's own times are only compared with each other: their order is all that counts.
    fn put_dates_in_order(&mut self) {
        let copied = self.copy.iter_mut().flat_map(|copy| copy.0.attempts.iter_mut());
        let dates = self.file.attempts.iter_mut().chain(copied).filter_map(|attempt| attempt.server_date.as_mut());
        let created = self.service.iter_mut().map(|transaction| &mut transaction.created);
        let mut all: Vec<&mut i64> = dates.chain(created).collect();
        all.sort_unstable_by_key(|date| std::cmp::Reverse(**date));
        let (mut rank, mut last) = (-SECOND, None);
        for date in all {
            if last.is_some_and(|last| last != *date) {
                rank -= SECOND;
            }
            last = Some(*date);
            *date = rank;
        }
    }
}

/// What is older makes no difference any more.
const OLDEST: i64 = 7 * DAY;

fn grow_older(attempt: &mut Attempt, awake: i64, real: i64, now: i64, graph: &Graph, is_idle: bool) {
    let is_open = attempt.state == State::Starting;
    let grace = attempt.grace.unwrap_or_default();
    // Till time may go slower than time, never faster: where nobody waits for a second, it goes in steps, and the next one
    // begins anew.
    let steps = |time: &mut i64, steps: &[i64]| {
        *time -= awake;
        let age = now - *time;
        if let Some(step) = steps.iter().rev().find(|step| age >= **step) {
            *time = now - step;
        } else if is_idle && age > 0 {
            *time = now;
        }
    };
    let day = if graph.scene == Scene::MoneyBack { DAY + 1 } else { OLDEST };
    steps(&mut attempt.begun_till, &[grace, HOUR / 4, HOUR, day.min(OLDEST), OLDEST]);
    if let Some(finished) = &mut attempt.finished_till {
        steps(finished, if attempt.state.is_negative() { &[0, HOUR / 4] } else { &[0, MINUTE] });
    }
    if let Some(decision) = &mut attempt.decision {
        steps(&mut decision.decided_till, &[0, HOUR / 4]);
    }
    if let Some(reversal) = &mut attempt.reversal {
        steps(&mut reversal.begun_till, &[reversal.grace.unwrap_or_default(), OLDEST]);
        if let Some(decision) = &mut reversal.decision {
            decision.decided_till = now;
        }
    }
    // Only a word for "not paid" has to be read for a minute.
    let is_negative = matches!(attempt.status_text.as_deref(), Some("Failed" | "Aborted" | "Cancelled"));
    let since = attempt.word_since_till.filter(|_| is_open && is_negative);
    attempt.word_since_till = since.map(|since| (since - awake).max(now - MINUTE));
    attempt.server_date = attempt.server_date.map(|date| date - real);
    if !is_open {
        (attempt.refused, attempt.abort_sent, attempt.status_text) = (false, false, None);
        if !attempt.is_unproven() && graph.scene != Scene::MoneyBack {
            attempt.begun_till = now;
        }
        let is_read_again = attempt.is_unproven() || graph.scene == Scene::MoneyBack;
        if attempt.proven || !attempt.state.is_negative() && !is_read_again {
            attempt.finished_till = attempt.finished_till.map(|_| now);
            attempt.decision.iter_mut().for_each(|decision| decision.decided_till = now);
        }
    }
}

impl Step<'_> {
    pub fn real(&self) -> i64 {
        self.world.clocks.real
    }

    /// Something at the service has changed: what was asked before says nothing of it.
    pub fn change(&mut self) {
        (self.world.is_asked, self.world.is_told) = (false, false);
    }

    fn tell(&mut self, line: impl FnOnce(&World) -> String) {
        let world = &*self.world;
        let at = world.clocks.since_then + world.clocks.real;
        self.play.tell(|| format!("{} {}", clock(at), line(world)));
    }

    /// A line of the story.
    pub fn say(&mut self, line: impl FnOnce() -> String) {
        self.tell(|_| line());
    }

    fn moves(&mut self) -> Vec<Move> {
        let (world, graph) = (&*self.world, self.graph);
        let mut moves = Vec::new();
        for (number, transaction) in world.service.iter().enumerate() {
            match transaction.truth {
                Truth::OnItsWay => moves.extend([Move::Arrives(number), Move::IsDropped(number)]),
                Truth::AtTerminal => {
                    if world.at_terminal.is_some() {
                        moves.push(Move::Pays(number));
                    }
                    moves.push(Move::Fails(number));
                    if graph.has(Behaviour::FailedThenPaid) {
                        moves.push(Move::SaysFailed(number));
                    }
                }
                Truth::SaidFailed => {
                    if world.at_terminal.is_some() {
                        moves.push(Move::Pays(number));
                    }
                    moves.push(Move::Fails(number));
                }
                Truth::Paid => {
                    if !transaction.receipts {
                        moves.push(Move::ReceiptsCome(number));
                    }
                    if transaction.reversing.is_some() {
                        moves.push(Move::IsCancelled(number));
                    }
                    if graph.has(Behaviour::ReversedByHand) && self.is_noticed_if_reversed(number) {
                        moves.push(Move::IsReversedByHand(number));
                    }
                    let was_said = || {
                        world.file.attempts.iter().any(|attempt| {
                            attempt.state == State::Approved && attempt.transaction_id == Some(number.to_string())
                        })
                    };
                    if graph.has(Behaviour::TakesBackOk) && transaction.word == Word::Ok && was_said() {
                        moves.push(Move::IsTakenBack(number));
                    }
                }
                Truth::Created | Truth::Failed | Truth::Aborted | Truth::Reversed => {}
            }
            let goes_on_saying_ok = transaction.truth == Truth::Reversed && transaction.word == Word::Ok;
            if graph.has(Behaviour::TakesBackOk) && goes_on_saying_ok {
                moves.push(Move::IsTakenBack(number));
            }
            if transaction.behind.is_some() {
                moves.push(Move::CatchesUp(number));
            }
        }
        self.moves_of_till(&mut moves);
        self.moves_of_cashier(&mut moves);
        self.moves_of_time(&mut moves);
        moves
    }

    /// Whether the till is going to read it: of what it has as paid, with its receipts, it asks nobody again.
    fn is_noticed_if_reversed(&self, number: usize) -> bool {
        let id = number.to_string();
        let mut attempts = self.world.file.attempts.iter();
        let found = attempts.find(|attempt| attempt.transaction_id.as_ref() == Some(&id));
        found.is_some_and(Attempt::is_unproven) || self.world.cashier.is_to_give_back()
    }

    /// Time passes while everybody waits, and only until something has to happen.
    fn moves_of_time(&mut self, moves: &mut Vec<Move>) {
        let world = &*self.world;
        let limit = world.service.iter().filter_map(|transaction| transaction.limit(self.graph)).min();
        let waits = match &world.process {
            None => true,
            Some(process) => process.waits(world.clocks.awake) && !world.cashier.is_acting(),
        };
        let left = limit.map_or(i64::MAX, |limit| limit - world.clocks.real);
        let next = self.next_threshold().into_iter().chain(limit.map(|_| left)).min();
        // A till runs and asks as it should: nobody leaves it off for days.
        let asks = world.asks_are_due && !world.is_asked && self.has_to_ask();
        let is_off = world.process.is_none() || world.cashier.owes_start_up() || asks;
        if waits
            && left > 0
            && let Some(next) = next.filter(|next| !is_off || *next <= LONGEST_OFF)
        {
            moves.push(Move::TimePasses(next));
        }
        if self.graph.has(Behaviour::Suspended) && !self.world.is_disturbed && left > 0 {
            moves.push(Move::IsSuspended);
        }
        if self.graph.has(Behaviour::ClockSet) && !self.world.is_disturbed {
            moves.extend([HOUR, -HOUR, 10 * DAY, -10 * DAY].map(Move::ClockIsSet));
        }
        let may_copy =
            self.graph.scene == Scene::BroughtBack && self.world.is_idle() && !self.world.cashier.is_acting();
        if may_copy && self.world.copy.is_none() && !self.world.was_brought_back && self.world.is_quiet() {
            moves.push(Move::IsCopied);
        }
        // To bring a copy back takes longer than a payment.
        if may_copy && self.world.copy.is_some() && self.world.is_quiet() {
            moves.push(Move::IsBroughtBack);
        }
    }

    /// How long until something is old enough for somebody to act differently.
    fn next_threshold(&self) -> Option<i64> {
        let world = &*self.world;
        let now = self.now();
        let mut times = Vec::new();
        for attempt in &world.file.attempts {
            let begun = attempt.begun_till;
            let grace = attempt.grace.unwrap_or_default();
            let decided = attempt.decision.as_ref().map(|decision| decision.decided_till);
            let finished = attempt.finished_till.filter(|_| !attempt.proven);
            if attempt.state == State::Starting {
                times.extend([begun + grace, begun + HOUR]);
                times.extend(decided.map(|at| at + HOUR / 4));
            } else if attempt.state.is_negative() {
                times.extend(finished.map(|at| at + HOUR / 4));
            }
            if attempt.is_unproven() {
                times.push(begun + 7 * DAY);
                times.extend(finished.filter(|_| attempt.state == State::Approved).map(|at| at + MINUTE));
            }
            if let Some(reversal) = &attempt.reversal {
                times.push(reversal.begun_till + reversal.grace.unwrap_or_default());
            }
            if self.graph.scene == Scene::MoneyBack && attempt.state == State::Approved {
                times.push(begun + DAY + 1);
            }
        }
        if !world.is_asked && !world.asks_are_due && self.has_to_ask() {
            times.push(now + HOUR / 4);
        }
        times.extend(world.process.iter().flat_map(|process| process.waits_until()));
        times.into_iter().map(|time| time - now).filter(|left| *left > 0).min()
    }

    fn make(&mut self, chosen: Move) {
        match chosen {
            Move::Till => self.till_goes_on(),
            Move::Cashier(duty, purchase) => self.cashier_goes_on(duty, purchase),
            Move::Acts => self.cashier_acts(),
            Move::Decides { at, paid } => self.decide(at, paid),
            Move::DecidesReversal { at, reversed } => self.decide_reversal(at, reversed),
            Move::Asks => self.ask_about_the_rest(),
            Move::StartUp => self.start_up(),
            Move::Arrives(number) => self.arrives(number),
            Move::IsDropped(number) => self.is_dropped(number),
            Move::Pays(number) => self.pays(number),
            Move::Fails(number) => self.fails(number),
            Move::SaysFailed(number) => self.says_failed(number),
            Move::CatchesUp(number) => {
                self.world.service[number].catches_up(self.graph);
                self.tell(|world| {
                    format!("The service now says {} of transaction {}.", world.service[number].word.text(), number)
                });
                self.change();
            }
            Move::ReceiptsCome(number) => {
                self.say(|| format!("The receipts of transaction {number} are there now."));
                self.world.service[number].receipts = true;
            }
            Move::IsCancelled(number) => self.is_cancelled(number),
            Move::IsTakenBack(number) => {
                let word = [Word::Failed, Word::Processing][self.play.choose(2)];
                self.say(|| format!("The service takes back what it said of transaction {number}: {}.", word.text()));
                self.world.service[number].word = word;
                self.change();
            }
            Move::IsReversedByHand(number) => {
                self.say(|| "Somebody reverses it at the terminal, by hand.".into());
                self.is_cancelled(number);
            }
            Move::Answers(number) => self.start_answers(number),
            Move::RefusesLate(number) => self.start_is_refused_late(number),
            Move::LineBreaks(number) => self.line_breaks(number),
            Move::Crashes => {
                self.say(|| "The till's program dies.".into());
                self.world.faults -= 1;
                self.crash();
            }
            Move::TimePasses(length) => {
                self.say(|| format!("{} pass.", length_in_words(length)));
                self.world.clocks.awake += length;
                self.world.clocks.real += length;
                self.time_has_passed(length);
            }
            Move::IsSuspended => self.is_suspended(),
            Move::ClockIsSet(by) => {
                let direction = if by > 0 { "forward" } else { "back" };
                self.say(|| format!("Somebody sets the till's clock {direction} by {}.", length_in_words(by.abs())));
                self.world.clocks.wall += by;
                self.world.is_disturbed = true;
            }
            Move::IsCopied => {
                self.say(|| "The state file and its head are copied, as every night.".into());
                self.world.copy = Some((self.world.file.clone(), self.world.cashier.duties.clone()));
            }
            Move::IsBroughtBack => {
                self.say(|| "Last night's copy is brought back, the head with it, and the till started.".into());
                let (file, duties) = self.world.copy.take().expect("a copy");
                self.world.file = file;
                self.crash();
                self.world.cashier.duties = duties;
                (self.world.was_brought_back, self.world.is_compared) = (true, false);
            }
            Move::LossIsAccepted => self.accept_loss(),
        }
    }

    fn is_suspended(&mut self) {
        let left = self.world.service.iter().filter_map(|transaction| transaction.limit(self.graph)).min();
        let length = HOUR.min(left.unwrap_or(HOUR) - self.world.clocks.real).max(0);
        self.say(|| format!("The till's machine is suspended for {}.", length_in_words(length)));
        self.world.clocks.real += length;
        self.world.is_disturbed = true;
    }

    fn crash(&mut self) {
        let now = self.world.clocks.real;
        for transaction in &mut self.world.service {
            transaction.hangs_up(now);
        }
        self.world.process = None;
        self.world.asks_are_due = true;
        self.world.cashier.forget();
        self.change();
    }

    /// A till that lives long runs all day; a command line is a process for each call.
    pub fn open(&mut self) -> &mut Process {
        self.world.process.get_or_insert_with(Process::default)
    }

    /// The call has returned.
    pub fn hang_up(&mut self) {
        if let Some(process) = &mut self.world.process {
            process.call = None;
            if self.graph.life == Life::CommandLine {
                self.world.process = Some(Process::default());
            }
        }
    }

    pub fn call(&mut self, call: Call) {
        self.open().call = Some((call, Phase::Asked));
    }
}

fn clock(at: i64) -> String {
    let seconds = at / 1000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    let day = if days > 0 { format!("day {days}, ") } else { String::new() };
    format!("[{day}{hours}:{minutes:02}:{:02}]", seconds % 60)
}

fn length_in_words(length: i64) -> String {
    match length {
        ..60_000 => format!("{} s", length as f64 / 1000.0),
        60_000..7_200_000 => format!("{} min", (length as f64 / 6000.0).round() / 10.0),
        7_200_000..172_800_000 => format!("{} h", length / HOUR),
        _ => format!("{} days", length / DAY),
    }
}
