//! What Python, C#, C++, Visual Basic and Pascal repeat of the C ABI: enums with their numbers, names and comments, and the
//! declarations of the functions. It is written from `src/ffi/` and `src/error.rs`, and kept beside what is written by hand.

mod abi;
mod core;
mod cpp;
mod csharp;
mod page;
mod pascal;
mod prose;
mod python;
mod stdcall;

use abi::Abi;

use crate::process::{Result, root};

/// A file of the repository, as it should be.
pub struct Generated {
    /// Where it is, from the root of the repository.
    path: String,
    /// All of it.
    text: String,
}

/// Writes what differs.
pub fn write() -> Result {
    for file in generated()? {
        let path = root().join(&file.path);
        if std::fs::read_to_string(&path).is_ok_and(|text| text == file.text) {
            continue;
        }
        std::fs::write(&path, &file.text).map_err(|fault| format!("{}: {fault}", file.path))?;
        println!("{}", file.path);
    }
    Ok(())
}

/// Tells the first difference.
pub fn check() -> Result {
    for file in generated()? {
        let text =
            std::fs::read_to_string(root().join(&file.path)).map_err(|fault| format!("{}: {fault}", file.path))?;
        if let Some(difference) = difference(&file.text, &text) {
            return Err(format!(
                "{}:{difference}\nIts source is in src/ffi/ and src/error.rs. To write it: cargo xtask bindings",
                file.path
            ));
        }
    }
    Ok(())
}

fn generated() -> Result<Vec<Generated>> {
    let abi = Abi::read(&root())?;
    core::agrees(&abi, &root())?;
    let mut files = python::files(&abi)?;
    files.extend(csharp::files(&abi)?);
    files.push(cpp::header(&abi)?);
    files.push(page::outcomes(&abi)?);
    files.extend(stdcall::files(&abi));
    files.push(pascal::unit(&abi)?);
    Ok(files)
}

/// Visual Basic and Pascal do not tell capital letters from small ones.
#[cfg(test)]
fn names_without_case(abi: &Abi) -> Vec<String> {
    let constants = abi.enums.iter().flat_map(|one| one.constants.iter().map(|constant| &constant.name));
    let functions = abi.functions.iter().map(|function| &function.name);
    let types = abi.enums.iter().map(|one| &one.name);
    constants.chain(functions).chain(types).map(|name| name.to_lowercase()).collect()
}

/// The number of the first line that differs, with what it should be and what it is.
pub fn difference(expected: &str, found: &str) -> Option<String> {
    if expected == found {
        return None;
    }
    let (mut should, mut is) = (expected.lines(), found.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (should.next(), is.next()) {
            (None, None) => return Some(format!("{number}: only the line's end differs")),
            (should, is) if should != is => {
                let shown = |line: Option<&str>| line.unwrap_or("(the file has ended)").trim().to_owned();
                return Some(format!("{number}:\n  should be: {}\n  is:        {}", shown(should), shown(is)));
            }
            _ => (),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_and_the_pages_say_what_the_library_says() {
        if let Err(fault) = check() {
            panic!("{fault}");
        }
    }

    #[test]
    fn names_differ_by_more_than_their_case() {
        let mut names = names_without_case(&Abi::read(&root()).expect("the sources"));
        names.sort();
        assert_eq!(names.windows(2).find(|pair| pair[0] == pair[1]), None);
    }

    #[test]
    fn the_first_difference_is_told_with_its_line() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(difference("a\n b\nc\n", "a\n x\ny\n").as_deref(), Some("2:\n  should be: b\n  is:        x"));
        assert_eq!(
            difference("a\nb\n", "a\n").as_deref(),
            Some("2:\n  should be: b\n  is:        (the file has ended)")
        );
        assert_eq!(difference("a\n", "a").as_deref(), Some("2: only the line's end differs"));
    }
}
