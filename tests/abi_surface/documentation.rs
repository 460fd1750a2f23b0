//! What the header must say, judged by its signatures: the conventions once, and each function what differs from them.

use std::collections::BTreeSet;

use crate::header::{Function, Header};
use crate::read;

/// What each rule of the conventions must contain.
const CONVENTIONS: [(&str, &[&str]); 11] = [
    ("Arguments", &["clears all outputs and *error", "only if it returns SECUPOS_OK"]),
    ("NULL", &["Only `error` may be NULL", "\"may be NULL\"", "gives NULL or 0", "_free(NULL) does nothing"]),
    ("Texts", &["UTF-8", "copies what it keeps"]),
    (
        "Ownership",
        &["belongs to the caller", "never with free()", "is borrowed", "freed in any order", "no other call"],
    ),
    ("Waiting", &["secupos_till_pay", "secupos_till_recover_all", "_wait"]),
    ("Network", &["Nothing else does"]),
    ("Numbers", &["minor units", "milliseconds since 1970 UTC", "0 or 1", "frozen"]),
    ("Errors", &["A function without `error` cannot fail", "common errors"]),
    ("Threads", &["\"shared\"", "\"exclusive\""]),
    ("Processes", &["FORKED"]),
    ("Faults", &["No panic leaves the library"]),
];

/// The conventions at the top, on one line.
fn conventions(text: &str) -> String {
    let chapter = text.split_once(" * Conventions\n").map_or("", |(_, rest)| rest);
    let chapter = chapter.split_once(" * Made by").map_or(chapter, |(chapter, _)| chapter);
    let lines = chapter.lines().map(|line| line.trim_start().strip_prefix('*').unwrap_or(line).trim_start());
    lines.collect::<Vec<_>>().join(" ")
}

/// What the text says under one heading of the conventions; empty if it is not there or stands out of order.
fn rule(conventions: &str, at: usize) -> &str {
    let start = |title: &str| conventions.find(&format!(" {title}  "));
    let Some(from) = start(CONVENTIONS[at].0) else { return "" };
    let to = CONVENTIONS.get(at + 1).map_or(Some(conventions.len()), |(next, _)| start(next));
    to.and_then(|to| conventions.get(from..to)).unwrap_or("")
}

fn faults_of_the_conventions(text: &str, header: &Header) -> Vec<String> {
    let conventions = conventions(text);
    let mut faults = Vec::new();
    for (at, (title, all)) in CONVENTIONS.iter().enumerate() {
        let rule = rule(&conventions, at);
        for one in all.iter().filter(|one| !rule.contains(**one)) {
            faults.push(format!("{title}: should say {one:?}"));
        }
        if *title == "Errors" {
            let common: BTreeSet<String> =
                header.functions.keys().flat_map(|name| header.common_errors(name)).collect();
            if header.statuses_in(rule) != common {
                faults.push(format!("Errors: should name {common:?}"));
            }
        }
    }
    for noun in &header.handles {
        let before = text.split_once(&format!("typedef struct secupos_{noun} ")).map_or("", |(before, _)| before);
        let comment = &before[before.rfind("/**").unwrap_or(0)..];
        if comment.contains("Shared:") == comment.contains("Exclusive:") {
            faults.push(format!("secupos_{noun}: should be either shared or exclusive"));
        }
    }
    faults
}

