//! Windows, built here and run under Wine. No real Windows is to be had where these steps were written.

pub mod c;
pub mod csharp;
pub mod kills;
pub mod library;
pub mod packages;
pub mod programs;
pub mod python;
pub mod rust;
pub mod toolchain;
pub mod visual_basic;
pub mod wine;

use std::path::PathBuf;

use crate::process::{Result, line, root};
use crate::transcript::Transcript;

/// A kind of machine that Windows runs on.
pub struct Target {
    /// What its folders are called.
    pub name: &'static str,
    /// What Rust calls it. These import nothing that is newer than Windows 7.
    pub triple: &'static str,
    /// What mingw calls it.
    pub mingw: &'static str,
    /// What LLVM's dlltool calls it.
    pub machine: &'static str,
    /// What Debian calls it.
    pub debian: &'static str,
}

pub static X64: Target = Target {
    name: "x64",
    triple: "x86_64-win7-windows-gnu",
    mingw: "x86_64-w64-mingw32",
    machine: "i386:x86-64",
    debian: "amd64",
};

pub static X86: Target =
    Target { name: "x86", triple: "i686-win7-windows-gnu", mingw: "i686-w64-mingw32", machine: "i386", debian: "i386" };

impl Target {
    /// Where what is built for it is put.
    pub fn folder(&self) -> PathBuf {
        root().join("target/windows").join(self.name)
    }

    /// The same from the repository's root, for command lines.
    pub fn path(&self) -> String {
        format!("target/windows/{}", self.name)
    }

    /// Its command line stands where cargo would put it: there the tests look for the simulator.
    pub fn offer_simulator(&self, transcript: &mut Transcript) -> Result {
        transcript.run(&mut line("mkdir -p target/debug"))?;
        transcript.run(&mut line(&format!("cp {}/secupos.exe target/debug/secupos.exe", self.path()))).map(drop)
    }

    /// A program of it, with what runs it.
    pub fn wine(&self, program: &str) -> String {
        format!("tools/wine {} {program}", self.name)
    }
}

/// Writes a file; the path begins at the repository's root.
fn write(path: &str, text: &str) -> Result {
    std::fs::write(root().join(path), text).map_err(|fault| format!("{path}: {fault}"))
}
