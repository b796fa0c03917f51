//! Payloads: several packets in one polling body (protocol 4, "HTTP long-polling"; protocol 3, "Payload").
//!
//! Clients 1.x encode text payloads as UTF-8 twice and decode them so, 2.x do it once, and nothing in a request
//! tells which one it is. What is sent to Socket.IO clients of protocol 3 is therefore kept in ASCII with JSON
//! escapes, equal under both readings; what they send is undone when it has the unmistakable form of UTF-8 that
//! was encoded again.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::packet::{InvalidPacket, Message, Packet, Protocol};
use crate::ws::{Frames, Opcode};

const SEPARATOR: u8 = 0x1e;

/// What a session knows about how its client reads payloads.
#[derive(Clone, Copy, Debug)]
pub struct PayloadFormat {
    /// Revision of the protocol.
    pub protocol: Protocol,
    /// Protocol 3: the client takes binary payloads (it did not say `b64=1`).
    pub binary: bool,
    /// Messages are JSON outside of attachments, so characters may be written as escapes.
    pub json: bool,
}

/// Decodes a body that was posted.
///
/// # Errors
/// When any packet in it is malformed.
pub fn decode(body: &[u8], protocol: Protocol) -> Result<Vec<Packet<'static>>, InvalidPacket> {
    match (protocol, body.first()) {
        (Protocol::V4, _) => decode_v4(body),
        (Protocol::V3, Some(0 | 1)) => decode_v3_binary(body),
        (Protocol::V3, _) => decode_v3_text(body),
    }
}

/// Encodes what is queued, as the WebSocket frames that hold it. The flag says whether the body is binary.
#[must_use]
pub fn encode(frames: &[Bytes], format: PayloadFormat) -> (Vec<u8>, bool) {
    let packets = || frames.iter().flat_map(|bytes| Frames(bytes));
    let packets = || packets().filter(|(opcode, _)| matches!(opcode, Opcode::Text | Opcode::Binary));
    let mut out = Vec::with_capacity(frames.iter().map(|bytes| bytes.len() + 4).sum());
    if format.protocol == Protocol::V4 {
        for (opcode, data) in packets() {
            put_v4(&mut out, opcode, data);
        }
        return (out, false);
    }
    let binary = format.binary && packets().any(|(opcode, _)| opcode == Opcode::Binary);
    for (opcode, data) in packets() {
        if binary {
            put_v3_binary(&mut out, opcode, data)
        } else {
            put_v3_text(&mut out, opcode, data, format.json)
        }
    }
    (out, binary)
}

fn decode_v4(body: &[u8]) -> Result<Vec<Packet<'static>>, InvalidPacket> {
    let text = std::str::from_utf8(body).map_err(|_| InvalidPacket)?;
    text.split(char::from(SEPARATOR))
        .map(|packet| match packet.strip_prefix('b') {
            Some(data) => from_base64(data),
            None => Packet::from_text(Cow::Borrowed(packet)).map(Packet::into_owned),
        })
        .collect()
}

/// `<length in UTF-16 units>:<packet>`, again and again.
fn decode_v3_text(body: &[u8]) -> Result<Vec<Packet<'static>>, InvalidPacket> {
    let mut rest = std::str::from_utf8(body).map_err(|_| InvalidPacket)?;
    let mut packets = Vec::new();
    while !rest.is_empty() {
        let (length, after) = rest.split_once(':').ok_or(InvalidPacket)?;
        let length = parse_length(length.bytes().map(|digit| digit.wrapping_sub(b'0')))?;
        let (packet, after) = split_utf16(after, length).ok_or(InvalidPacket)?;
        packets.push(match packet.strip_prefix("b4") {
            Some(data) => from_base64(data)?,
            None => Packet::from_text(undo_double_encoding(packet))?.into_owned(),
        });
        rest = after;
    }
    if packets.is_empty() { Err(InvalidPacket) } else { Ok(packets) }
}

