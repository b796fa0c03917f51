//! Socket.IO packets as text (docs/socket.io-protocol, v5 "Packet encoding"; v4 differs only in what they carry).

use serde::Deserialize;
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Kinds of packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketKind {
    /// `0`: into a namespace.
    Connect,
    /// `1`: out of it.
    Disconnect,
    /// `2`
    Event,
    /// `3`
    Ack,
    /// `4`: connection refused (`ERROR` in protocol 4).
    ConnectError,
    /// `5`: attachments follow.
    BinaryEvent,
    /// `6`: attachments follow.
    BinaryAck,
}

/// A packet, its JSON not looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawPacket<'a> {
    /// What it is.
    pub kind: PacketKind,
    /// How many binary messages follow.
    pub attachments: usize,
    /// The namespace, `/` when none is named, without the query that protocol 4 may add.
    pub namespace: &'a str,
    /// Number of the ack asked for, or given.
    pub id: Option<u64>,
    /// The rest: JSON, or nothing.
    pub data: &'a str,
}

/// A packet that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a Socket.IO packet")]
pub struct Malformed;

/// Names that mean something to clients and may be neither sent nor received as events.
pub(crate) const RESERVED: [&str; 6] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

const MAX_NAMESPACE: usize = 256;

impl<'a> RawPacket<'a> {
    /// Splits a packet into its parts.
    ///
    /// # Errors
    /// When it has not the form `<kind>[<attachments>-][<namespace>,][<id>][<data>]`, or the parts do not fit.
    pub fn parse(text: &'a str) -> Result<Self, Malformed> {
        let kind = text.bytes().next().and_then(PacketKind::from_digit).ok_or(Malformed)?;
        let mut rest = &text[1..];
        let mut attachments = 0;
        if matches!(kind, PacketKind::BinaryEvent | PacketKind::BinaryAck) {
            let (count, after) = number(rest)?;
            attachments = count.and_then(|count| usize::try_from(count).ok()).ok_or(Malformed)?;
            rest = after.strip_prefix('-').ok_or(Malformed)?;
        }
        let mut namespace = "/";
        if rest.starts_with('/') {
            (namespace, rest) = rest.split_once(',').unwrap_or((rest, ""));
            namespace = namespace.split_once('?').map_or(namespace, |(name, _)| name);
            if namespace.len() > MAX_NAMESPACE {
                return Err(Malformed);
            }
        }
        let (id, data) = number(rest)?;
        let packet = Self { kind, attachments, namespace, id, data };
        if packet.fits() { Ok(packet) } else { Err(Malformed) }
    }

    /// Whether the data can belong to this kind of packet; it is not yet known to be JSON.
    fn fits(&self) -> bool {
        let data = self.data.trim_start();
        match self.kind {
            PacketKind::Connect => self.id.is_none() && (data.is_empty() || data.starts_with('{')),
            PacketKind::Disconnect => data.is_empty(),
            PacketKind::Event | PacketKind::BinaryEvent => data.starts_with('['),
            PacketKind::Ack | PacketKind::BinaryAck => self.id.is_some() && data.starts_with('['),
            PacketKind::ConnectError => false,
        }
    }
}

impl PacketKind {
    fn from_digit(digit: u8) -> Option<Self> {
        Some(match digit {
            b'0' => Self::Connect,
            b'1' => Self::Disconnect,
            b'2' => Self::Event,
            b'3' => Self::Ack,
            b'4' => Self::ConnectError,
            b'5' => Self::BinaryEvent,
            b'6' => Self::BinaryAck,
            _ => return None,
        })
    }
}

/// Digits at the start, and the rest. Numbers that a client cannot count to are not numbers.
fn number(text: &str) -> Result<(Option<u64>, &str), Malformed> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return Ok((None, text));
    }
    let number = text[..digits].parse().map_err(|_| Malformed)?;
    Ok((Some(number), &text[digits..]))
}

/// The name of an event and its arguments as JSON elements without the brackets. Checks that all of it is JSON,
/// without recursion and without looking at what the arguments are.
pub(crate) fn split_event(json: &str) -> Result<(Cow<'_, str>, &str), Malformed> {
    let Shallow { name, first } = serde_json::from_str(json).map_err(|_| Malformed)?;
    if RESERVED.contains(&name.as_ref()) {
        return Err(Malformed);
    }
    let Some(first) = first else { return Ok((name, "")) };
    let start = first.as_ptr() as usize - json.as_ptr() as usize;
    let end = json.rfind(']').ok_or(Malformed)?;
    Ok((name, &json[start..end]))
}

/// The elements of an array, checked likewise.
pub(crate) fn split_array(json: &str) -> Result<&str, Malformed> {
    let raw: &RawValue = serde_json::from_str(json).map_err(|_| Malformed)?;
    raw.get().strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).ok_or(Malformed)
}

struct Shallow<'a> {
    name: Cow<'a, str>,
    first: Option<&'a str>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Shallow<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ShallowVisitor)
    }
}

struct ShallowVisitor;

impl<'de> Visitor<'de> for ShallowVisitor {
    type Value = Shallow<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array that begins with a name")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let name =
            seq.next_element::<Name<'de>>()?.ok_or_else(|| serde::de::Error::invalid_length(0, &self))?;
        let first = seq.next_element::<&'de RawValue>()?.map(RawValue::get);
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Shallow { name: name.0, first })
    }
}

/// Borrowed unless it has escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);
