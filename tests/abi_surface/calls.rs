//! Calls written as C, from the header, and the programs that make them.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::header::{Function, Header};
use crate::root;

/// A good argument for a parameter, as C.
pub fn good(kind: &str, name: &str) -> String {
    match (kind, name) {
        ("text", "device_name") => "\"/vendor/unknown/cashier/1\"".into(),
        ("text", "currency") => "\"EUR\"".into(),
        ("text", "date") => "\"2026-11-23\"".into(),
        ("text", "json") => "\"[]\"".into(),
        ("text", "url" | "base_url") => "\"http://127.0.0.1:1\"".into(),
        ("text", _) => "\"r1\"".into(),
        ("size", "len") => "2".into(),
        ("callback", "callback") => "good_line".into(),
        ("callback", "done") => "good_done".into(),
        ("callback" | "userdata", _) => "NULL".into(),
        ("i32" | "i64" | "u32" | "size", _) => "1".into(),
        ("out i32", _) => "&out_i32".into(),
        ("out i64", _) => "&out_i64".into(),
        ("out error", _) => "&error".into(),
        _ => match kind.strip_prefix("out ") {
            Some(noun) => format!("&out_{noun}"),
            None => format!("good_{kind}"),
        },
    }
}

/// All arguments good.
pub fn good_call(name: &str, function: &Function) -> String {
    let arguments: Vec<String> = function.parameters.iter().map(|(kind, name)| good(kind, name)).collect();
    format!("{name}({})", arguments.join(", "))
}

/// The condition that a refused call has cleared its outputs, all but the one at `except` and the error.
pub fn outputs_are_clear(function: &Function, except: Option<usize>) -> String {
    let outputs = function
        .parameters
        .iter()
        .enumerate()
        .filter(|(at, (kind, _))| Some(*at) != except && kind.starts_with("out ") && kind != "out error");
    let clear: Vec<String> = outputs
        .map(|(_, (kind, _))| match kind.as_str() {
            "out i32" => "out_i32 == 0".into(),
            "out i64" => "out_i64 == 0".into(),
            _ => format!("{} == NULL", kind.replacen(' ', "_", 1)),
        })
        .chain(["1".to_owned()])
        .collect();
    clear.join(" && ")
}

/// Makes a call whose status must be one that the header names for it: of the common errors none has a reason here.
pub fn documented(header: &Header, name: &str, made: &str, told: &str) -> String {
    let allowed = header.named_errors(name).into_iter().map(|error| format!("SECUPOS_STATUS_{error}, "));
    let allowed: String = allowed.collect();
    format!(
        "{{ static const secupos_status allowed[] = {{{allowed}SECUPOS_OK}}; clear(); \
         secupos_status status = {made}; documented({told}, status, allowed); }}"
    )
}

/// An empty folder for a program and what it makes.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// The list of the handles, for C's preprocessor.
pub fn write_handles(header: &Header, folder: &Path) {
    let mut handles = String::new();
    for noun in &header.handles {
        writeln!(handles, "HANDLE({noun})").expect("written");
    }
    std::fs::write(folder.join("handles.inc"), handles).expect("written");
}

/// Compiles `tests/abi_surface/NAME.c` with the written calls, against the library that ships if it is used by name.
pub fn compile(name: &str, folder: &Path) -> PathBuf {
    let library = root().join("target/lib/release");
    let program = folder.join(name);
    let compiled = Command::new("cc")
        // Not every program needs all of judge.h.
        .args(["-std=c11", "-pthread", "-g", "-Wall", "-Werror", "-Wno-unused-function", "-I"])
        .arg(root().join("include"))
        .arg("-I")
        .arg(folder)
        .arg(root().join("tests/abi_surface").join(name).with_extension("c"))
        .arg("-L")
        .arg(&library)
        .args(["-Wl,--as-needed", "-lsecupos", &format!("-Wl,-rpath,{}", library.display()), "-o"])
        .arg(&program)
        .output()
        .expect("cc");
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    program
}
