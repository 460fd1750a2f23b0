//! Debian's Rust, which has the sources of its library, and mingw. Of Rust's own toolchain those sources are not everywhere to
//! be had.

use std::path::Path;
use std::process::Command;

use super::{Target, X64, X86};
use crate::process::{Result, line, root};
use crate::requirements::Consent;
use crate::transcript::Transcript;

/// These, and what builds for Windows: the packages are for both.
macro_rules! with_toolchain {
    ($($own:literal),* $(,)?) => {
        &[
            "/usr/lib/rustlib/src/rust/library/Cargo.lock",
            "/usr/bin/cargo",
            "x86_64-w64-mingw32-gcc",
            "i686-w64-mingw32-gcc",
            "x86_64-w64-mingw32-g++",
            "i686-w64-mingw32-g++",
            "llvm-dlltool",
            $($own),*
        ]
    };
}
pub(crate) use with_toolchain;

/// What builds for Windows.
pub const NEEDS: &[&str] = with_toolchain![];

/// Debian's compiler, for both: the sources of its library belong to it alone.
const RUSTC: &str = "/usr/bin/rustc";

/// The two objects with which each program begins and ends are in no package.
pub fn prepare(transcript: &mut Transcript, _: Consent) -> Result {
    for target in [&X64, &X86] {
        let folder = target.folder().join("start");
        std::fs::create_dir_all(&folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
        for object in ["rsbegin", "rsend"] {
            let source = format!("/usr/lib/rustlib/src/rust/library/rtstartup/{object}.rs");
            let mut compile =
                line(&format!("{RUSTC} --target {} --emit=obj --crate-type rlib -Cpanic=abort", target.triple));
            compile.args(["--edition", "2015", "--cfg", "bootstrap", "-o"]).arg(folder.join(format!("{object}.o")));
            transcript.run(compile.arg(source).env("RUSTC_BOOTSTRAP", "1"))?;
        }
    }
    Ok(())
}

/// Debian's cargo, which builds Rust's own library, too, without a word of this machine's folders in what it makes.
pub fn cargo(target: &Target, arguments: &str) -> Command {
    cargo_in(&root(), target, arguments)
}

/// The same for a copy of the sources.
pub fn cargo_in(root: &Path, target: &Target, arguments: &str) -> Command {
    let mut cargo = line(&format!(
        "/usr/bin/cargo {arguments} --quiet --target {} -Zbuild-std=std,panic_unwind,test",
        target.triple
    ));
    let (upper, lower) = (target.triple.to_uppercase().replace('-', "_"), target.triple.replace('-', "_"));
    let home = std::env::var("CARGO_HOME").or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")));
    let flags = [
        // From the root, where the last linking is done: cargo makes this a part of what names are made from.
        format!("-Lnative={}/start", target.path()),
        format!("--remap-path-prefix={}=/secupos", root.display()),
        format!("--remap-path-prefix={}=/cargo", home.unwrap_or_default()),
        "--remap-path-prefix=/usr/lib/rustlib/src/rust=/rust".to_owned(),
    ];
    cargo.env("PATH", "/usr/bin:/bin").env("RUSTC", RUSTC).env("RUSTC_BOOTSTRAP", "1");
    cargo.env(format!("CARGO_TARGET_{upper}_LINKER"), format!("{}-gcc", target.mingw));
    cargo.env(format!("CARGO_TARGET_{upper}_RUSTFLAGS"), flags.join(" "));
    cargo.env(format!("CC_{lower}"), format!("{}-gcc", target.mingw));
    cargo.env(format!("AR_{lower}"), format!("{}-ar", target.mingw));
    cargo.env("CARGO_TARGET_DIR", root.join("target/windows/cargo"));
    // No moment goes into what is built, but C is compiled anew for each other one.
    cargo.env_remove("SOURCE_DATE_EPOCH");
    cargo.current_dir(root);
    cargo
}

/// Where cargo puts what it has built for it.
pub fn built(target: &Target, profile: &str) -> String {
    format!("target/windows/cargo/{}/{profile}", target.triple)
}
