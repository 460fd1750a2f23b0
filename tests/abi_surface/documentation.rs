//! What each function's comment must say, judged by its signature: who owns what, what NULL means, which threads, which
//! errors, since when.

use crate::header::{Function, Header};
use crate::read;

const SECTIONS: [&str; 5] = ["Ownership:", "NULL:", "Threads:", "Errors:", "@since"];

/// The comment's sections, in the order of `SECTIONS`; one that is missing or out of order is empty.
fn sections(comment: &str) -> [&str; 5] {
    let starts = SECTIONS.map(|title| comment.find(title));
    std::array::from_fn(|at| {
        let Some(start) = starts[at] else { return "" };
        let end = starts.get(at + 1).copied().flatten().unwrap_or(comment.len());
        comment.get(start + SECTIONS[at].len()..end).unwrap_or("").trim()
    })
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|one| one == word)
}

fn faults(header: &Header, name: &str, function: &Function) -> Vec<String> {
    let [ownership, null, threads, errors, since] = sections(&function.comment);
    let mut faults = Vec::new();
    let mut must = |holds: bool, fault: String| {
        if !holds {
            faults.push(format!("{name}: {fault}"));
        }
    };
    for (title, text) in SECTIONS.iter().zip([ownership, null, threads, errors, since]) {
        must(!text.is_empty(), format!("{title} is missing, or out of order"));
    }

    for (kind, _) in &function.parameters {
        match kind.strip_prefix("out ").filter(|noun| *noun != "error" && header.handles.contains(*noun)) {
            Some(noun) => {
                let freed = format!("the caller frees *out with secupos_{noun}_free");
                must(ownership.contains(&freed), format!("Ownership: should say that {freed}"));
            }
            None if kind == "text" => {
                let told = ownership.contains("copied") || ownership.contains("only read");
                must(told, "Ownership: should say whether texts are copied or only read".into());
            }
            None => (),
        }
    }
    if function.result == "text" || header.handles.contains(&function.result) {
        must(ownership.starts_with("borrowed"), "Ownership: should say what the result is borrowed from".into());
    }
    if name.ends_with("_free") {
        must(ownership.starts_with("ends the caller's"), "Ownership: should say that it ends".into());
    }

    let takes_error = function.parameters.iter().any(|(kind, _)| kind == "out error");
    let takes_handle = function.parameters.iter().any(|(kind, _)| header.handles.contains(kind));
    match (takes_error, takes_handle) {
        (true, _) => must(has_word(null, "error"), "NULL: should say that error may be NULL".into()),
        (false, true) => {
            let told = ["reads as ", "gives ", "does nothing"].iter().any(|start| null.starts_with(start));
            must(told, "NULL: should say what NULL reads as, gives or does".into());
        }
        (false, false) => (),
    }

    // The type whose function it is; a function of another type may still read an exclusive object.
    let own = |noun: &&String| name.strip_prefix("secupos_").is_some_and(|rest| rest.starts_with(&format!("{noun}_")));
    let object = function.parameters.first().map(|(kind, _)| kind).filter(|kind| header.handles.contains(*kind));
    match object.filter(own).is_none_or(|kind| header.shared.contains(kind)) {
        true => must(threads.starts_with("any"), "Threads: its object is shared, so any".into()),
        false => must(threads.starts_with("exclusive"), "Threads: its object is exclusive".into()),
    }

    let named = !header.errors_of(name).is_empty();
    match takes_error {
        true => must(named, "Errors: should name its statuses".into()),
        false => must(errors.starts_with("none") || named, "Errors: should say none".into()),
    }
    let version = since.split_once('.').map(|(major, minor)| (major.parse::<u32>(), minor.parse::<u32>()));
    must(matches!(version, Some((Ok(_), Ok(_)))), format!("@since: {since:?} is no version"));
    faults
}

#[test]
fn every_function_says_who_owns_what_what_null_means_who_may_call_it_what_fails_and_since_when() {
    let header = Header::read(&read("include/secupos.h"));
    let found: Vec<String> =
        header.functions.iter().flat_map(|(name, function)| faults(&header, name, function)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn a_comment_that_does_not_fit_its_function_is_found() {
    let text = read("include/secupos.h");
    let (before, declaration) =
        text.split_once("\nSECUPOS_API secupos_status SECUPOS_CALL secupos_till_open(").expect("it");
    let (before, comment) = before.rsplit_once("/**").expect("its comment");
    for (words, instead, told) in [
        ("Ownership:", "Property:", "Ownership: is missing, or out of order"),
        ("secupos_till_free", "secupos_sale_free", "secupos_till_free"),
        ("error may be", "errors may be", "NULL: should say that error may be NULL"),
        ("Threads: any", "Threads: exclusive", "Threads: its object is shared"),
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
