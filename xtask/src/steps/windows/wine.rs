//! Wine of Debian 13, each width in a system of its own: the machine itself stays as it is.

use super::Target;
use crate::process::{Result, line, program, root};
use crate::steps::debian;
use crate::transcript::Transcript;

pub const NEEDS: &[&str] = &["debootstrap", "unshare"];

pub fn install(transcript: &mut Transcript, target: &Target) -> Result {
    let system = format!("target/wine/{}", target.name);
    let ready = root().join(&system).join("ready");
    if ready.exists() {
        return Ok(());
    }
    let mirror = debian::mirror(transcript)?;
    transcript.run(&mut line(&format!("rm -rf --one-file-system {system}")))?;
    transcript.run(&mut line("mkdir -p target/wine"))?;
    let wine = if target.name == "x86" { "wine32" } else { "wine64" };
    transcript.output(&mut line(&format!(
        "debootstrap --arch={} --variant=minbase --include=wine,{wine} trixie {system} {mirror}",
        target.debian
    )))?;
    let hosts = root().join(&system).join("etc/hosts");
    std::fs::write(&hosts, "127.0.0.1 localhost\n").map_err(|fault| format!("{}: {fault}", hosts.display()))?;
    std::fs::write(&ready, "").map_err(|fault| format!("{}: {fault}", ready.display()))?;
    // The first program makes Wine's own files. Windows counts its starts, and Wine does not: without that each process of a
    // till would count as one.
    let counted = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters";
    let count = ["reg", "add", counted, "/v", "BootId", "/t", "REG_DWORD", "/d", "1", "/f"];
    transcript.run(program(["tools/wine", target.name]).args(count)).map(drop)
}
