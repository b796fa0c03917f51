//! Makes pictures and documents, with all that people's devices put into them.

use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::{DynamicImage, Frame, ImageFormat, Rgb, RgbImage};

/// Stands for the position in every kind of metadata.
pub const SECRET: &[u8] = b"N 52 31 12 E 13 24 18";
pub const XMP: &[u8] = b"<x:xmpmeta>N 52 31 12 E 13 24 18</x:xmpmeta>";
/// Long enough for the readers that look at an ICC profile's header.
pub const PROFILE: &[u8] = &[7; 132];

/// 5 by 3, every pixel another colour.
pub fn picture() -> DynamicImage {
    RgbImage::from_fn(5, 3, |x, y| Rgb([40 * x as u8, 80 * y as u8, 10 * (x + y) as u8])).into()
}

pub fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn png() -> Vec<u8> {
    encoded(ImageFormat::Png)
}

pub fn jpeg() -> Vec<u8> {
    encoded(ImageFormat::Jpeg)
}

pub fn webp() -> Vec<u8> {
    encoded(ImageFormat::WebP)
}

pub fn gif(frames: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    encoder.encode_frames((0..frames).map(|_| Frame::new(picture().to_rgba8()))).unwrap();
    drop(encoder);
    bytes
}

/// TIFF with an orientation, a camera's name and a GPS directory.
pub fn exif(orientation: u16) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    let entry = |tiff: &mut Vec<u8>, tag: u16, kind: u16, count: u32, value: u32| {
        tiff.extend(tag.to_le_bytes());
        tiff.extend(kind.to_le_bytes());
        tiff.extend(count.to_le_bytes());
        tiff.extend(value.to_le_bytes());
    };
    tiff.extend(3u16.to_le_bytes());
    entry(&mut tiff, 0x010F, 2, SECRET.len() as u32, 68); // Make
    entry(&mut tiff, 0x0112, 3, 1, orientation.into());
    entry(&mut tiff, 0x8825, 4, 1, 50); // GPSInfo
    tiff.extend(0u32.to_le_bytes());
    tiff.extend(1u16.to_le_bytes()); // the GPS directory, at 50
    entry(&mut tiff, 0x0002, 5, 3, 68);
    tiff.extend(0u32.to_le_bytes());
    tiff.extend(SECRET); // at 68
    tiff
}

pub fn jpeg_segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let mut segment = vec![0xFF, marker];
    segment.extend(((content.len() + 2) as u16).to_be_bytes());
    segment.extend(content);
    segment
}

/// As it comes from a telephone: EXIF, XMP, a profile, a comment, an MPF index and a second picture
/// with EXIF of its own behind the first, metadata between scans, and a film at the very end.
pub fn jpeg_from_a_telephone(orientation: u16) -> Vec<u8> {
    let exif = [b"Exif\0\0", exif(orientation).as_slice()].concat();
    let plain = jpeg();
    let mut bytes = plain[..2].to_vec();
    bytes.extend(jpeg_segment(0xE1, &exif));
    bytes.extend(jpeg_segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0", XMP].concat()));
    bytes.extend(jpeg_segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", PROFILE].concat()));
    bytes.extend(jpeg_segment(0xE2, &[b"MPF\0", SECRET].concat()));
    bytes.extend(jpeg_segment(0xED, &[b"Photoshop 3.0\0", SECRET].concat()));
    bytes.extend(jpeg_segment(0xFE, SECRET));
    bytes.extend(&plain[2..plain.len() - 2]);
    bytes.extend(jpeg_segment(0xE1, &exif));
    bytes.extend([0xFF, 0xFF, 0xD9]);
    bytes.extend(&plain[..2]);
    bytes.extend(jpeg_segment(0xE1, &exif));
    bytes.extend(&plain[2..]);
    bytes.extend(b"ftypmp42");
    bytes.extend(SECRET);
    bytes
}

pub fn png_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut chunk = (content.len() as u32).to_be_bytes().to_vec();
    chunk.extend(kind);
    chunk.extend(content);
    chunk.extend(crc32(&chunk[4..]).to_be_bytes());
    chunk
}

pub fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut content = width.to_be_bytes().to_vec();
    content.extend(height.to_be_bytes());
    content.extend([8, 2, 0, 0, 0]);
    png_chunk(b"IHDR", &content)
}

/// A picture of which only the structure is right.
pub fn png_of(chunks: &[Vec<u8>]) -> Vec<u8> {
    [&b"\x89PNG\r\n\x1A\n"[..], &chunks.concat()].concat()
}

/// With everything in it that a PNG can tell of its maker, behind the end mark as well.
pub fn png_from_a_telephone(orientation: u16) -> Vec<u8> {
    let plain = png();
    let (header, rest) = plain.split_at(8 + 25);
    let mut bytes = header.to_vec();
    bytes.extend(png_chunk(b"iCCP", &iccp()));
    bytes.extend(png_chunk(b"eXIf", &exif(orientation)));
    bytes.extend(png_chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", XMP].concat()));
    bytes.extend(png_chunk(b"tEXt", &[b"Comment\0", SECRET].concat()));
    bytes.extend(png_chunk(b"prVt", SECRET));
    bytes.extend(&rest[..rest.len() - 12]);
    bytes.extend(png_chunk(b"zTXt", &[b"Raw profile type exif\0\0", SECRET].concat()));
    bytes.extend(png_chunk(b"IEND", b""));
    bytes.extend(SECRET);
    bytes
}

pub fn riff_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut chunk = kind.to_vec();
    chunk.extend((content.len() as u32).to_le_bytes());
    chunk.extend(content);
    chunk.extend(&[0][..content.len() % 2]);
    chunk
}

