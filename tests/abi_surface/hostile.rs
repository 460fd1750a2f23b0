//! Hostile callers, from the header: every function with NULL, bad UTF-8, a handle of every other kind and extreme
//! integers in every position, one at a time, from a C program against the library that ships. What comes back must be
//! what the header documents.

use std::collections::BTreeSet;
use std::process::Command;

use crate::calls::{compile, documented, folder, good, outputs_are_clear, write_handles};
use crate::header::{Function, Header};
use crate::read;

/// A bad value for a parameter: as C, and how it is called in what is printed.
struct Bad {
    c: String,
    name: String,
    /// The status that must come back; without one, any that the header documents.
    expected: Option<&'static str>,
}

fn bad(c: impl Into<String>, name: impl Into<String>, expected: Option<&'static str>) -> Bad {
    Bad { c: c.into(), name: name.into(), expected }
}

/// All bad values for one parameter.
fn bad_values(header: &Header, function: &Function, place: usize) -> Vec<Bad> {
    let (kind, name) = &function.parameters[place];
    let mut values = Vec::new();
    if kind.starts_with("out ") || ["text", "callback"].contains(&kind.as_str()) || header.handles.contains(kind) {
        let may_be_null = function.comment.may_be_null(name);
        values.push(bad("NULL", "NULL", (!may_be_null).then_some("SECUPOS_STATUS_NULL_ARGUMENT")));
    }
    // What comes with its length is bytes, and may be anything.
    let has_length = function.parameters.get(place + 1).is_some_and(|(_, name)| name == "len");
    if kind == "text" && !has_length {
        values.push(bad("BAD_UTF8", "bad UTF-8", Some("SECUPOS_STATUS_INVALID_UTF8")));
    }
    if header.handles.contains(kind) {
        let others = header.handles.iter().filter(|other| *other != kind);
        values.extend(others.map(|other| {
            let c = format!("(secupos_{kind} *)good_{other}");
            bad(c, format!("a {other}"), Some("SECUPOS_STATUS_INVALID_HANDLE"))
        }));
    }
    let extremes: &[&str] = match kind.as_str() {
        "i32" => &["INT32_MIN", "-1", "0", "INT32_MAX"],
        "i64" => &["INT64_MIN", "-1", "0", "INT64_MAX"],
        "u32" => &["0", "UINT32_MAX"],
        "size" => &["0"],
        _ => &[],
    };
    values.extend(extremes.iter().map(|value| bad(*value, *value, None)));
    values
}

/// The C line that makes one call and judges it.
fn call(header: &Header, name: &str, function: &Function, place: usize, bad: &Bad) -> String {
    let argument = &function.parameters[place].1;
    let arguments: Vec<String> = function
        .parameters
        .iter()
        .enumerate()
        .map(|(at, (kind, name))| if at == place { bad.c.clone() } else { good(kind, name) })
        .collect();
    let made = format!("{name}({})", arguments.join(", "));
    let told = format!("\"{name}\", \"{argument}\", \"{}\"", bad.name);
    let has_error = function.parameters.last().is_some_and(|(kind, _)| kind == "out error");
    match (function.result.as_str(), bad.expected) {
        ("void", _) => format!("    {made}; harmless({told}, 1);\n"),
        ("i32", Some(expected)) if has_error => {
            let clear = outputs_are_clear(function, Some(place));
            format!(
                "    {{ clear(); secupos_status status = {made}; refused({told}, status, {expected}, {clear}); }}\n"
            )
        }
        // Nobody is told why; the outputs are as ever.
        ("i32", None) if argument == "error" => {
            format!("    clear(); {made}; error = NULL; tidy(); harmless({told}, 1);\n")
        }
        ("i32", None) if has_error => {
            format!("    {}\n", documented(header, name, &made, &told))
        }
        // Getters: nothing comes of a bad handle. What comes of an extreme index or number is any value.
        (_, Some(_)) => format!("    harmless({told}, {made} == 0);\n"),
        (_, None) => format!("    harmless({told}, ({made}, 1));\n"),
    }
}

#[test]
fn hostile_callers_get_the_documented_status_and_nothing_else() {
    let header = Header::read(&read("include/secupos.h"));
    let (mut calls, mut positions) = (String::new(), 0);
    for (name, function) in &header.functions {
        // A free ends its handle's life, so it is only given handles of other kinds.
        for place in 0..function.parameters.len() {
            positions += 1;
            for bad in bad_values(&header, function, place) {
                calls += &call(&header, name, function, place, &bad);
            }
        }
    }
    let folder = folder("hostile");
    write_handles(&header, &folder);
    std::fs::write(folder.join("calls.inc"), &calls).expect("written");
    let program = compile("hostile", &folder);
    // Good arguments name files, too.
    let run = Command::new(program).current_dir(&folder).arg(folder.join("till.db")).output().expect("it runs");
    let said = String::from_utf8_lossy(&run.stdout);
    println!(
        "hostile: functions={} positions={positions} {}",
        header.functions.len(),
        said.lines().last().unwrap_or("")
    );
    assert!(run.status.success(), "{:?}\n{said}{}", run.status, String::from_utf8_lossy(&run.stderr));
    assert!(calls.lines().count() > 700, "{}", calls.lines().count());
}

#[test]
fn every_handle_is_among_the_good_ones() {
    let made: BTreeSet<String> = Header::read(&read("include/secupos.h")).handles;
    let source = read("tests/abi_surface/judge.h");
    for noun in made {
        assert!(source.contains(&format!("&good_{noun}")), "make_good() makes no {noun}");
    }
}
