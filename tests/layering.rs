//! The law of the rooms: who may know whom, that no files know each other in a circle, that `unsafe` lives in `ffi` and `os`
//! only, and that every decision about money is made in `payment`, which is pure. The simulator's model is pure, too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Each room and whom it may name. `ffi` is above all of them.
const ROOMS: &[(&str, &[&str])] = &[
    ("error.rs", &[]),
    ("money.rs", &["error"]),
    ("lenient_json", &[]),
    ("calendar.rs", &[]),
    ("callback.rs", &[]),
    ("os", &[]),
    ("receipt", &["error", "money", "lenient_json", "calendar"]),
    ("log.rs", &["error", "callback", "os", "receipt"]),
    ("payment", &["error", "money", "receipt"]),
    ("api", &["error", "money", "lenient_json", "calendar", "os", "receipt", "log", "payment"]),
    ("journal", &["error", "money", "os", "payment"]),
    ("till", &["error", "money", "calendar", "callback", "os", "receipt", "log", "payment", "api", "journal"]),
];

/// The rooms that may be unsafe.
const UNSAFE: [&str; 2] = ["os", "ffi"];

/// Files that know each other in a circle, and why.
const CIRCLES: &[(&[&str], &str)] = &[(
    &["ffi/boundary.rs", "ffi/error.rs"],
    "the error of a call is an object, and what is read of an object is read by calls",
)];

/// Inside a room: whom these files may name of it.
const INSIDE: &[(&str, &[&str])] = &[
    ("journal/store/", &["journal/store/"]),
    ("journal/archive/", &["journal/archive/", "journal/store/"]),
    ("till/handles/", &["till/handles/", "till/clock.rs", "till/sale.rs"]),
    (
        "till/worker/",
        &["till/worker/", "till/handles/", "till/clock.rs", "till/config.rs", "till/rules.rs", "till/sale.rs"],
    ),
    (
        "receipt/render/",
        &[
            "receipt/render/",
            "receipt/copy.rs",
            "receipt/line.rs",
            "receipt/layout.rs",
            "receipt/code_page.rs",
            "receipt/fields/mod.rs",
            "receipt/signature/decision.rs",
        ],
    ),
];

/// What a room without input, output, clock and thread has no use for.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::thread",
    "std::process",
    "std::env",
    "std::io",
    "std::sync",
    "Instant",
    "SystemTime",
    "rusqlite",
    "reqwest",
    "libc",
    "println!",
];

/// What the simulator's model has no use for either: it is told the time, and nobody waits in it.
const OF_THE_WIRE: &[&str] = &["tokio", "axum", "hyper", "httpdate", "RandomState", "async ", ".await"];

/// The service's words for a payment.
const STATUS_WORDS: [&str; 8] = ["ok", "failed", "aborted", "timeout", "cancelled", "canceled", "deleted", "created"];

/// Where such a word stands outside `payment`, and what for. None of these says anything of the money.
const OTHER_WORDS: &[(&str, &str, &str)] = &[
    ("api/transaction.rs", "created", "a field of the list: when"),
    ("journal/store/kind.rs", "created", "a kind of event"),
    ("journal/store/schema.rs", "ok", "SQLite found nothing wrong"),
    ("journal/archive/verify.rs", "ok", "SQLite found nothing wrong"),
    ("receipt/code_page.rs", "ok", "how a character is written that a printer lacks"),
    ("receipt/direct_debit.rs", "ok", "a word of a slip that is no name of an account"),
    ("receipt/signature/steps/kind.rs", "ok", "a word of a slip that names no kind of payment"),
    ("receipt/signature/steps/pin.rs", "ok", "a word of a slip by which a PIN was right"),
    ("receipt/signature/mod.rs", "ok", "whether a receipt has to be signed"),
    ("receipt/signature/mod.rs", "failed", "whether a receipt has to be signed"),
    ("receipt/signature/mod.rs", "aborted", "whether a receipt has to be signed"),
    ("receipt/signature/mod.rs", "timeout", "whether a receipt has to be signed"),
    ("receipt/signature/mod.rs", "cancelled", "whether a receipt has to be signed"),
    ("receipt/signature/mod.rs", "canceled", "whether a receipt has to be signed"),
];

