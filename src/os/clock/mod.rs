//! The system's clocks that nobody can set: for how long the machine has been awake, for how long it has been on, and which
//! start of it this is.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

use std::time::Duration;

/// For how long the machine has been awake since it was started: the time in which it was suspended does not count.
pub fn awake() -> Duration {
    system::awake()
}

/// The same, except that time in which it was suspended counts, too, where the system counts it.
pub fn on() -> Duration {
    system::on()
}

/// Which start of the machine this is; none where the system does not say.
pub fn boot() -> Option<String> {
    system::boot()
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
