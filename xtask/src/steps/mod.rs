//! What the steps of the tasks do. Which step belongs to which task, and in which order, stands in the tasks' own files.

pub mod abi;
pub mod build;
pub mod c_and_cpp;
pub mod compilers;
pub mod coverage;
pub mod debian;
pub mod decoders;
pub mod distribution;
pub mod header_manual;
pub mod licences;
pub mod mutants;
pub mod packages;
pub mod pages;
pub mod panics;
pub mod pascal;
pub mod processors;
pub mod runtimes;
pub mod rust;
pub mod rust_compiler;
pub mod sanitizers;
pub mod thorough;
pub mod till;
pub mod windows;
