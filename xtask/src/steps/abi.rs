//! The ABI as the compiler made it: the exported functions with their types, from debug information, against
//! `abi/secupos.abi.xml`. What breaks callers needs a new SECUPOS_ABI_VERSION; what is new is blessed once.
//! `tools/abi_trim.py` stays a script, because Python brings a parser for XML.

use std::path::Path;
use std::process::Command;

use crate::process::{Result, line, output, root};
use crate::requirements::{Consent, make_sure_of};
use crate::transcript::Transcript;

const KEPT: &str = "abi/secupos.abi.xml";
const NOW: &str = "target/abi/secupos.abi.xml";
const DOCTORED: &str = "target/abi/doctored.xml";
const BREAKS: &str = "this breaks callers: it wants a new SECUPOS_ABI_VERSION";

/// The step: what breaks callers would be found, and nothing of it is there.
pub fn compare(transcript: &mut Transcript, _: Consent) -> Result {
    finds_what_breaks_callers(transcript)?;
    describe()?;
    transcript.run(&mut difference(NOW)).map_err(|fault| format!("{BREAKS} ({fault})"))?;
    if read(KEPT)? != read(NOW)? {
        transcript.run(&mut line(&format!("abidiff {KEPT} {NOW}"))).ok();
        return Err("new in the ABI. If it is meant to stay for ever: cargo xtask bless-abi".to_owned());
    }
    let functions = read(KEPT)?.lines().filter(|line| line.contains("<elf-symbol")).count();
    transcript.say(&format!("{functions} exported functions with their types, as {KEPT} has them"));
    Ok(())
}

/// `cargo xtask bless-abi`: takes over what was added, or everything if the ABI version is new.
pub fn bless(consent: Consent) -> Result {
    make_sure_of(["abidw", "cc", "python3"], consent)?;
    describe()?;
    let (kept, now) = (read(KEPT).unwrap_or_default(), read(NOW)?);
    // Another soname is another ABI: nothing that was promised under the old one holds.
    if soname(&kept) == soname(&now) {
        output(&mut difference(NOW)).map_err(|_| format!("not blessed: {BREAKS}"))?;
    }
    std::fs::write(root().join(KEPT), now).map_err(|fault| format!("{KEPT}: {fault}"))
}

/// Our own compilation unit alone, without what says where and when it was built. One unit, so that the order is stable.
fn describe() -> Result {
    output(line("cargo rustc --quiet --lib --crate-type cdylib").args([
        "--config=profile.dev.package.secupos.debug=2",
        "--config=profile.dev.package.secupos.codegen-units=1",
        "--config=profile.dev.package.secupos.incremental=false",
    ]))?;
    let described = "abidw --no-corpus-path --no-comp-dir-path --no-show-locs --no-elf-needed --type-id-style hash \
                     --out-file target/abi/whole.xml target/debug/libsecupos.so";
    make_folder()?;
    output(&mut line(described))?;
    let whole = std::fs::File::open(root().join("target/abi/whole.xml")).map_err(|fault| fault.to_string())?;
    let trimmed = output(line("python3 tools/abi_trim.py").stdin(whole))?;
    write(NOW, &trimmed)
}

/// Fails if something has changed that is not just new.
fn difference(with: &str) -> Command {
    line(&format!("abidiff --no-added-syms --no-show-locs {KEPT} {with}"))
}

/// Each doctored description of the library must be refused, the kept one not: what cannot fail proves nothing.
fn finds_what_breaks_callers(transcript: &mut Transcript) -> Result {
    let kept = read(KEPT)?;
    make_folder()?;
    transcript.run(&mut difference(KEPT))?;
    let doctored = doctored(&kept)?;
    for (what, text, found) in &doctored {
        if *text == kept {
            return Err(format!("not doctored: {what}"));
        }
        write(DOCTORED, text)?;
        let said = transcript.run_refused(&mut difference(DOCTORED))?;
        if !said.contains(found) {
            return Err(format!("found, but not told: {what}"));
        }
    }
    transcript.say(&format!("{} doctored libraries refused", doctored.len()));
    Ok(())
}

