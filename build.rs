//! Gives the shared library its name, its version, and what keeps it from being unloaded.

use std::path::PathBuf;
use std::process::Command;

/// Changes only with SECUPOS_ABI_VERSION.
const SONAME: &str = "libsecupos.so.1";

/// The package in C# has a `Secupos.dll`, which on Windows is the same name as `secupos.dll`.
const NAME_ON_WINDOWS: &str = "libsecupos.dll";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    match (of_target("OS").as_str(), of_target("ENV").as_str()) {
        ("linux", _) => {
            link_with(&format!("-Wl,-soname,{SONAME}"));
            // Worker threads may outlive the last handle, so dlclose() must not unmap the code under them. On Windows the
            // library sees to that itself.
            link_with("-Wl,-z,nodelete");
        }
        ("windows", "gnu") => {
            link_with(&file("name.def", &format!("LIBRARY {NAME_ON_WINDOWS}\n")));
            link_with(&version());
            // Windows 7: what Rust's own library asks for. The linker would say Windows XP.
            link_with("-Wl,--major-subsystem-version,6,--minor-subsystem-version,1");
            // Two builds are the same, byte for byte.
            link_with("-Wl,--no-insert-timestamp");
        }
        _ => (),
    }
}

fn link_with(argument: &str) {
    println!("cargo::rustc-cdylib-link-arg={argument}");
}

fn of_target(what: &str) -> String {
    std::env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default()
}

/// Writes a file into `OUT_DIR`, and says where it is.
fn file(name: &str, content: &str) -> String {
    let path = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join(name);
    std::fs::write(&path, content).expect("OUT_DIR can be written");
    path.into_os_string().into_string().expect("OUT_DIR is UTF-8")
}

/// What Explorer shows of the library on its page of details, compiled by the windres that belongs to the linker.
fn version() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let numbers = format!("{},0", version.replace('.', ","));
    let script = format!(
        "1 VERSIONINFO FILEVERSION {numbers} PRODUCTVERSION {numbers} FILEOS 0x40004 FILETYPE 2\n\
         BEGIN\n\
         BLOCK \"StringFileInfo\" BEGIN BLOCK \"040904B0\" BEGIN\n\
         VALUE \"CompanyName\", \"secupos\"\n\
         VALUE \"FileDescription\", \"{}\"\n\
         VALUE \"FileVersion\", \"{version}\"\n\
         VALUE \"InternalName\", \"libsecupos\"\n\
         VALUE \"LegalCopyright\", \"MIT OR Apache-2.0\"\n\
         VALUE \"OriginalFilename\", \"{NAME_ON_WINDOWS}\"\n\
         VALUE \"ProductName\", \"secupos\"\n\
         VALUE \"ProductVersion\", \"{version}\"\n\
         END END\n\
         BLOCK \"VarFileInfo\" BEGIN VALUE \"Translation\", 0x409, 0x4B0 END\n\
         END\n",
        env!("CARGO_PKG_DESCRIPTION")
    );
    let (script, object) = (file("version.rc", &script), file("version.o", ""));
    let machine = if of_target("ARCH") == "x86" { "i686" } else { "x86_64" };
    let windres = format!("{machine}-w64-mingw32-windres");
    let status = Command::new(&windres).args([&script, &object]).status();
    assert!(status.is_ok_and(|status| status.success()), "{windres}, which comes with the linker, has failed");
    object
}
