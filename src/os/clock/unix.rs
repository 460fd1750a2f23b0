//! The clocks of Linux, macOS and their kin.

use std::time::Duration;

/// Linux: `CLOCK_MONOTONIC`. macOS: `CLOCK_UPTIME_RAW`.
pub(super) fn awake() -> Duration {
    #[cfg(target_os = "macos")]
    return read(libc::CLOCK_UPTIME_RAW);
    #[cfg(not(target_os = "macos"))]
    read(libc::CLOCK_MONOTONIC)
}

/// Linux: `CLOCK_BOOTTIME`. macOS: `CLOCK_MONOTONIC_RAW`. Elsewhere as [`awake`].
pub(super) fn on() -> Duration {
    #[cfg(target_os = "linux")]
    return read(libc::CLOCK_BOOTTIME);
    #[cfg(target_os = "macos")]
    return read(libc::CLOCK_MONOTONIC_RAW);
    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    awake()
}

fn read(clock: libc::clockid_t) -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a timespec of this function's, which the call fills.
    if unsafe { libc::clock_gettime(clock, &mut time) } != 0 {
        return Duration::ZERO;
    }
    let (seconds, nanoseconds) = (u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0));
    Duration::new(seconds, nanoseconds)
}

#[cfg(target_os = "linux")]
pub(super) fn boot() -> Option<String> {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.trim().to_owned()).filter(|id| !id.is_empty())
}

#[cfg(target_os = "macos")]
pub(super) fn boot() -> Option<String> {
    let mut id = [0u8; 64];
    let mut length = id.len();
    let name = c"kern.bootsessionuuid";
    // SAFETY: the buffer has the length that is given, and nothing is set.
    let failed =
        unsafe { libc::sysctlbyname(name.as_ptr(), id.as_mut_ptr().cast(), &mut length, std::ptr::null_mut(), 0) };
    let text = std::ffi::CStr::from_bytes_until_nul(&id).ok().filter(|_| failed == 0)?;
    text.to_str().ok().map(str::to_owned).filter(|id| !id.is_empty())
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub(super) fn boot() -> Option<String> {
    None
}
