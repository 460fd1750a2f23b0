//! The state file on a real disk: what it keeps, what it refuses, and what is left of it after crashes and damage.

mod damage;
mod disk;
mod processes;
mod rollback;
mod steps;
mod till;
