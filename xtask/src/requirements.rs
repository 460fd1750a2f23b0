//! What this machine lacks, and how it gets it. Only Debian's packages are installed, and only as root.

use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::Stdio;

use crate::process::{Result, command, is_here, output, program, run};

/// What a step may need, and the packages of Debian that bring it.
const PACKAGES: [(&str, &str); 49] = [
    ("/usr/bin/cargo", "cargo-web"),
    ("/usr/include/cjson/cJSON.h", "libcjson-dev"),
    ("/usr/lib/rustlib/src/rust/library/Cargo.lock", "rustc-web rust-web-src"),
    ("/usr/share/java/jackson-databind.jar", "libjackson2-databind-java"),
    ("abidw", "abigail-tools"),
    ("c++", "g++"),
    ("cc", "gcc libc6-dev"),
    ("chromium", "chromium"),
    ("clang", "clang"),
    ("cmake", "cmake"),
    ("curl-config", "libcurl4-openssl-dev"),
    ("debootstrap", "debootstrap"),
    ("doxygen", "doxygen"),
    ("dpkg-deb", "dpkg"),
    ("fpc", "fp-compiler fp-units-rtl"),
    ("git", "git"),
    ("i686-w64-mingw32-g++", "g++-mingw-w64-i686-win32"),
    ("i686-w64-mingw32-gcc", "gcc-mingw-w64-i686-win32"),
    ("javac", "default-jdk-headless"),
    ("kill", "procps"),
    ("lld-link", "lld"),
    ("llvm-dlltool", "llvm"),
    ("make", "make"),
    ("mcs", "mono-mcs"),
    ("mono", "mono-runtime libmono-system4.0-cil libmono-system-core4.0-cil"),
    ("nm", "binutils"),
    ("node", "nodejs"),
    ("npm", "npm"),
    ("pdfinfo", "poppler-utils"),
    ("pdftoppm", "poppler-utils"),
    ("pdftotext", "poppler-utils"),
    ("pip", "python3-pip"),
    ("pkg-config", "pkg-config"),
    ("python3", "python3"),
    ("qemu-aarch64", "qemu-user"),
    ("qemu-arm", "qemu-user"),
    ("qemu-i386", "qemu-user"),
    ("qpdf", "qpdf"),
    ("script", "bsdutils"),
    ("setpriv", "util-linux"),
    ("strace", "strace"),
    ("tar", "tar"),
    ("unshare", "util-linux"),
    ("unzip", "unzip"),
    ("valgrind", "valgrind libc6-dbg"),
    ("x86_64-w64-mingw32-g++", "g++-mingw-w64-x86-64-win32"),
    ("x86_64-w64-mingw32-gcc", "gcc-mingw-w64-x86-64-win32"),
    ("xbuild", "mono-xbuild"),
    ("zip", "zip"),
];

/// Assemblies of mono's, which are no commands, and their packages.
const ASSEMBLIES: [(&str, &str); 1] = [("System.Windows.Forms", "libmono-system-windows-forms4.0-cil")];

/// Whether somebody has agreed that this machine is changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Consent {
    Given,
    /// Whoever sits at the terminal is asked.
    Ask,
}

impl Consent {
    /// `--yes`, or a machine of continuous integration, agrees to everything.
    pub fn of(yes: bool) -> Self {
        if yes || std::env::var_os("CI").is_some() { Self::Given } else { Self::Ask }
    }

    /// Whether this may be done to the machine.
    pub fn to(self, what: &str) -> bool {
        self == Self::Given || answered_yes(what)
    }
}

