//! The name of one request that does something (`X-Action`): a service that honours it executes what arrives twice under one
//! name only once, and repeats its first answer. Nobody knows whether it does, so nothing relies on it; but no two requests
//! may ever share a name, or the second one would be given the first one's answer.

/// 128 random bits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ActionId(String);

impl ActionId {
    /// One that was never drawn before.
    pub fn draw() -> Self {
        let mut bits = [0; 16];
        // Whoever speaks TLS has these; std's maps, which the flow is made of, end a process that has none, too.
        let random = rustls::crypto::ring::default_provider().secure_random;
        random.fill(&mut bits).expect("the system has random numbers");
        ActionId(bits.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// One that was stored.
    pub fn parse(text: &str) -> Option<Self> {
        let is_hex = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (text.len() == 32 && is_hex).then(|| ActionId(text.to_owned()))
    }

    /// As it is sent and stored: 32 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_drawn_once_and_read_as_it_was_stored() {
        let drawn: Vec<ActionId> = (0..1000).map(|_| ActionId::draw()).collect();
        let all: std::collections::HashSet<&str> = drawn.iter().map(ActionId::as_str).collect();
        assert_eq!(all.len(), 1000);
        assert!(drawn.iter().all(|action| ActionId::parse(action.as_str()).as_ref() == Some(action)));
        for wrong in ["", "0", &"0".repeat(33), &"A".repeat(32), &"g".repeat(32), &"ä".repeat(16), "X-Action: 0\r\n"] {
            assert_eq!(ActionId::parse(wrong), None, "{wrong}");
        }
    }
}