/// What is stored of an attempt's times, by which everything is decided.
const STORED_TIMES: [&str; 5] = ["begun_till", "finished_till", "decided_till", "word_since_till", "grace"];

/// A length of `payment`'s that others may know, because an argument is checked by it.
const CHECKED_BY: [&str; 1] = ["LONGEST_PAYMENT"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn simulator() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("simulator/src")
}

/// Every source file in a room, or the room itself if it is one file.
fn sources(path: &Path) -> Vec<PathBuf> {
    match path.is_dir() {
        false => vec![path.to_owned()],
        true => {
            let entries = std::fs::read_dir(path).expect("a room").map(|entry| entry.expect("an entry").path());
            entries
                .flat_map(|entry| sources(&entry))
                .filter(|path| path.extension().is_some_and(|ext| ext == "rs"))
                .collect()
        }
    }
}

/// A source file's lines of code, numbered.
fn code(source: &Path) -> Vec<(usize, String)> {
    let text = std::fs::read_to_string(source).expect("a source");
    let lines = text.lines().enumerate().map(|(number, line)| (number + 1, line.to_owned()));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//")).collect()
}

/// The same without its tests.
fn shipped(source: &Path) -> Vec<(usize, String)> {
    let lines = code(source);
    let is_of_tests =
        |pair: &[(usize, String)]| pair[0].1.trim() == "#[cfg(test)]" && pair[1].1.trim().starts_with("mod ");
    match lines.windows(2).position(is_of_tests) {
        Some(end) => lines[..end].to_vec(),
        None => lines,
    }
}

/// Every file outside `payment`, by its name in `src`.
fn others() -> Vec<(String, PathBuf)> {
    let root = root();
    let name = |path: &Path| path.strip_prefix(&root).expect("in src").to_string_lossy().replace('\\', "/");
    let all = sources(&root).into_iter().map(|path| (name(&path), path));
    all.filter(|(name, _)| !name.starts_with("payment/")).collect()
}

/// The rooms that a line names.
fn named(line: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for rest in line.split("crate::").skip(1) {
        let word =
            |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        match rest.strip_prefix('{') {
            Some(group) => rooms.extend(group.split(['}', ';']).next().unwrap_or_default().split(',').map(word)),
            None => drop(rooms.insert(word(rest))),
        }
    }
    rooms
}

#[test]
fn no_room_names_one_that_it_may_not_know_and_the_safe_core_is_safe() {
    let mut read = 0;
    for (room, may) in ROOMS {
        let own = room.trim_end_matches(".rs");
        for source in sources(&root().join(room)) {
            for (number, line) in code(&source) {
                let place = format!("{}:{number}: {line}", source.display());
                for other in named(&line).iter().filter(|other| *other != own) {
                    assert!(may.contains(&other.as_str()), "{room} may not know {other}: {place}");
                }
                assert!(!line.contains("super::super"), "{place}");
                let is_unsafe =
                    ["unsafe ", "unsafe{", "*const ", "*mut ", "libc::"].iter().any(|word| line.contains(word));
                assert!(!is_unsafe || UNSAFE.contains(&own), "{place}");
            }
            read += 1;
        }
    }
    assert!(read > 80, "only {read} files were read");
    let known: BTreeSet<_> =
        ROOMS.iter().map(|(room, _)| (*room).to_owned()).chain(["ffi".into(), "lib.rs".into()]).collect();
    let there = std::fs::read_dir(root()).expect("src").map(|entry| entry.expect("an entry").file_name());
    assert_eq!(
        there.map(|name| name.into_string().expect("UTF-8")).collect::<BTreeSet<_>>(),
        known,
        "a room without a law"
    );
}

#[test]
fn the_room_in_which_money_is_decided_about_is_pure() {
    for source in sources(&root().join("payment")) {
        for (number, line) in shipped(&source) {
            let impure = IMPURE.iter().find(|word| line.contains(**word));
            assert!(impure.is_none(), "{}:{number}: {line}", source.display());
        }
    }
}