/// What is wrong, the description with it, and what abidiff says of it.
fn doctored(kept: &str) -> Result<Vec<(&'static str, String, &'static str)>> {
    let (i32, i64) = (type_id(kept, "i32")?, type_id(kept, "i64")?);
    let amount = |id: &str| format!("type-id=\"{id}\" name=\"amount\"");
    let without_pay: Vec<&str> =
        kept.lines().filter(|line| !line.contains("<elf-symbol name=\"secupos_till_pay\"")).collect();
    Ok(vec![
        ("an amount of 32 bits", kept.replace(&amount(&i64), &amount(&i32)), "parameter 2 of type 'i64' changed"),
        (
            "a function that is gone",
            in_function(&without_pay.join("\n"), "secupos_till_pay", |_| None),
            "secupos_till_pay",
        ),
        (
            "a length of 32 bits",
            in_function(kept, "secupos_bytes_len", |line| Some(with_return_type(line, &i32))),
            "return type changed",
        ),
        (
            "an argument less",
            in_function(kept, "secupos_till_open", |line| (!line.contains("name=\"config\"")).then(|| line.to_owned())),
            "secupos_till_open",
        ),
        ("another soname", kept.replace("libsecupos.so.1", "libsecupos.so.2"), "SONAME"),
    ])
}

/// The text with each line of this function changed, or left out.
fn in_function(text: &str, function: &str, change: impl Fn(&str) -> Option<String>) -> String {
    let begin = format!("mangled-name=\"{function}\"");
    let mut inside = false;
    let mut changed = String::new();
    for line in text.lines() {
        inside |= line.contains(&begin);
        if let Some(line) = if inside { change(line) } else { Some(line.to_owned()) } {
            changed += &format!("{line}\n");
        }
        inside &= !line.contains("</function-decl>");
    }
    changed
}

fn with_return_type(line: &str, id: &str) -> String {
    match attribute(line, "return type-id") {
        Some(old) => line.replace(&format!("type-id=\"{old}\""), &format!("type-id=\"{id}\"")),
        None => line.to_owned(),
    }
}

fn type_id(text: &str, name: &str) -> Result<String> {
    let declaration = format!("<type-decl name=\"{name}\"");
    let line = text.lines().find(|line| line.contains(&declaration));
    line.and_then(|line| attribute(line, " id")).map(str::to_owned).ok_or_else(|| format!("{KEPT} has no {name}"))
}

fn soname(text: &str) -> Option<&str> {
    text.lines().find_map(|line| attribute(line, "soname"))
}

/// What stands between the quotation marks behind a name.
fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(&format!("{name}="))?;
    let mark = rest.chars().next()?;
    rest[1..].split_once(mark).map(|(value, _)| value)
}

fn read(path: &str) -> Result<String> {
    std::fs::read_to_string(root().join(path)).map_err(|fault| format!("{path}: {fault}"))
}

fn write(path: &str, text: &str) -> Result {
    std::fs::write(root().join(path), text).map_err(|fault| format!("{path}: {fault}"))
}

fn make_folder() -> Result {
    let folder = root().join(Path::new(NOW).parent().expect("it stands in a folder"));
    std::fs::create_dir_all(&folder).map_err(|fault| format!("{}: {fault}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_doctored_description_differs_from_the_kept_one_and_only_where_it_should() {
        let kept = read(KEPT).expect("it is checked in");
        for (what, text, _) in doctored(&kept).expect("the types are there") {
            assert_ne!(text, kept, "{what}");
            assert!(text.len().abs_diff(kept.len()) < 1_000, "{what}");
        }
    }

    #[test]
    fn only_the_function_is_changed() {
        let text = "<function-decl mangled-name=\"a\">\n  x\n</function-decl>\n\
                    <function-decl mangled-name=\"b\">\n  x\n</function-decl>\n";
        let without = in_function(text, "a", |line| (!line.contains('x')).then(|| line.to_owned()));
        assert_eq!(
            without,
            "<function-decl mangled-name=\"a\">\n</function-decl>\n<function-decl mangled-name=\"b\">\n  x\n</function-decl>\n"
        );
    }

    #[test]
    fn attributes_are_read_in_both_kinds_of_quotation_marks() {
        assert_eq!(soname("<abi-corpus soname='libsecupos.so.1'>"), Some("libsecupos.so.1"));
        assert_eq!(attribute("<return type-id=\"abc\"/>", "return type-id"), Some("abc"));
        assert_eq!(with_return_type("<return type-id=\"abc\"/>", "def"), "<return type-id=\"def\"/>");
    }
}
