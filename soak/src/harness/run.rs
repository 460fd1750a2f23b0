//! One till with its own simulator: begun, disturbed as planned, killed, begun again, and at last let finish.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use secupos_simulator::fault::Endpoint;
use secupos_simulator::{Moment, Options, Simulator, Step};
use serde_json::{Value, json};

use crate::evidence::{Case, Seen};
use crate::goal::Goal;
use crate::plan::{Aim, FASTER, GRACE_MS, PAYMENT_MS, Plan, TIMEOUTS};
use crate::process::Process;
use crate::state_file::{self, Name};

/// What was on its way to the server when a till was killed has arrived after so long.
const SETTLING: Duration = Duration::from_millis(25);
/// A till that has said nothing for so long is stuck: nothing it does takes longer.
const STUCK: Duration = Duration::from_secs(60);
/// A till that has not finished so long after the goal was reached does the same over and over.
const LONGEST_END: Duration = Duration::from_secs(300);
/// No start takes longer, in microseconds, one that comes late included.
const RUNNING: u64 = (GRACE_MS + 1000) * 1000;

/// So many sales are made undisturbed before the end. The library looks at a few earlier payments before each: so all
/// that are not proven get their turn, and a wrong decision comes to light.
const LAST_SALES: usize = 40;

/// What a till's thread hears.
pub enum Event {
    /// The till's process says something.
    Said(Value),
    /// The till's process has ended.
    Gone,
    /// The simulator tells a step.
    Step(Step),
}

/// One till, its simulator, and what was seen of them.
pub struct Run {
    name: String,
    program: PathBuf,
    directory: PathBuf,
    goal: Arc<Goal>,
    simulator: Simulator,
    sender: Sender<Event>,
    events: Receiver<Event>,
    /// Heard while something else was waited for.
    backlog: VecDeque<Event>,
    process: Option<Process>,
    plan: Plan,
    /// The attempt that is being paid.
    paying: Name,
    /// What the till has last said, and when.
    heard: Value,
    heard_at: Instant,
    /// When the till is killed next, and how that was aimed.
    kill_at: Option<(Instant, &'static str)>,
    /// When a start that is held up has outlasted the till's patience.
    late_at: Option<(Instant, String)>,
    seen: BTreeMap<String, Seen>,
    transactions: BTreeMap<Name, String>,
    cases: BTreeMap<String, Case>,
    kills: Vec<Value>,
    faults: Vec<String>,
    /// How many sales are left to be made undisturbed, and since when.
    last_sales: usize,
    ending_since: Option<Instant>,
    has_finished: bool,
}

/// What is left of a run.
pub struct Record {
    pub ledger: Vec<Value>,
    pub transactions: Vec<Value>,
    pub cases: Vec<Value>,
    pub kills: Vec<Value>,
    pub aborts: Vec<Value>,
    pub books: String,
    pub faults: Vec<String>,
}

impl Run {
    pub fn new(name: String, program: PathBuf, directory: PathBuf, goal: Arc<Goal>) -> std::io::Result<Run> {
        std::fs::create_dir_all(&directory)?;
        let simulator = Simulator::start(Options::default())?;
        let (sender, events) = mpsc::channel();
        let steps = sender.clone();
        simulator.watch(move |step| {
            // Of reads and logins nothing is to be known.
            if !matches!(step.moment, Moment::Arrived(Endpoint::Read | Endpoint::Token)) {
                let _ = steps.send(Event::Step(step.clone()));
            }
        });
        Ok(Run {
            name,
            program,
            directory,
            goal,
            simulator,
            sender,
            events,
            backlog: VecDeque::new(),
            process: None,
            plan: Plan::kind(),
            paying: Name::default(),
            heard: Value::Null,
            heard_at: Instant::now(),
            kill_at: None,
            late_at: None,
            seen: BTreeMap::new(),
            transactions: BTreeMap::new(),
            cases: BTreeMap::new(),
            kills: Vec::new(),
            faults: Vec::new(),
            last_sales: LAST_SALES,
            ending_since: None,
            has_finished: false,
        })
    }

