//! C and C++ compilers take the header without a warning; its numbers are those of the core's tables.

use std::collections::BTreeMap;
use std::process::Command;

use secupos::error::TABLE;

const CHECKED_IN: &str = include_str!("../include/secupos.h");

#[test]
fn c_and_cpp_compilers_take_the_header_without_a_warning() {
    for (compiler, language, standard) in [("cc", "c", "c99"), ("cc", "c", "c11"), ("c++", "c++", "c++17")] {
        let output = Command::new(compiler)
            .args(["-x", language, &format!("-std={standard}")])
            .args(["-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only"])
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/include/secupos.h"))
            .output()
            .expect("a compiler is installed");
        assert!(output.status.success(), "{standard}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn no_line_is_wider_than_the_screen() {
    for (name, text) in [("secupos.h", CHECKED_IN), ("secupos.hpp", include_str!("../include/secupos.hpp"))] {
        let wide = |(number, line): (usize, &str)| {
            let width = line.chars().count();
            (width > 120).then(|| format!("include/{name}:{}: {width} columns", number + 1))
        };
        let found: Vec<_> = text.lines().enumerate().filter_map(wide).collect();
        assert!(found.is_empty(), "\n{}", found.join("\n"));
    }
}

#[test]
fn statuses_are_the_tables() {
    let constants: BTreeMap<i32, String> = CHECKED_IN
        .lines()
        .filter_map(|line| line.strip_prefix("#define SECUPOS_STATUS_")?.split_once(' '))
        .map(|(name, number)| (number.parse().expect("a number"), name.to_owned()))
        .collect();
    let table: BTreeMap<i32, String> = TABLE.iter().map(|row| (row.status.number(), row.name().to_owned())).collect();
    assert_eq!(constants, table);
    assert_eq!(table.len(), 33);
}
