//! The library's own threads. Each is started here, because of what the system would do to it otherwise.
//!
//! - Unix: a program that has not ignored SIGPIPE ends by it, and a server that resets a connection at the wrong moment would
//!   end the till in the middle of a payment. No handler is installed and nobody else's thread is changed: a new thread
//!   inherits the mask of the one that spawns it, so that one blocks the signal meanwhile.
//! - Windows: `FreeLibrary` would take the code away from under the thread. On Linux the linker is told that the library stays.

use std::io;
use std::thread::{Builder, JoinHandle};

/// Starts a thread of this name.
pub fn start<T: Send + 'static>(name: &str, run: impl FnOnce() -> T + Send + 'static) -> io::Result<JoinHandle<T>> {
    let _meanwhile = prepared()?;
    Builder::new().name(name.to_owned()).spawn(run)
}

#[cfg(unix)]
fn prepared() -> io::Result<impl Drop> {
    /// Puts the caller's mask back, also after a panic.
    struct Restore(libc::sigset_t);
    impl Drop for Restore {
        fn drop(&mut self) {
            // SAFETY: the mask is one that the system has given.
            unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &self.0, std::ptr::null_mut()) };
        }
    }
    // SAFETY: both sets are this function's, and the calls fill them.
    Ok(unsafe {
        let mut pipe: libc::sigset_t = std::mem::zeroed();
        let mut before: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&mut pipe);
        libc::sigaddset(&mut pipe, libc::SIGPIPE);
        libc::pthread_sigmask(libc::SIG_BLOCK, &pipe, &mut before);
        Restore(before)
    })
}

/// The library is not unloaded any more: not before the process ends.
#[cfg(windows)]
fn prepared() -> io::Result<()> {
    use windows_sys::Win32::System::LibraryLoader::{
        GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, GET_MODULE_HANDLE_EX_FLAG_PIN, GetModuleHandleExW,
    };
    let mut module = std::ptr::null_mut();
    let how = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN;
    let somewhere_in_it: fn() -> io::Result<()> = prepared;
    // SAFETY: asked for by an address, the name is not read; the handle is this function's.
    if unsafe { GetModuleHandleExW(how, somewhere_in_it as *const u16, &mut module) } == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
