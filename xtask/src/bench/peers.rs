//! The others, and all that is measured: installed, and built below target/bench.

use crate::process::{Result, line, output, root};
use crate::requirements::Consent;
use crate::steps::build;
use crate::transcript::Transcript;

/// Commands and files that must be there.
pub const NEEDS: &[&str] = &[
    "/usr/include/cjson/cJSON.h",
    "/usr/share/java/jackson-databind.jar",
    "cc",
    "curl-config",
    "javac",
    "nm",
    "node",
    "pip",
    "python3",
    "tar",
];

/// What is not Debian's. The sources of yyjson come with its package for Python.
const PYTHON: &str = "msgspec==0.21.1 requests==2.32.5";
const YYJSON: &str = "yyjson==4.0.6";

pub const JACKSON: &str = "/usr/share/java/jackson-annotations.jar:/usr/share/java/jackson-core.jar:\
    /usr/share/java/jackson-databind.jar:target/bench";

/// What stands on the path of a Python that has them.
pub const PYTHONPATH: &str = "target/bench/python";

pub fn build(transcript: &mut Transcript) -> Result {
    for folder in ["target/bench/python", "target/bench/receipts", "target/bench/payments"] {
        transcript.run(&mut line(&format!("mkdir -p {folder}")))?;
    }
    install(transcript)?;
    build::library(transcript, Consent::Given)?;
    transcript
        .run(&mut line("cargo build --quiet --profile proof -p secupos-cli -p secupos-bench --target-dir target"))?;
    let c = "cc -std=gnu11 -O2 -Wall -Wextra -Werror -Iinclude -Ibenches/receipts -Itarget/bench/yyjson";
    let ours = "-Ltarget/lib/release -l:libsecupos.so -Wl,-rpath,target/lib/release";
    for (program, with) in [
        ("receipts/secupos", ours),
        ("receipts/yyjson", "target/bench/yyjson/yyjson.c"),
        ("receipts/cjson", "-lcjson"),
        ("payments/secupos", ours),
        ("payments/curl", "-lcurl"),
    ] {
        transcript.run(&mut line(&format!("{c} -o target/bench/{program} benches/{program}.c {with}")))?;
    }
    let java = format!("javac -Xlint:-options -cp {JACKSON} -d target/bench benches/receipts/Jackson.java");
    transcript.run(&mut line(&java)).map(drop)
}

fn install(transcript: &mut Transcript) -> Result {
    let installed = root().join("target/bench/installed");
    let wanted = format!("{PYTHON} {YYJSON}");
    if std::fs::read_to_string(&installed).is_ok_and(|there| there == wanted) {
        return Ok(());
    }
    let pip = "python3 -m pip --quiet --disable-pip-version-check";
    let ignore = "--root-user-action=ignore";
    transcript.run(&mut line(&format!("{pip} install {ignore} --upgrade --target {PYTHONPATH} {PYTHON}")))?;
    let sources = "--no-deps --no-build-isolation --no-binary :all: --dest target/bench";
    transcript.run(&mut line(&format!("{pip} download {sources} {YYJSON}")))?;
    let archive = format!("target/bench/{}.tar.gz", YYJSON.replace("==", "-"));
    transcript.run(&mut line("mkdir -p target/bench/yyjson"))?;
    let unpack = "--strip-components=2 --wildcards */yyjson/yyjson.c */yyjson/yyjson.h";
    transcript.run(&mut line(&format!("tar -xzf {archive} -C target/bench/yyjson {unpack}")))?;
    std::fs::write(&installed, wanted).map_err(|fault| format!("{}: {fault}", installed.display()))
}

/// Which versions these are, for the page.
pub fn versions() -> Result<Vec<(&'static str, String)>> {
    let first = |told: String| told.lines().next().unwrap_or_default().trim().to_owned();
    let said = |command: &str| output(&mut line(command)).map(first);
    let package = |name: &str| said(&format!("dpkg-query -W -f ${{Version}} {name}"));
    Ok(vec![
        ("C compiler", said("cc --version")?),
        ("Rust", said("rustc --version")?),
        ("yyjson", YYJSON.replace("==", " for Python ")),
        ("cJSON", package("libcjson-dev")?),
        ("libcurl", package("libcurl4-openssl-dev")?),
        ("Python", said("python3 --version")?),
        ("msgspec, requests", PYTHON.replace("==", " ")),
        ("Jackson", package("libjackson2-databind-java")?),
        ("Java", said("javac --version")?),
        ("node", said("node --version")?),
    ])
}
