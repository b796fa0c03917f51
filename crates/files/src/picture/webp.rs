//! WebP (RFC 9649).

use nodechat_domain::{Error, Result};

use super::orientation::{self, EXIF_MAX_BYTES};
use super::{check_size, count_frame};
use crate::keep::Pieces;
use crate::limits::Limits;
use crate::source::Source;

const HEADER_BYTES: u64 = 12;
const FLAG_XMP: u8 = 0x04;
const FLAG_EXIF: u8 = 0x08;
const FLAG_ANIMATION: u8 = 0x02;

/// Keeps the picture or its frames, transparency and colour profile.
pub(super) fn walk(source: &mut Source, limits: &Limits) -> Result<(Pieces, (u32, u32))> {
    source.skip(4)?;
    let riff_bytes = u64::from(u32::from_le_bytes(source.array()?));
    source.skip(4)?;
    let end = riff_bytes + 8;
    if end > source.len() {
        return Err(Error::FileKind);
    }
    let mut walk = Walk { canvas: None, size: None, frames: 0, turned: None, body: Pieces::default() };
    while source.position() < end {
        walk.chunk(source, end, limits)?;
    }
    walk.finish()
}

struct Walk {
    /// Flags, width and height of the extended header, if there is one.
    canvas: Option<(u8, u32, u32)>,
    /// The size of the one picture, if it is no animation.
    size: Option<(u32, u32)>,
    frames: u32,
    turned: Option<u8>,
    body: Pieces,
}

impl Walk {
    fn chunk(&mut self, source: &mut Source, end: u64, limits: &Limits) -> Result<()> {
        let start = source.position();
        let chunk = Chunk::read(source, end)?;
        match &chunk.kind {
            // Only at the beginning: a second header, or one behind the picture, is no WebP.
            b"VP8X" if start == HEADER_BYTES => return self.extended_header(source, &chunk, limits),
            b"VP8 " | b"VP8L" if self.size.is_none() && self.frames == 0 => {
                let size = bitstream_size(source, &chunk)?;
                check_size(size.0, size.1, limits)?;
                self.size = Some(size);
            }
            b"ANMF" if self.size.is_none() => {
                count_frame(&mut self.frames, limits)?;
                check_animation_frame(source, &chunk, limits)?;
            }
            b"ALPH" | b"ANIM" | b"ICCP" => {}
            b"EXIF" if chunk.content_bytes <= EXIF_MAX_BYTES as u64 => {
                self.turned = orientation::read(&source.bytes(chunk.content_bytes as usize)?);
                return source.go_to(chunk.end);
            }
            b"VP8X" | b"VP8 " | b"VP8L" | b"ANMF" => return Err(Error::FileKind),
            // XMP, and what nobody knows.
            _ => return source.go_to(chunk.end),
        }
        source.go_to(chunk.end)?;
        self.body.keep(start..chunk.end)
    }

    fn extended_header(&mut self, source: &mut Source, chunk: &Chunk, limits: &Limits) -> Result<()> {
        if chunk.content_bytes != 10 {
            return Err(Error::FileKind);
        }
        let [flags, _, _, _, w0, w1, w2, h0, h1, h2]: [u8; 10] = source.array()?;
        let (width, height) = (u24([w0, w1, w2]) + 1, u24([h0, h1, h2]) + 1);
        check_size(width, height, limits)?;
        self.canvas = Some((flags, width, height));
        Ok(())
    }

    /// The header anew, because its size and what it says of EXIF and XMP are others now.
    fn finish(self) -> Result<(Pieces, (u32, u32))> {
        let size = match (self.canvas, self.size) {
            (None, Some(size)) if self.frames == 0 => size,
            (Some((_, width, height)), Some(size)) if size == (width, height) => size,
            (Some((flags, width, height)), None) if self.frames > 0 && flags & FLAG_ANIMATION != 0 => {
                (width, height)
            }
            _ => return Err(Error::FileKind),
        };
        // Without an extended header there is no place for EXIF, and no reader looks for it.
        let exif = match (self.canvas, self.turned) {
            (Some(_), Some(turned)) => exif_chunk(turned),
            _ => Vec::new(),
        };
        let extended =
            self.canvas.map(|canvas| extended_header(canvas, !exif.is_empty())).unwrap_or_default();

        let riff_bytes = 4 + extended.len() as u64 + self.body.size_bytes() + exif.len() as u64;
        let riff_bytes = u32::try_from(riff_bytes).map_err(|_| Error::FileKind)?;
        let mut header = b"RIFF".to_vec();
        header.extend_from_slice(&riff_bytes.to_le_bytes());
        header.extend_from_slice(b"WEBP");
        header.extend(extended);

        let mut pieces = Pieces::default();
        pieces.make(header)?;
        pieces.append(self.body)?;
        pieces.make(exif)?;
        Ok((pieces, size))
    }
}

