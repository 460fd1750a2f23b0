//! The state file on a real disk: what it keeps, what it refuses, and what is left of it after crashes and damage.

mod damage;
#[cfg(target_os = "linux")]
mod disk;
mod export;
mod processes;
mod prune;
mod reversing;
mod rollback;
mod steps;
#[cfg(target_os = "linux")]
mod syscalls;
mod till;
