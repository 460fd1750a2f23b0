//! A till, its server and its customers under virtual time, in thousands of seeded schedules: with faults on every request,
//! under behaviours that nobody has documented, killed, and on a machine that sleeps, is started again, and whose clock is set.
//! In each, what the till has booked must be what was charged.
//!
//! - `dice`: chance that repeats; `clock`: virtual time, and how a process dies
//! - `world`: what happens when; `network`: the way to the service, which is the simulator's model
//! - `behaviour`: what is drawn for a schedule; `transactions`: what was charged, and how every client is deceived
//! - `till_model`: the till's program, its cashier and its customers; `oracle`: who was right
//! - `controls`: the same with one rule replaced, which must fail
//!
//! `SECUPOS_SEED=n` replays one seed and shows what happens in it, with `SECUPOS_CONTROL=name` under a control's rule.
//! `SECUPOS_SCHEDULES=n` runs so many instead of 3,000 and writes the summary to `target/soak/simulation.txt`.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use secupos::till::rules::Rules;

use crate::page::assert_shows;
use clock::lock;
use controls::CONTROLS;
use dice::Dice;
use oracle::Findings;
use till_model::TillModel;
use transactions::Deception;
use world::World;

mod behaviour;
mod clock;
mod controls;
mod dice;
mod network;
mod oracle;
mod till_model;
mod transactions;
mod world;

/// So many schedules are played if nobody says how many.
const SCHEDULES: u64 = 3_000;

/// What came of many schedules.
#[derive(Default, Debug)]
pub struct Tally {
    pub schedules: u64,
    pub sales: u64,
    /// Starts whose answer did not tell what became of them.
    pub in_doubt: u64,
    pub deaths: u64,
    pub double: usize,
    pub wrong: usize,
    pub lost: usize,
    pub open: usize,
    pub conflicts: usize,
    pub invisible: usize,
    pub failed_sales: u64,
    /// The seeds in which something went wrong.
    pub failed: Vec<u64>,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.schedules += other.schedules;
        self.sales += other.sales;
        self.in_doubt += other.in_doubt;
        self.deaths += other.deaths;
        self.double += other.double;
        self.wrong += other.wrong;
        self.lost += other.lost;
        self.open += other.open;
        self.conflicts += other.conflicts;
        self.invisible += other.invisible;
        self.failed_sales += other.failed_sales;
        self.failed.extend(other.failed);
    }

    /// In how many of a hundred in-doubt cases a sale went wrong.
    fn percent(&self) -> f64 {
        100.0 * self.failed_sales as f64 / self.in_doubt.max(1) as f64
    }
}

/// One schedule, all of it.
struct Played {
    findings: Findings,
    sales: u64,
    in_doubt: u64,
    deaths: u64,
    diary: Vec<String>,
}

