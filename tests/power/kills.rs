//! A real process is killed at a call of SQLite.

use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;

use crate::dir::Dir;
use crate::disk::{Modelled, Plan};
use crate::script::{Desk, Found, SCRIPT, look};
use crate::{child, thorough};

const ME: &str = "kills::at_each_call_the_process_may_be_killed";

/// The child: runs the script and says which steps were acknowledged, until it is killed.
fn live(file: &Path, at: u32) {
    let dir = file.parent().expect("a directory");
    let _modelled = Modelled::new(dir, Plan::Kill { at, photographs: None }, 0);
    let mut desk = Desk { file, journal: None };
    for step in SCRIPT {
        desk.take(*step).expect("nothing goes wrong but the end");
        // Not println: whoever is killed flushes nothing.
        std::io::stderr().write_all(b"acknowledged\n").expect("said");
    }
}

#[test]
fn at_each_call_the_process_may_be_killed() {
    if let Some(order) = child::order() {
        return live(Path::new(&order[0]), order[1].parse().expect("a number"));
    }
    let mut kills = 0;
    for at in (1..).step_by(thorough(7, 1) as usize) {
        let dir = Dir::new();
        let file = dir.file();
        let done = child::run(ME, &[file.to_str().expect("UTF-8"), &at.to_string()]);
        let said = String::from_utf8_lossy(&done.stderr);
        if done.status.success() {
            break;
        }
        assert_eq!(done.status.signal(), Some(9), "killed at {at}: {said}");
        kills += 1;
        let acknowledged = said.lines().filter(|line| *line == "acknowledged").count();
        assert_eq!(look(&file, acknowledged), Found::Everything, "killed at {at}, {acknowledged} acknowledged");
    }
    println!("kills: {kills}");
    assert!(kills > thorough(70, 500), "{kills}");
}
