//! A step of a task: it can run alone, and says what it needs and what must have run before.

use std::collections::BTreeSet;

use crate::process::Result;
use crate::requirements::{Consent, packages_of};
use crate::transcript::Transcript;

/// One of the things that a task does.
pub struct Step {
    /// How it is called on the command line, and its transcript.
    pub name: &'static str,
    /// What it does, for people.
    pub title: &'static str,
    /// Commands that the machine must have; [`crate::requirements`] knows their packages.
    pub needs: &'static [&'static str],
    /// Whether it must run as root.
    pub as_root: bool,
    /// The steps whose results it uses.
    pub after: &'static [&'static str],
    /// How much of the machine it takes, of [`crate::schedule::ROOM`]. One that takes all of it runs alone.
    pub load: u8,
    pub run: fn(&mut Transcript, Consent) -> Result,
}

/// What most steps are: no root, the whole machine.
pub const ALONE: Step = Step {
    name: "",
    title: "",
    needs: &[],
    as_root: false,
    after: &[],
    load: crate::schedule::ROOM,
    run: |_, _| Ok(()),
};

/// The steps of these names with all that they build upon, in the table's order; all of them if there are no names.
pub fn chosen(steps: &'static [Step], only: &[String]) -> Result<Vec<&'static Step>> {
    if only.is_empty() {
        return Ok(steps.iter().collect());
    }
    let mut names = BTreeSet::new();
    let mut waiting: Vec<&str> = only.iter().map(String::as_str).collect();
    while let Some(name) = waiting.pop() {
        let step = steps.iter().find(|step| step.name == name);
        let step = step.ok_or_else(|| format!("there is no step {name}; --list shows them"))?;
        if names.insert(name) {
            waiting.extend(step.after);
        }
    }
    Ok(steps.iter().filter(|step| names.contains(step.name)).collect())
}

/// The table for people: each step with what it does and needs.
pub fn list(steps: &[Step]) -> String {
    let width = steps.iter().map(|step| step.name.len()).max().unwrap_or(0);
    let line = |step: &Step| {
        let packages: BTreeSet<&str> =
            step.needs.iter().filter_map(|need| packages_of(need)).flat_map(|packages| packages.split(' ')).collect();
        let mut needs = Vec::from_iter(packages);
        needs.splice(0..0, step.as_root.then_some("root"));
        let needs =
            if needs.is_empty() { String::new() } else { format!("\n{:width$}  needs {}", "", needs.join(", ")) };
        let after = if step.after.is_empty() {
            String::new()
        } else {
            format!("\n{:width$}  after {}", "", step.after.join(", "))
        };
        format!("{:width$}  {}{after}{needs}\n", step.name, step.title)
    };
    steps.iter().map(line).collect()
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::schedule::ROOM;

    static STEPS: [Step; 4] = [
        Step { name: "first", title: "Builds", needs: &["cc", "kill"], ..ALONE },
        Step { name: "second", title: "Builds upon it", after: &["first"], as_root: true, ..ALONE },
        Step { name: "other", title: "Stands alone", ..ALONE },
        Step { name: "third", title: "Builds upon both", after: &["second"], ..ALONE },
    ];

    fn names(only: &[&str]) -> Result<Vec<&'static str>> {
        let only: Vec<String> = only.iter().map(|&name| name.to_owned()).collect();
        Ok(chosen(&STEPS, &only)?.into_iter().map(|step| step.name).collect())
    }

    #[test]
    fn a_chosen_step_comes_with_what_it_builds_upon_in_the_tables_order() {
        assert_eq!(names(&[]).expect("all"), ["first", "second", "other", "third"]);
        assert_eq!(names(&["third", "first"]).expect("chosen"), ["first", "second", "third"]);
        assert_eq!(names(&["other"]).expect("chosen"), ["other"]);
        assert_eq!(names(&["fourth"]), Err("there is no step fourth; --list shows them".to_owned()));
    }

    #[test]
    fn the_list_says_what_each_needs() {
        let shown = "first   Builds\n        needs gcc, libc6-dev, procps\n\
                     second  Builds upon it\n        after first\n        needs root\n";
        assert!(list(&STEPS).starts_with(shown), "{}", list(&STEPS));
    }

    /// What is so of every task's table.
    pub fn assert_is_sound(steps: &[Step]) {
        for (place, step) in steps.iter().enumerate() {
            let name = step.name;
            assert!(steps[..place].iter().all(|other| other.name != name), "{name} stands there twice");
            assert!(!step.title.is_empty() && step.load <= ROOM, "{name}");
            for before in step.after {
                assert!(steps[..place].iter().any(|other| other.name == *before), "{before} must stand before {name}");
            }
            for need in step.needs {
                assert!(packages_of(need).is_some(), "{name} needs {need}, whose package is not known");
            }
        }
    }
}
