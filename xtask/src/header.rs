//! The C header: the library's build script makes it, and it is kept in `include/`.

use std::path::PathBuf;

use serde_json::Value;

use crate::process::{Result, command, output, root};

/// Writes `include/secupos.h` anew.
pub fn write() -> Result {
    let messages = output(command("cargo").args(["build", "--quiet", "--lib", "--message-format=json"]))?;
    let header = messages.lines().find_map(made).ok_or("no build script has made a header")?;
    let kept = root().join("include/secupos.h");
    std::fs::copy(&header, &kept).map(drop).map_err(|fault| format!("{}: {fault}", header.display()))
}

/// The header that this message's build script has made.
fn made(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let header = PathBuf::from(message["out_dir"].as_str()?).join("secupos.h");
    header.is_file().then_some(header)
}
