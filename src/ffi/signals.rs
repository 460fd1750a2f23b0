//! Keeps SIGPIPE out of the library's own threads. A C program has not ignored that signal, and its default is to end
//! the process: a server that resets a connection at the wrong moment would end the till in the middle of a payment.
//!
//! No handler is installed and nobody else's thread is changed: a new thread inherits the mask of the one that spawns
//! it, so the calling thread blocks the signal for the time in which the worker is spawned.

/// Runs `spawn` such that the threads it spawns, and those that they spawn, do not get SIGPIPE.
#[cfg(unix)]
pub(crate) fn without_sigpipe<T>(spawn: impl FnOnce() -> T) -> T {
    /// Puts the caller's mask back, also after a panic.
    struct Restore(libc::sigset_t);
    impl Drop for Restore {
        fn drop(&mut self) {
            unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &self.0, std::ptr::null_mut()) };
        }
    }
    let _restore = unsafe {
        let mut pipe: libc::sigset_t = std::mem::zeroed();
        let mut before: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&mut pipe);
        libc::sigaddset(&mut pipe, libc::SIGPIPE);
        libc::pthread_sigmask(libc::SIG_BLOCK, &pipe, &mut before);
        Restore(before)
    };
    spawn()
}

/// There is no such signal on Windows.
#[cfg(not(unix))]
pub(crate) fn without_sigpipe<T>(spawn: impl FnOnce() -> T) -> T {
    spawn()
}
