//! Plain text: really text, and neither a page nor a script.

use std::str;

use nodechat_domain::{Error, Result};

use crate::source::Source;

/// As far as any program looks that guesses a type from the content.
const HEAD_BYTES: usize = 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    Utf8,
    /// Also what is GBK or GB2312, and by its form Big5.
    Gb18030,
}

/// Whether the beginning of a text is of the kind that `acts` knows.
pub(super) fn begins(source: &mut Source, acts: fn(&[u8]) -> bool) -> Result<bool> {
    Ok(acts(&source.head(HEAD_BYTES)?))
}

/// The character set of a text; [`Error::FileKind`] for what is no text.
pub(super) fn charset(source: &mut Source) -> Result<Charset> {
    let (mut utf8, mut gb18030, mut is_binary) = (Utf8::default(), Gb18030::Between, false);
    source.each(0..source.len(), |bytes| {
        is_binary |= bytes.iter().any(|b| is_binary_byte(*b));
        utf8.see(bytes);
        gb18030 = bytes.iter().fold(gb18030, |state, b| state.next(*b));
    })?;
    match () {
        () if is_binary => Err(Error::FileKind),
        () if utf8.is_whole() => Ok(Charset::Utf8),
        () if gb18030 == Gb18030::Between => Ok(Charset::Gb18030),
        () => Err(Error::FileKind),
    }
}

/// Begins with markup of any kind, or like a script.
pub(super) fn acts_when_opened(head: &[u8]) -> bool {
    let begins_with_markup =
        matches!(beginning(head), [b'<', next, ..] if next.is_ascii_alphabetic() || b"!?/%".contains(next));
    begins_with_markup || is_page_or_script(head)
}

/// Markup is fine as long as it makes no page.
pub(super) fn is_page_or_script(head: &[u8]) -> bool {
    let beginning = beginning(head).to_ascii_lowercase();
    let begins_a_script = [&b"#!"[..], b"@echo", b"%!ps"].iter().any(|start| beginning.starts_with(start));
    begins_a_script || mentions_page_tags(head)
}

/// Whether the beginning names an element that makes a page of it, or XML.
pub(super) fn mentions_page_tags(head: &[u8]) -> bool {
    const TAGS: &[&[u8]] = &[
        b"<!doctype",
        b"<html",
        b"<head",
        b"<body",
        b"<script",
        b"<svg",
        b"<iframe",
        b"<object",
        b"<?xml",
        b"<?php",
    ];
    let head = head.to_ascii_lowercase();
    TAGS.iter().any(|tag| head.windows(tag.len()).any(|window| window == *tag))
}

/// Behind the byte order mark and blanks.
fn beginning(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start()
}

/// NUL and the other control characters that no text has; none of them is part of a character in
/// either encoding.
fn is_binary_byte(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C)) || byte == 0x7F
}

#[derive(Default)]
struct Utf8 {
    /// The beginning of a character whose end is in the next piece.
    carried: Vec<u8>,
    is_broken: bool,
}

impl Utf8 {
    fn see(&mut self, mut bytes: &[u8]) {
        while !self.is_broken && !self.carried.is_empty() && !bytes.is_empty() {
            self.carried.push(bytes[0]);
            bytes = &bytes[1..];
            match str::from_utf8(&self.carried) {
                Ok(_) => self.carried.clear(),
                Err(error) => self.is_broken = error.error_len().is_some(),
            }
        }
        if let Err(error) = str::from_utf8(bytes) {
            self.is_broken |= error.error_len().is_some();
            self.carried.extend_from_slice(&bytes[error.valid_up_to()..]);
        }
        if self.is_broken {
            self.carried.clear();
        }
    }

    fn is_whole(&self) -> bool {
        !self.is_broken && self.carried.is_empty()
    }
}

/// Where in a character we are (GB 18030, section 5).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gb18030 {
    Between,
    Second,
    Third,
    Fourth,
    Broken,
}

impl Gb18030 {
    fn next(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Between, 0..=0x80) => Self::Between,
            (Self::Between, 0x81..=0xFE) => Self::Second,
            (Self::Second, 0x40..=0x7E | 0x80..=0xFE) => Self::Between,
            (Self::Second, b'0'..=b'9') => Self::Third,
            (Self::Third, 0x81..=0xFE) => Self::Fourth,
            (Self::Fourth, b'0'..=b'9') => Self::Between,
            _ => Self::Broken,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn utf8_is_known_wherever_the_pieces_are_cut(bytes in prop::collection::vec(any::<u8>(), 0..12), text in "\\PC{0,6}", cut in 1usize..5) {
            for whole in [bytes.as_slice(), text.as_bytes()] {
                let mut utf8 = Utf8::default();
                whole.chunks(cut).for_each(|piece| utf8.see(piece));
                prop_assert_eq!(utf8.is_whole(), str::from_utf8(whole).is_ok());
            }
        }
    }

    #[test]
    fn gb18030_is_known_by_its_form() {
        let is_it =
            |bytes: &[u8]| bytes.iter().fold(Gb18030::Between, |state, b| state.next(*b)) == Gb18030::Between;
        assert!(is_it(b"\xC4\xE3\xBA\xC3, hello")); // 你好
        assert!(is_it(b"\x81\x30\x81\x30")); // four bytes
        assert!(!is_it(b"\xC4"));
        assert!(!is_it(b"\xC4 "));
        assert!(!is_it(b"\xFF\xFF"));
    }
}
