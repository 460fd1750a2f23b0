//! Runs the exhaustive search, and says how far it went. `SECUPOS_MODEL=pairs` is the long one, of make soak.

#[path = "../../tests/page/mod.rs"]
mod page;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use secupos_model::coverage::Coverage;
use secupos_model::graphs::{Graph, pairs, singles};
use secupos_model::invariants::Broken;
use secupos_model::search::{Found, search};
use secupos_model::switches::{SWITCHES, Story, Switch};
use secupos_model::world::MOVES;

/// Of a pair no more than so many states are looked at, the nearest ones. What is not whole is named.
const MOST_OF_A_PAIR: usize = 100_000;

/// Goes through all graphs, two at a time.
fn search_all(graphs: &[Graph], most: usize) -> Vec<Found<Broken>> {
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(graph) = graphs.get(number) else { return };
            let one = search(graph, most);
            found.lock().expect("no search has failed").push((number, one));
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    let mut found = found.into_inner().expect("no search has failed");
    found.sort_by_key(|(number, _)| *number);
    found.into_iter().map(|(_, found)| found).collect()
}

/// The stories as the page shows them.
fn shown(stories: &[Option<Story>]) -> String {
    let mut shown = String::new();
    for (switch, story) in SWITCHES.iter().zip(stories) {
        let Some((broken, lines)) = story else { continue };
        shown += &format!(
            "**{}. {}.** Without it: {}. ({})\n\n```text\n",
            switch.axiom,
            switch.says,
            switch.without,
            switch.place()
        );
        for (number, line) in (1..).zip(lines) {
            shown += &format!("{number:>2} {line}\n");
        }
        shown += &format!("=> {}\n```\n\n", broken.text());
    }
    shown
}

#[test]
fn no_payment_is_lost_and_none_charged_twice() {
    let is_long = std::env::var("SECUPOS_MODEL").is_ok_and(|size| size == "pairs");
    let mut graphs = singles();
    let mut found = search_all(&graphs, usize::MAX);
    if is_long {
        let pairs = pairs();
        found.extend(search_all(&pairs, MOST_OF_A_PAIR));
        graphs.extend(pairs);
    }
    let (mut states, mut violations) = (0, 0);
    let largest = graphs.iter().zip(&found).max_by_key(|(_, found)| found.states).expect("a graph");
    let largest = format!("{} states: {}", largest.1.states, largest.0.name());
    let mut coverage = Coverage::default();
    for (number, (graph, found)) in graphs.iter().zip(found).enumerate() {
        let more = if found.is_whole || found.violation.is_some() { "" } else { ", and there are more" };
        println!("{:>9} {}{more}", found.states, graph.name());
        states += found.states;
        if let Some((broken, story)) = found.violation {
            violations += 1;
            println!("graph {number} breaks {}:\n  {}", broken.text(), story.join("\n  "));
        }
        coverage.and(found.coverage);
    }
    let stories: Vec<_> = SWITCHES.iter().map(Switch::story).collect();
    let counterexamples = stories.iter().flatten().count();
    let axioms: BTreeSet<_> = SWITCHES.iter().map(|switch| switch.axiom).collect();
    let unreached = coverage.missing(&MOVES);
    unreached.iter().for_each(|what| println!("not reached: {what}"));
    println!("largest graph: {largest}");
    println!(
        "model: states={states} graphs={} axioms={} counterexamples={counterexamples} violations={violations} unreached={}",
        graphs.len(),
        axioms.len(),
        unreached.len(),
    );
    assert_eq!((axioms.len(), counterexamples, violations, unreached.len()), (15, 15, 0, 0));
    page::assert_shows("payment-safety.md", "stories", &shown(&stories));
}
