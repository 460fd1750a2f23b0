//! Pages of the headers by Doxygen, in target/header-manual; a warning is an error.

use crate::process::{Result, line, root};
use crate::requirements::Consent;
use crate::transcript::Transcript;

const PAGE: &str = "target/header-manual/html/secupos_8h.html";

const SETTINGS: &str = "\
PROJECT_NAME = secupos
INPUT = include
INPUT_FILTER = target/header-manual/with-chapters
OUTPUT_DIRECTORY = target/header-manual
GENERATE_LATEX = NO
HAVE_DOT = NO
EXTRACT_ALL = YES
SOURCE_BROWSER = YES
MACRO_EXPANSION = YES
EXPAND_ONLY_PREDEF = YES
PREDEFINED = SECUPOS_API= SECUPOS_CALL= __cplusplus=
AUTOLINK_SUPPORT = NO
QUIET = YES
WARN_AS_ERROR = FAIL_ON_WARNINGS
";

/// The chapters at the top of each header are shown as they stand there, on the page of that file.
const WITH_CHAPTERS: &str = r#"#!/bin/sh
exec sed -e '1s,^/\* ,/** @file\n * @verbatim\n * ,' -e '0,/^ \*\/$/s,^ \*/$, * @endverbatim\n */,' "$1"
"#;

pub fn write(transcript: &mut Transcript, _: Consent) -> Result {
    let folder = root().join("target/header-manual");
    let failed = |fault: std::io::Error| format!("{}: {fault}", folder.display());
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(failed)?;
    }
    std::fs::create_dir_all(&folder).map_err(failed)?;
    std::fs::write(folder.join("with-chapters"), WITH_CHAPTERS).map_err(failed)?;
    transcript.run(&mut line("chmod +x target/header-manual/with-chapters"))?;
    std::fs::write(folder.join("settings"), SETTINGS).map_err(failed)?;
    transcript.run(&mut line("doxygen target/header-manual/settings"))?;
    let page = std::fs::read_to_string(root().join(PAGE)).map_err(|fault| format!("{PAGE}: {fault}"))?;
    for shown in ["int main(int argc, char **argv)", "Shutting down", "secupos_till_start_payment"] {
        if !page.contains(shown) {
            return Err(format!("{PAGE} does not show: {shown}"));
        }
    }
    transcript.say(PAGE);
    Ok(())
}
