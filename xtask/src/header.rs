//! The C headers: made from `src/ffi/`, and kept in `include/`.
//!
//! cbindgen translates one noun after the other, so that each one's constants and functions stand together; here the
//! parts are put into the order of a manual and given a calling convention, for which cbindgen has no place.

use std::path::Path;

use crate::bindings::difference;
use crate::process::{Result, root};

/// The parts of the header, in an order in which every type is declared before it is used.
const NOUNS: &[(&str, &str)] = &[
    ("text", "Languages"),
    ("error", "Statuses and errors"),
    ("version", "Versions"),
    ("config", "Settings"),
    ("callback", "Callbacks"),
    ("log", "The log"),
    ("end", "The end of all callbacks"),
    ("till", "Tills"),
    ("registration", "Registering a till"),
    ("sale", "Sales"),
    ("archive", "The archive"),
    ("receipt", "Receipts"),
    ("render", "Rendering receipts"),
    ("bytes", "Bytes"),
    ("outcome", "What became of a payment, why, and what to do next"),
    ("payment", "Payments"),
    ("payment_list", "Lists of payments"),
    ("report", "Reports of the terminal: end of day, diagnosis"),
];

const WIDTH: usize = 120;

/// Writes both headers anew.
pub fn write() -> Result {
    for header in made(&root()) {
        let kept = root().join(header.path);
        std::fs::write(&kept, header.text).map_err(|fault| format!("{}: {fault}", kept.display()))?;
    }
    Ok(())
}

/// Whether the kept ones are those that are made now.
pub fn check() -> Result {
    for header in made(&root()) {
        let path = header.path;
        let kept = std::fs::read_to_string(root().join(path)).map_err(|fault| format!("{path}: {fault}"))?;
        if let Some(difference) = difference(&header.text, &kept) {
            return Err(format!("{path}:{difference}\nIts source is src/ffi/. To write it: make header"));
        }
    }
    Ok(())
}

/// A header, as it should be.
struct Header {
    /// Where it is, from the root of the repository.
    path: &'static str,
    /// All of it.
    text: String,
}

/// The headers, as `src/ffi/` is now.
fn made(root: &Path) -> [Header; 2] {
    [
        Header { path: "include/secupos.h", text: everywhere(root) },
        Header { path: "include/secupos_windows.h", text: on_windows(root) },
    ]
}

fn everywhere(root: &Path) -> String {
    let mut header = preamble(root, "header_preamble.h");
    let parts: Vec<_> = NOUNS.iter().map(|(noun, title)| (title, declarations(root, noun))).collect();
    let is_type = |declaration: &&String| declaration.contains("typedef struct ");
    header += &heading("Types");
    for (_, declarations) in &parts {
        header.extend(declarations.iter().filter(is_type).map(String::as_str));
    }
    header += &index(&parts);
    for (title, declarations) in &parts {
        header += &heading(title);
        header.extend(declarations.iter().filter(|declaration| !is_type(declaration)).map(String::as_str));
    }
    header
        + "\n#ifdef __cplusplus\n}\n#endif\n\n#ifdef _WIN32\n#include \"secupos_windows.h\"\n#endif\n\n#endif /* SECUPOS_H */\n"
}

/// What there is only on Windows.
fn on_windows(root: &Path) -> String {
    let mut header = preamble(root, "windows_preamble.h");
    header.extend(declarations(root, "windows"));
    header + "\n#ifdef __cplusplus\n}\n#endif\n\n#endif /* SECUPOS_WINDOWS_H */\n"
}

fn preamble(root: &Path, file: &str) -> String {
    std::fs::read_to_string(root.join("src/ffi").join(file)).expect("it is there")
}

/// A comment that lists each noun's functions, by what comes behind `secupos_`.
fn index(parts: &[(&&str, Vec<String>)]) -> String {
    let mut index = String::from("\n/* The functions, by what they are about; each name begins with secupos_.\n");
    for (title, declarations) in parts {
        let name = |declaration: &String| {
            Some(declaration.split_once("SECUPOS_CALL secupos_")?.1.split_once('(')?.0.to_owned())
        };
        let names: Vec<_> = declarations.iter().filter_map(name).collect();
        if names.is_empty() {
            continue;
        }
        index += &format!(" *\n * {title}\n");
        let mut line = String::new();
        for name in &names {
            if line.len() + name.len() + 5 > WIDTH {
                index += &format!(" *  {line}\n");
                line.clear();
            }
            line += &format!(" {name}");
        }
        index += &format!(" *  {line}\n");
    }
    index + " */\n"
}

fn heading(title: &str) -> String {
    format!("\n/* {title} {} */\n", "-".repeat(WIDTH - 7 - title.len()))
}

/// One noun's declarations, each with its comment and an empty line before it.
fn declarations(root: &Path, noun: &str) -> Vec<String> {
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml is valid");
    let source = root.join("src/ffi").join(noun).with_extension("rs");
    let mut text = Vec::new();
    let bindings = cbindgen::Builder::new().with_config(config).with_src(source).generate();
    bindings.expect("src/ffi has a C header").write(&mut text);
    let text = String::from_utf8(text).expect("the header is UTF-8");

    let mut declarations = Vec::new();
    let mut comment = String::new();
    let mut in_comment = false;
    for line in text.lines().filter(|line| !line.is_empty()) {
        in_comment |= line.starts_with("/**");
        if in_comment {
            comment += &format!("{line}\n");
            in_comment = !line.ends_with("*/");
        } else {
            declarations.push(format!("\n{}{}\n", for_c(&comment), with_calling_convention(line)));
            comment.clear();
        }
    }
    declarations
}

/// Leaves out the safety notes, which speak to Rust callers, and puts short comments on one line.
fn for_c(comment: &str) -> String {
    let text = match comment.split_once("\n *\n * # Safety") {
        Some((before, _)) => format!("{before}\n */\n"),
        None => comment.to_owned(),
    };
    let on_one_line = match text.lines().collect::<Vec<_>>()[..] {
        [_, line, _] => format!("/** {} */\n", line.trim_start_matches(" * ")),
        _ => return text,
    };
    if on_one_line.trim_end().chars().count() > WIDTH { text } else { on_one_line }
}

/// `SECUPOS_API type name(…)` → `SECUPOS_API type SECUPOS_CALL name(…)`, folded where it is long; and
/// `typedef type (*name)(…)` → `typedef type (SECUPOS_CALL *name)(…)`.
fn with_calling_convention(line: &str) -> String {
    if line.starts_with("typedef ") {
        return line.replacen("(*", "(SECUPOS_CALL *", 1);
    }
    let Some((before, arguments)) = line.strip_prefix("SECUPOS_API ").and_then(|line| line.split_once('(')) else {
        return line.to_owned();
    };
    let name_at = before.rfind("secupos_").expect("our functions are called secupos_*");
    let start = format!("SECUPOS_API {}SECUPOS_CALL {}(", &before[..name_at], &before[name_at..]);
    if start.len() + arguments.len() <= WIDTH {
        return start + arguments;
    }
    let mut folded = vec![start, "   ".into()];
    for argument in arguments.split_inclusive(',') {
        let argument = argument.trim();
        if folded.last().map_or(0, String::len) + argument.len() + 1 > WIDTH {
            folded.push("   ".into());
        }
        *folded.last_mut().expect("never empty") += &format!(" {argument}");
    }
    folded.join("\n")
}
