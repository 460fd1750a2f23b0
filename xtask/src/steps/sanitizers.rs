//! The library and programs that call it, under the compilers' sanitizers. No suppressions. The library, SQLite and the
//! programs are all instrumented.

use std::path::PathBuf;
use std::process::Command;

use super::build::{sources, stem};
use super::rust_compiler::{host, sysroot};
use super::till::{DEVICE, QUICK_CUSTOMER_MS, on_simulator};
use crate::process::{Result, line, root};
use crate::requirements::Consent;
use crate::tally::Language;
use crate::transcript::Transcript;

/// One that Rust and clang both know.
struct Sanitizer {
    /// Rust's and clang's name of it.
    name: &'static str,
    /// What it is called in the names of files.
    short: &'static str,
    /// What else cargo is asked for.
    build: &'static str,
}

/// Helgrind is of no use beside it: Rust's locks are futexes, which it does not know, and it reports a thousand races
/// where there is none. Rust's own library is built anew, so that it is instrumented, too.
const THREAD: Sanitizer = Sanitizer { name: "thread", short: "tsan", build: "-Zbuild-std=std,panic_unwind" };
const ADDRESS: Sanitizer = Sanitizer { name: "address", short: "asan", build: "" };

/// Threads that share every shared handle.
pub fn threads(transcript: &mut Transcript, consent: Consent) -> Result {
    if !sysroot()?.join("lib/rustlib/src/rust").exists() {
        let add = "rustup component add rust-src";
        if !consent.to(add) {
            return Err(format!("the source of Rust's own library is missing. Run: {add}"));
        }
        transcript.run(&mut line(add))?;
    }
    // It writes the calls.
    transcript.run_tests(Language::Rust, &mut line("cargo test --quiet --test abi_surface stress"))?;
    THREAD.build_library(transcript)?;
    let program = THREAD.build_program(transcript, "tests/abi_surface/stress.c", "stress")?;
    transcript.run(Command::new(program).current_dir(THREAD.empty_folder()?).args(["till.db", "100"]))?;
    transcript.say("0 data races");
    Ok(())
}

/// The C programs, hostile callers, every order of freeing, and mutated receipts.
pub fn addresses(transcript: &mut Transcript, _: Consent) -> Result {
    // It writes the calls of the hostile caller.
    let said = transcript.run_tests(Language::Rust, &mut line("cargo test --test abi_surface -- --nocapture"))?;
    if !said.contains("abi: ") || !said.contains("hostile: ") {
        return Err("the tests of the ABI do not say what they have compared".to_owned());
    }
    ADDRESS.build_library(transcript)?;
    let fuzz = format!("cargo test --quiet --target {} --target-dir target/asan --test receipts fuzz", host()?);
    // The runtime comes with it.
    transcript.run_tests(Language::Rust, ADDRESS.instrument(&mut line(&fuzz))?.env("SECUPOS_FUZZ_SECONDS", "20"))?;
    for test in sources(&["tests/c"], ".c")? {
        let program = ADDRESS.build_program(transcript, &test, stem(&test))?;
        transcript.run_tests(Language::C, &mut leaks_are_errors(&program))?;
    }
    let orders = ADDRESS.build_program(transcript, "tests/abi_surface/free_order.c", "free_order")?;
    transcript.run(&mut leaks_are_errors(&orders))?;
    let hostile = ADDRESS.build_program(transcript, "tests/abi_surface/hostile.c", "hostile")?;
    let mut hostile = Command::new(hostile);
    transcript
        .run(hostile.current_dir(ADDRESS.empty_folder()?).arg("till.db").env("ASAN_OPTIONS", "detect_leaks=1"))?;
    transcript.say("0 errors, 0 leaks");
    Ok(())
}

/// The header for C++ and its tests under AddressSanitizer and UndefinedBehaviorSanitizer, by gcc.
pub fn cpp(transcript: &mut Transcript, _: Consent) -> Result {
    let build = "tools/build-cpp g++ c++17 target/cpp/sanitized";
    let mut build = line(build);
    build.args(sources(&["tests/cpp"], ".cpp")?);
    transcript.run(build.args(["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]))?;
    let tests = format!("target/cpp/sanitized {DEVICE}");
    transcript.run_tests(Language::Cpp, &mut on_simulator(QUICK_CUSTOMER_MS, &tests)).map(drop)
}

fn leaks_are_errors(program: &std::path::Path) -> Command {
    let mut command = on_simulator(500, &format!("{} {DEVICE}", program.display()));
    command.env("ASAN_OPTIONS", "detect_leaks=1");
    command
}

impl Sanitizer {
    /// The library, instrumented.
    fn build_library(&self, transcript: &mut Transcript) -> Result {
        let Self { build, short, .. } = self;
        let target = host()?;
        let build = format!(
            "cargo rustc --quiet {build} --lib --crate-type staticlib --target {target} --target-dir target/{short}"
        );
        transcript.run(self.instrument(&mut line(&build))?).map(drop)
    }

    /// The given toolchain knows sanitizers, but only lets itself be asked for them like this.
    fn instrument<'a>(&self, command: &'a mut Command) -> Result<&'a mut Command> {
        let target = host()?.replace('-', "_");
        command.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", format!("-Zsanitizer={}", self.name)).env("CC", "clang");
        Ok(command.env(format!("CFLAGS_{target}"), format!("-fsanitize={}", self.name)))
    }

    /// A program in C, instrumented and linked with the library and with Rust's own runtime of the sanitizer. The calls that a
    /// test in Rust has written for it are in the folder of its name.
    fn build_program(&self, transcript: &mut Transcript, source: &str, program: &str) -> Result<PathBuf> {
        let Self { name, short, .. } = self;
        let target = host()?;
        let runtime = sysroot()?.join(format!("lib/rustlib/{target}/lib/librustc-stable_rt.{short}.a"));
        if !runtime.exists() {
            return Err(format!("Rust's sanitizer runtime is missing: {}", runtime.display()));
        }
        let folder = format!("target/{short}/c");
        std::fs::create_dir_all(root().join(&folder)).map_err(|fault| format!("{folder}: {fault}"))?;
        let compile = format!(
            "clang -std=c11 -g -pthread -fsanitize={name} -Iinclude -Itarget/tmp/{program} \
             -c {source} -o {folder}/{program}.o"
        );
        transcript.run(&mut line(&compile))?;
        let link = format!(
            "clang -g -rdynamic {folder}/{program}.o target/{short}/{target}/debug/libsecupos.a -Wl,--whole-archive {} \
             -Wl,--no-whole-archive -lpthread -ldl -lm -lrt -o {folder}/{program}",
            runtime.display()
        );
        transcript.run(&mut line(&link))?;
        Ok(root().join(folder).join(program))
    }

    /// For the state files of a program.
    fn empty_folder(&self) -> Result<PathBuf> {
        let folder = root().join("target").join(self.short).join("till");
        let emptied = if folder.exists() { std::fs::remove_dir_all(&folder) } else { Ok(()) };
        let made = emptied.and_then(|()| std::fs::create_dir_all(&folder));
        made.map(|()| folder.clone()).map_err(|fault| format!("{}: {fault}", folder.display()))
    }
}
