//! The pages in `docs/` show what is drawn from the code or found by the tests, between two marks.

use std::path::Path;

/// Compares a page's section with what it should be, or writes the page as it should be and says where it is.
pub fn assert_shows(page: &str, section: &str, expected: &str) {
    // Of the library, whichever crate of it asks.
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let file = crates.map(|at| at.join("docs").join(page)).find(|file| file.exists()).expect("the page");
    let text = std::fs::read_to_string(&file).expect("the page");
    let (begin, end) = (format!("<!-- {section} -->\n"), format!("<!-- end of {section} -->"));
    let (before, rest) = text.split_once(&begin).expect("the section begins");
    let (shown, after) = rest.split_once(&end).expect("the section ends");
    if shown == expected {
        return;
    }
    let new = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{section} in {page}").replace(' ', "-"));
    std::fs::write(&new, format!("{before}{begin}{expected}{end}{after}")).expect("the new page is written");
    panic!("{page} shows other {section}. Look at them; if they are right: cp {} {}", new.display(), file.display());
}
