//! `secupos simulate` as a script uses it: reads where it listens, talks to it, kills it.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};

const SECUPOS: &str = env!("CARGO_BIN_EXE_secupos");

/// A simulator that is killed at the end of its test.
struct Simulate {
    process: Child,
    told: HashMap<String, String>,
}

impl Simulate {
    fn run(arguments: &[&str]) -> Simulate {
        let mut command = Command::new(SECUPOS);
        let mut process = command.arg("simulate").args(arguments).stdout(Stdio::piped()).spawn().expect("a process");
        let out = BufReader::new(process.stdout.take().expect("its output"));
        // Without a wait for the end of the output: it goes on.
        let lines = out.lines().take(5).map(|line| line.expect("a line"));
        let told = lines.filter_map(|line| line.split_once('=').map(|(name, value)| (name.into(), value.into())));
        Simulate { told: told.collect(), process }
    }

    fn address(&self) -> &str {
        self.told["base_url"].strip_prefix("http://").expect("a base URL")
    }
}

impl Drop for Simulate {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn output(arguments: &[&str]) -> Output {
    Command::new(SECUPOS).args(arguments).output().expect("a process")
}

#[test]
fn it_tells_where_it_listens_and_takes_what_it_told() {
    let simulate = Simulate::run(&[]);
    let body = format!(
        r#"{{"grant_type":"device","client_id":"{}","client_secret":"{}","code":"{}"}}"#,
        simulate.told["client_id"], simulate.told["client_secret"], simulate.told["device_code"]
    );
    let mut stream = TcpStream::connect(simulate.address()).expect("a connection");
    let head = "POST /oauth/token HTTP/1.1\r\nHost: simulator\r\nConnection: close\r\nContent-Length:";
    write!(stream, "{head} {}\r\n\r\n{body}", body.len()).expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("access_token"), "{answer}");
}

#[test]
fn it_takes_the_port_it_is_given_or_says_that_it_cannot() {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port().to_string();
    let simulate = Simulate::run(&["--port", &port, "--think-ms", "0"]);
    assert_eq!(simulate.address(), format!("127.0.0.1:{port}"));
    let second = output(&["simulate", "--port", &port]);
    assert!(!second.status.success() && second.stdout.is_empty());
    assert!(String::from_utf8_lossy(&second.stderr).contains(&port));
}

#[test]
fn help_names_the_command_and_its_options() {
    assert!(String::from_utf8_lossy(&output(&["--help"]).stdout).contains("simulate"));
    let help = output(&["simulate", "--help"]).stdout;
    let help = String::from_utf8_lossy(&help);
    for word in ["--port", "--think-ms", "base_url", "05 declined", "/_control"] {
        assert!(help.contains(word), "no {word} in {help}");
    }
    assert_eq!(output(&["simulate", "--no-such-option"]).status.code(), Some(2));
}
