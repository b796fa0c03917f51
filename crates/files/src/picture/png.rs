//! PNG, animated ones included (W3C PNG, third edition).

use nodechat_domain::{Error, Result};

use super::orientation::{self, EXIF_MAX_BYTES};
use super::{check_size, count_frame};
use crate::keep::Pieces;
use crate::limits::Limits;
use crate::source::Source;

const SIGNATURE_BYTES: u64 = 8;
/// Type and check sum, around the content of each chunk.
const TYPE_BYTES: u64 = 4;
const CRC_BYTES: u64 = 4;

/// Keeps what makes the picture and its colours, up to the end chunk.
pub(super) fn walk(source: &mut Source, limits: &Limits) -> Result<(Pieces, (u32, u32))> {
    source.skip(SIGNATURE_BYTES)?;
    let size = header(source, limits)?;
    let mut front = Pieces::default();
    front.keep(0..source.position())?;

    let (mut rest, mut turned, mut frames, mut has_data) = (Pieces::default(), None, 0, false);
    loop {
        let start = source.position();
        let (content_bytes, kind) = chunk_start(source)?;
        match &kind {
            b"IEND" if has_data && content_bytes == 0 => {
                source.skip(CRC_BYTES)?;
                rest.keep(start..source.position())?;
                break;
            }
            b"IHDR" | b"IEND" => return Err(Error::FileKind),
            b"eXIf" if content_bytes <= EXIF_MAX_BYTES as u64 => {
                turned = orientation::read(&source.bytes(content_bytes as usize)?);
                source.skip(CRC_BYTES)?;
            }
            _ if is_needed(&kind)? => {
                has_data |= &kind == b"IDAT";
                if &kind == b"fcTL" {
                    count_frame(&mut frames, limits)?;
                }
                check_sum(source, start, content_bytes)?;
                rest.keep(start..source.position())?;
            }
            _ => source.skip(content_bytes + CRC_BYTES)?,
        }
    }
    if let Some(turned) = turned {
        front.make(exif_chunk(turned))?;
    }
    front.append(rest)?;
    Ok((front, size))
}

/// The header chunk, which has to be the first: the size, and nothing that contradicts itself.
fn header(source: &mut Source, limits: &Limits) -> Result<(u32, u32)> {
    let start = source.position();
    let (content_bytes, kind) = chunk_start(source)?;
    if &kind != b"IHDR" || content_bytes != 13 {
        return Err(Error::FileKind);
    }
    let [w3, w2, w1, w0, h3, h2, h1, h0, depth, colour, compression, filter, interlace]: [u8; 13] =
        source.array()?;
    let (width, height) = (u32::from_be_bytes([w3, w2, w1, w0]), u32::from_be_bytes([h3, h2, h1, h0]));
    check_size(width, height, limits)?;
    let depth_fits = match colour {
        0 => matches!(depth, 1 | 2 | 4 | 8 | 16),
        3 => matches!(depth, 1 | 2 | 4 | 8),
        2 | 4 | 6 => matches!(depth, 8 | 16),
        _ => false,
    };
    if !depth_fits || compression != 0 || filter != 0 || interlace > 1 {
        return Err(Error::FileKind);
    }
    check_sum(source, start, content_bytes)?;
    Ok((width, height))
}

fn chunk_start(source: &mut Source) -> Result<(u64, [u8; 4])> {
    let content_bytes = u32::from_be_bytes(source.array()?);
    let kind: [u8; 4] = source.array()?;
    if content_bytes > i32::MAX as u32 || !kind.iter().all(u8::is_ascii_alphabetic) {
        return Err(Error::FileKind);
    }
    Ok((content_bytes.into(), kind))
}

/// Reads a whole chunk and compares its check sum; leaves the source behind it.
fn check_sum(source: &mut Source, start: u64, content_bytes: u64) -> Result<()> {
    let mut hasher = crc32fast::Hasher::new();
    let summed = start + 4..start + 4 + TYPE_BYTES + content_bytes;
    source.each(summed, |bytes| hasher.update(bytes))?;
    let stated = u32::from_be_bytes(source.array()?);
    if hasher.finalize() == stated { Ok(()) } else { Err(Error::FileKind) }
}

/// Chunks nobody knows are left out, unless the picture cannot be shown without them (their type
/// begins with a capital).
fn is_needed(kind: &[u8; 4]) -> Result<bool> {
    match kind {
        b"PLTE" | b"IDAT" | b"tRNS" => Ok(true),
        b"gAMA" | b"cHRM" | b"sRGB" | b"iCCP" | b"cICP" | b"mDCV" | b"cLLI" | b"sBIT" => Ok(true),
        b"bKGD" | b"pHYs" => Ok(true),
        b"acTL" | b"fcTL" | b"fdAT" => Ok(true),
        [first, ..] if first.is_ascii_uppercase() => Err(Error::FileKind),
        _ => Ok(false),
    }
}

fn exif_chunk(turned: u8) -> Vec<u8> {
    let tiff = orientation::write(turned);
    let mut chunk = (tiff.len() as u32).to_be_bytes().to_vec();
    chunk.extend_from_slice(b"eXIf");
    chunk.extend(tiff);
    let sum = crc32fast::hash(&chunk[4..]);
    chunk.extend_from_slice(&sum.to_be_bytes());
    chunk
}
