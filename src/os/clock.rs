//! The system's clocks that nobody can set: for how long the machine has been awake, for how long it has been on, and which
//! start of it this is.

use std::time::Duration;

/// For how long the machine has been awake since it was started: the time in which it was suspended does not count.
///
/// Linux: `CLOCK_MONOTONIC`. macOS: `CLOCK_UPTIME_RAW`.
#[cfg(unix)]
pub fn awake() -> Duration {
    #[cfg(target_os = "macos")]
    return read(libc::CLOCK_UPTIME_RAW);
    #[cfg(not(target_os = "macos"))]
    read(libc::CLOCK_MONOTONIC)
}

/// The same, except that time in which it was suspended counts, too.
///
/// Linux: `CLOCK_BOOTTIME`. macOS: `CLOCK_MONOTONIC_RAW`. Elsewhere as [`awake`].
#[cfg(unix)]
pub fn on() -> Duration {
    #[cfg(target_os = "linux")]
    return read(libc::CLOCK_BOOTTIME);
    #[cfg(target_os = "macos")]
    return read(libc::CLOCK_MONOTONIC_RAW);
    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    awake()
}

#[cfg(unix)]
fn read(clock: libc::clockid_t) -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a timespec of this function's, which the call fills.
    if unsafe { libc::clock_gettime(clock, &mut time) } != 0 {
        return Duration::ZERO;
    }
    let (seconds, nanoseconds) = (u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0));
    Duration::new(seconds, nanoseconds)
}

/// Which start of the machine this is; none where the system does not say.
#[cfg(target_os = "linux")]
pub fn boot() -> Option<String> {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.trim().to_owned()).filter(|id| !id.is_empty())
}

/// Which start of the machine this is; none where the system does not say.
#[cfg(target_os = "macos")]
pub fn boot() -> Option<String> {
    let mut id = [0u8; 64];
    let mut length = id.len();
    let name = c"kern.bootsessionuuid";
    // SAFETY: the buffer has the length that is given, and nothing is set.
    let failed =
        unsafe { libc::sysctlbyname(name.as_ptr(), id.as_mut_ptr().cast(), &mut length, std::ptr::null_mut(), 0) };
    let text = std::ffi::CStr::from_bytes_until_nul(&id).ok().filter(|_| failed == 0)?;
    text.to_str().ok().map(str::to_owned).filter(|id| !id.is_empty())
}

/// Which start of the machine this is; none where the system does not say.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub fn boot() -> Option<String> {
    None
}

/// Since this process has asked for the first time: the system says nothing better.
#[cfg(not(unix))]
pub fn awake() -> Duration {
    static FIRST: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    FIRST.get_or_init(std::time::Instant::now).elapsed()
}

/// As [`awake`].
#[cfg(not(unix))]
pub fn on() -> Duration {
    awake()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clocks_go_on_and_the_boot_stays() {
        let (awake_then, on_then) = (awake(), on());
        std::thread::sleep(Duration::from_millis(20));
        let passed = awake().checked_sub(awake_then).expect("it never goes back");
        assert!(passed >= Duration::from_millis(20) && on() > on_then, "{passed:?}");
        let awake_now = awake();
        assert!(on() >= awake_now, "time asleep counts too");
        assert_eq!(boot(), boot());
    }
}