    /// Runs it until the goal is reached and the till has finished.
    pub fn run(mut self) -> Record {
        while !self.has_finished && self.faults.is_empty() {
            if self.process.is_none() {
                self.begin();
            }
            let now = Instant::now();
            if let Some((_, aim)) = self.kill_at.filter(|(at, _)| *at <= now) {
                self.kill(now_us(), aim);
                continue;
            }
            if let Some((_, transaction)) = self.late_at.take_if(|(at, _)| *at <= now) {
                let how = self.plan.breaks.as_ref().map(|breaks| breaks.name);
                self.broke(transaction, now_us(), how);
                continue;
            }
            if self.goal.is_reached() && self.ending_since.get_or_insert(now).elapsed() > LONGEST_END {
                self.faults.push(format!("the till comes to no end; it has last said {}", self.heard));
                continue;
            }
            let next =
                [self.kill_at.map(|(at, _)| at), self.late_at.as_ref().map(|(at, _)| *at)].into_iter().flatten().min();
            let limit = next.map_or(Duration::from_millis(500), |at| at.saturating_duration_since(now));
            let event = self.backlog.pop_front().or_else(|| self.events.recv_timeout(limit).ok());
            match event {
                Some(Event::Step(step)) => self.react(&step),
                Some(Event::Said(line)) => self.hear(&line),
                Some(Event::Gone) => self.ended_by_itself(),
                None if self.heard_at.elapsed() > STUCK => {
                    self.faults.push(format!("the till is stuck; it has last said {}", self.heard));
                }
                None => {}
            }
        }
        if !self.faults.is_empty() {
            println!("{}: {:?}", self.name, self.faults);
            self.goal.stop();
        }
        self.process = None;
        self.record()
    }

    fn begin(&mut self) {
        let timeouts = TIMEOUTS.map(|ms| ms.to_string()).join(",");
        let arguments = [
            self.simulator.base_url(),
            self.simulator.client_id().to_owned(),
            self.simulator.client_secret().to_owned(),
            self.simulator.device_code().to_owned(),
            self.directory.display().to_string(),
            self.name.clone(),
            timeouts,
            FASTER.to_string(),
        ];
        match Process::begin(&self.program, &arguments, &self.directory, self.sender.clone()) {
            Ok(process) => self.process = Some(process),
            Err(fault) => self.faults.push(format!("{} cannot be begun: {fault}", self.program.display())),
        }
        self.heard_at = Instant::now();
        self.plan.aim = Aim::Never;
        if !self.goal.is_reached() && fastrand::u8(0..100) < 15 {
            self.aim(Duration::from_millis(fastrand::u64(0..1200)), "after_opening");
        }
    }

    /// The till is killed after this time.
    fn aim(&mut self, after: Duration, how: &'static str) {
        self.kill_at = Some((Instant::now() + after, how));
    }

    /// Notes what the simulator saw.
    fn see(&mut self, step: &Step) {
        if step.moment == Moment::Created {
            let (reference, attempt) = self.paying.clone();
            self.transactions.insert(self.paying.clone(), step.transaction.clone());
            self.seen.insert(step.transaction.clone(), Seen { reference, attempt, ..Seen::default() });
            return;
        }
        let Some(seen) = self.seen.get_mut(&step.transaction) else { return };
        let once = |time: &mut Option<u64>| *time = time.or(Some(step.time_us));
        match step.moment {
            Moment::Arrived(Endpoint::Start) => {
                once(&mut seen.started);
                seen.is_lost = self.plan.breaks.as_ref().is_some_and(|breaks| breaks.is_lost());
                seen.disowned = self.plan.disowns();
            }
            Moment::Paid | Moment::NotPaid => {
                once(&mut seen.committed);
                seen.is_paid |= step.moment == Moment::Paid;
            }
            Moment::Answered(Endpoint::Start) if seen.disowned.is_none() => once(&mut seen.answered),
            _ => {}
        }
    }

