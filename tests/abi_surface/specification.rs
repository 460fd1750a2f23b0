//! The header against the design: `abi/specification.txt` has every name and number that was designed, and a reason for
//! each departure.

use std::collections::{BTreeMap, BTreeSet};

use crate::header::Header;
use crate::read;

/// What a line of the list says of a function.
#[derive(PartialEq)]
enum Place {
    Designed,
    Later,
    Added,
}

fn departures(header: &Header, list: &str) -> Vec<String> {
    let (mut functions, mut numbers, mut wrong) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
    for line in list.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (place, rest) = match line.split_once(' ') {
            Some(("later", rest)) => (Place::Later, rest),
            Some(("added", rest)) => (Place::Added, rest),
            Some(_) => {
                numbers.insert(line.to_owned());
                continue;
            }
            None => (Place::Designed, line),
        };
        let (name, reason) = rest.split_once(": ").unwrap_or((rest, ""));
        if place != Place::Designed && reason.is_empty() {
            wrong.push(format!("{name} departs from the design without a reason"));
        }
        functions.insert(name, place);
    }
    for (name, place) in &functions {
        match (place, header.functions.contains_key(*name)) {
            (Place::Later, true) => wrong.push(format!("{name} is there now: its line is just its name")),
            (Place::Designed | Place::Added, false) => wrong.push(format!("{name} was promised and is not there")),
            _ => (),
        }
    }
    for name in header.functions.keys().filter(|name| !functions.contains_key(name.as_str())) {
        wrong.push(format!("{name} is not in the design: if it is needed, a line \"added {name}: why\" says so"));
    }
    wrong.extend(numbers.difference(&header.numbers).map(|number| format!("the design has {number}, the header not")));
    wrong
}

#[test]
fn the_header_is_the_designed_one_and_each_departure_has_a_reason() {
    let found = departures(&Header::read(&read("include/secupos.h")), &read("abi/specification.txt"));
    assert!(found.is_empty(), "abi/specification.txt:\n{}", found.join("\n"));
}

#[test]
fn a_departure_is_found() {
    let (header, list) = (Header::read(&read("include/secupos.h")), read("abi/specification.txt"));
    let already = departures(&header, &list);
    for (doctored, told) in [
        (list.replace("\nsecupos_till_pay\n", "\n"), "secupos_till_pay is not in the design"),
        (
            list.replace("\nsecupos_till_pay\n", "\nsecupos_till_pay\nsecupos_till_play\n"),
            "secupos_till_play was promised",
        ),
        (list.replace("\nsecupos_till_pay\n", "\nlater secupos_till_pay: payments\n"), "secupos_till_pay is there now"),
        (list.clone() + "added secupos_version\n", "secupos_version departs from the design without a reason"),
        (list.replace("_APPROVED 1\n", "_APPROVED 7\n"), "the design has SECUPOS_OUTCOME_APPROVED 7, the header not"),
    ] {
        let found: Vec<_> = departures(&header, &doctored).into_iter().filter(|one| !already.contains(one)).collect();
        assert!(matches!(&found[..], [one] if one.starts_with(told)), "{told}: {found:?}");
    }
}
