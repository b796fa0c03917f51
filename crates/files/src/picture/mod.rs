//! Pictures: which format, how large, and what of them is kept.
//!
//! Each format is walked from its first byte to its end mark without decoding anything. What the
//! picture needs is on a list and kept byte by byte; everything else (EXIF with its position, XMP,
//! comments, thumbnails, further pictures, whatever stands behind the end) is left out. Only the
//! orientation is written back, because a picture without it would be shown turned.
//!
//! Our own walkers, because the `image` crate reads a JPEG into memory to tell its size, and
//! `img-parts` keeps what follows the first scan, where a second picture has EXIF of its own.

mod gif;
mod jpeg;
mod orientation;
mod png;
mod webp;

use nodechat_domain::{Error, Result};

use crate::keep::Pieces;
use crate::limits::Limits;
use crate::name;
use crate::source::Source;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Png,
    Jpeg,
    Gif,
    WebP,
}

/// A picture that was looked through.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) format: Format,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// What to keep of the file.
    pub(crate) pieces: Pieces,
}

/// Looks the picture through to its end mark. Whatever is not whole, not what its name claims, or
/// larger than the limits is [`Error::FileKind`].
pub(crate) fn inspect(source: &mut Source, claimed: Option<Format>, limits: &Limits) -> Result<Picture> {
    let format = Format::of_content(&source.head(16)?).ok_or(Error::FileKind)?;
    if claimed.is_some_and(|claimed| claimed != format) {
        return Err(Error::FileKind);
    }
    source.go_to(0)?;
    let (pieces, (width, height)) = match format {
        Format::Png => png::walk(source, limits)?,
        Format::Jpeg => jpeg::walk(source, limits)?,
        Format::Gif => gif::walk(source, limits)?,
        Format::WebP => webp::walk(source, limits)?,
    };
    Ok(Picture { format, width, height, pieces })
}

impl Format {
    pub(crate) const ALL: [Format; 4] = [Format::Png, Format::Jpeg, Format::Gif, Format::WebP];

    /// What a cleaned name claims; nothing when it has no extension.
    pub(crate) fn claimed_by(name: &str) -> Result<Option<Format>> {
        match name::extension(name) {
            Some(extension) => Self::of_extension(&extension).map(Some).ok_or(Error::FileKind),
            None => Ok(None),
        }
    }

    pub(crate) fn of_extension(extension: &str) -> Option<Self> {
        match extension {
            "png" | "apng" => Some(Format::Png),
            "jpg" | "jpeg" | "jpe" | "jfif" => Some(Format::Jpeg),
            "gif" => Some(Format::Gif),
            "webp" => Some(Format::WebP),
            _ => None,
        }
    }

    pub(crate) fn extension(self) -> &'static str {
        match self {
            Format::Png => "png",
            Format::Jpeg => "jpg",
            Format::Gif => "gif",
            Format::WebP => "webp",
        }
    }

    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Format::Png => "image/png",
            Format::Jpeg => "image/jpeg",
            Format::Gif => "image/gif",
            Format::WebP => "image/webp",
        }
    }

    fn of_content(head: &[u8]) -> Option<Self> {
        match head {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Format::Png),
            [0xFF, 0xD8, 0xFF, ..] => Some(Format::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Format::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Format::WebP),
            _ => None,
        }
    }
}

/// Refuses sizes that nobody could show: nothing, or more than the limits.
fn check_size(width: u32, height: u32, limits: &Limits) -> Result<()> {
    let fits = (1..=limits.image_side).contains(&width)
        && (1..=limits.image_side).contains(&height)
        && u64::from(width) * u64::from(height) <= limits.image_pixels;
    if fits { Ok(()) } else { Err(Error::FileKind) }
}

/// Counts one more frame and refuses too many.
fn count_frame(frames: &mut u32, limits: &Limits) -> Result<()> {
    *frames += 1;
    if *frames > limits.image_frames { Err(Error::FileKind) } else { Ok(()) }
}