#[test]
fn the_simulators_model_is_pure_and_knows_nothing_of_the_wire() {
    let files = sources(&simulator().join("model"));
    assert!(files.len() > 20, "only {} files were read", files.len());
    for source in files {
        for (number, line) in code(&source) {
            let place = format!("{}:{number}: {line}", source.display());
            assert!(!IMPURE.iter().chain(OF_THE_WIRE).any(|word| line.contains(word)), "{place}");
            let others = named(&line);
            assert!(others.iter().all(|other| other == "model"), "{place}");
        }
    }
}

#[test]
fn no_other_room_reads_the_services_words_for_a_payment() {
    let mut found = BTreeSet::new();
    for (name, source) in others() {
        for (_, line) in shipped(&source) {
            // What stands between two quotation marks.
            let words =
                line.split('"').skip(1).step_by(2).filter_map(|text| STATUS_WORDS.iter().find(|word| **word == text));
            found.extend(words.map(|word| (name.clone(), *word)));
        }
    }
    let expected: BTreeSet<_> = OTHER_WORDS.iter().map(|(file, word, _)| ((*file).to_owned(), *word)).collect();
    assert_eq!(found, expected);
}

#[test]
fn no_other_room_judges_how_old_something_is() {
    // The lengths by which `payment` decides.
    let mut lengths = BTreeSet::new();
    for source in sources(&root().join("payment")) {
        for (_, line) in shipped(&source) {
            let Some((_, rest)) = line.split_once("pub const ") else { continue };
            if let Some((name, kind)) = rest.split_once(": ")
                && (kind.starts_with("i64") || kind.starts_with("Duration"))
            {
                lengths.insert(name.to_owned());
            }
        }
    }
    assert!(lengths.len() >= 8, "{lengths:?}");
    let is_word =
        |line: &str, word: &str| line.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|part| part == word);
    for (name, source) in others() {
        for (number, line) in shipped(&source) {
            let place = format!("{name}:{number}: {line}");
            let length = lengths.iter().find(|length| is_word(&line, length) && !CHECKED_BY.contains(&length.as_str()));
            assert!(length.is_none(), "{place}");
            let compares =
                [" < ", " > ", " <= ", " >= ", ".contains(&"].iter().any(|comparison| line.contains(comparison));
            let is_stored = STORED_TIMES.iter().any(|time| is_word(&line, time));
            assert!(!(compares && is_stored), "{place}");
        }
    }
}

/// The files that each file names, without its tests: by what it imports, and by paths that begin with `crate`.
fn arrows(root: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let name = |path: &Path| path.strip_prefix(root).expect("in src").to_string_lossy().replace('\\', "/");
    let files: BTreeMap<String, PathBuf> = sources(root).into_iter().map(|path| (name(&path), path)).collect();
    let named = |path: &str| {
        // The longest beginning that is a file: the rest is what it defines.
        let parts: Vec<_> = path.split("::").collect();
        let file = |length: usize| {
            let stem = parts[..length].join("/");
            [format!("{stem}.rs"), format!("{stem}/mod.rs")].into_iter().find(|name| files.contains_key(name))
        };
        (1..=parts.len()).rev().find_map(file)
    };
    let of = |path: &Path| {
        // Who may see something is no arrow.
        let code: String = shipped(path).into_iter().map(|(_, line)| line.replace("(in crate::", "(") + "\n").collect();
        let room = name(path).strip_suffix("/mod.rs").map(|room| room.replace('/', "::"));
        // A room's own file names what is in the room by that name alone.
        let inside = room.into_iter().flat_map(|room| {
            let words = code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
            let paths: Vec<_> = words.filter(|word| word.contains("::") && !word.starts_with("crate::")).collect();
            paths.into_iter().map(move |word| format!("{room}::{word}")).collect::<Vec<_>>()
        });
        let rooms_own_file = name(path);
        let from_above = code.split("crate::").skip(1).flat_map(paths).collect::<Vec<_>>();
        let named = from_above.into_iter().chain(inside).filter_map(|path| named(&path));
        named.filter(|file| *file != rooms_own_file).collect::<BTreeSet<_>>()
    };
    files.iter().map(|(name, path)| (name.clone(), of(path))).collect()
}

