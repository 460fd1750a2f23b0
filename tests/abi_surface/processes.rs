//! The library in somebody's process: forked, loaded and unloaded, and its handles freed in every order.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::Command;

use secupos_simulator::{Options, Simulator};

use crate::calls::{compile, folder, good_call, outputs_are_clear, write_handles};
use crate::header::Header;
use crate::{read, root};

/// Runs a program whose last line is how many tests have passed and failed.
fn run(program: PathBuf, arguments: &[&str]) {
    let simulator = Simulator::start(Options::default()).expect("a simulator");
    let run = Command::new(program)
        .args([&simulator.base_url(), simulator.client_id(), simulator.client_secret(), simulator.device_code()])
        .args(arguments)
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{:?}\n{said}{}", run.status, String::from_utf8_lossy(&run.stderr));
    assert!(said.ends_with(" passed, 0 failed\n") && !said.starts_with('0'), "{said}");
}

#[test]
fn handles_may_be_freed_in_every_order() {
    run(compile("free_order", &folder("free_order")), &[]);
}

#[test]
fn a_library_that_was_loaded_pays_and_may_be_unloaded_while_it_works() {
    let library = root().join("target/lib/release/libsecupos.so");
    run(compile("loaded", &folder("loaded")), &[library.to_str().expect("UTF-8")]);
}

#[test]
fn a_forked_child_is_told_so_by_every_function_that_would_need_its_parents_threads() {
    let header = Header::read(&read("include/secupos.h"));
    let mut calls = String::new();
    for (name, function) in &header.functions {
        let has_error = function.parameters.last().is_some_and(|(kind, _)| kind == "out error");
        let on_a_till = function.parameters.first().is_some_and(|(kind, _)| kind == "till");
        // Opening makes a till of the child's own.
        let of_the_parent = function.parameters.iter().any(|(kind, _)| kind == "till" || kind == "payment");
        let says_so = of_the_parent && header.common_errors(name).contains("FORKED");
        assert!(says_so || !on_a_till || !has_error, "{name} works on a till, and says nothing of FORKED");
        if says_so {
            let (made, clear) = (good_call(name, function), outputs_are_clear(function, None));
            writeln!(
                calls,
                "        {{ clear(); secupos_status status = {made}; is_forked(\"{name}\", status, {clear}); }}"
            )
            .expect("written");
        }
    }
    let folder = folder("forked");
    write_handles(&header, &folder);
    std::fs::write(folder.join("calls.inc"), &calls).expect("written");
    let program = compile("forked", &folder);
    let run = Command::new(program).current_dir(&folder).arg("till.db").output().expect("it runs");
    let said = String::from_utf8_lossy(&run.stdout);
    println!("forked: {}", said.lines().last().unwrap_or(""));
    assert!(run.status.success(), "{:?}\n{said}{}", run.status, String::from_utf8_lossy(&run.stderr));
}