/// Makes sure of what is needed. As root it installs what is missing, otherwise it fails with the command to run.
pub fn make_sure_of<'a>(needs: impl IntoIterator<Item = &'a str>, consent: Consent) -> Result {
    let missing = missing(needs, is_there)?;
    python_is_new_enough()?;
    if missing.is_empty() {
        return Ok(());
    }
    let missing = Vec::from_iter(missing).join(" ");
    let install = format!("apt-get install -y --no-install-recommends {missing}");
    if !is_root()? || !is_here("apt-get") || !consent.to(&install) {
        return Err(format!("missing: {missing}. Run: sudo {install}"));
    }
    println!("installing what is missing: {missing}");
    let installed = quietly("apt-get update").and_then(|()| quietly(&install));
    installed.map_err(|_| format!("this failed: {install}"))
}

/// Whether xtask runs as root.
pub fn is_root() -> Result<bool> {
    Ok(output(command("id").arg("-u"))?.trim() == "0")
}

/// A crate's program of exactly this version, by cargo. It is built once, which takes minutes.
pub fn cargo_program(name: &str, version: &str, consent: Consent) -> Result {
    let said = command("cargo").args([name, "--version"]).stderr(Stdio::null()).output();
    if said.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).contains(&format!(" {version}"))) {
        return Ok(());
    }
    let install = format!("cargo install --quiet --locked cargo-{name}@{version}");
    if !consent.to(&install) {
        return Err(format!("cargo-{name} {version} is missing. Run: {install}"));
    }
    println!("installing what is missing: cargo-{name} {version}");
    run(&mut program(install.split(' ')))
}

/// The packages of what is needed and not there.
fn missing<'a>(
    needs: impl IntoIterator<Item = &'a str>,
    is_there: impl Fn(&str) -> bool,
) -> Result<BTreeSet<&'static str>> {
    let mut packages = BTreeSet::new();
    for need in needs {
        let brought = packages_of(need).ok_or_else(|| format!("no package is known for {need}"))?;
        if !is_there(need) {
            packages.extend(brought.split(' '));
        }
    }
    Ok(packages)
}

/// The packages that bring it.
pub fn packages_of(need: &str) -> Option<&'static str> {
    PACKAGES.iter().chain(&ASSEMBLIES).find(|(name, _)| *name == need).map(|(_, packages)| *packages)
}

fn is_there(need: &str) -> bool {
    is_here(need) || Path::new("/usr/lib/mono/4.5").join(format!("{need}.dll")).is_file()
}

fn python_is_new_enough() -> Result {
    if !is_here("python3") {
        return Ok(());
    }
    let new_enough = "import sys; sys.exit(sys.version_info < (3, 9))";
    run(command("python3").args(["-c", new_enough]))
        .map_err(|_| "python3 is older than 3.9: install a newer one, then run this again".to_owned())
}

fn quietly(line: &str) -> Result {
    let mut command = program(line.split(' '));
    run(command.env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null()).stderr(Stdio::null()))
}

/// Without a terminal nobody can answer, which is no yes.
fn answered_yes(what: &str) -> bool {
    if !std::io::stdin().is_terminal() {
        return false;
    }
    print!("May this run? {what} [y/N] ");
    let mut answer = String::new();
    std::io::stdout().flush().is_ok() && std::io::stdin().read_line(&mut answer).is_ok() && answer.trim() == "y"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_there_is_missing_and_each_package_once() {
        let needs = ["kill", "pdfinfo", "pdftotext", "System.Windows.Forms", "cc"];
        let packages = missing(needs, |need| need == "cc").expect("known");
        assert_eq!(Vec::from_iter(packages), ["libmono-system-windows-forms4.0-cil", "poppler-utils", "procps"]);
        assert!(missing(needs, |_| true).expect("known").is_empty());
    }

    #[test]
    fn a_need_without_a_package_is_a_fault_even_where_it_is_there() {
        assert_eq!(missing(["frobnicate"], |_| true), Err("no package is known for frobnicate".to_owned()));
    }

    #[test]
    fn the_table_is_in_order_and_names_nothing_twice() {
        let names = PACKAGES.map(|(name, _)| name);
        assert!(names.is_sorted_by(|one, next| one < next), "{names:?}");
    }
}
