//! The examples in C and C++ and the tills of the quick starts, compiled by mingw.

use super::{Target, write};
use crate::process::{Result, line};
use crate::steps::till::{
    DEVICE, QUICK_CUSTOMER_MS, lives_the_same_day, on_simulator, pays, prints_the_same_receipts, quick_start,
    survives_a_kill,
};
use crate::tally::Language;
use crate::transcript::Transcript;

/// The library is unloaded while this customer thinks.
const LATE_CUSTOMER_MS: u32 = 1500;

pub fn run(transcript: &mut Transcript, target: &Target) -> Result {
    let folder = target.path();
    for (language, source, name) in [
        ("c", "examples/c/pay.c", "pay"),
        ("c", "examples/c/receipts.c", "receipts"),
        ("c", "examples/c/day.c", "day"),
        ("c", "tests/windows/wide.c", "wide"),
        ("c", "tests/windows/unloaded.c", "unloaded"),
        ("c++", "examples/cpp/pay.cpp", "pay-cpp"),
        ("c++", "examples/cpp/day.cpp", "day-cpp"),
    ] {
        compile(transcript, target, language, source, name)?;
    }
    for (page, name, language) in [("c", "till", "c"), ("cpp", "till-cpp", "c++")] {
        let shown = transcript.output(&mut line(&format!("tools/program-in docs/quick-start-{page}.md {page}")))?;
        let source = format!("{folder}/{name}.{page}");
        write(&source, &shown)?;
        compile(transcript, target, language, &source, name)?;
    }
    let program = |name: &str| target.wine(&format!("{folder}/{name}.exe"));
    for (language, ending) in [(Language::C, ""), (Language::Cpp, "-cpp")] {
        let pay = format!("{} {DEVICE} r1 STATE_FILE", program(&format!("pay{ending}")));
        pays(transcript, &mut on_simulator(QUICK_CUSTOMER_MS, &pay))?;
        survives_a_kill(transcript, &pay)?;
        lives_the_same_day(transcript, &program(&format!("day{ending}")))?;
        quick_start(transcript, &program(&format!("till{ending}")))?;
        transcript.passed(language, &["pay", "pay, killed", "day", "the till of the quick start"]);
    }
    prints_the_same_receipts(transcript, &program("receipts"))?;
    transcript.passed(Language::C, &["receipts.c"]);
    let wide = format!("{} {DEVICE}", program("wide"));
    transcript.run_tests(Language::C, &mut on_simulator(QUICK_CUSTOMER_MS, &wide))?;
    let unloaded = format!("{} {DEVICE}", program("unloaded"));
    transcript.run_tests(Language::C, &mut on_simulator(LATE_CUSTOMER_MS, &unloaded))?;
    link_as_msvc(transcript, target)?;
    let msvc = format!("{} {DEVICE} STATE_FILE", program("msvc"));
    transcript.run_tests(Language::C, &mut on_simulator(QUICK_CUSTOMER_MS, &msvc)).map(drop)
}

/// Against the library of this target, with output that is not changed on its way: the tests compare bytes.
fn compile(transcript: &mut Transcript, target: &Target, language: &str, source: &str, name: &str) -> Result {
    let (compiler, standard) = if language == "c" { ("gcc", "c99") } else { ("g++", "c++17") };
    let (folder, mingw) = (target.path(), target.mingw);
    let mut compile = line(&format!(
        "{mingw}-{compiler} -std={standard} -Wall -Wextra -Werror -pedantic -Iinclude -static-libgcc {source} \
         -o {folder}/{name}.exe {folder}/libsecupos.dll.a /usr/{mingw}/lib/binmode.o"
    ));
    if language != "c" {
        compile.arg("-static-libstdc++");
    }
    transcript.run(&mut compile).map(drop)
}

/// By clang and LLVM's linker, with the import library that is for MSVC, and one of Windows' own made in the same way.
fn link_as_msvc(transcript: &mut Transcript, target: &Target) -> Result {
    let (folder, machine) = (target.path(), target.machine);
    // On 32 bits the names of these have the length of their arguments at their ends; the import library leaves that out.
    let names = [("GetCommandLineA", 0), ("GetStdHandle", 4), ("WriteFile", 20), ("ExitProcess", 4)];
    let name = |(name, length): &(&str, u32)| match target.name {
        "x86" => format!("{name}@{length}\n"),
        _ => format!("{name}\n"),
    };
    let definition = names.iter().fold("LIBRARY kernel32.dll\nEXPORTS\n".to_owned(), |text, one| text + &name(one));
    let path = format!("{folder}/kernel32.def");
    write(&path, &definition)?;
    transcript.run(&mut line(&format!("llvm-dlltool -k -m {machine} -d {path} -l {folder}/kernel32.lib")))?;
    let processor = target.mingw.split('-').next().unwrap_or_default();
    transcript.run(&mut line(&format!(
        "clang --target={processor}-pc-windows-msvc -O1 -Wall -Wextra -Werror -Iinclude -c tests/windows/msvc.c \
         -o {folder}/msvc.obj"
    )))?;
    transcript
        .run(&mut line(&format!(
            "lld-link /nologo /nodefaultlib /safeseh:no /subsystem:console /entry:start /out:{folder}/msvc.exe \
             {folder}/msvc.obj {folder}/libsecupos.lib {folder}/kernel32.lib"
        )))
        .map(drop)
}