fn faults(header: &Header, name: &str, function: &Function) -> Vec<String> {
    let comment = &function.comment;
    let mut faults = Vec::new();
    let mut must = |holds: bool, fault: String| {
        if !holds {
            faults.push(format!("{name}: {fault}"));
        }
    };
    must(comment.prose.ends_with(['.', ':']) || comment.prose.contains(". - "), "should say what it does".into());
    must(comment.others.is_empty(), format!("{:?} is not in use", comment.others));

    let told: Vec<&str> = comment.parameters.iter().map(|(name, _)| name.as_str()).collect();
    let declared: Vec<&str> = function.parameters.iter().map(|(_, name)| name.as_str()).collect();
    must(told == declared, format!("@param for {declared:?}, not {told:?}"));
    for (kind, parameter) in &function.parameters {
        let told = comment.parameters.iter().find(|(name, _)| name == parameter).map_or("", |(_, text)| text);
        must(!told.is_empty(), format!("@param {parameter} should say what it is"));
        if let Some(noun) = kind.strip_prefix("out ").filter(|noun| *noun != "error" && header.handles.contains(*noun))
        {
            let freed = format!("secupos_{noun}_free");
            must(told.contains(&freed), format!("@param {parameter} should say that {freed} frees it"));
            must(header.functions.contains_key(&freed), format!("{freed} is not there"));
        }
    }

    let takes_error = function.parameters.iter().any(|(kind, _)| kind == "out error");
    match &comment.returns[..] {
        [] => must(function.result == "void", "@return is missing".into()),
        [told] => {
            must(function.result != "void", "@return, where nothing is returned".into());
            let begins = told.starts_with("SECUPOS_OK") && told.contains("a common error");
            let refers = told.starts_with("as secupos_") && !header.named_errors(name).is_empty();
            must(!takes_error || begins || refers, "@return should name SECUPOS_OK and the errors".into());
            if function.result == "text" || header.handles.contains(&function.result) {
                must(!told.contains("free it with"), "@return: what is borrowed is not freed".into());
            }
            must(!told.contains("FORKED"), "@return: FORKED is a common error".into());
        }
        several => must(false, format!("{} times @return", several.len())),
    }
    must(!takes_error || function.result == "i32", "has an error, and returns no status".into());

    let version = match &comment.since[..] {
        [since] => since.split_once('.').map(|(major, minor)| (major.parse::<u32>(), minor.parse::<u32>())),
        _ => None,
    };
    must(matches!(version, Some((Ok(_), Ok(_)))), format!("@since: {:?} is no version", comment.since));
    faults
}

#[test]
fn the_conventions_say_once_what_holds_for_every_function() {
    let text = read("include/secupos.h");
    let found = faults_of_the_conventions(&text, &Header::read(&text));
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_function_says_what_each_argument_is_what_it_returns_how_it_fails_and_since_when() {
    let header = Header::read(&read("include/secupos.h"));
    let found: Vec<String> =
        header.functions.iter().flat_map(|(name, function)| faults(&header, name, function)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn a_rule_that_is_missing_is_found() {
    let text = read("include/secupos.h");
    for (words, instead, told) in [
        ("Only `error` may be NULL", "Anything may be NULL", "NULL: should say"),
        ("never with free()", "or with free()", "Ownership: should say"),
        ("INTERNAL for a fault", "nothing for a fault", "Errors: should name"),
        ("Exclusive: one thread at a time", "One thread at a time", "should be either shared or exclusive"),
    ] {
        assert!(text.contains(words), "{words}");
        let doctored = text.replace(words, instead);
        let found = faults_of_the_conventions(&doctored, &Header::read(&doctored));
        assert!(found.iter().any(|fault| fault.contains(told)), "{told}: {found:?}");
    }
}

#[test]
fn a_comment_that_does_not_fit_its_function_is_found() {
    let text = read("include/secupos.h");
    let (before, declaration) =
        text.split_once("\nSECUPOS_API secupos_status SECUPOS_CALL secupos_till_open(").expect("it");
    let (before, comment) = before.rsplit_once("/**").expect("its comment");
    for (words, instead, told) in [
        ("@param config", "@param settings", "@param for"),
        ("secupos_till_free", "secupos_sale_free", "secupos_till_free frees it"),
        ("@param error why the call failed", "@param error", "@param error should say what it is"),
        ("@return SECUPOS_OK", "@return a status", "@return should name SECUPOS_OK"),
        ("@return", "@returned", "@return is missing"),
        ("@since 0.1", "@since ever", "is no version"),
    ] {
        assert!(comment.contains(words), "{words}");
        let comment = comment.replace(words, instead);
        let doctored =
            format!("{before}/**{comment}\nSECUPOS_API secupos_status SECUPOS_CALL secupos_till_open({declaration}");
        let header = Header::read(&doctored);
        let found = faults(&header, "secupos_till_open", &header.functions["secupos_till_open"]);
        assert!(found.iter().any(|fault| fault.contains(told)), "{told}: {found:?}");
    }
}
