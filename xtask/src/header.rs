//! The C header: the library's build script makes it, and it is kept in `include/`.

use std::path::PathBuf;

use serde_json::Value;

use crate::process::{Result, line, output, root};

/// Writes `include/secupos.h` anew. The library alone is built, because tests may wait for this header.
pub fn write() -> Result {
    std::fs::write(kept(), made("cargo build --quiet --lib")?).map_err(|fault| format!("{}: {fault}", kept().display()))
}

/// Whether the kept one is the one that is made now, by the build that the tests use.
pub fn check() -> Result {
    let made = made("cargo build --quiet --workspace --all-targets")?;
    let is_same = std::fs::read(kept()).is_ok_and(|text| text == made);
    if is_same { Ok(()) } else { Err("include/secupos.h is made from src/ffi/. To write it: make header".to_owned()) }
}

fn kept() -> PathBuf {
    root().join("include/secupos.h")
}

/// The header as the build script makes it in this build.
fn made(build: &str) -> Result<Vec<u8>> {
    let messages = output(line(build).arg("--message-format=json"))?;
    let header = messages.lines().find_map(header_of).ok_or("no build script has made a header")?;
    std::fs::read(&header).map_err(|fault| format!("{}: {fault}", header.display()))
}

/// The header that this message's build script has made.
fn header_of(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let header = PathBuf::from(message["out_dir"].as_str()?).join("secupos.h");
    header.is_file().then_some(header)
}
