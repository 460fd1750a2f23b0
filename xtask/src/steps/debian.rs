//! The first thing that a newcomer does, `make demo`, on a bare Debian 13 with nothing but what README.md asks for: a C
//! compiler, make, Python 3 and Rust's toolchain, which is this machine's own. The system is made anew each time in
//! target/debian; what is mounted into it is gone when the step ends.

use std::path::PathBuf;
use std::time::Instant;

use super::rust_compiler::sysroot;
use crate::process::{Result, line, program, root};
use crate::requirements::Consent;
use crate::transcript::Transcript;

const SYSTEM: &str = "target/debian";

/// $1 is the system, $2 Rust's toolchain, $3 cargo's home with the sources of the crates, which have been fetched.
const DEMO: &str = r#"
mkdir -p "$1/opt/rust" "$1/opt/cargo"
mount --bind "$2" "$1/opt/rust"
mount --bind "$3" "$1/opt/cargo"
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
cp -L /etc/resolv.conf /etc/hosts "$1/etc/"
exec chroot "$1" env -i HOME=/root PATH=/opt/rust/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    CARGO_HOME=/opt/cargo CARGO_NET_OFFLINE=true make -C /root/secupos demo
"#;

pub fn demo(transcript: &mut Transcript, _: Consent) -> Result {
    let mirror = mirror(transcript)?;
    transcript.run(&mut line(&format!("rm -rf --one-file-system {SYSTEM}")))?;
    let packages = "ca-certificates,gcc,libc6-dev,make,python3";
    transcript
        .output(&mut line(&format!("debootstrap --variant=minbase --include={packages} trixie {SYSTEM} {mirror}")))?;

    transcript.run(&mut line("cargo fetch --quiet --locked"))?;
    transcript.run(&mut line(&format!("mkdir -p {SYSTEM}/root/secupos")))?;
    let copy = format!("git ls-files -z | xargs -0 cp --parents --target-directory={SYSTEM}/root/secupos");
    transcript.run(&mut program(["sh", "-euc", &copy]))?;

    let begun = Instant::now();
    let mut demo = line("unshare --mount --propagation private sh -euc");
    demo.arg(DEMO).args(["sh", SYSTEM]).arg(sysroot()?).arg(cargo_home()?);
    let shown = transcript.run(&mut demo)?;
    let paid = shown.lines().filter(|line| *line == "outcome: approved").count();
    if paid != 3 {
        return Err(format!("{paid} payments, not one each from C, Python and C#"));
    }
    transcript.say(&format!("make demo on a bare Debian 13: {} s", begun.elapsed().as_secs()));
    Ok(())
}

/// The mirror that this machine has Debian's packages from.
pub fn mirror(transcript: &mut Transcript) -> Result<String> {
    let targets = ["apt-get", "indextargets", "--format", "$(ORIGIN) $(REPO_URI)", "Created-By: Packages"];
    let targets = transcript.output(&mut program(targets))?;
    debians(&targets).map(str::to_owned).ok_or_else(|| "apt knows no mirror of Debian".to_owned())
}

/// Among these, not that of the security updates.
fn debians(targets: &str) -> Option<&str> {
    let mirrors = targets.lines().filter_map(|line| line.strip_prefix("Debian "));
    mirrors.map(str::trim).find(|mirror| mirror.trim_end_matches('/').ends_with("/debian"))
}

fn cargo_home() -> Result<PathBuf> {
    let home = |name| std::env::var_os(name).map(PathBuf::from);
    let default = home("HOME").map(|home| home.join(".cargo"));
    let found = home("CARGO_HOME").or(default).ok_or("neither CARGO_HOME nor HOME is set")?;
    Ok(root().join(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_debians_own_and_not_that_of_security_updates() {
        let targets = "Somebody http://one.example/apt\nDebian http://two.example/debian-security/\n\
                       Debian http://three.example/debian/\n";
        assert_eq!(debians(targets), Some("http://three.example/debian/"));
        assert_eq!(debians("Somebody http://one.example/debian/\n"), None);
    }
}
