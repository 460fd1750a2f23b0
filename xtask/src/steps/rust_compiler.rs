//! The compiler that is in use: what it is for, where it is, and whether the oldest one that is promised will do.

use std::path::PathBuf;

use crate::process::{Result, command, line, output, root};
use crate::requirements::Consent;
use crate::transcript::Transcript;

/// The machine that it compiles for if nobody asks for another one.
pub fn host() -> Result<String> {
    says("host: ")
}

/// The first number of the version of its LLVM.
pub fn llvm() -> Result<String> {
    Ok(says("LLVM version: ")?.split('.').next().unwrap_or_default().to_owned())
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

/// All of it compiles with the oldest Rust that Cargo.toml promises. Without that Rust nothing is shown, so the step fails.
pub fn oldest(transcript: &mut Transcript, consent: Consent) -> Result {
    let manifest =
        std::fs::read_to_string(root().join("Cargo.toml")).map_err(|fault| format!("Cargo.toml: {fault}"))?;
    let version = promised(&manifest).ok_or("Cargo.toml has no rust-version")?;
    let has_it = transcript.output(&mut line(&format!("rustup run {version} cargo --version"))).is_ok();
    let install = format!("rustup toolchain install {version} --profile minimal --no-self-update");
    if !has_it {
        if !consent.to(&install) {
            return Err(format!("Rust {version} is missing. Run: {install}"));
        }
        transcript.run(&mut line(&install))?;
    }
    let check = format!("rustup run {version} cargo check --quiet --workspace --all-targets --locked");
    transcript.run(line(&check).args(["--target-dir", "target/oldest-rust"]))?;
    transcript.say(&format!("it compiles with Rust {version}"));
    Ok(())
}

fn promised(manifest: &str) -> Option<&str> {
    manifest.lines().find_map(|line| line.strip_prefix("rust-version = \"")?.strip_suffix('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_promised_version_is_read_from_the_manifest() {
        assert_eq!(promised("[workspace.package]\nedition = \"2024\"\nrust-version = \"1.89\"\n"), Some("1.89"));
        assert_eq!(promised("[package]\nrust-version.workspace = true\n"), None);
    }
}