struct Chunk {
    kind: [u8; 4],
    content_bytes: u64,
    /// Behind the padding that makes it even.
    end: u64,
}

impl Chunk {
    /// The header of the next chunk, which must end by `limit`.
    fn read(source: &mut Source, limit: u64) -> Result<Self> {
        let kind = source.array()?;
        let content_bytes = u64::from(u32::from_le_bytes(source.array()?));
        let end = source.position() + content_bytes + content_bytes % 2;
        if end > limit {
            return Err(Error::FileKind);
        }
        Ok(Self { kind, content_bytes, end })
    }
}

/// A frame of an animation holds chunks itself; the picture in it must be as large as it says.
fn check_animation_frame(source: &mut Source, frame: &Chunk, limits: &Limits) -> Result<()> {
    if frame.content_bytes < 16 {
        return Err(Error::FileKind);
    }
    let [_, _, _, _, _, _, w0, w1, w2, h0, h1, h2, _, _, _, _]: [u8; 16] = source.array()?;
    let stated = (u24([w0, w1, w2]) + 1, u24([h0, h1, h2]) + 1);
    check_size(stated.0, stated.1, limits)?;
    loop {
        let chunk = Chunk::read(source, frame.end)?;
        match &chunk.kind {
            b"VP8 " | b"VP8L" if bitstream_size(source, &chunk)? == stated => return Ok(()),
            b"ALPH" => source.go_to(chunk.end)?,
            _ => return Err(Error::FileKind),
        }
    }
}

/// Width and height from the first bytes of the picture itself: RFC 6386, section 9.1, for VP8;
/// RFC 9649, section 3.4, for the lossless kind.
fn bitstream_size(source: &mut Source, chunk: &Chunk) -> Result<(u32, u32)> {
    if &chunk.kind == b"VP8L" {
        if chunk.content_bytes < 5 {
            return Err(Error::FileKind);
        }
        let [signature, bits @ ..]: [u8; 5] = source.array()?;
        let bits = u32::from_le_bytes(bits);
        let is_lossless = signature == 0x2F && bits >> 29 == 0;
        return is_lossless
            .then_some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
            .ok_or(Error::FileKind);
    }
    if chunk.content_bytes < 10 {
        return Err(Error::FileKind);
    }
    let [tag, _, _, start @ .., w0, w1, h0, h1]: [u8; 10] = source.array()?;
    let is_key_frame = tag & 1 == 0 && start == [0x9D, 0x01, 0x2A];
    let side = |low: u8, high: u8| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
    is_key_frame.then_some((side(w0, w1), side(h0, h1))).ok_or(Error::FileKind)
}

fn extended_header((flags, width, height): (u8, u32, u32), has_exif: bool) -> Vec<u8> {
    let flags = flags & !(FLAG_XMP | FLAG_EXIF) | if has_exif { FLAG_EXIF } else { 0 };
    let mut chunk = b"VP8X\x0A\0\0\0".to_vec();
    chunk.extend_from_slice(&[flags, 0, 0, 0]);
    chunk.extend_from_slice(&(width - 1).to_le_bytes()[..3]);
    chunk.extend_from_slice(&(height - 1).to_le_bytes()[..3]);
    chunk
}

fn exif_chunk(turned: u8) -> Vec<u8> {
    let tiff = orientation::write(turned);
    let mut chunk = b"EXIF".to_vec();
    chunk.extend_from_slice(&(tiff.len() as u32).to_le_bytes());
    chunk.extend(tiff);
    chunk
}

fn u24([low, middle, high]: [u8; 3]) -> u32 {
    u32::from_le_bytes([low, middle, high, 0])
}
