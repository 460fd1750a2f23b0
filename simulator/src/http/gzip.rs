//! The gzip format (RFC 1952), whose data are stored as they are (RFC 1951, 3.2.4): who cannot unpack it cannot read it.

/// Packs a body.
pub(crate) fn packed(body: &[u8]) -> Vec<u8> {
    // Magic number, deflate, no flags, no time, no hint, unknown file system.
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut blocks = body.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        let is_last = blocks.peek().is_none();
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        packed.push(is_last.into());
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(block);
    }
    packed.extend(checksum(body).to_le_bytes());
    // Its length modulo 2^32 is what the format asks for.
    packed.extend((body.len() as u32).to_le_bytes());
    packed
}

/// CRC-32, bit by bit.
fn checksum(bytes: &[u8]) -> u32 {
    let shifted = |sum: u32| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
    !bytes.iter().fold(u32::MAX, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), |sum, _| shifted(sum)))
}

#[cfg(test)]
mod tests {
    use super::{checksum, packed};

    #[test]
    fn the_checksum_is_the_one_that_is_known() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn long_bodies_are_stored_in_blocks() {
        let packed = packed(&[b'x'; 70_000]);
        assert_eq!(packed[10..15], [0, 255, 255, 0, 0]);
        assert_eq!(packed[15 + 65_535..][..5], [1, 0x71, 0x11, 0x8e, 0xee]);
        assert_eq!(packed.len(), 10 + 5 + 65_535 + 5 + 4_465 + 8);
    }
}