/// `<0 text | 1 binary><length, a byte for each digit>\xff<packet>`, again and again.
fn decode_v3_binary(body: &[u8]) -> Result<Vec<Packet<'static>>, InvalidPacket> {
    let mut rest = body;
    let mut packets = Vec::new();
    while let [kind, after @ ..] = rest {
        let end = after.iter().take(16).position(|byte| *byte == 0xff).ok_or(InvalidPacket)?;
        let length = parse_length(after[..end].iter().copied())?;
        let after = &after[end + 1..];
        let packet = after.get(..length).ok_or(InvalidPacket)?;
        packets.push(match kind {
            0 => {
                let text = std::str::from_utf8(packet).map_err(|_| InvalidPacket)?;
                Packet::from_text(Cow::Borrowed(text))?.into_owned()
            }
            1 => Packet::from_binary(Cow::Borrowed(packet), Protocol::V3)?.into_owned(),
            _ => return Err(InvalidPacket),
        });
        rest = &after[length..];
    }
    Ok(packets)
}

fn put_v4(out: &mut Vec<u8>, opcode: Opcode, data: &[u8]) {
    if !out.is_empty() {
        out.push(SEPARATOR);
    }
    if opcode == Opcode::Text {
        out.extend_from_slice(data);
    } else {
        out.push(b'b');
        out.extend_from_slice(STANDARD.encode(data).as_bytes());
    }
}

fn put_v3_text(out: &mut Vec<u8>, opcode: Opcode, data: &[u8], json: bool) {
    let packet = if opcode == Opcode::Text {
        // Only what this crate wrote is queued, and it writes text from `str`.
        let text = std::str::from_utf8(data).expect("text frames hold UTF-8");
        if json { escape_ascii(text) } else { Cow::Borrowed(text) }
    } else {
        // The first byte is the packet type, written as a digit here.
        Cow::Owned(format!("b4{}", STANDARD.encode(data.get(1..).unwrap_or_default())))
    };
    let length = if packet.is_ascii() { packet.len() } else { packet.encode_utf16().count() };
    out.extend_from_slice(length.to_string().as_bytes());
    out.push(b':');
    out.extend_from_slice(packet.as_bytes());
}

fn put_v3_binary(out: &mut Vec<u8>, opcode: Opcode, data: &[u8]) {
    out.push(u8::from(opcode == Opcode::Binary));
    out.extend(data.len().to_string().bytes().map(|digit| digit - b'0'));
    out.push(0xff);
    out.extend_from_slice(data);
}

fn from_base64(data: &str) -> Result<Packet<'static>, InvalidPacket> {
    let data = STANDARD.decode(data).map_err(|_| InvalidPacket)?;
    Ok(Packet::Message(Message::Binary(Cow::Owned(data))))
}

fn parse_length(digits: impl Iterator<Item = u8>) -> Result<usize, InvalidPacket> {
    let mut length = None;
    for digit in digits {
        let so_far: usize = length.unwrap_or(0);
        let next = so_far.checked_mul(10).and_then(|tens| tens.checked_add(usize::from(digit)));
        length = Some(next.filter(|_| digit <= 9).ok_or(InvalidPacket)?);
    }
    length.ok_or(InvalidPacket)
}

/// The first `units` UTF-16 units of `text` and the rest; `None` when there are fewer, or a character would be cut.
fn split_utf16(text: &str, units: usize) -> Option<(&str, &str)> {
    if text.as_bytes().get(..units)?.is_ascii() {
        return Some(text.split_at(units));
    }
    let mut left = units;
    for (at, char) in text.char_indices() {
        if left == 0 {
            return Some(text.split_at(at));
        }
        left = left.checked_sub(char.len_utf16())?;
    }
    (left == 0).then_some((text, ""))
}

/// JSON escapes for everything that is not ASCII. In a Socket.IO packet such characters stand in strings only.
fn escape_ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() * 2);
    for char in text.chars() {
        if char.is_ascii() {
            out.push(char);
        } else {
            for unit in char.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    Cow::Owned(out)
}

/// Text whose characters are all bytes, and whose bytes are valid UTF-8 with something beyond ASCII, is what
/// clients 1.x make of such text.
fn undo_double_encoding(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let bytes: Option<Vec<u8>> = text.chars().map(|char| u8::try_from(char).ok()).collect();
    match bytes.map(String::from_utf8) {
        Some(Ok(once)) => Cow::Owned(once),
        _ => Cow::Borrowed(text),
    }
}
