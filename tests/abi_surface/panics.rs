//! A panic inside each body: writes the calls, one for each function of the header. The step `panics` of
//! `make prove` makes them, against a build of the library in which every body panics.

use crate::calls::{compile, folder, good_call, outputs_are_clear, write_handles};
use crate::header::Header;
use crate::read;

/// They give a constant or a row of a constant table, and have no body that could panic.
const CONSTANT: [&str; 8] = [
    "secupos_abi_version",
    "secupos_action_name",
    "secupos_outcome_name",
    "secupos_phase_name",
    "secupos_reason_name",
    "secupos_reversal_name",
    "secupos_status_name",
    "secupos_version",
];

#[test]
fn every_function_has_a_call_in_which_it_panics() {
    let header = Header::read(&read("include/secupos.h"));
    let mut calls = String::new();
    for (name, function) in header.functions.iter().filter(|(name, _)| !CONSTANT.contains(&name.as_str())) {
        let made = good_call(name, function);
        let has_error = function.parameters.last().is_some_and(|(kind, _)| kind == "out error");
        calls += &match (function.result.as_str(), has_error) {
            ("void", _) => format!("    clear(\"{name}\"); {made};\n"),
            (_, true) => {
                let clear = outputs_are_clear(function, None);
                format!(
                    "    {{ clear(\"{name}\"); secupos_status status = {made}; \
                     judge(\"{name}\", status == SECUPOS_STATUS_INTERNAL && {clear}); }}\n"
                )
            }
            (_, false) => format!("    clear(\"{name}\"); judge(\"{name}\", {made} == 0);\n"),
        };
    }
    assert_eq!(calls.lines().count() + CONSTANT.len(), header.functions.len());
    let folder = folder("panics");
    write_handles(&header, &folder);
    std::fs::write(folder.join("calls.inc"), calls).expect("written");
    compile("panics", &folder);
}
