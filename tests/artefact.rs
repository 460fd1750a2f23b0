//! The library that ships (`make lib`), as a linker and a loader see it.

use std::collections::BTreeSet;
use std::process::Command;

const LIBRARY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/lib/release/libsecupos.so");

fn output(program: &str, arguments: &[&str]) -> String {
    assert!(std::path::Path::new(LIBRARY).exists(), "{LIBRARY} is missing: make lib");
    let output = Command::new(program).args(arguments).arg(LIBRARY).output().expect(program);
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn it_exports_what_the_header_declares_and_nothing_else() {
    let header = include_str!("../include/secupos.h");
    let name = |line: &str| Some(line.split_once("SECUPOS_CALL ")?.1.split_once('(')?.0.to_owned());
    let declared: BTreeSet<String> =
        header.lines().filter(|line| line.starts_with("SECUPOS_API")).filter_map(name).collect();
    let symbols = output("nm", &["-D", "--defined-only"]);
    let exported: BTreeSet<String> =
        symbols.lines().filter_map(|line| line.split_whitespace().last()).map(str::to_owned).collect();
    assert!(exported.iter().all(|symbol| symbol.starts_with("secupos_")), "{exported:?}");
    assert_eq!(exported, declared);
    assert!(declared.len() > 60, "{}", declared.len());
}

#[test]
fn its_soname_carries_the_abi_version_and_it_stays_in_memory() {
    let dynamic = output("readelf", &["-d"]);
    let soname = format!("[libsecupos.so.{}]", secupos::ffi::version::SECUPOS_ABI_VERSION);
    assert!(dynamic.lines().any(|line| line.contains("SONAME") && line.ends_with(&soname)), "{dynamic}");
    assert!(dynamic.lines().any(|line| line.contains("FLAGS_1") && line.contains("NODELETE")), "{dynamic}");
}

#[test]
fn it_needs_nothing_but_the_c_library() {
    let dynamic = output("readelf", &["-d"]);
    let needed = dynamic.lines().filter(|line| line.contains("(NEEDED)"));
    for line in needed {
        let known = ["libc.so", "libgcc_s.so", "libm.so", "ld-linux", "libpthread.so", "libdl.so"];
        assert!(known.iter().any(|library| line.contains(library)), "{line}");
    }
}
