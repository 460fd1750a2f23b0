//! Processes.
/// Whether this is a child of the test program.
pub fn is_child() -> bool {
    std::env::var_os("SECUPOS_TEST_ROLE").is_some()
}
