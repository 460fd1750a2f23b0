//! The world outside the till: time, chance, what is on its way, and when the till's process dies. What happens at the
//! service and its terminal is in `service`, what happens on the way there in `network`.

use std::time::Duration;

use super::behaviour::Behaviour;
use super::dice::Dice;
use super::service::Service;

/// What is going to happen.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A start reaches the service.
    Arrives { flight: usize },
    /// The customer is done at the terminal.
    Ends { transaction: usize },
    /// What has failed turns out to be paid.
    TurnsOk { transaction: usize },
}

pub struct World {
    pub now: Duration,
    pub dice: Dice,
    pub behaviour: Behaviour,
    /// Until then nothing comes through.
    pub outage_until: Duration,
    /// Nothing goes wrong on the way any more.
    pub calm: bool,
    pub service: Service,
    /// In so many instants the process dies.
    pub dies_in: Option<u64>,
    pub dead: bool,
    pub deaths: u64,
    coming: Vec<(Duration, Event)>,
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
            service: Service::default(),
            dies_in: None,
            dead: false,
            deaths: 0,
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

    pub fn expect(&mut self, after: Duration, event: Event) {
        self.coming.push((self.now + after, event));
    }

    /// When something happens next.
    pub fn next_event(&self) -> Option<Duration> {
        self.coming.iter().map(|(at, _)| *at).min()
    }

    pub fn pass(&mut self, duration: Duration) {
        self.pass_until(self.now + duration);
    }

    pub fn pass_until(&mut self, until: Duration) {
        while let Some(at) = self.next_event().filter(|at| *at <= until) {
            self.now = self.now.max(at);
            let next = self.coming.iter().position(|(when, _)| *when == at).expect("the next one");
            match self.coming.remove(next).1 {
                Event::Arrives { flight } => self.arrives(flight),
                Event::Ends { transaction } => self.ends(transaction),
                Event::TurnsOk { transaction } => self.turns_ok(transaction),
            }
        }
        self.now = self.now.max(until);
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
