//! Runs the steps of a task. All of them run side by side as far as the machine has room, because most of them wait more
//! than they work. What was printed is shown in the table's order. Steps that somebody has chosen run one after the other.

use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use crate::process::Result;
use crate::requirements::{Consent, is_root, make_sure_of};
use crate::step::{Step, chosen, list};
use crate::tally::Tally;
use crate::transcript::Transcript;

/// How much steps that run side by side may take together.
pub const ROOM: u8 = 17;

/// Which steps of a task, and how.
#[derive(clap::Args)]
pub struct Choice {
    /// Only these steps, and those whose results they use
    #[arg(long, num_args = 1.., value_name = "STEP")]
    only: Vec<String>,
    /// Shows the steps in their order, with what each needs
    #[arg(long)]
    list: bool,
    /// Installs what is missing without asking
    #[arg(long)]
    yes: bool,
}

impl Choice {
    pub fn is_whole(&self) -> bool {
        self.only.is_empty()
    }

    pub fn consent(&self) -> Consent {
        Consent::of(self.yes)
    }
}

/// A step that has ended.
struct Ended {
    /// Which of the chosen ones.
    step: usize,
    result: Result,
    tally: Tally,
    printed: String,
    took: Duration,
}

/// How far a step has got.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Progress {
    Waits,
    Runs,
    Done,
    Failed,
}

/// Runs what was chosen of a task. What was counted, and whether all went well.
pub fn run(steps: &'static [Step], choice: &Choice, consent: Consent) -> Result<Option<Tally>> {
    if choice.list {
        print!("{}", list(steps));
        return Ok(None);
    }
    let chosen = chosen(steps, &choice.only)?;
    make_sure_of(chosen.iter().flat_map(|step| step.needs.iter().copied()), consent)?;
    if let Some(step) = chosen.iter().find(|step| step.as_root)
        && !is_root()?
    {
        return Err(format!("the step {} wants root", step.name));
    }
    let ended = side_by_side(&chosen, !choice.is_whole(), consent)?;
    conclude(&chosen, &ended)
}