/// A folder of its own for a till: in memory, where there is such a place.
fn new_folder() -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let memory = Path::new("/dev/shm");
    let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = parent.join(format!("secupos-simulation-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn play(seed: u64, rules: fn() -> Rules, keeps_diary: bool) -> Played {
    let folder = new_folder();
    let world = Arc::new(Mutex::new(World::new(seed, keeps_diary)));
    let customers = 1 + Dice::new(seed ^ 1).below(2);
    let mut model = TillModel::new(world.clone(), seed, rules, &folder);
    model.trade(customers);
    let finals = model.close_the_day();
    std::fs::remove_dir_all(&folder).expect("removed");
    let world = lock(&world);
    Played {
        findings: oracle::judge(&world, &model.books, &finals),
        sales: customers,
        in_doubt: world.flights.iter().filter(|flight| !flight.was_clear).count() as u64,
        deaths: world.deaths,
        diary: world.diary().to_vec(),
    }
}

/// Plays these seeds under these rules, on two threads.
pub fn run(seeds: Range<u64>, rules: fn() -> Rules) -> Tally {
    let half = |odd: u64| {
        let seeds = seeds.clone().filter(move |seed| seed % 2 == odd);
        std::thread::spawn(move || {
            let mut tally = Tally::default();
            for seed in seeds {
                let Played { findings, sales, in_doubt, deaths, .. } =
                    match std::panic::catch_unwind(|| play(seed, rules, false)) {
                        Ok(played) => played,
                        Err(fault) => {
                            say(&format!("SECUPOS_SEED={seed}: the simulation itself has failed"));
                            std::panic::resume_unwind(fault);
                        }
                    };
                let failed = findings.faults().next().map(|_| seed);
                tally.add(Tally {
                    schedules: 1,
                    sales,
                    in_doubt,
                    deaths,
                    double: findings.double.len(),
                    wrong: findings.wrong.len(),
                    lost: findings.lost.len(),
                    open: findings.open.len(),
                    conflicts: findings.conflicts.len(),
                    invisible: findings.invisible.len(),
                    failed_sales: findings.failed_sales,
                    failed: failed.into_iter().collect(),
                });
            }
            tally
        })
    };
    let (even, odd) = (half(0), half(1));
    let mut tally = even.join().expect("played");
    tally.add(odd.join().expect("played"));
    tally
}

/// A number from the environment.
fn given(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// The controls over the first seeds.
static CONTROLLED: LazyLock<Vec<(&'static str, Tally)>> = LazyLock::new(|| {
    let seeds = 0..(given("SECUPOS_SCHEDULES").unwrap_or(SCHEDULES) / 6).min(500);
    CONTROLS.iter().map(|control| (control.name, run(seeds.clone(), control.rules))).collect()
});

fn say(line: &str) {
    use std::io::Write;
    writeln!(std::io::stderr(), "{line}").expect("said");
}

#[test]
fn in_every_schedule_what_is_booked_is_what_was_charged() {
    if let Some(seed) = given("SECUPOS_SEED") {
        let control = std::env::var("SECUPOS_CONTROL").ok();
        let control = CONTROLS.iter().find(|known| Some(known.name) == control.as_deref());
        let Played { findings, diary, .. } = play(seed, control.map_or(Rules::default, |control| control.rules), true);
        say(&diary.join("\n"));
        say(&format!("{findings:#?}"));
        assert_eq!(findings.faults().count(), 0);
        return;
    }
    let schedules = given("SECUPOS_SCHEDULES").unwrap_or(SCHEDULES);
    let tally = run(0..schedules, Rules::default);
    let Tally { double, wrong, lost, open, conflicts, invisible, in_doubt, deaths, sales, .. } = &tally;
    let controls: Vec<_> = CONTROLLED.iter().map(|(name, tally)| format!("{name}:{:.1}", tally.percent())).collect();
    let line = format!(
        "sim_schedules={schedules} sales={sales} in_doubt={in_doubt} kills={deaths} double={double} wrong={wrong} \
         lost={lost} open={open} conflicts={conflicts} invisible={invisible} controls={}",
        controls.join(",")
    );
    say(&line);
    if given("SECUPOS_SCHEDULES").is_some() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/soak");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("simulation.txt"), format!("{line}\n")).expect("written");
    }
    assert_eq!((double, wrong, lost, open), (&0, &0, &0, &0), "replay with SECUPOS_SEED={:?}", tally.failed);
    assert!(*conflicts > 0 && *in_doubt > schedules, "the schedules are too kind");
}

#[test]
fn each_rule_is_needed() {
    for (name, tally) in &*CONTROLLED {
        let (percent, in_doubt) = (tally.percent(), tally.in_doubt);
        assert!(percent >= 5.0, "{name} fails in only {percent:.1} % of its {in_doubt} in-doubt cases");
    }
}

#[test]
fn a_seed_plays_the_same_each_time() {
    for seed in 0..15 {
        let (once, twice) = (play(seed, Rules::default, true), play(seed, Rules::default, true));
        assert_eq!(once.diary, twice.diary, "seed {seed}");
    }
}

#[test]
fn the_page_names_the_deceptions_that_are_counted_apart() {
    let expected: String = Deception::ALL.iter().map(|deception| format!("- {}\n", deception.words())).collect();
    assert_shows("payment-safety.md", "deceptions", &expected);
}