    /// Notes a step, and does what is planned for it.
    fn react(&mut self, step: &Step) {
        self.see(step);
        let aim = self.plan.aim;
        let is_done = matches!(step.moment, Moment::Paid | Moment::NotPaid);
        match (aim, step.moment) {
            (Aim::AfterRow, Moment::Arrived(Endpoint::Create)) => self.kill_after_row(),
            (Aim::AfterSend(ms), Moment::Arrived(Endpoint::Start)) => self.aim(Duration::from_millis(ms), aim.name()),
            (Aim::AfterCommit(ms), _) if is_done => self.aim(Duration::from_millis(ms), aim.name()),
            (Aim::AfterAnswer, _) if is_done => self.kill_after_answer(&step.transaction),
            _ => {}
        }
        if self.plan.kills_tokens == Some(step.moment) {
            self.simulator.kill_tokens();
        }
        match step.moment {
            Moment::Spoilt(Endpoint::Start) => {
                let how = self.plan.breaks.as_ref().map(|breaks| breaks.name);
                self.broke(step.transaction.clone(), step.time_us, how);
            }
            Moment::Answered(Endpoint::Start) => {
                let how = self.seen.get(&step.transaction).and_then(|seen| seen.disowned);
                self.broke(step.transaction.clone(), step.time_us, how);
            }
            Moment::Arrived(Endpoint::Start) if self.plan.breaks.as_ref().is_some_and(|breaks| breaks.is_late()) => {
                self.late_at = Some((Instant::now() + Duration::from_millis(PAYMENT_MS), step.transaction.clone()));
            }
            _ => {}
        }
    }

    /// The answer to a start is lost while the till waits for it, or says something else than what is so.
    fn broke(&mut self, transaction: String, at: u64, how: Option<&'static str>) {
        let Some(how) = how.filter(|_| self.process.is_some()) else { return };
        let began = "break";
        let case = Case { transaction: transaction.clone(), began, how, at, ended: None };
        self.cases.entry(transaction).or_insert(case);
        if let Aim::AfterBreak(ms) = self.plan.aim {
            self.aim(Duration::from_millis(ms), self.plan.aim.name());
        }
    }

    /// Hears what the till says, and answers.
    fn hear(&mut self, line: &Value) {
        (self.heard, self.heard_at) = (line.clone(), Instant::now());
        let answer = match line["say"].as_str() {
            Some("told") => return self.told(line),
            Some("next") if self.goal.is_reached() && self.last_sales == 0 => "finish".to_owned(),
            // Few sums, so that the same one often comes twice in a row.
            Some("next") => {
                self.last_sales -= usize::from(self.goal.is_reached());
                format!("sell {}", fastrand::u32(100..=130))
            }
            Some("paying") => {
                self.paying = name_of(line);
                let plan = self.plan_for();
                self.disturb(plan);
                "go".to_owned()
            }
            Some("ask") => self.truth(line).to_owned(),
            Some("refund") => {
                self.simulator.give_back(line["transaction"].as_str().unwrap_or_default());
                "done".to_owned()
            }
            Some("finished") => {
                self.has_finished = true;
                return;
            }
            Some("fault") => return self.faults.push(line["fault"].to_string()),
            _ => return,
        };
        if let Some(process) = &mut self.process {
            process.answer(&answer);
        }
    }

    /// What is done to the attempt that is about to be paid. One that is in doubt already has been disturbed enough. While
    /// something is running, the service goes on saying of it what it said before.
    fn plan_for(&self) -> Plan {
        let is_known = self.transactions.get(&self.paying).is_some_and(|known| self.cases.contains_key(known));
        let is_running = self.seen.values().any(|seen| seen.is_running(now_us().saturating_sub(RUNNING)));
        match self.goal.is_reached() {
            true => Plan::kind(),
            false if is_known => Plan { settings: self.plan.settings.clone(), ..Plan::kind() },
            false if is_running => Plan::by_chance(&self.goal).saying_what(&self.plan),
            false => Plan::by_chance(&self.goal),
        }
    }

    fn disturb(&mut self, plan: Plan) {
        self.simulator.forget_faults();
        self.simulator.forget_scripts();
        self.simulator.script(plan.script.clone());
        for (endpoint, fault) in &plan.faults {
            self.simulator.fault(*endpoint, fault.clone());
        }
        self.simulator.set(|settings| *settings = plan.settings.clone());
        if let Aim::AtRandom(ms) = plan.aim {
            self.aim(Duration::from_millis(ms), plan.aim.name());
        }
        self.plan = plan;
    }

