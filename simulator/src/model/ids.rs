//! Ids and secrets, each new, and the time as it really is. Every secret carries the word `canary`, so that a test can look
//! for it in logs.

use std::hash::{BuildHasher, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

/// The standard library's only source of randomness is the keys of its hash maps; for invented data it will do.
fn random() -> u64 {
    RandomState::new().hash_one(())
}

/// Sixteen hexadecimal digits.
pub(crate) fn hex() -> String {
    format!("{:016x}", random())
}

/// A secret of this kind.
pub(crate) fn secret(kind: &str) -> String {
    format!("canary-{kind}-{}", hex())
}

/// An id as the API forms them: a prefix and thirty capitals and digits.
pub(crate) fn id(prefix: &str) -> String {
    const SIGNS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let signs = (0..30).map(|_| char::from(SIGNS[(random() % 32) as usize]));
    format!("{prefix}_{}", signs.collect::<String>())
}

/// Unix time in milliseconds, UTC.
pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or_default()
}

/// Unix time in microseconds, UTC.
pub(crate) fn now_us() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or_default()
}
