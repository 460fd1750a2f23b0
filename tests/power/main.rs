//! The journal and the payments where the power fails, the disk fails, or the process is killed, at every call that SQLite
//! makes. A process of its own, because its VFS stands in front of all others.
#![cfg(target_os = "linux")]

mod child;
mod dice;
mod dir;
mod disk;
mod failing;
mod kills;
mod losses;
mod payments;
mod script;
mod vfs;

/// As much as `make test` has time for, or all that `make prove` asks for.
fn thorough(in_short: u32, in_full: u32) -> u32 {
    if std::env::var_os("SECUPOS_TEST_THOROUGH").is_some() { in_full } else { in_short }
}
