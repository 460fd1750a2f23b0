//! The state file on a real disk: what it keeps, what it refuses, and what is left of it after crashes and damage.

mod damage;
#[cfg(target_os = "linux")]
mod disk;
mod export;
#[cfg(unix)]
mod forked;
mod long;
mod processes;
mod prune;
mod rebind;
mod reversals;
mod rollback;
mod salvage;
mod steps;
#[cfg(target_os = "linux")]
mod syscalls;
mod till;
mod till_time;
