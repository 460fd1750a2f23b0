//! Programs that are not ours and read our output, for `tests/receipts/decoders.rs`: those of tests/decoders/package.json, and
//! python-escpos for its table of the printers' code pages. None is a Debian package, so they are put into target/decoders.

use crate::process::{Result, line, root};
use crate::requirements::Consent;
use crate::transcript::Transcript;

/// Commands that bring them or read output themselves.
pub const NEEDS: &[&str] = &["node", "npm", "python3", "pip", "qpdf", "pdftotext"];

const PYTHON_ESCPOS: &str = "python-escpos==3.1";
const LISTS: [&str; 2] = ["package.json", "package-lock.json"];

/// Takes a moment when they are there already.
pub fn install(transcript: &mut Transcript, _: Consent) -> Result {
    let (lists, there) = (root().join("tests/decoders"), root().join("target/decoders"));
    let failed = |fault: std::io::Error| format!("{}: {fault}", there.display());
    let mut wanted = std::fs::read_to_string(lists.join(LISTS[1])).map_err(failed)?;
    wanted += PYTHON_ESCPOS;
    let installed = there.join("installed");
    if std::fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return Ok(());
    }
    if there.exists() {
        std::fs::remove_dir_all(&there).map_err(failed)?;
    }
    std::fs::create_dir_all(&there).map_err(failed)?;
    for list in LISTS {
        std::fs::copy(lists.join(list), there.join(list)).map_err(failed)?;
    }
    transcript
        .run(&mut line("npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --prefix target/decoders"))?;
    let pip = "python3 -m pip install --quiet --no-deps --disable-pip-version-check --root-user-action=ignore";
    transcript.run(&mut line(&format!("{pip} --target target/decoders/python {PYTHON_ESCPOS}")))?;
    std::fs::write(&installed, wanted).map_err(failed)
}