/// The paths at the beginning of a text, of which some may be grouped: `a::{b, c::{d, e}}`.
fn paths(text: &str) -> Vec<String> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
    let (before, rest) = text.split_at(end);
    let before = before.trim_end_matches(':');
    let Some(group) = rest.strip_prefix('{') else { return vec![before.to_owned()] };
    let mut depth = 0;
    let mut items = vec![String::new()];
    for c in group.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => items.push(String::new()),
            _ => {
                depth += i32::from(c == '{') - i32::from(c == '}');
                items.last_mut().expect("one").push(c);
            }
        }
    }
    let within =
        |item: &String| paths(item.trim()).into_iter().map(|path| format!("{before}::{path}")).collect::<Vec<_>>();
    items.iter().filter(|item| !item.trim().is_empty()).flat_map(within).collect()
}

/// All that can be reached from a file.
fn reached<'a>(arrows: &'a BTreeMap<String, BTreeSet<String>>, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&str> = arrows[from].iter().map(String::as_str).collect();
    while let Some(file) = next.pop() {
        if reached.insert(file) {
            next.extend(arrows[file].iter().map(String::as_str));
        }
    }
    reached
}

/// The files that know each other, directly or by way of others.
fn circles(arrows: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<BTreeSet<String>> {
    let circle = |file: &String| {
        let back = |other: &&str| reached(arrows, other).contains(file.as_str());
        reached(arrows, file).into_iter().filter(back).map(str::to_owned).collect::<BTreeSet<_>>()
    };
    arrows.keys().map(circle).filter(|circle| !circle.is_empty()).collect()
}

/// How long each function is, by how it is set: from its first line to the brace at the same place.
fn lengths_of_functions(path: &Path) -> Vec<usize> {
    let lines = shipped(path);
    let begins = |line: &str| {
        let words = line.trim_start().trim_start_matches("pub").trim_start_matches(['(', ')', ' ']);
        let code = line.trim_start();
        (code.starts_with("fn ") || code.starts_with("pub") && words.contains("fn ") || code.starts_with("const fn "))
            && !line.trim_end().ends_with(';')
    };
    let of = |(at, (_, line)): (usize, &(usize, String))| {
        let indent = line.len() - line.trim_start().len();
        let end = format!("{}}}", " ".repeat(indent));
        lines[at..].iter().position(|(_, line)| *line == end).map_or(1, |length| length + 1)
    };
    lines.iter().enumerate().filter(|(_, (_, line))| begins(line)).map(of).collect()
}

#[test]
fn no_files_know_each_other_in_a_circle() {
    let arrows = arrows(&root());
    assert!(arrows["till/mod.rs"].contains("till/worker/job.rs"), "what is imported in a group is an arrow");
    assert!(reached(&arrows, "ffi/till.rs").contains("money.rs"), "and arrows are followed");
    let circles = circles(&arrows);
    let known: BTreeSet<BTreeSet<String>> =
        CIRCLES.iter().map(|(files, _)| files.iter().map(|file| (*file).to_owned()).collect()).collect();
    let mut lengths: Vec<_> = sources(&root()).iter().flat_map(|path| lengths_of_functions(path)).collect();
    lengths.sort_unstable();
    let long = sources(&root()).iter().filter(|path| shipped(path).len() > 400).count();
    println!(
        "layering: rooms={} arrows={} circles={} allowed={} functions: median={} longest={} files over 400 lines: {long}",
        ROOMS.len() + 1,
        arrows.values().map(BTreeSet::len).sum::<usize>(),
        circles.difference(&known).count(),
        known.len(),
        lengths[lengths.len() / 2],
        lengths.last().expect("a function"),
    );
    assert_eq!(circles, known);
}

#[test]
fn no_files_of_the_simulator_know_each_other_in_a_circle() {
    let arrows = arrows(&simulator());
    assert!(reached(&arrows, "http/api.rs").contains("model/ledger.rs"), "arrows are followed");
    assert_eq!(circles(&arrows), BTreeSet::new());
}

#[test]
fn inside_a_room_no_arrow_goes_up() {
    for (file, others) in arrows(&root()) {
        let Some((floor, may)) = INSIDE.iter().find(|(floor, _)| file.starts_with(floor)) else { continue };
        let room = floor.split_inclusive('/').next().expect("a room");
        for other in others.iter().filter(|other| other.starts_with(room)) {
            assert!(may.iter().any(|known| other.starts_with(known)), "{file} may not know {other}");
        }
    }
}
