//! JPEG (ITU-T T.81, annex B; JFIF; EXIF).

use nodechat_domain::{Error, Result};

use super::orientation;
use super::{check_size, count_frame};
use crate::keep::Pieces;
use crate::limits::Limits;
use crate::source::Source;

const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const APP0: u8 = 0xE0;
const APP1: u8 = 0xE1;
const APP2: u8 = 0xE2;
const APP14: u8 = 0xEE;

/// Enough of a segment to know whose it is.
const LABEL_BYTES: usize = 12;
/// Viewers show a picture after each scan; files of more than this exist only to keep them busy.
const SCANS_MAX: u32 = 200;

/// Keeps tables, frames, scans, JFIF, ICC profile and Adobe's colour transform, up to the end mark.
pub(super) fn walk(source: &mut Source, limits: &Limits) -> Result<(Pieces, (u32, u32))> {
    let mut walk =
        Walk { front: Pieces::default(), rest: Pieces::default(), turned: None, size: None, scans: 0 };
    source.skip(2)?;
    walk.front.keep(0..2)?;
    loop {
        let (start, marker) = next_marker(source)?;
        match marker {
            EOI if walk.scans > 0 => {
                walk.rest.keep(start..source.position())?;
                return walk.finish();
            }
            EOI => return Err(Error::FileKind),
            _ => walk.segment(source, start, marker, limits)?,
        }
    }
}

struct Walk {
    /// The beginning, behind which the orientation is put: SOI and JFIF's segment.
    front: Pieces,
    rest: Pieces,
    turned: Option<u8>,
    size: Option<(u32, u32)>,
    scans: u32,
}

impl Walk {
    /// One marker segment, and the scan behind it if it is the header of one.
    fn segment(&mut self, source: &mut Source, start: u64, marker: u8, limits: &Limits) -> Result<()> {
        let length = u64::from(u16::from_be_bytes(source.array()?));
        let content_bytes = length.checked_sub(2).ok_or(Error::FileKind)?;
        let end = source.position() + content_bytes;
        let label = source.bytes(LABEL_BYTES.min(content_bytes as usize))?;

        if marker == APP1 && label.starts_with(b"Exif\0\0") && self.turned.is_none() {
            source.go_to(end - content_bytes)?;
            self.turned = orientation::read(&source.bytes(content_bytes as usize)?);
        }
        if is_frame(marker) {
            self.frame(&label, limits)?;
        }
        source.go_to(end)?;
        if marker == SOS {
            self.scan(source, limits)?;
        }
        if marker == APP0 && label.starts_with(b"JFIF\0") && self.rest.size_bytes() == 0 {
            self.front.keep(start..source.position())
        } else if is_needed(marker, &label)? {
            self.rest.keep(start..source.position())
        } else {
            Ok(())
        }
    }

    /// The frame header: the size, once. Height 0 would mean that it comes later (DNL), which
    /// viewers do not know either.
    fn frame(&mut self, header: &[u8], limits: &Limits) -> Result<()> {
        let [_precision, h1, h0, w1, w0, components, ..] = *header else { return Err(Error::FileKind) };
        let (width, height) = (u16::from_be_bytes([w1, w0]).into(), u16::from_be_bytes([h1, h0]).into());
        check_size(width, height, limits)?;
        if self.size.is_some() || !matches!(components, 1 | 3 | 4) {
            return Err(Error::FileKind);
        }
        self.size = Some((width, height));
        Ok(())
    }

    /// Entropy-coded data, up to the next marker that is none of its own.
    fn scan(&mut self, source: &mut Source, limits: &Limits) -> Result<()> {
        if self.size.is_none() {
            return Err(Error::FileKind);
        }
        count_frame(&mut self.scans, &Limits { image_frames: SCANS_MAX, ..*limits })?;
        loop {
            source.skip_past(0xFF)?;
            let mut next = source.byte()?;
            while next == 0xFF {
                next = source.byte()?;
            }
            let is_data = next == 0 || (0xD0..=0xD7).contains(&next);
            if !is_data {
                return source.go_to(source.position() - 2);
            }
        }
    }

    fn finish(mut self) -> Result<(Pieces, (u32, u32))> {
        let size = self.size.ok_or(Error::FileKind)?;
        if let Some(turned) = self.turned {
            self.front.make(exif_segment(turned))?;
        }
        self.front.append(self.rest)?;
        Ok((self.front, size))
    }
}

/// Where the next marker begins and which it is. Any number of 0xFF may stand in front of it.
fn next_marker(source: &mut Source) -> Result<(u64, u8)> {
    if source.byte()? != 0xFF {
        return Err(Error::FileKind);
    }
    let mut marker = source.byte()?;
    while marker == 0xFF {
        marker = source.byte()?;
    }
    Ok((source.position() - 2, marker))
}

/// Baseline, extended and progressive, Huffman or arithmetic: what viewers know.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xC2 | 0xC9 | 0xCA)
}

fn is_needed(marker: u8, label: &[u8]) -> Result<bool> {
    match marker {
        APP0 => Ok(label.starts_with(b"JFIF\0")),
        APP2 => Ok(label.starts_with(b"ICC_PROFILE\0")),
        APP14 => Ok(label.starts_with(b"Adobe")),
        0xE0..=0xEF | 0xFE => Ok(false), // other applications, comments
        0xC4 | 0xCC | 0xDB | 0xDC | 0xDD | SOS => Ok(true), // tables, number of lines, restart interval
        _ if is_frame(marker) => Ok(true),
        // Lossless and hierarchical frames, extensions, a second beginning: nothing a browser shows.
        _ => Err(Error::FileKind),
    }
}

fn exif_segment(turned: u8) -> Vec<u8> {
    let tiff = orientation::write(turned);
    let length = (2 + 6 + tiff.len()) as u16;
    let mut segment = vec![0xFF, APP1];
    segment.extend_from_slice(&length.to_be_bytes());
    segment.extend_from_slice(b"Exif\0\0");
    segment.extend(tiff);
    segment
}
