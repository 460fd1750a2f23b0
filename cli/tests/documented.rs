//! README.md and docs/command-line.md: their commands are run, one after the other, and what they show is compared.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

const SECUPOS: &str = env!("CARGO_BIN_EXE_secupos");

/// A block of a page: its language and its text.
type Block = (String, String);

fn blocks(page: &str) -> Vec<Block> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(page);
    let text = std::fs::read_to_string(file).expect("the page");
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let inside: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((language.to_owned(), inside.join("\n")));
        }
    }
    blocks
}

/// Where the page's reader sits: a folder, with secupos in the path, and a second terminal.
struct Reader {
    folder: PathBuf,
    simulator: Option<Child>,
}

impl Reader {
    fn new(name: &str) -> Reader {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documented").join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        Reader { folder, simulator: None }
    }

    fn shell(&self, commands: &str) -> Command {
        let bin = Path::new(SECUPOS).parent().expect("a folder").to_string_lossy();
        let path = format!("{bin}:{}", std::env::var("PATH").expect("a path"));
        let mut shell = Command::new("sh");
        // What a simulator leaves behind goes with the folder.
        shell.env("PATH", path).env("TMPDIR", &self.folder).stdout(Stdio::piped());
        shell.args(["-euc", commands]).current_dir(&self.folder);
        shell
    }

    /// Runs a block; gives what it prints and how it ends.
    fn run(&mut self, commands: &str) -> (String, Option<i32>) {
        if commands.starts_with("secupos simulate") {
            // It goes on, in a terminal of its own.
            let mut simulator = self.shell(&format!("exec {commands}")).spawn().expect("a process");
            let told = BufReader::new(simulator.stdout.take().expect("its output")).lines().take(5);
            assert!(told.map(|line| line.expect("a line")).any(|line| line.starts_with("base_url=http://127.0.0.1:")));
            self.simulator = Some(simulator);
            return (String::new(), Some(0));
        }
        let output = self.shell(commands).stderr(Stdio::inherit()).output().expect("a shell");
        (String::from_utf8(output.stdout).expect("UTF-8"), output.status.code())
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(simulator) = &mut self.simulator {
            let _ = simulator.kill().and_then(|()| simulator.wait());
        }
    }
}

/// Whether all that is shown is there; "…" stands for anything.
fn assert_shown(shown: &Value, real: &Value, place: &str) {
    match (shown, real) {
        (Value::String(text), real) if text == "…" => assert!(!real.is_null(), "{place} is nothing"),
        (Value::Object(shown), Value::Object(_)) => {
            shown.iter().for_each(|(key, value)| assert_shown(value, &real[key], &format!("{place}.{key}")));
        }
        (Value::Array(shown), Value::Array(all)) => {
            assert_eq!(shown.len(), all.len(), "{place}");
            shown.iter().zip(all).for_each(|(shown, real)| assert_shown(shown, real, place));
        }
        _ => assert_eq!(shown, real, "{place}"),
    }
}

/// Runs a page's blocks, and counts those that were compared.
fn follow(page: &str, name: &str) -> usize {
    let mut reader = Reader::new(name);
    let mut compared = 0;
    let mut printed = (String::new(), None);
    let blocks = blocks(page);
    let shown: Vec<_> = blocks.iter().filter(|(language, _)| ["sh", "json"].contains(&language.as_str())).collect();
    for (at, (language, text)) in shown.iter().enumerate() {
        match language.as_str() {
            "sh" => {
                printed = reader.run(text);
                let is_refused = shown.get(at + 1).is_some_and(|(_, next)| next.contains("\"error\": {"));
                assert_eq!(printed.1, Some(if is_refused { 4 } else { 0 }), "{text}: {}", printed.0);
                // Killed in the middle: it must not have been too late.
                assert!(!text.contains("KILL") || printed.0 == "killed: 137\n", "{text}: {}", printed.0);
            }
            "json" => {
                let shown: Value = serde_json::from_str(text).unwrap_or_else(|fault| panic!("{fault} in {text}"));
                let real: Value =
                    serde_json::from_str(&printed.0).unwrap_or_else(|fault| panic!("{fault}: {printed:?}"));
                assert_shown(&shown, &real, "the object");
                compared += 1;
            }
            _ => {}
        }
    }
    compared
}

#[test]
fn the_five_minutes_of_the_readme_are_as_it_shows_them() {
    assert_eq!(follow("README.md", "readme"), 3);
}

#[test]
fn the_commands_of_the_page_do_what_it_shows() {
    assert_eq!(follow("docs/command-line.md", "page"), 14);
}

#[test]
fn every_command_is_on_the_page() {
    let help = Command::new(SECUPOS).arg("--help").output().expect("a process").stdout;
    let help = String::from_utf8(help).expect("UTF-8");
    let (_, commands) = help.split_once("Commands:\n").expect("commands");
    let (commands, _) = commands.split_once("\n\n").expect("more");
    let names: Vec<_> = commands.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/command-line.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let missing: Vec<_> =
        names.iter().filter(|name| **name != "help" && !page.contains(&format!("secupos {name}"))).collect();
    assert!(names.len() > 14 && missing.is_empty(), "{missing:?} of {names:?}");
}

#[test]
fn what_is_shown_and_is_not_so_is_found() {
    let real = serde_json::json!({"a": {"b": [1, 2]}, "c": null});
    for wrong in [r#"{"a": {"b": [1, 3]}}"#, r#"{"a": {"b": [1]}}"#, r#"{"c": "…"}"#, r#"{"d": 1}"#] {
        let shown = serde_json::from_str(wrong).expect("JSON");
        let found = std::panic::catch_unwind(|| assert_shown(&shown, &real, "it"));
        assert!(found.is_err(), "{wrong}");
    }
    assert_shown(&serde_json::json!({"a": {"b": [1, 2]}, "a": "…"}), &real, "it");
}
