//! What is released: made twice with the same bytes, installed, moved, and used away from this repository.

use std::path::{Path, PathBuf};

use super::windows::toolchain::with_toolchain;
use crate::process::{Result, line, program, root};
use crate::requirements::{Consent, make_sure_of};
use crate::transcript::Transcript;

/// Commands that the products are made with.
pub const NEEDS: &[&str] = with_toolchain!["cc", "git", "mcs", "mono", "nm", "pip", "python3", "zip"];

/// The archives of the trees in C are made and tried with these.
pub const NEEDS_OF_C: &[&str] = with_toolchain!["c++", "cc", "cmake", "make", "pkg-config", "python3", "zip"];

/// The packages are made and tried with these.
pub const NEEDS_OF_PACKAGES: &[&str] =
    with_toolchain!["git", "mcs", "mono", "nm", "pip", "python3", "unzip", "xbuild", "zip"];

/// Two moments of building must not show, so both builds are told the same one.
const BUILT_AT: (&str, &str) = ("SOURCE_DATE_EPOCH", "1700000000");

/// For which systems products are made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Systems {
    All,
    Windows,
}

/// C and C++: `make install` into a folder that is moved then, `make uninstall`, and the archive.
pub fn c(transcript: &mut Transcript, _: Consent) -> Result {
    let place = Folder::new("c")?;
    let (staged, moved, unpacked) = (place.path("staged"), place.path("moved"), place.path("unpacked"));
    let make =
        |target: &str| program(["make", "--no-print-directory", target, "PREFIX=/usr", &format!("DESTDIR={staged}")]);
    transcript.run(&mut make("install"))?;
    transcript.run(&mut program(["mv", &format!("{staged}/usr"), &moved]))?;
    transcript.run(&mut program(["packaging/c/check", &moved]))?;
    transcript.run(&mut program(["mv", &moved, &format!("{staged}/usr")]))?;
    transcript.run(&mut make("uninstall"))?;
    let left = transcript.run(&mut program(["find", &staged, "!", "-type", "d", "-o", "-name", "*secupos*"]))?;
    if !left.is_empty() {
        return Err(format!("make uninstall leaves {left}"));
    }
    twice(transcript, &place, &["c"])?;
    transcript.run(&mut program(["mkdir", &unpacked]))?;
    let archive = place.made("secupos-", "-x86_64-unknown-linux-gnu.tar.gz")?;
    transcript.run(&mut program(["tar", "-xzf", &archive, "-C", &unpacked, "--strip-components=1"]))?;
    transcript.run(&mut program(["packaging/c/check", &unpacked])).map(drop)
}

/// The packages of the command line, Python and C#.
pub fn packages(transcript: &mut Transcript, _: Consent) -> Result {
    let place = Folder::new("packages")?;
    twice(transcript, &place, &["cli", "wheel", "wheel-simulator", "nuget"])?;
    transcript
        .run(&mut program(["packaging/cli/check", &place.made("secupos-cli-", "-x86_64-unknown-linux-gnu.tar.gz")?]))?;
    transcript.run(&mut program(["packaging/wheel/check", &place.path("first")]))?;
    transcript.run(&mut program(["packaging/nuget/check", &place.made("", ".nupkg")?]))?;
    transcript.run(&mut program(["ls", "-l", &place.path("first")])).map(drop)
}

/// Makes the products twice, with the same bytes.
fn twice(transcript: &mut Transcript, place: &Folder, products: &[&str]) -> Result {
    for time in ["first", "second"] {
        transcript.run(&mut program(["mkdir", &place.path(time)]))?;
        for product in products {
            let build = format!("packaging/{product}/build");
            transcript.run(program([&build, &place.path(time)]).env(BUILT_AT.0, BUILT_AT.1))?;
        }
    }
    transcript.run(&mut line(&format!("diff -r {} {}", place.path("first"), place.path("second")))).map(drop)
}

