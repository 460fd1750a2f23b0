//! The law of the rooms: who may know whom, that `unsafe` lives in `ffi` and `os` only, and that every decision about money is
//! made in `payment`, which is pure.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each room and whom it may name. `ffi` is above all of them.
const ROOMS: &[(&str, &[&str])] = &[
    ("error.rs", &[]),
    ("money.rs", &["error"]),
    ("lenient_json.rs", &[]),
    ("calendar.rs", &[]),
    ("os", &[]),
    ("receipt", &["error", "money", "lenient_json", "calendar"]),
    ("log.rs", &["error", "receipt"]),
    ("payment", &["error", "money", "receipt"]),
    ("api", &["error", "money", "lenient_json", "calendar", "receipt", "log", "payment"]),
    ("journal", &["error", "money", "os", "payment"]),
    ("till", &["error", "money", "calendar", "os", "receipt", "log", "payment", "api", "journal"]),
];

/// The rooms that may be unsafe.
const UNSAFE: [&str; 2] = ["os", "ffi"];

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

/// The service's words for a payment.
const STATUS_WORDS: [&str; 8] = ["ok", "failed", "aborted", "timeout", "cancelled", "canceled", "deleted", "created"];

/// Where such a word stands outside `payment`, and what for. None of these says anything of the money.
const OTHER_WORDS: &[(&str, &str, &str)] = &[
    ("api/transaction.rs", "created", "a field of the list: when"),
    ("journal/chain.rs", "created", "a kind of event"),
    ("journal/schema.rs", "ok", "SQLite found nothing wrong"),
    ("journal/verify.rs", "ok", "SQLite found nothing wrong"),
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
