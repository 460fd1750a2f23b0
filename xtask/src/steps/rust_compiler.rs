//! The compiler that is in use: what it is for and where it is.

use std::path::PathBuf;

use crate::process::{Result, command, output};

/// The machine that it compiles for if nobody asks for another one.
pub fn host() -> Result<String> {
    says("host: ")
}

/// Where its own libraries are.
pub fn sysroot() -> Result<PathBuf> {
    Ok(output(command("rustc").args(["--print", "sysroot"]))?.trim().into())
}

/// The rest of the line that begins so.
fn says(begin: &str) -> Result<String> {
    let version = output(command("rustc").arg("-vV"))?;
    let rest = version.lines().find_map(|line| line.strip_prefix(begin));
    rest.map(str::to_owned).ok_or_else(|| format!("rustc -vV does not say {begin}"))
}