pub fn webp_of(chunks: &[Vec<u8>]) -> Vec<u8> {
    riff_chunk(b"RIFF", &[b"WEBP", chunks.concat().as_slice()].concat())
}

pub fn webp_header(flags: u8, width: u32, height: u32) -> Vec<u8> {
    let mut content = vec![flags, 0, 0, 0];
    content.extend(&(width - 1).to_le_bytes()[..3]);
    content.extend(&(height - 1).to_le_bytes()[..3]);
    riff_chunk(b"VP8X", &content)
}

/// The bitstream of the plain picture, as a chunk.
pub fn webp_bitstream() -> Vec<u8> {
    webp()[12..].to_vec()
}

pub fn webp_from_a_telephone(orientation: u16) -> Vec<u8> {
    let mut bytes = webp_of(&[
        webp_header(0x20 | 0x08 | 0x04, 5, 3),
        riff_chunk(b"ICCP", PROFILE),
        webp_bitstream(),
        riff_chunk(b"EXIF", &exif(orientation)),
        riff_chunk(b"XMP ", XMP),
        riff_chunk(b"prVt", SECRET),
    ]);
    bytes.extend(SECRET);
    bytes
}

pub fn webp_animation(frames: usize, frame_width: u32) -> Vec<u8> {
    let mut head = vec![0; 6];
    head.extend(&(frame_width - 1).to_le_bytes()[..3]);
    head.extend(&2u32.to_le_bytes()[..3]);
    head.extend([100, 0, 0, 0x02]); // 100 ms, not blended with the frame before
    let frame = riff_chunk(b"ANMF", &[head, webp_bitstream()].concat());
    let mut chunks = vec![webp_header(0x02, 5, 3), riff_chunk(b"ANIM", &[0; 6])];
    chunks.extend(std::iter::repeat_n(frame, frames));
    webp_of(&chunks)
}

pub fn gif_extension(label: u8, blocks: &[&[u8]]) -> Vec<u8> {
    let mut bytes = vec![0x21, label];
    for block in blocks {
        bytes.push(block.len() as u8);
        bytes.extend(*block);
    }
    bytes.push(0);
    bytes
}

pub fn gif_from_a_telephone() -> Vec<u8> {
    let plain = gif(2);
    let first = plain.iter().position(|b| *b == 0x21).unwrap();
    let mut bytes = plain[..first].to_vec();
    bytes.extend(gif_extension(0xFF, &[b"NETSCAPE2.0", &[1, 0, 0]]));
    bytes.extend(gif_extension(0xFE, &[SECRET]));
    bytes.extend(gif_extension(0xFF, &[b"XMP DataXMP", XMP]));
    bytes.extend(&plain[first..]);
    bytes.extend(SECRET);
    bytes
}

/// A zip archive of empty entries.
pub fn zip(names: &[&str]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for name in names {
        let offset = bytes.len() as u32;
        bytes.extend(b"PK\x03\x04");
        bytes.extend([0; 22]);
        bytes.extend((name.len() as u16).to_le_bytes());
        bytes.extend([0; 2]);
        bytes.extend(name.as_bytes());
        directory.extend(b"PK\x01\x02");
        directory.extend([0; 24]);
        directory.extend((name.len() as u16).to_le_bytes());
        directory.extend([0; 12]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let offset = bytes.len() as u32;
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend((names.len() as u16).to_le_bytes());
    bytes.extend((names.len() as u16).to_le_bytes());
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(offset.to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

/// A compound file whose directory has one stream.
pub fn compound(stream: &str) -> Vec<u8> {
    let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    bytes.resize(1024, 0);
    let name: Vec<u8> = stream.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
    bytes.extend(&name);
    bytes.resize(1024 + 64, 0);
    bytes.extend((name.len() as u16).to_le_bytes());
    bytes.push(2);
    bytes.resize(1024 + 512, 0);
    bytes
}

/// A profile compressed by zlib's method 0, which stores.
fn iccp() -> Vec<u8> {
    let mut content = b"icc\0\0\x78\x01\x01".to_vec();
    let length = PROFILE.len() as u16;
    content.extend(length.to_le_bytes());
    content.extend((!length).to_le_bytes());
    content.extend(PROFILE);
    let (mut a, mut b) = (1u32, 0u32);
    for byte in PROFILE {
        a = (a + u32::from(*byte)) % 65521;
        b = (b + a) % 65521;
    }
    content.extend((b << 16 | a).to_be_bytes());
    content
}

/// Bit by bit, so that it shares nothing with what it checks.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 },
        )
    })
}