/// Runs all of them; if one fails, none begins any more.
fn side_by_side(steps: &[&'static Step], one_by_one: bool, consent: Consent) -> Result<Vec<Ended>> {
    let mut progress = vec![Progress::Waits; steps.len()];
    let mut ended: Vec<Ended> = Vec::new();
    let mut shown = 0;
    let (sender, receiver) = channel();
    std::thread::scope(|scope| {
        loop {
            while let Some(step) = next(steps, &progress, one_by_one) {
                progress[step] = Progress::Runs;
                announce(steps[step], one_by_one);
                let (sender, step_itself) = (sender.clone(), steps[step]);
                scope.spawn(move || perform(step, step_itself, one_by_one, consent, &sender));
            }
            if !progress.contains(&Progress::Runs) {
                return Ok(ended);
            }
            let one: Ended = receiver.recv().map_err(|fault| fault.to_string())?;
            progress[one.step] = if one.result.is_ok() { Progress::Done } else { Progress::Failed };
            ended.push(one);
            ended.sort_by_key(|one| one.step);
            if !one_by_one {
                shown += show(steps, &ended[shown..], &progress);
            }
        }
    })
}

/// The first step, in order, for which everything is there and for which there is room now.
fn next(steps: &[&Step], progress: &[Progress], one_by_one: bool) -> Option<usize> {
    if progress.contains(&Progress::Failed) {
        return None;
    }
    let running = || steps.iter().zip(progress).filter(|(_, progress)| **progress == Progress::Runs);
    let taken: u8 = running().map(|(step, _)| step.load).sum();
    if one_by_one && running().next().is_some() {
        return None;
    }
    let is_done = |name: &str| {
        let done = |(step, progress): (&&Step, &Progress)| step.name == name && *progress == Progress::Done;
        steps.iter().zip(progress).any(done)
    };
    let may_begin = |place: &usize| {
        let step = steps[*place];
        progress[*place] == Progress::Waits && taken + step.load <= ROOM && step.after.iter().all(|name| is_done(name))
    };
    (0..steps.len()).find(may_begin)
}

fn perform(place: usize, step: &Step, live: bool, consent: Consent, sender: &Sender<Ended>) {
    let begun = Instant::now();
    let (result, (tally, printed)) = match Transcript::begin(step.name, live) {
        Ok(mut transcript) => ((step.run)(&mut transcript, consent), transcript.end()),
        Err(fault) => (Err(fault), Default::default()),
    };
    let ended = Ended { step: place, result, tally, printed, took: begun.elapsed() };
    // The receiver waits as long as a step runs.
    let _ = sender.send(ended);
}

fn announce(step: &Step, live: bool) {
    if live {
        println!("\n== {}: {}", step.name, step.title);
    } else {
        eprintln!("   {} begins", step.name);
    }
}

/// Shows those that have ended, up to one before which another may still have something to show. How many these are.
fn show(steps: &[&Step], ended: &[Ended], progress: &[Progress]) -> usize {
    let count = ended.iter().take_while(|one| !is_open(&progress[..one.step], progress)).count();
    for one in &ended[..count] {
        let step = steps[one.step];
        println!("\n== {}: {} ({} s)", step.name, step.title, one.took.as_secs());
        print!("{}", one.printed);
        if let Err(fault) = &one.result {
            println!("{fault}");
        }
    }
    count
}

/// Whether one of these runs or will run.
fn is_open(these: &[Progress], all: &[Progress]) -> bool {
    these.contains(&Progress::Runs) || (these.contains(&Progress::Waits) && !all.contains(&Progress::Failed))
}

/// The last lines: how long each step took, what was counted, and what failed.
fn conclude(steps: &[&Step], ended: &[Ended]) -> Result<Option<Tally>> {
    let mut tally = Tally::default();
    let mut faults = Vec::new();
    println!();
    for one in ended {
        let name = steps[one.step].name;
        println!("{:>5} s  {name}{}", one.took.as_secs(), if one.result.is_ok() { "" } else { ": FAILED" });
        tally.add_all(&one.tally);
        if let Err(fault) = &one.result {
            faults.push(format!("{name}: {fault}\n(what it printed: target/test-logs/{name}.txt)"));
        }
    }
    if !tally.is_empty() {
        println!("\n{}", tally.closing());
    }
    if faults.is_empty() { Ok(Some(tally)) } else { Err(faults.join("\n")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::ALONE;
    use crate::tally::Language;

    const HALF: u8 = ROOM / 2;

    static STEPS: [Step; 4] = [
        Step { name: "build", title: "Builds", load: HALF, ..ALONE },
        Step { name: "tests", title: "Tests", after: &["build"], load: HALF, ..ALONE },
        Step { name: "all", title: "Takes everything", ..ALONE },
        Step { name: "light", title: "Waits", load: 1, ..ALONE },
    ];

    /// Which one begins next, when the four have got so far.
    fn begins(progress: [Progress; 4], one_by_one: bool) -> Option<&'static str> {
        let steps: Vec<&Step> = STEPS.iter().collect();
        next(&steps, &progress, one_by_one).map(|place| STEPS[place].name)
    }

    #[test]
    fn a_step_begins_when_what_it_builds_upon_is_done_and_there_is_room() {
        use Progress::{Done, Runs, Waits};
        assert_eq!(begins([Waits, Waits, Waits, Waits], false), Some("build"));
        assert_eq!(begins([Runs, Waits, Waits, Waits], false), Some("light"));
        assert_eq!(begins([Runs, Waits, Waits, Runs], false), None);
        assert_eq!(begins([Done, Waits, Waits, Runs], false), Some("tests"));
        assert_eq!(begins([Done, Done, Waits, Runs], false), None);
        assert_eq!(begins([Done, Done, Waits, Done], false), Some("all"));
        assert_eq!(begins([Done, Done, Runs, Waits], false), None);
        assert_eq!(begins([Done, Done, Done, Done], false), None);
    }

    #[test]
    fn chosen_steps_run_one_after_the_other() {
        use Progress::{Done, Runs, Waits};
        assert_eq!(begins([Runs, Waits, Waits, Waits], true), None);
        assert_eq!(begins([Done, Waits, Waits, Waits], true), Some("tests"));
    }

    #[test]
    fn after_a_failure_nothing_begins_and_what_will_never_run_keeps_nothing_back() {
        use Progress::{Done, Failed, Runs, Waits};
        assert_eq!(begins([Done, Failed, Waits, Waits], false), None);
        assert!(is_open(&[Done, Waits], &[Done, Waits, Runs]));
        assert!(is_open(&[Done, Runs], &[Done, Runs, Failed]));
        assert!(!is_open(&[Done, Waits], &[Done, Waits, Failed]));
    }

    #[test]
    fn all_run_and_are_told_in_order_and_after_a_failure_those_that_build_upon_it_do_not() {
        static STEPS: [Step; 4] = [
            Step {
                name: "own-slow",
                title: "Ends last",
                load: 1,
                run: |transcript, _| {
                    std::thread::sleep(Duration::from_millis(200));
                    transcript.passed(Language::C, &["slow"]);
                    Ok(())
                },
                ..ALONE
            },
            Step { name: "own-quick", title: "Ends first", load: 1, ..ALONE },
            Step { name: "own-red", title: "Fails", after: &["own-quick"], run: |_, _| Err("red".to_owned()), ..ALONE },
            Step { name: "own-never", title: "Never begins", after: &["own-red"], ..ALONE },
        ];
        let steps: Vec<&Step> = STEPS.iter().collect();
        let ended = side_by_side(&steps, false, Consent::Ask).expect("they ran");
        let told: Vec<_> = ended.iter().map(|one| (steps[one.step].name, one.result.is_ok())).collect();
        assert_eq!(told, [("own-slow", true), ("own-quick", true), ("own-red", false)]);
        assert_eq!(ended[0].printed, "1 passed (slow)\n");
        let fault = conclude(&steps, &ended).expect_err("one is red");
        assert!(fault.starts_with("own-red: red\n"), "{fault}");
    }
}
