//! Other programs: they run in the root of the repository and know nothing of the cargo that has started xtask.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What went wrong, for the person who called the task.
pub type Result<T = ()> = std::result::Result<T, String>;

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the repository").to_owned()
}

/// A program that runs in the root of the repository. One with a slash in its name stands there.
pub fn command(program: &str) -> Command {
    let mut command = if program.contains('/') { Command::new(root().join(program)) } else { Command::new(program) };
    command.current_dir(root());
    // Whatever else cargo is set up to do: the scripts look for what is built there.
    command.env("CARGO_TARGET_DIR", root().join("target"));
    // `cargo run` says these of xtask. Build scripts that look at them would run again, and so would all that needs them.
    for (name, _) in std::env::vars_os() {
        if is_of_cargo_run(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
    command
}

/// A program with all its arguments.
pub fn program<S: AsRef<str>>(parts: impl IntoIterator<Item = S>) -> Command {
    let mut parts = parts.into_iter();
    let mut command = command(parts.next().expect("a program").as_ref());
    command.args(parts.map(|part| part.as_ref().to_owned()));
    command
}

/// Its arguments stand in one line, apart by spaces.
pub fn line(line: &str) -> Command {
    program(line.split_whitespace())
}

/// With the path to libraries, programs would find the debug build of the library before the one that ships.
fn is_of_cargo_run(name: &str) -> bool {
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "LD_LIBRARY_PATH"
}

/// Runs it and returns what it prints.
pub fn output(command: &mut Command) -> Result<String> {
    let name = name(command);
    let output = command.stderr(Stdio::inherit()).output().map_err(|fault| format!("{name}: {fault}"))?;
    if !output.status.success() {
        return Err(format!("{name}: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|fault| format!("{name} prints what is no UTF-8: {fault}"))
}

/// Runs it; it prints to where xtask does.
pub fn run(command: &mut Command) -> Result {
    let name = name(command);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{name}: {status}")),
        Err(fault) => Err(format!("{name}: {fault}")),
    }
}

/// How a message calls it.
pub fn name(command: &Command) -> String {
    let path = Path::new(command.get_program());
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// Whether a program of this name is on the path.
pub fn is_here(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_run_says_of_xtask_is_not_passed_on() {
        for own in ["CARGO_PKG_VERSION", "CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "LD_LIBRARY_PATH"] {
            assert!(is_of_cargo_run(own), "{own}");
        }
        for others in ["CARGO_HOME", "CARGO_BUILD_JOBS", "RUSTFLAGS", "PATH"] {
            assert!(!is_of_cargo_run(others), "{others}");
        }
    }

    #[test]
    fn a_message_calls_a_script_as_the_repository_does() {
        assert_eq!(name(&line("tools/later 5 true")), "tools/later");
        assert_eq!(name(&line("cargo fmt")), "cargo");
    }
}
