//! The chain of hashes over all events. It finds damage and loss, not fraud: whoever can write the file can also write
//! the hashes.

use ring::digest::{Context, Digest, SHA256, digest};

use crate::journal::store::till_time::TillClock;

/// A SHA-256.
pub(in crate::journal) type Hash = [u8; 32];

/// What the hash of an event covers.
pub(super) struct Covered<'a> {
    pub(super) previous: &'a Hash,
    pub(super) sequence: i64,
    pub(super) at: i64,
    pub(super) kind: &'a str,
    pub(super) reference: Option<&'a str>,
    pub(super) attempt: Option<i32>,
    pub(super) payload: &'a str,
    pub(super) response_hash: Option<&'a Hash>,
    pub(super) clock: &'a TillClock,
}

impl Covered<'_> {
    /// The hash. Each part is preceded by its length, so that no two events read alike; a missing part has the length
    /// that none can have.
    pub(super) fn hash(&self) -> Hash {
        let mut hasher = Context::new(&SHA256);
        let mut part = |bytes: Option<&[u8]>| {
            hasher.update(&bytes.map_or(u64::MAX, |bytes| bytes.len() as u64).to_be_bytes());
            hasher.update(bytes.unwrap_or_default());
        };
        part(Some(self.previous));
        part(Some(&self.sequence.to_be_bytes()));
        part(Some(&self.at.to_be_bytes()));
        part(Some(self.kind.as_bytes()));
        part(self.reference.map(str::as_bytes));
        part(self.attempt.map(i32::to_be_bytes).as_ref().map(<[u8; 4]>::as_slice));
        part(Some(self.payload.as_bytes()));
        part(self.response_hash.map(Hash::as_slice));
        part(Some(&self.clock.till.to_be_bytes()));
        part(Some(&self.clock.awake.to_be_bytes()));
        part(self.clock.boot.as_deref().map(str::as_bytes));
        whole(&hasher.finish())
    }
}

/// All bytes of a SHA-256.
pub(in crate::journal) fn whole(digest: &Digest) -> Hash {
    let mut hash = Hash::default();
    hash.copy_from_slice(digest.as_ref());
    hash
}

/// The hash of a response, or of anything else that stands alone.
pub(in crate::journal) fn of(bytes: &[u8]) -> Hash {
    whole(&digest(&SHA256, bytes))
}

/// In lower case.
pub(in crate::journal) fn to_hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The reverse of [`to_hex`].
pub(super) fn from_hex(text: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    let digits = text.as_bytes();
    if digits.len() != 2 * hash.len() {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_goes_there_and_back() {
        let hash = of(b"x");
        assert_eq!(from_hex(&to_hex(&hash)), Some(hash));
        for wrong in ["", "00", &"g".repeat(64), &"ä".repeat(32), &to_hex(&hash)[1..]] {
            assert_eq!(from_hex(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_part_counts_and_none_can_pass_for_another() {
        let previous = Hash::default();
        let response = of(b"");
        let clock = TillClock { till: 1, awake: 2, boot: None };
        let others = [
            TillClock { till: 2, ..clock.clone() },
            TillClock { awake: 3, ..clock.clone() },
            TillClock { boot: Some(String::new()), ..clock.clone() },
        ];
        let base = || Covered {
            previous: &previous,
            sequence: 1,
            at: 2,
            kind: "k",
            reference: Some("r"),
            attempt: Some(1),
            payload: "p",
            response_hash: None,
            clock: &clock,
        };
        let hashes = [
            base(),
            Covered { previous: &response, ..base() },
            Covered { sequence: 2, ..base() },
            Covered { at: 3, ..base() },
            Covered { kind: "kr", reference: Some(""), ..base() },
            Covered { reference: None, ..base() },
            Covered { attempt: None, ..base() },
            Covered { payload: "", ..base() },
            Covered { response_hash: Some(&response), ..base() },
            Covered { clock: &others[0], ..base() },
            Covered { clock: &others[1], ..base() },
            Covered { clock: &others[2], ..base() },
        ]
        .map(|covered| covered.hash());
        let distinct: std::collections::HashSet<_> = hashes.iter().collect();
        assert_eq!(distinct.len(), hashes.len());
    }
}
