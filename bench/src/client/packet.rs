//! Reading Engine.IO 4 and Socket.IO 5 packets by their bytes, without a JSON parser in the hot path.

use crate::error::{Error, Result};
use memchr::memmem;

/// One packet as the generator sees it; bodies are the JSON text as it came.
#[derive(Debug, PartialEq, Eq)]
pub enum Packet<'a> {
    Open,
    Ping,
    Noop,
    Connected,
    Refused(&'a [u8]),
    Ended,
    /// `name` without its quotes, `body` the rest of the array behind the comma.
    Event {
        name: &'a [u8],
        body: &'a [u8],
    },
    /// `body` is the whole array.
    Ack {
        id: u64,
        body: &'a [u8],
    },
}

/// Reads the payload of one text frame.
pub fn read(payload: &[u8]) -> Result<Packet<'_>> {
    match payload {
        [b'0', ..] => Ok(Packet::Open),
        [b'1'] | [b'4', b'1'] => Ok(Packet::Ended),
        [b'2'] => Ok(Packet::Ping),
        [b'6'] => Ok(Packet::Noop),
        [b'4', b'0', ..] => Ok(Packet::Connected),
        [b'4', b'4', body @ ..] => Ok(Packet::Refused(body)),
        [b'4', b'2', rest @ ..] => event(rest),
        [b'4', b'3', rest @ ..] => ack(rest),
        other => Err(Error::Protocol(format!("an unexpected packet {}", excerpt(other)))),
    }
}

/// The text of the first `"name":"…"` in `json`, still escaped as it came.
pub fn text_field<'a>(json: &'a [u8], needle: &Needle) -> Option<&'a [u8]> {
    let value = json.get(needle.0.find(json)? + needle.0.needle().len()..)?.strip_prefix(b"\"")?;
    let mut end = 0;
    loop {
        end += memchr::memchr2(b'"', b'\\', &value[end..])?;
        if value[end] == b'"' {
            return Some(&value[..end]);
        }
        end += 2;
        if end > value.len() {
            return None;
        }
    }
}

/// The whole number in the first `"name":…` in `json`.
pub fn number_field(json: &[u8], needle: &Needle) -> Option<u64> {
    let (number, _) = digits(json.get(needle.0.find(json)? + needle.0.needle().len()..)?);
    number
}

/// A field's name, prepared for searching.
#[derive(Debug, Clone)]
pub struct Needle(memmem::Finder<'static>);

impl Needle {
    pub fn new(field: &str) -> Self {
        Self(memmem::Finder::new(format!("\"{field}\":").as_bytes()).into_owned())
    }

    /// Where this field stands in `json`, nested objects included.
    pub fn places<'a>(&'a self, json: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
        self.0.find_iter(json)
    }

    /// Whether the first field of this name in `json` is `true`.
    pub fn is_true(&self, json: &[u8]) -> bool {
        self.0.find(json).is_some_and(|at| json[at + self.0.needle().len()..].starts_with(b"true"))
    }
}

/// The beginning of some bytes, for an error's sentence.
pub fn excerpt(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned()
}

fn event(rest: &[u8]) -> Result<Packet<'_>> {
    let unreadable = || Error::Protocol(format!("an unreadable event {}", excerpt(rest)));
    let (_, rest_after_id) = digits(rest);
    let inner = rest_after_id.strip_prefix(b"[\"").ok_or_else(unreadable)?;
    let quote = memchr::memchr(b'"', inner).ok_or_else(unreadable)?;
    let body = &inner[quote + 1..];
    Ok(Packet::Event { name: &inner[..quote], body: body.strip_prefix(b",").unwrap_or(body) })
}

fn ack(rest: &[u8]) -> Result<Packet<'_>> {
    match digits(rest) {
        (Some(id), body) if body.starts_with(b"[") => Ok(Packet::Ack { id, body }),
        _ => Err(Error::Protocol(format!("an unreadable ack {}", excerpt(rest)))),
    }
}

fn digits(bytes: &[u8]) -> (Option<u64>, &[u8]) {
    let end = bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len());
    let number = bytes[..end]
        .iter()
        .try_fold(0u64, |sum, digit| sum.checked_mul(10)?.checked_add(u64::from(digit - b'0')));
    (number.filter(|_| end > 0), &bytes[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_read_as_the_protocol_writes_them() {
        assert_eq!(read(b"0{\"sid\":\"a\"}").expect("open"), Packet::Open);
        assert_eq!(read(b"2").expect("ping"), Packet::Ping);
        assert_eq!(read(b"40{\"sid\":\"b\"}").expect("connect"), Packet::Connected);
        assert_eq!(read(b"44{\"message\":\"no\"}").expect("error"), Packet::Refused(b"{\"message\":\"no\"}"));
        assert_eq!(
            read(b"42[\"chat\",{\"a\":1}]").expect("event"),
            Packet::Event { name: b"chat", body: b"{\"a\":1}]" }
        );
        assert_eq!(read(b"4317[null,{}]").expect("ack"), Packet::Ack { id: 17, body: b"[null,{}]" });
        for broken in
            [&b"43[null]"[..], b"43x[]", b"42{}", b"42[\"chat", b"", b"9", b"4399999999999999999999[]"]
        {
            assert!(read(broken).is_err(), "{}", excerpt(broken));
        }
    }

    #[test]
    fn fields_are_found_with_their_escapes_and_never_half() {
        let (msg, pos) = (Needle::new("msg"), Needle::new("pos"));
        let json = br#"{"pos":12,"msg":"a \"b\" \\","x":1}"#;
        assert_eq!(text_field(json, &msg), Some(&br#"a \"b\" \\"#[..]));
        assert_eq!(number_field(json, &pos), Some(12));
        assert_eq!(text_field(json, &pos), None);
        assert_eq!(number_field(json, &msg), None);
        assert_eq!(text_field(br#"{"msg":"cut"#, &msg), None);
        assert_eq!(text_field(br#"{"msg":"cut\"#, &msg), None);
    }
}