    /// The library has told an outcome.
    fn told(&mut self, line: &Value) {
        let text = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
        let outcome = text("outcome");
        if outcome == "unknown" {
            return;
        }
        if let Aim::AfterTold(us) = self.plan.aim {
            self.aim(Duration::from_micros(us), self.plan.aim.name());
        }
        let Some(case) = self.transactions.get(&name_of(line)).and_then(|known| self.cases.get_mut(known)) else {
            return;
        };
        if case.ended.is_none() {
            case.ended = Some((outcome, text("reason"), text("decided_by"), now_us()));
            if let Some(seen) = self.seen.get(&case.transaction) {
                self.goal.count_case(seen.window(case.at));
            }
        }
    }

    /// What the person at the terminal sees there.
    fn truth(&mut self, line: &Value) -> &'static str {
        self.drain();
        match self.transactions.get(&name_of(line)).and_then(|known| self.seen.get(known)) {
            Some(seen) if seen.is_paid => "paid",
            // What was refused, or aborted before the customer was done, has never moved money either.
            Some(seen) if !seen.is_running(now_us().saturating_sub(RUNNING)) => "not_paid",
            // Now and then a cashier is wrong: the start was held up somewhere and still comes.
            _ if !self.goal.is_reached() && fastrand::bool() => "not_paid",
            _ => "not_yet_known",
        }
    }

    /// Lets it run moment by moment from the answer to create on until the row is durable, and a little on; but not
    /// until start has come.
    fn kill_after_row(&mut self) {
        if !self.stop() || !self.wait_for(Moment::Answered(Endpoint::Create), "") {
            return;
        }
        let head = state_file::head(&self.directory);
        let mut left = 400;
        while left > 0 && !self.has_started() && state_file::head(&self.directory) == head {
            self.step(fastrand::u64(20..120));
            left -= 1;
        }
        for _ in 0..fastrand::u8(0..5) {
            if !self.has_started() {
                self.step(fastrand::u64(10..80));
            }
        }
        self.kill(now_us(), self.plan.aim.name());
    }

    /// Lets it run moment by moment from the answer to start on, mostly not until its result is stored.
    fn kill_after_answer(&mut self, transaction: &str) {
        if !self.stop() || !self.wait_for(Moment::Answered(Endpoint::Start), transaction) {
            return;
        }
        let head = state_file::head(&self.directory);
        for _ in 0..fastrand::u8(1..9) {
            self.step(fastrand::u64(0..120));
            if state_file::head(&self.directory) != head {
                break;
            }
        }
        self.kill(now_us(), self.plan.aim.name());
    }

    fn has_started(&mut self) -> bool {
        self.drain();
        let current = self.transactions.get(&self.paying).and_then(|known| self.seen.get(known));
        current.is_some_and(|seen| seen.started.is_some())
    }

    fn stop(&self) -> bool {
        self.process.as_ref().is_some_and(Process::stop)
    }

    fn step(&self, us: u64) {
        if let Some(process) = &self.process {
            process.step(Duration::from_micros(us));
        }
    }

    /// Waits for a step of the simulator while the till stands still. Lets it go on if that does not come.
    fn wait_for(&mut self, moment: Moment, transaction: &str) -> bool {
        let until = Instant::now() + Duration::from_secs(2);
        while let Ok(event) = self.events.recv_timeout(until.saturating_duration_since(Instant::now())) {
            match event {
                Event::Step(step) => {
                    self.see(&step);
                    if step.moment == moment && step.transaction == transaction {
                        return true;
                    }
                }
                other => self.backlog.push_back(other),
            }
        }
        if let Some(process) = &self.process {
            process.go_on();
        }
        false
    }

    /// Notes the steps that have come, and keeps all else for later.
    fn drain(&mut self) {
        while let Ok(event) = self.events.try_recv() {
            match event {
                Event::Step(step) => self.see(&step),
                other => self.backlog.push_back(other),
            }
        }
    }

