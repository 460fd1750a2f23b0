//! Gives the shared library its soname, and keeps it from being unloaded.

/// Changes only with SECUPOS_ABI_VERSION.
const SONAME: &str = "libsecupos.so.1";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,{SONAME}");
        // Worker threads may outlive the last handle, so dlclose() must not unmap the code under them.
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
