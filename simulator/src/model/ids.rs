//! Ids and secrets, each new. Every secret carries the word `canary`, so that a test can look for it in logs.

/// Where they come from: splitmix64, so that the same seed invents the same ones.
pub(crate) struct Ids(u64);

impl Ids {
    pub(crate) fn new(seed: u64) -> Ids {
        Ids(seed)
    }

    fn random(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Sixteen hexadecimal digits.
    pub(crate) fn hex(&mut self) -> String {
        format!("{:016x}", self.random())
    }

    /// A secret of this kind.
    pub(crate) fn secret(&mut self, kind: &str) -> String {
        format!("canary-{kind}-{}", self.hex())
    }

    /// An id as the API forms them: a prefix and thirty capitals and digits.
    pub(crate) fn id(&mut self, prefix: &str) -> String {
        const SIGNS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        let signs = (0..30).map(|_| char::from(SIGNS[(self.random() % 32) as usize]));
        format!("{prefix}_{}", signs.collect::<String>())
    }
}