    /// Kills the till; `at`: until when it ran. Then looks what stands in its state file.
    fn kill(&mut self, at: u64, aim: &'static str) {
        self.kill_at = None;
        self.late_at = None;
        let Some(process) = self.process.take() else { return };
        let pid = process.id();
        process.kill();
        std::thread::sleep(SETTLING);
        self.drain();
        for event in std::mem::take(&mut self.backlog) {
            match event {
                Event::Said(line) if line["say"] == "told" => self.told(&line),
                Event::Said(line) if matches!(line["say"].as_str(), Some("fault" | "finished")) => self.hear(&line),
                _ => {}
            }
        }
        self.kill_at = None;
        let states = match state_file::states(&self.directory, &self.paying.0) {
            Ok(states) => states,
            Err(fault) => return self.faults.push(format!("the state file cannot be read: {fault}")),
        };
        let current = self.transactions.get(&self.paying).cloned();
        let state = states.get(&self.paying).cloned().unwrap_or_else(|| "none".into());
        let has_started =
            current.as_ref().and_then(|known| self.seen.get(known)).is_some_and(|seen| seen.started.is_some());
        if has_started && state == "none" {
            self.faults.push(format!("{current:?} was started and has no row"));
        }
        self.kills.push(json!({"time": at / 1000, "till": self.name, "pid": pid, "aim": aim, "at": at,
            "reference": self.paying.0, "attempt": self.paying.1, "transaction": current, "state": state}));
        self.goal.count_kill();
        for (name, _) in states.iter().filter(|(_, state)| *state == "starting") {
            match self.transactions.get(name).cloned() {
                Some(transaction) => {
                    let case = Case { transaction: transaction.clone(), began: "kill", how: aim, at, ended: None };
                    self.cases.entry(transaction).or_insert(case);
                }
                None => self.faults.push(format!("{name:?} is in doubt, and nobody has created it")),
            }
        }
    }

    fn ended_by_itself(&mut self) {
        let Some(process) = self.process.take() else { return };
        let ended_well = process.wait();
        if !(ended_well && self.has_finished) {
            self.faults.push("the till has ended by itself".into());
        }
    }

    fn record(mut self) -> Record {
        let ledger = self.simulator.ledger().into_iter().map(|entry| {
            json!({"time": entry.time, "transaction": entry.transaction, "reference": entry.reference,
                "amount": entry.amount, "change": entry.change})
        });
        let (truths, requests) = (self.simulator.transactions(), self.simulator.requests());
        let has_forgotten =
            requests.len() == Simulator::REMEMBERED_REQUESTS || truths.len() == Simulator::REMEMBERED_TRANSACTIONS;
        if has_forgotten {
            self.faults.push("the simulator may have forgotten some of what happened".into());
        }
        let transactions = truths.into_iter().map(|truth| {
            let id = truth["id"].as_str().unwrap_or_default();
            let seen = self.seen.get(id).cloned().unwrap_or_default();
            json!({"transaction": id, "reference": seen.reference, "attempt": seen.attempt, "started": seen.started,
                "status": truth["status"]})
        });
        let aborts = requests.into_iter().filter(|request| request.path.ends_with("/abort"));
        let case = |case: &Case| case.line(self.seen.get(&case.transaction).unwrap_or(&Seen::default()));
        Record {
            ledger: ledger.collect(),
            transactions: transactions.collect(),
            cases: self.cases.values().map(case).collect(),
            kills: self.kills,
            aborts: aborts.map(|request| json!({"time": request.time_ms, "path": request.path})).collect(),
            books: std::fs::read_to_string(self.directory.join("booked.jsonl")).unwrap_or_default(),
            faults: self.faults.iter().map(|fault| format!("{}: {fault}", self.name)).collect(),
        }
    }
}

fn name_of(line: &Value) -> Name {
    let attempt = line["attempt"].as_i64().and_then(|attempt| i32::try_from(attempt).ok());
    (line["reference"].as_str().unwrap_or_default().to_owned(), attempt.unwrap_or_default())
}

fn now_us() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or_default()
}
