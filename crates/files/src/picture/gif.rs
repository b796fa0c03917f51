//! GIF 87a and 89a.

use nodechat_domain::{Error, Result};

use super::{check_size, count_frame};
use crate::keep::Pieces;
use crate::limits::Limits;
use crate::source::Source;

const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2C;
const TRAILER: u8 = 0x3B;
const PLAIN_TEXT: u8 = 0x01;
const GRAPHIC_CONTROL: u8 = 0xF9;
const APPLICATION: u8 = 0xFF;

/// Keeps frames, their timing, looping and colour profile, up to the trailer. Some programs forget
/// the trailer, and every viewer shows what they make: it gets one.
pub(super) fn walk(source: &mut Source, limits: &Limits) -> Result<(Pieces, (u32, u32))> {
    source.skip(6)?;
    let [w0, w1, h0, h1, flags, _background, _aspect]: [u8; 7] = source.array()?;
    let size = (u16::from_le_bytes([w0, w1]).into(), u16::from_le_bytes([h0, h1]).into());
    check_size(size.0, size.1, limits)?;
    source.skip(colour_table_bytes(flags))?;

    let (mut pieces, mut frames) = (Pieces::default(), 0);
    pieces.keep(0..source.position())?;
    loop {
        let start = source.position();
        if start == source.len() && frames > 0 {
            pieces.make(vec![TRAILER])?;
            return Ok((pieces, size));
        }
        let is_kept = match source.byte()? {
            IMAGE => {
                count_frame(&mut frames, limits)?;
                frame(source, limits)?;
                true
            }
            EXTENSION => extension(source)?,
            TRAILER if frames > 0 => {
                pieces.keep(start..source.position())?;
                return Ok((pieces, size));
            }
            _ => return Err(Error::FileKind),
        };
        if is_kept {
            pieces.keep(start..source.position())?;
        }
    }
}

/// One picture: descriptor, colours, data. Viewers make room for it even where it is larger than
/// the screen it belongs to, so it is held to the limits by itself.
fn frame(source: &mut Source, limits: &Limits) -> Result<()> {
    let [_, _, _, _, w0, w1, h0, h1, flags]: [u8; 9] = source.array()?;
    check_size(u16::from_le_bytes([w0, w1]).into(), u16::from_le_bytes([h0, h1]).into(), limits)?;
    source.skip(colour_table_bytes(flags))?;
    let code_bits = source.byte()?;
    if !(1..=11).contains(&code_bits) {
        return Err(Error::FileKind);
    }
    skip_blocks(source)
}

/// Whether the extension is kept: comments and what other programs leave (XMP) are not.
fn extension(source: &mut Source) -> Result<bool> {
    let label = source.byte()?;
    let is_kept = match label {
        GRAPHIC_CONTROL | PLAIN_TEXT => true,
        APPLICATION => {
            let start = source.position();
            let length = source.byte()?;
            let name = source.bytes(length.into())?;
            source.go_to(start)?;
            matches!(name.as_slice(), b"NETSCAPE2.0" | b"ANIMEXTS1.0" | b"ICCRGBG1012")
        }
        _ => false,
    };
    skip_blocks(source)?;
    Ok(is_kept)
}

fn skip_blocks(source: &mut Source) -> Result<()> {
    loop {
        match source.byte()? {
            0 => return Ok(()),
            length => source.skip(length.into())?,
        }
    }
}

fn colour_table_bytes(flags: u8) -> u64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}
