//! `libsecupos.dll` with what links it: an import library each for MSVC and for mingw. And what it asks of Windows.

use std::collections::BTreeSet;

use super::toolchain::{built, cargo, cargo_in};
use super::{Target, write};
use crate::process::{Result, line, program, root};
use crate::transcript::Transcript;

/// All that it may ask for. Every Windows since 7 has them.
const IMPORTS: [&str; 10] = [
    "advapi32.dll",
    "bcrypt.dll",
    "crypt32.dll",
    "kernel32.dll",
    "msvcrt.dll",
    "ncrypt.dll",
    "ntdll.dll",
    "secur32.dll",
    "userenv.dll",
    "ws2_32.dll",
];

const BUILD: &str = "rustc --release --lib --crate-type cdylib";

/// Alone, as on Linux: another build of the library would have to be made anew each time that this one was.
const ALONE: &str = "target/windows/library";

pub fn build(transcript: &mut Transcript, target: &Target) -> Result {
    transcript.run(cargo(target, BUILD).env("CARGO_TARGET_DIR", root().join(ALONE)))?;
    let folder = target.path();
    let library = format!("{folder}/libsecupos.dll");
    transcript.run(&mut line(&format!("cp {ALONE}/{}/release/secupos.dll {library}", target.triple)))?;
    let names = exported()?;
    write(&format!("{folder}/libsecupos.def"), &definition(&names))?;
    let def = format!("-d {folder}/libsecupos.def");
    transcript.run(&mut line(&format!("llvm-dlltool -m {} {def} -l {folder}/libsecupos.lib", target.machine)))?;
    transcript.run(&mut line(&format!("{}-dlltool {def} -l {folder}/libsecupos.dll.a", target.mingw)))?;
    let told = transcript.output(&mut line(&format!("{}-objdump -p {library}", target.mingw)))?;
    let (imports, exports) = (imports(&told), exports(&told));
    let needs: Vec<&str> =
        imports.iter().filter(|name| !IMPORTS.contains(&name.as_str())).map(String::as_str).collect();
    if !needs.is_empty() {
        return Err(format!("{library} asks for {}", needs.join(", ")));
    }
    if let Some(differs) = exports.symmetric_difference(&names).next() {
        return Err(format!("{library} and the headers disagree about {differs}"));
    }
    let oldest = oldest_windows(&told).ok_or("which Windows it is for is not told")?;
    let length = std::fs::metadata(root().join(&library)).map_err(|fault| format!("{library}: {fault}"))?.len();
    let imports = imports.into_iter().collect::<Vec<_>>().join(" ");
    transcript.say(&format!("{library}: {length} bytes, {} functions, for Windows {oldest} and later", exports.len()));
    transcript.say(&format!("imports: {imports}"));
    no_folder_of_this_machine(&library)
}

/// The same commit makes the same bytes in another folder. Only not anywhere: the linker puts what is imported in the order of
/// its files' paths, so the folder must stand on the same side of `/usr` as this one.
pub fn build_again(transcript: &mut Transcript, target: &Target) -> Result {
    let copy = root().join(format!("target/windows/again-{}", target.name));
    let folder = copy.display();
    transcript.run(&mut line(&format!("rm -rf {folder}")))?;
    transcript.run(&mut line(&format!("mkdir {folder}")))?;
    let files = "git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents --target-directory";
    transcript.run(&mut program(["sh", "-c", &format!("{files} {folder}")]))?;
    let start = format!("{}/start", target.path());
    transcript.run(&mut line(&format!("cp -r --parents {start} {folder}")))?;
    transcript.run(&mut cargo_in(&copy, target, BUILD))?;
    let again = format!("{folder}/{}/secupos.dll", built(target, "release"));
    transcript.run(&mut line(&format!("cmp {again} {}/libsecupos.dll", target.path())))?;
    transcript.run(&mut line(&format!("rm -rf {folder}")))?;
    transcript.say(&format!("libsecupos.dll, {}: two builds in two folders, the same bytes", target.name));
    Ok(())
}

/// The names in the two headers.
fn exported() -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for header in ["include/secupos.h", "include/secupos_windows.h"] {
        let text = std::fs::read_to_string(root().join(header)).map_err(|fault| format!("{header}: {fault}"))?;
        let name = |part: &str| Some(format!("secupos_{}", part.split_once('(')?.0));
        names.extend(text.split("SECUPOS_CALL secupos_").skip(1).filter_map(name));
    }
    Ok(names)
}

fn definition(names: &BTreeSet<String>) -> String {
    names.iter().fold("LIBRARY libsecupos.dll\nEXPORTS\n".to_owned(), |text, name| text + name + "\n")
}

fn imports(told: &str) -> BTreeSet<String> {
    told.lines().filter_map(|line| line.trim().strip_prefix("DLL Name: ")).map(str::to_lowercase).collect()
}

/// The table of names: `\t[   0] +base[   1]  0000 secupos_…`, in older programs without the middle.
fn exports(told: &str) -> BTreeSet<String> {
    let table = told.split("[Ordinal/Name Pointer] Table").nth(1).unwrap_or_default();
    let rows = table.lines().skip(1).take_while(|line| line.trim_start().starts_with('['));
    rows.filter_map(|line| line.split_whitespace().last()).map(str::to_owned).collect()
}

/// As `6.1`, which is Windows 7.
fn oldest_windows(told: &str) -> Option<String> {
    let number = |name: &str| told.lines().find_map(|line| Some(line.trim().strip_prefix(name)?.trim().to_owned()));
    Some(format!("{}.{}", number("MajorSubsystemVersion")?, number("MinorSubsystemVersion")?))
}

fn no_folder_of_this_machine(library: &str) -> Result {
    let content = std::fs::read(root().join(library)).map_err(|fault| format!("{library}: {fault}"))?;
    let home = std::env::var("HOME").unwrap_or_default();
    for folder in [root().display().to_string(), format!("{home}/")] {
        if folder.len() > 2 && content.windows(folder.len()).any(|part| part == folder.as_bytes()) {
            return Err(format!("{library} names a folder of the machine that it was built on"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: &str = "MajorSubsystemVersion\t6\nMinorSubsystemVersion\t1\n\tDLL Name: KERNEL32.dll\n\
        [Ordinal/Name Pointer] Table\n\t[   0] secupos_a\n\t[   1] secupos_b\n\nThe Function Table\n\t[ 2] other\n";

    #[test]
    fn what_objdump_tells_is_understood() {
        assert_eq!(imports(TOLD), BTreeSet::from(["kernel32.dll".to_owned()]));
        assert_eq!(exports(TOLD), BTreeSet::from(["secupos_a".to_owned(), "secupos_b".to_owned()]));
        assert_eq!(oldest_windows(TOLD).as_deref(), Some("6.1"));
    }

    #[test]
    fn every_function_of_both_headers_is_exported() {
        let names = exported().expect("the headers are there");
        assert!(names.contains("secupos_till_open") && names.contains("secupos_config_set_state_file_w"));
        assert_eq!(definition(&BTreeSet::from(["a".to_owned()])), "LIBRARY libsecupos.dll\nEXPORTS\na\n");
    }
}
