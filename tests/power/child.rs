//! The same test again in a process of its own, which is then killed.
//!
//! A test that needs one begins with [`order`]: in the child there is one, and the test does as it is told and returns.

use std::process::{Command, Output, Stdio};

const ORDER: &str = "SECUPOS_TEST_ORDER";

/// What this process was started to do, if it is the child: words, each at its place.
pub fn order() -> Option<Vec<String>> {
    let order = std::env::var(ORDER).ok()?;
    Some(order.split('\n').map(str::to_owned).collect())
}

/// Runs `test` in a child with this order, until it ends or is killed.
pub fn run(test: &str, order: &[&str]) -> Output {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(ORDER, order.join("\n"))
        .stdin(Stdio::null())
        .output()
        .expect("started")
}
