//! Engine.IO packets: a digit and its data (protocol 4, "Packet encoding"; protocol 3, "Encoding").

use std::borrow::Cow;

use bytes::Bytes;

use crate::ws::{Opcode, frame, header_len, put_header};

/// Revision of the Engine.IO protocol that a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Engine.IO 3: Socket.IO clients 1.x and 2.x.
    V3,
    /// Engine.IO 4: Socket.IO clients 3.x and 4.x.
    V4,
}

/// A message: what Engine.IO carries for the layer above.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message<'a> {
    /// Text.
    Text(Cow<'a, str>),
    /// Bytes.
    Binary(Cow<'a, [u8]>),
}

/// A packet from a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packet<'a> {
    /// `1`: the client closes the session.
    Close,
    /// `2` and its data.
    Ping(Cow<'a, str>),
    /// `3`.
    Pong,
    /// `4`.
    Message(Message<'a>),
    /// `5`: go on with this transport.
    Upgrade,
    /// `6`, and `0` which means nothing from a client.
    Noop,
}

/// A packet that starts with no packet type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an Engine.IO packet")]
pub struct InvalidPacket;

impl<'a> Packet<'a> {
    /// Reads a text packet.
    ///
    /// # Errors
    /// When it is empty or starts with no packet type.
    pub fn from_text(text: Cow<'a, str>) -> Result<Self, InvalidPacket> {
        Ok(match text.as_bytes().first() {
            Some(b'4') => Self::Message(Message::Text(after_first(text))),
            Some(b'3') => Self::Pong,
            Some(b'2') => Self::Ping(after_first(text)),
            Some(b'1') => Self::Close,
            Some(b'5') => Self::Upgrade,
            Some(b'0' | b'6') => Self::Noop,
            _ => return Err(InvalidPacket),
        })
    }

    /// Reads a binary packet: in protocol 4 bytes are the message, in protocol 3 a byte with the packet type is
    /// before them.
    ///
    /// # Errors
    /// In protocol 3, when that byte is not that of a message.
    pub fn from_binary(bytes: Cow<'a, [u8]>, protocol: Protocol) -> Result<Self, InvalidPacket> {
        let bytes = match (protocol, bytes) {
            (Protocol::V4, bytes) => bytes,
            (Protocol::V3, Cow::Borrowed([4, data @ ..])) => Cow::Borrowed(data),
            (Protocol::V3, Cow::Owned(mut bytes)) if bytes.first() == Some(&4) => {
                bytes.remove(0);
                Cow::Owned(bytes)
            }
            _ => return Err(InvalidPacket),
        };
        Ok(Self::Message(Message::Binary(bytes)))
    }

    /// The same packet, owning its data.
    #[must_use]
    pub fn into_owned(self) -> Packet<'static> {
        match self {
            Self::Close => Packet::Close,
            Self::Ping(data) => Packet::Ping(Cow::Owned(data.into_owned())),
            Self::Pong => Packet::Pong,
            Self::Message(Message::Text(text)) => {
                Packet::Message(Message::Text(Cow::Owned(text.into_owned())))
            }
            Self::Message(Message::Binary(data)) => {
                Packet::Message(Message::Binary(Cow::Owned(data.into_owned())))
            }
            Self::Upgrade => Packet::Upgrade,
            Self::Noop => Packet::Noop,
        }
    }
}

/// The frame of a packet that is not a message: `open`, `ping`, `pong`.
pub(crate) fn control(kind: u8, data: &str) -> Bytes {
    let mut payload = Vec::with_capacity(1 + data.len());
    payload.push(kind);
    payload.extend_from_slice(data.as_bytes());
    frame(Opcode::Text, &payload)
}

/// Appends the frame of a text message made of `parts`.
pub(crate) fn put_text(out: &mut Vec<u8>, parts: &[&[u8]]) {
    let len = 1 + parts.iter().map(|part| part.len()).sum::<usize>();
    out.reserve_exact(header_len(len) + len);
    put_header(out, Opcode::Text, len);
    out.push(b'4');
    for part in parts {
        out.extend_from_slice(part);
    }
}

/// Appends the frame of a binary message.
pub(crate) fn put_binary(out: &mut Vec<u8>, data: &[u8], protocol: Protocol) {
    let prefix: &[u8] = if protocol == Protocol::V3 { &[4] } else { &[] };
    put_header(out, Opcode::Binary, prefix.len() + data.len());
    out.extend_from_slice(prefix);
    out.extend_from_slice(data);
}

/// Everything after the first byte, which is ASCII.
fn after_first(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[1..]),
        Cow::Owned(mut text) => {
            text.remove(0);
            Cow::Owned(text)
        }
    }
}
