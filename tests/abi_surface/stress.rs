//! Threads that share handles, from the header: whatever takes a handle of a type that calls itself shared is called from
//! several at once. Here natively; `make prove` runs the same program under
//! ThreadSanitizer.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::process::Command;

use crate::calls::{compile, documented, folder, good_call, write_handles};
use crate::header::Header;
use crate::read;

#[test]
fn threads_may_use_shared_handles_at_the_same_time() {
    let header = Header::read(&read("include/secupos.h"));
    let (mut calls, mut count, mut used) = (String::new(), 0, BTreeSet::new());
    for (name, function) in header.functions.iter().filter(|(name, _)| !name.ends_with("_free")) {
        let mut shared = function.parameters.iter().filter(|(kind, _)| header.shared.contains(kind)).peekable();
        if shared.peek().is_none() {
            continue;
        }
        used.extend(shared.map(|(kind, _)| kind.clone()));
        let made = good_call(name, function);
        let told = format!("\"{name}\", \"all\", \"good\"");
        let has_error = function.parameters.last().is_some_and(|(kind, _)| kind == "out error");
        let line = match has_error {
            true => documented(&header, name, &made, &told),
            false => format!("harmless({told}, ({made}, 1));"),
        };
        writeln!(calls, "    case {count}: {line} break;").expect("written");
        count += 1;
    }
    assert_eq!(used, header.shared, "a shared type has no function");

    let folder = folder("stress");
    write_handles(&header, &folder);
    let shared: String = header.shared.iter().map(|noun| format!("SHARED({noun})\n")).collect();
    std::fs::write(folder.join("shared.inc"), shared).expect("written");
    std::fs::write(folder.join("calls.inc"), calls).expect("written");
    std::fs::write(folder.join("count.h"), format!("#define CALLS {count}\n")).expect("written");
    let program = compile("stress", &folder);
    let run = Command::new(program).current_dir(&folder).args(["till.db", "30"]).output().expect("it runs");
    let said = String::from_utf8_lossy(&run.stdout);
    println!("stress: functions={count} types={} {}", header.shared.len(), said.lines().last().unwrap_or(""));
    assert!(run.status.success(), "{:?}\n{said}{}", run.status, String::from_utf8_lossy(&run.stderr));
}
