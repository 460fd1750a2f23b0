//! The ABI as a contract: header, library, Python, C# and the frozen lists say the same, and the header says all of it.

mod calls;
mod csharp;
mod documentation;
mod header;
mod hostile;
mod panics;
mod processes;
mod python;
mod specification;
mod stress;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use header::Header;

/// A function's signature in words that all languages share: the result, then the arguments. A handle is its noun,
/// `out …` a place for a result, `text` a pointer to bytes, and integers are `i32`, `i64`, `u32` and `size`.
type Signatures = BTreeMap<String, Vec<String>>;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|fault| panic!("{path}: {fault}"))
}

/// What the library that ships exports.
fn exports() -> BTreeSet<String> {
    let library = root().join("target/lib/release/libsecupos.so");
    assert!(library.exists(), "{} is missing: make lib", library.display());
    let output = Command::new("nm").args(["-D", "--defined-only"]).arg(library).output().expect("nm");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let symbols = String::from_utf8(output.stdout).expect("UTF-8");
    symbols.lines().filter_map(|line| line.split_whitespace().last()).map(str::to_owned).collect()
}

/// Compares a frozen list with what there is now, or writes the new one and says where it is.
fn assert_frozen(name: &str, now: &BTreeSet<String>) {
    let frozen: BTreeSet<String> = read(name).lines().map(str::to_owned).collect();
    let gone: Vec<_> = frozen.difference(now).collect();
    assert!(gone.is_empty(), "{name}: gone or changed, which breaks the ABI: {gone:?}");
    let new: Vec<_> = now.difference(&frozen).collect();
    if !new.is_empty() {
        let next = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name.replace('/', "-"));
        let lines: String = now.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(&next, lines).expect("the new list is written");
        panic!("{name} does not have {new:?}. If they are meant to stay for ever: cp {} {name}", next.display());
    }
}

/// What differs between the header's signatures and another list of them.
fn differences(header: &Signatures, others: &Signatures, whose: &str) -> Vec<String> {
    let names: BTreeSet<&String> = header.keys().chain(others.keys()).collect();
    let differs = |name: &&String| header.get(*name) != others.get(*name);
    let tell = |name: &String| match (header.get(name), others.get(name)) {
        (Some(_), None) => format!("{whose} lacks {name}"),
        (None, Some(_)) => format!("{whose} has {name}, the header has not"),
        (ours, theirs) => format!("{name}: the header says {ours:?}, {whose} {theirs:?}"),
    };
    names.into_iter().filter(differs).map(tell).collect()
}

#[test]
fn header_library_python_and_csharp_agree() {
    let header = Header::read(&read("include/secupos.h"));
    let (python, csharp, exported) = (python::signatures(), csharp::signatures(), exports());
    let named = |names: &BTreeSet<String>| names.iter().map(|name| (name.clone(), Vec::new())).collect();
    let declared: Signatures = header.functions.keys().map(|name| (name.clone(), Vec::new())).collect();
    let mut found = differences(&declared, &named(&exported), "the library");
    found.extend(differences(&header.signatures(), &python, "Python"));
    found.extend(differences(&header.signatures(), &csharp, "C#"));
    let all: BTreeSet<&String> =
        header.functions.keys().chain(&exported).chain(python.keys()).chain(csharp.keys()).collect();
    println!(
        "abi: functions={} header={} exports={} python={} csharp={} differences={}",
        all.len(),
        header.functions.len(),
        exported.len(),
        python.len(),
        csharp.len(),
        found.len()
    );
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    assert!(all.len() > 70, "{}", all.len());
}

#[test]
fn a_difference_is_found() {
    let header = Header::read(&read("include/secupos.h")).signatures();
    let (mut fewer, mut more, mut other) = (header.clone(), header.clone(), header.clone());
    fewer.remove("secupos_till_pay");
    more.insert("secupos_till_play".into(), vec!["void".into()]);
    other.get_mut("secupos_till_pay").expect("it")[1] = "sale".into();
    for (others, expected) in
        [(fewer, "X lacks secupos_till_pay"), (more, "X has secupos_till_play, the header has not")]
    {
        assert_eq!(differences(&header, &others, "X"), [expected]);
    }
    let found = differences(&header, &other, "X");
    assert!(matches!(&found[..], [one] if one.starts_with("secupos_till_pay: the header says")), "{found:?}");
}

#[test]
fn every_handle_has_a_pointer_type_of_its_own_in_python_and_a_safe_handle_in_csharp() {
    let header = Header::read(&read("include/secupos.h"));
    let handles: BTreeSet<&str> = header.handles.iter().map(String::as_str).collect();
    assert!(handles.len() >= 8, "{handles:?}");
    for signatures in [python::signatures(), csharp::signatures()] {
        let used: BTreeSet<&str> = signatures
            .values()
            .flatten()
            .map(|kind| kind.strip_prefix("out ").unwrap_or(kind))
            .filter(|kind| !["void", "text", "i32", "i64", "u32", "size", "callback", "userdata"].contains(kind))
            .collect();
        assert_eq!(used, handles);
    }
}

#[test]
fn exports_and_numbers_are_frozen() {
    assert_frozen("abi/exports.txt", &exports());
    assert_frozen("abi/numbers.txt", &Header::read(&read("include/secupos.h")).numbers);
}
