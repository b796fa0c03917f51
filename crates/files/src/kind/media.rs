//! Kinds that are known by a signature near the beginning: PDF, archives, sound, film.

use nodechat_domain::Result;

use super::text;
use crate::source::Source;

/// ISO base media (ISO/IEC 14496-12) brands that are film or sound. Pictures (`heic`, `avif`) share
/// the container and are not among them.
const MP4_BRANDS: &[&[u8; 4]] = &[
    b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41", b"mp42",
    b"mp71", b"avc1", b"hvc1", b"M4A ", b"M4B ", b"M4V ", b"MSNV", b"dash", b"3gp4", b"3gp5", b"3gp6",
    b"3gp7", b"3g2a",
];

/// How far into a file its head may reach.
const HEAD_BYTES: usize = 1024;

/// The signature has to be at the very beginning, although some programs are content with it
/// anywhere in the first kilobyte: a page of HTML with a `%PDF-` in it is no PDF. Neither is the reverse.
pub(super) fn is_pdf(source: &mut Source) -> Result<bool> {
    let head = source.head(HEAD_BYTES)?;
    Ok(head.starts_with(b"%PDF-") && !text::mentions_page_tags(&head))
}

pub(super) fn is_rar(source: &mut Source) -> Result<bool> {
    let head = source.head(8)?;
    Ok(head.starts_with(b"Rar!\x1A\x07\x00") || head.starts_with(b"Rar!\x1A\x07\x01\x00"))
}

pub(super) fn is_7z(source: &mut Source) -> Result<bool> {
    Ok(source.head(6)? == b"7z\xBC\xAF\x27\x1C")
}

/// Deflate is the only method there is (RFC 1952).
pub(super) fn is_gzip(source: &mut Source) -> Result<bool> {
    Ok(source.head(3)? == [0x1F, 0x8B, 8])
}

pub(super) fn is_tar(source: &mut Source) -> Result<bool> {
    let head = source.head(512)?;
    Ok(head.len() == 512 && &head[257..262] == b"ustar")
}

/// An ID3 tag, or the header of an MPEG audio frame, layer III (ISO/IEC 11172-3, 2.4.1.3).
pub(super) fn is_mp3(source: &mut Source) -> Result<bool> {
    let head = source.head(10)?;
    if head.len() < 4 {
        return Ok(false);
    }
    let is_frame = head[0] == 0xFF
        && head[1] & 0xE0 == 0xE0
        && head[1] & 0x18 != 0x08 // a version
        && head[1] & 0x06 == 0x02 // layer III
        && head[2] & 0xF0 != 0xF0 // a bit rate
        && head[2] & 0x0C != 0x0C; // a sampling rate
    Ok(is_frame || (head.len() == 10 && head.starts_with(b"ID3")))
}

pub(super) fn is_mp4(source: &mut Source) -> Result<bool> {
    let head = source.head(12)?;
    Ok(head.len() == 12 && &head[4..8] == b"ftyp" && MP4_BRANDS.iter().any(|brand| head[8..12] == brand[..]))
}

/// Files of old cameras have no `ftyp` and begin with the film itself.
pub(super) fn is_quicktime(source: &mut Source) -> Result<bool> {
    let head = source.head(12)?;
    Ok(head.len() == 12
        && match &head[4..8] {
            b"ftyp" => &head[8..12] == b"qt  ",
            b"moov" | b"mdat" | b"wide" => true,
            _ => false,
        })
}

pub(super) fn is_ogg(source: &mut Source) -> Result<bool> {
    Ok(source.head(5)? == b"OggS\0")
}

pub(super) fn is_opus(source: &mut Source) -> Result<bool> {
    let head = source.head(36)?;
    Ok(head.len() == 36 && head.starts_with(b"OggS\0") && &head[28..36] == b"OpusHead")
}

pub(super) fn is_wav(source: &mut Source) -> Result<bool> {
    let head = source.head(12)?;
    Ok(head.len() == 12 && head.starts_with(b"RIFF") && &head[8..12] == b"WAVE")
}

pub(super) fn is_amr(source: &mut Source) -> Result<bool> {
    let head = source.head(9)?;
    Ok(head.starts_with(b"#!AMR\n") || head.starts_with(b"#!AMR-WB\n"))
}

/// Matroska's container with the document type that browsers know; it stands in the first header.
pub(super) fn is_webm(source: &mut Source) -> Result<bool> {
    let head = source.head(64)?;
    let doc_type = b"\x42\x82\x84webm";
    Ok(head.starts_with(b"\x1A\x45\xDF\xA3") && head.windows(doc_type.len()).any(|w| w == doc_type))
}