/// A folder away from the repository, which is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("secupos-{name}-{}", std::process::id()));
        std::fs::create_dir(&folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
        Ok(Self(folder))
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    /// The one file of the first making whose name begins and ends so.
    fn made(&self, begin: &str, end: &str) -> Result<String> {
        let files = std::fs::read_dir(self.0.join("first")).map_err(|fault| fault.to_string())?;
        let names = files.flatten().map(|file| file.file_name().to_string_lossy().into_owned());
        let mut names = names.filter(|name| name.starts_with(begin) && name.ends_with(end));
        match (names.next(), names.next()) {
            (Some(name), None) => Ok(self.path(&format!("first/{name}"))),
            _ => Err(format!("not one {begin}…{end} was made")),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is in nobody's way.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// `cargo xtask dist`.
pub fn dist(consent: Consent) -> Result {
    make_sure_of(NEEDS.iter().copied(), consent)?;
    release(&mut Transcript::begin("dist", true)?, consent)
}

/// All products with their bills of materials and checksums, into dist/. Two runs on one commit make the same bytes.
pub fn release(transcript: &mut Transcript, consent: Consent) -> Result {
    super::build::library(transcript, consent)?;
    let folder = root().join("dist");
    let failed = |fault: std::io::Error| format!("dist: {fault}");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(failed)?;
    }
    std::fs::create_dir(&folder).map_err(failed)?;
    make_all(transcript, &folder.display().to_string(), Systems::All)?;
    let built_at = built_at(transcript)?;
    let mut systems = String::new();
    for kind in ["linux", "windows"] {
        systems += &transcript.output(&mut program(["packaging/systems", kind]))?;
    }
    let systems: Vec<&str> = systems.lines().filter_map(|line| line.split(' ').next()).collect();
    for product in ["secupos", "secupos-cli"] {
        let bill = transcript.output(program(["tools/sbom", product]).args(&systems).env(BUILT_AT.0, &built_at))?;
        std::fs::write(folder.join(format!("{product}.cdx.json")), bill).map_err(failed)?;
    }
    let sums = transcript.output(program(["sh", "-c", "sha256sum -- *"]).env("LC_ALL", "C").current_dir(&folder))?;
    std::fs::write(folder.join("SHA256SUMS"), sums).map_err(failed)?;
    transcript.run(&mut line("ls -l dist")).map(drop)
}

/// Every product, into this folder.
pub fn make_all(transcript: &mut Transcript, folder: &str, systems: Systems) -> Result {
    let built_at = built_at(transcript)?;
    for product in products()? {
        transcript.say(&format!("\n== {product}"));
        let mut build = program([&format!("packaging/{product}/build"), folder]);
        if systems == Systems::Windows {
            build.env("SECUPOS_SYSTEMS", "windows");
        }
        transcript.run(build.env(BUILT_AT.0, &built_at).env("TZ", "UTC").env("LC_ALL", "C"))?;
    }
    Ok(())
}

/// The moment that all files bear: the commit's, unless somebody says another one.
fn built_at(transcript: &mut Transcript) -> Result<String> {
    match std::env::var(BUILT_AT.0) {
        Ok(given) => Ok(given),
        Err(_) => Ok(transcript.output(&mut line("git log -1 --format=%ct"))?.trim().to_owned()),
    }
}

/// Those that `packaging/` has a build of.
fn products() -> Result<Vec<String>> {
    let folders = std::fs::read_dir(root().join("packaging")).map_err(|fault| format!("packaging: {fault}"))?;
    let with_build = |path: &Path| path.join("build").is_file();
    let mut products: Vec<String> = folders
        .flatten()
        .filter(|folder| with_build(&folder.path()))
        .map(|folder| folder.file_name().to_string_lossy().into_owned())
        .collect();
    products.sort();
    Ok(products)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_product_is_released() {
        assert_eq!(products().expect("a folder"), ["c", "cli", "nuget", "wheel", "wheel-simulator"]);
    }
}
