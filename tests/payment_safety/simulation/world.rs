//! The world outside the till: time, the machine, chance, what is on its way, and when the till's process dies. The service and
//! its terminal are the simulator's model, under this time. What happens on the way there is in `network`.

use std::time::Duration;

use secupos_simulator::model::Model;

use super::behaviour::Behaviour;
use super::dice::Dice;
use super::network::Flight;
use super::transactions::Transaction;

/// When all of this begins by the service's clock; the machine's is two minutes behind.
const BEGIN: Duration = Duration::from_secs(1_700_000_123);

/// The machine that the till runs on.
#[derive(Default)]
struct Machine {
    boots: u32,
    booted_at: Duration,
    /// For how long it has slept since.
    asleep: Duration,
    /// By so many milliseconds somebody has set its clock.
    set: i64,
}

pub struct World {
    pub now: Duration,
    pub dice: Dice,
    pub behaviour: Behaviour,
    /// Until then nothing comes through.
    pub outage_until: Duration,
    /// Nothing goes wrong on the way any more.
    pub calm: bool,
    pub model: Model,
    /// What is known of its transactions, in the order of their creation.
    pub transactions: Vec<Transaction>,
    pub flights: Vec<Flight>,
    /// In so many instants the process dies.
    pub dies_in: Option<u64>,
    pub dead: bool,
    pub deaths: u64,
    machine: Machine,
    /// When which start reaches the service.
    coming: Vec<(Duration, usize)>,
    diary: Vec<String>,
    keeps_diary: bool,
}

impl World {
    pub fn new(seed: u64, keeps_diary: bool) -> Self {
        let mut dice = Dice::new(seed);
        let behaviour = Behaviour::draw(&mut dice);
        let mut world = World {
            now: Duration::ZERO,
            dice,
            behaviour,
            outage_until: Duration::ZERO,
            calm: false,
            model: Model::new(behaviour.settings(), seed, BEGIN),
            transactions: Vec::new(),
            flights: Vec::new(),
            dies_in: None,
            dead: false,
            deaths: 0,
            machine: Machine::default(),
            coming: Vec::new(),
            diary: Vec::new(),
            keeps_diary,
        };
        world.note(|| format!("{behaviour:?}"));
        world
    }

    /// Writes down what happens, for whoever replays a seed.
    pub fn note(&mut self, what: impl FnOnce() -> String) {
        if self.keeps_diary {
            self.diary.push(format!("{:>9.3} {}", self.now.as_secs_f64(), what()));
        }
    }

    pub fn diary(&self) -> &[String] {
        &self.diary
    }

    /// A start is going to reach the service.
    pub fn expect(&mut self, after: Duration, flight: usize) {
        self.coming.push((self.now + after, flight));
    }

    /// When something happens next.
    pub fn next_event(&self) -> Option<Duration> {
        self.coming.iter().map(|(at, _)| *at).chain(self.model.next_due()).min()
    }

    pub fn pass(&mut self, duration: Duration) {
        self.pass_until(self.now + duration);
    }

    pub fn pass_until(&mut self, until: Duration) {
        while let Some(at) = self.next_event().filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.model.advance(self.now);
            self.has_heard();
            if let Some(next) = self.coming.iter().position(|(when, _)| *when == at) {
                let (_, flight) = self.coming.remove(next);
                self.arrives(flight);
            }
        }
        self.now = self.now.max(until);
    }

    /// What has come of the model meanwhile.
    pub fn has_heard(&mut self) {
        for step in self.model.take_steps() {
            self.hears(&step);
        }
        for (awaited, answer) in self.model.take_answers() {
            self.has_an_answer(awaited, answer);
        }
    }

    /// For how long the machine has been on.
    pub fn on(&self) -> Duration {
        self.now - self.machine.booted_at
    }

    /// For how long it has been awake.
    pub fn awake(&self) -> Duration {
        self.on() - self.machine.asleep
    }

    pub fn boots(&self) -> u32 {
        self.machine.boots
    }

    /// What its clock shows: Unix milliseconds.
    pub fn wall(&self) -> i64 {
        1_700_000_000_000 + self.machine.set + i64::try_from(self.now.as_millis()).expect("fits")
    }

    /// The machine is started again: its clocks that nobody can set begin anew.
    pub fn boots_again(&mut self) {
        let Machine { boots, set, .. } = self.machine;
        self.machine = Machine { boots: boots + 1, booted_at: self.now, asleep: Duration::ZERO, set };
        self.note(|| "the machine is started again".into());
    }

    /// Now and then the machine sleeps, or somebody sets its clock.
    pub fn is_restless(&mut self) {
        if self.calm || self.dead || self.dice.below(1000) >= self.behaviour.unrest {
            return;
        }
        if self.dice.percent(50) {
            let sleeps = self.dice.millis(5_000, 3 * 3600 * 1000);
            self.note(|| format!("the machine sleeps for {sleeps:?}"));
            self.machine.asleep += sleeps;
            self.pass(sleeps);
        } else {
            const HOUR: i64 = 3600 * 1000;
            self.machine.set += self.dice.pick(&[HOUR, -HOUR, 240 * HOUR, -240 * HOUR]);
            let set = self.machine.set;
            self.note(|| format!("the machine's clock is set, and off by {set} ms"));
        }
    }

    /// A process begins, and may die after so many instants.
    pub fn is_born(&mut self, dies_in: Option<u64>) {
        self.dead = false;
        self.dies_in = dies_in;
    }

    /// Whether the process dies at this instant, or is dead already.
    pub fn dies_now(&mut self) -> bool {
        if !self.dead && self.dies_in == Some(0) {
            self.dead = true;
            self.deaths += 1;
            self.note(|| "the till is killed".into());
        }
        self.dies_in = self.dies_in.and_then(|left| left.checked_sub(1));
        self.dead
    }
}
