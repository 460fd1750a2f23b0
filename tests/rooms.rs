//! The law of the rooms: who may know whom, and that `unsafe` lives in `ffi` only.

use std::path::{Path, PathBuf};

const ROOMS: &[(&str, &[&str])] = &[
    ("error.rs", &["api", "journal", "till", "ffi", "log", "receipt", "money"]),
    ("money.rs", &["api", "journal", "till", "ffi", "log", "receipt"]),
    ("receipt", &["api", "journal", "till", "ffi", "log"]),
    ("log.rs", &["api", "journal", "till", "ffi"]),
    ("api", &["journal", "till", "ffi"]),
    ("journal", &["api", "till", "ffi", "log"]),
    ("till", &["ffi"]),
];

/// Every source file in a room, or the room itself if it is one file.
fn sources(path: &Path) -> Vec<PathBuf> {
    match path.is_dir() {
        false => vec![path.to_owned()],
        true => {
            let entries = std::fs::read_dir(path).expect("a room").map(|entry| entry.expect("an entry").path());
            entries.flat_map(|entry| sources(&entry)).collect()
        }
    }
}

#[test]
fn no_room_names_one_above_it_and_the_safe_core_is_safe() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut read = 0;
    for (room, above) in ROOMS {
        for source in sources(&root.join(room)) {
            let text = std::fs::read_to_string(&source).expect("a source");
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            for (number, line) in code.enumerate() {
                let place = format!("{}:{}: {line}", source.display(), number + 1);
                let grouped = line.split_once("crate::{").map_or("", |(_, names)| names);
                let names = |other: &&str| line.contains(&format!("crate::{other}")) || grouped.contains(*other);
                assert!(!above.iter().any(names), "{place}");
                assert!(!line.contains("super::super"), "{place}");
                assert!(
                    !["unsafe ", "unsafe{", "*const ", "*mut ", "libc::"].iter().any(|word| line.contains(word)),
                    "{place}"
                );
            }
            read += 1;
        }
    }
    assert!(read > 20, "only {read} files were read");
}
