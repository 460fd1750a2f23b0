//! `secupos.hpp` leaves nothing of `secupos.h` out, and compilers take it in each standard.

use std::collections::BTreeSet;
use std::process::Command;

const C: &str = include_str!("../include/secupos.h");
const CPP: &str = include_str!("../include/secupos.hpp");

/// The words of the code that begin so, without those that stand in comments.
fn names<'a>(header: &'a str, prefix: &str) -> BTreeSet<&'a str> {
    let mut code = Vec::new();
    let mut in_comment = false;
    for line in header.lines() {
        in_comment |= line.trim_start().starts_with("/*");
        if !in_comment {
            code.push(line.split_once("//").map_or(line, |(code, _)| code));
        }
        in_comment &= !line.ends_with("*/");
    }
    let words = code.into_iter().flat_map(|line| line.split(|letter: char| !letter.is_alphanumeric() && letter != '_'));
    words.filter(|word| word.starts_with(prefix)).collect()
}

#[test]
fn each_function_of_the_c_header_is_called() {
    let declared: BTreeSet<&str> = C
        .lines()
        .filter(|line| line.starts_with("SECUPOS_API"))
        .filter_map(|line| Some(line.split_once("SECUPOS_CALL ")?.1.split_once('(')?.0))
        .collect();
    assert!(declared.len() > 80, "{}", declared.len());
    let missing: Vec<_> = declared.difference(&names(CPP, "secupos_")).copied().collect();
    assert!(missing.is_empty(), "include/secupos.hpp does not call {missing:#?}");
}

#[test]
fn each_constant_of_the_c_header_has_its_name() {
    let constants: BTreeSet<&str> = C
        .lines()
        .filter_map(|line| line.strip_prefix("#define ")?.split_once(' '))
        .filter(|(_, value)| value.parse::<i32>().is_ok())
        .map(|(name, _)| name)
        .collect();
    assert!(constants.len() > 90, "{}", constants.len());
    let missing: Vec<_> = constants.difference(&names(CPP, "SECUPOS_")).copied().collect();
    assert!(missing.is_empty(), "include/secupos.hpp does not name {missing:#?}");
}

#[test]
fn a_compiler_takes_it_in_each_standard_without_a_warning() {
    for standard in ["c++17", "c++20"] {
        let output = Command::new("c++")
            .args(["-x", "c++", &format!("-std={standard}"), "-Iinclude", "-fsyntax-only"])
            .args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "tests/cpp/till.cpp", "tests/cpp/windows.cpp"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("a compiler is installed");
        assert!(output.status.success(), "{standard}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
