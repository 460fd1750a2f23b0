//! The page names, for each kind of what an adversary did to the first edition, the tests of it: they must be there.

use std::path::Path;

const SECTION: &str = "\n## What an adversary did, and the tests of it\n";

#[test]
fn each_test_that_the_page_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/payment-safety.md")).expect("the page");
    let (_, rest) = page.split_once(SECTION).expect("the section begins");
    let (section, _) = rest.split_once("\n## ").expect("another section follows");
    let rows: Vec<&str> = section.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    for (number, row) in (1..).zip(&rows) {
        assert!(row.starts_with(&format!("| {number} |")), "{row}");
        // What is named stands between back quotes: a file, then a test in it.
        let (_, tests) = row.rsplit_once(" | ").expect("three cells");
        let named: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty() && named.len().is_multiple_of(2), "{row}");
        for pair in named.chunks(2) {
            let (file, test) = (pair[0], pair[1]);
            let source = std::fs::read_to_string(root.join(file)).unwrap_or_else(|fault| panic!("{file}: {fault}"));
            assert!(source.contains(&format!("#[test]\nfn {test}() {{")), "{file} has no {test}");
        }
    }
    assert_eq!(rows.len(), 24);
}
