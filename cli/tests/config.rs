//! A till's settings from a file: what is taken, what wins, and what is wrong with it.

mod till;

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use till::{Till, code, json, text};

/// It is refused, and says so with these words.
fn assert_refused(output: &Output, words: &str) {
    let told = text(&output.stderr);
    assert_eq!((code(output), &json(output)["error"]["name"]), (4, &"INVALID_ARGUMENT".into()), "{told}");
    assert!(told.contains(words), "no {words:?} in {told}");
}

#[test]
fn options_win_and_files_are_looked_for_beside_the_settings() {
    let till = Till::new("options");
    // As some editors write it.
    let secret = format!("\u{feff}{}\r\n", till.simulator.client_secret());
    std::fs::write(till.folder.join("secret"), secret).expect("a file");
    // In the folder of the settings, wherever the program is run.
    assert!(till.folder.join("till.db").exists());
    let wrong = till.run("pay --reference r1 --amount 2 --client-secret wrong-secret");
    assert_eq!((code(&wrong), &json(&wrong)["error"]["name"]), (1, &"INVALID_CREDENTIALS".into()));
    assert_eq!(code(&till.run("pay --reference r2 --amount 2")), 0);
    let by_file = format!("--client-secret-file {}", till.folder.join("secret").display());
    assert_eq!(code(&till.run(&format!("pay --reference r3 --amount 202 {by_file}"))), 0);
    // An option replaces what stands for the same in the file: another service is another till.
    for other in ["--environment production", "--base-url http://127.0.0.1:1"] {
        let other = till.run(&format!("unfinished {other}"));
        assert_eq!((code(&other), &json(&other)["error"]["name"]), (4, &"STATE_FILE_MISMATCH".into()));
    }
}

#[test]
fn a_mistake_is_told_with_its_line_and_without_a_secret() {
    let till = Till::new("mistakes");
    for (more, words) in [
        ("colour = \"red\"\n", "till.toml line 6: unknown field `colour`"),
        ("\n[timeout]\npatience = 5\n", "there is no timeout patience"),
        ("\n[timeout]\nresolve = -1\n", "ms of the resolve timeout is -1"),
        ("ca_file = [\"none.pem\"]\n", "none.pem"),
        ("proxy_user = \"kasse\"\n", "proxy is incomplete"),
        ("environment = \"testing\"\n", "base_url and environment stand for the same"),
        ("client_secret_file = \"x\"\n", "client_secret and client_secret_file stand for the same"),
        ("proxy = 7261\n", "till.toml line 6: the value must be a string"),
        ("proxy = \"unfinished\n", "till.toml line 6: "),
    ] {
        till.configure(more);
        let output = till.run("unfinished");
        assert_refused(&output, words);
        let told = format!("{output:?}");
        assert!(!told.contains(till.simulator.client_secret()) && !told.contains("7261"), "{told}");
    }
    till.configure("");
    std::fs::remove_file(till.folder.join("till.toml")).expect("removed");
    assert_refused(&till.run("unfinished"), "till.toml cannot be read");
}

#[test]
fn a_proxys_login_is_for_that_proxy_alone() {
    let till = Till::new("proxies");
    till.configure("proxy = \"http://127.0.0.1:1\"\nproxy_user = \"house\"\nproxy_password_file = \"no-such-file\"\n");
    assert_refused(&till.run("unfinished"), "no-such-file");
    assert_eq!(code(&till.run("unfinished --proxy http://127.0.0.1:2")), 0, "it goes without the login of the other");
}

#[test]
fn timeouts_are_a_table() {
    let till = Till::new("timeouts");
    till.configure("\n[timeout]\nresolve = 100\npayment = 300000\n");
    assert_eq!(code(&till.run("pay --reference r1 --amount 2")), 0);
}

#[test]
fn there_is_no_timeout_for_the_grace() {
    let till = Till::new("grace");
    till.configure("\n[timeout]\ngrace = 300000\n");
    assert_refused(&till.run("unfinished"), "there is no timeout grace");
}

#[test]
fn the_head_is_kept_where_the_settings_say() {
    let till = Till::new("head");
    let disk = till.folder.join("another-disk");
    std::fs::create_dir(&disk).expect("a folder");
    let beside: Vec<_> = names(&till.folder).into_iter().filter(|name| name.starts_with("till.db")).collect();
    beside.iter().for_each(|part| std::fs::remove_file(till.folder.join(part)).expect("removed"));
    till.configure("head_file = \"another-disk/till.head\"\n");
    assert_eq!(code(&till.run("pay --reference r1 --amount 2 --create")), 0);
    assert_eq!(names(&disk), ["till.head"]);
    // Brought back without its head, which is on the other disk: the loss is noticed.
    std::fs::remove_file(till.folder.join("till.db")).expect("removed");
    let lost = till.run("pay --reference r1 --amount 2 --create");
    assert_eq!((code(&lost), &json(&lost)["error"]["name"]), (4, &"STATE_FILE_DAMAGED".into()), "{lost:?}");
    assert_eq!(till.simulator.ledger().len(), 1);
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.collect()
}

#[test]
fn the_settings_of_this_folder_are_found() {
    let till = Till::new("found");
    let unfinished = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_secupos"));
        command.args(["unfinished", "--json"]).current_dir(&till.folder).output().expect("a process")
    };
    assert_refused(&unfinished(), "lacks base_url (or environment), client_id, client_secret");
    std::fs::rename(till.folder.join("till.toml"), till.folder.join("secupos.toml")).expect("renamed");
    assert_eq!(code(&unfinished()), 0);
}

#[test]
fn a_simulator_sets_a_till_up_and_writes_over_no_other_file() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("config").join("simulated");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("secupos.toml");
    let run = |words: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_secupos"));
        // What a simulator leaves behind goes with the folder.
        command.args(words.split(' ')).current_dir(&folder).env("TMPDIR", &folder);
        command
    };
    for _ in 0..2 {
        let mut simulate = run("simulate --config secupos.toml --think-ms 0");
        let mut simulator = simulate.stdout(Stdio::piped()).spawn().expect("a process");
        let mut told = BufReader::new(simulator.stdout.take().expect("its output"));
        told.read_line(&mut String::new()).expect("it has written the settings");
        let paid = run("pay --amount 1 --currency EUR --reference r1 --json").output().expect("a process");
        assert_eq!((code(&paid), &json(&paid)["outcome"]), (0, &"approved".into()));
        assert_eq!(file.metadata().expect("it is there").permissions().mode() & 0o777, 0o600);
        simulator.kill().and_then(|()| simulator.wait()).expect("it ends");
    }
    // Not all are UTF-8.
    for other in [&b"client_id = \"mine\"\n"[..], b"# Kasse B\xe4cker\n"] {
        std::fs::write(&file, other).expect("a file");
        let refused = run("simulate --config secupos.toml").output().expect("a process");
        assert_eq!((refused.status.code(), text(&refused.stdout)), (Some(1), ""));
        assert!(text(&refused.stderr).contains("it is another file"), "{refused:?}");
        assert_eq!(std::fs::read(&file).expect("a file"), other);
    }
}
