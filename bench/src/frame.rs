//! WebSocket frames (RFC 6455, section 5.2): just what generator and floor need, in place and without copies.
//!
//! Fragmented frames are refused: no target sends them at these sizes, so one that comes is a finding.

use crate::error::{Error, Result};

pub const TEXT: u8 = 1;
pub const CLOSE: u8 = 8;
pub const PING: u8 = 9;
pub const PONG: u8 = 10;

/// More than any message of a scenario; a length above it is a broken stream.
const LARGEST_BYTES: u64 = 16 << 20;
/// Room kept in front of a payload, so that a header of either length fits without moving the payload.
const HEADER_ROOM: usize = 8;

/// Where a complete frame lies in the bytes that were read.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame {
    pub opcode: u8,
    pub mask: Option<[u8; 4]>,
    pub start: usize,
    pub end: usize,
}

/// Finds the frame at the start of `bytes`; `None` while it is incomplete.
pub fn find(bytes: &[u8]) -> Result<Option<Frame>> {
    let [first, second, rest @ ..] = bytes else { return Ok(None) };
    if first & 0x70 != 0 {
        return Err(Error::Protocol(format!("reserved bits in a frame that begins with {first:#04x}")));
    }
    if first & 0x80 == 0 || first & 0x0f == 0 {
        return Err(Error::Protocol("a fragmented frame".into()));
    }
    let (length, mut start) = match (second & 0x7f, rest) {
        (126, [a, b, ..]) => (u64::from(u16::from_be_bytes([*a, *b])), 4),
        (127, [a, b, c, d, e, f, g, h, ..]) => (u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]), 10),
        (126 | 127, _) => return Ok(None),
        (short, _) => (u64::from(short), 2),
    };
    if length > LARGEST_BYTES {
        return Err(Error::Protocol(format!("a frame of {length} bytes")));
    }
    let mut mask = None;
    if second & 0x80 != 0 {
        let Some(key) = bytes.get(start..start + 4) else { return Ok(None) };
        mask = Some([key[0], key[1], key[2], key[3]]);
        start += 4;
    }
    let end = start + length as usize;
    if bytes.len() < end {
        return Ok(None);
    }
    Ok(Some(Frame { opcode: first & 0x0f, mask, start, end }))
}

/// Appends a frame whose payload `write` produces and returns where in `out` the frame begins: up to six
/// bytes after the old end, because the header's length is known only afterwards.
pub fn append(
    out: &mut Vec<u8>,
    opcode: u8,
    mask: Option<[u8; 4]>,
    write: impl FnOnce(&mut Vec<u8>),
) -> usize {
    let base = out.len();
    out.extend_from_slice(&[0; HEADER_ROOM]);
    write(out);
    let length = out.len() - base - HEADER_ROOM;
    let key = mask.map_or(0, |_| 4);
    let size = key + if length < 126 { 2 } else { 4 };
    let start = base + HEADER_ROOM - size;
    out[start] = 0x80 | opcode;
    out[start + 1] = if mask.is_some() { 0x80 } else { 0 };
    if length < 126 {
        out[start + 1] |= length as u8;
    } else {
        let length = u16::try_from(length).expect("a scenario's message is below 64 KB");
        out[start + 1] |= 126;
        out[start + 2..start + 4].copy_from_slice(&length.to_be_bytes());
    }
    if let Some(mask) = mask {
        out[base + HEADER_ROOM - 4..base + HEADER_ROOM].copy_from_slice(&mask);
        apply_mask(&mut out[base + HEADER_ROOM..], mask);
    }
    start
}

/// Masks or unmasks in place.
pub fn apply_mask(payload: &mut [u8], mask: [u8; 4]) {
    let wide = u64::from_ne_bytes([mask[0], mask[1], mask[2], mask[3], mask[0], mask[1], mask[2], mask[3]]);
    let mut words = payload.chunks_exact_mut(8);
    for word in &mut words {
        let value =
            u64::from_ne_bytes([word[0], word[1], word[2], word[3], word[4], word[5], word[6], word[7]]);
        word.copy_from_slice(&(value ^ wide).to_ne_bytes());
    }
    for (byte, key) in words.into_remainder().iter_mut().zip(mask.iter().cycle()) {
        *byte ^= key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(length: usize, mask: Option<[u8; 4]>) -> Vec<u8> {
        let mut out = Vec::new();
        let start = append(&mut out, TEXT, mask, |out| out.extend((0..length).map(|i| i as u8)));
        out.split_off(start)
    }

    #[test]
    fn a_frame_comes_back_as_it_was_written_at_every_length() {
        for length in [0, 1, 7, 8, 9, 125, 126, 127, 300, 65_535] {
            for mask in [None, Some([1, 2, 3, 250])] {
                let mut bytes = framed(length, mask);
                let frame = find(&bytes).expect("well formed").expect("complete");
                assert_eq!((frame.opcode, frame.mask, frame.end), (TEXT, mask, bytes.len()));
                if let Some(mask) = mask {
                    apply_mask(&mut bytes[frame.start..], mask);
                }
                assert!(bytes[frame.start..].iter().enumerate().all(|(i, byte)| *byte == i as u8));
            }
        }
    }

    #[test]
    fn a_cut_frame_is_waited_for_at_every_byte() {
        for mask in [None, Some([9, 8, 7, 6])] {
            let bytes = framed(300, mask);
            for cut in 0..bytes.len() {
                assert_eq!(find(&bytes[..cut]).expect("a prefix is no error"), None, "cut at {cut}");
            }
        }
    }

    #[test]
    fn fragments_and_absurd_lengths_are_findings() {
        assert!(find(&[0x01, 0]).is_err());
        assert!(find(&[0x80, 0]).is_err());
        assert!(find(&[0xc1, 0]).is_err());
        assert!(find(&[0x81, 127, 255, 0, 0, 0, 0, 0, 0, 0]).is_err());
    }
}
