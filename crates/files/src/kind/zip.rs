//! Zip archives and what is made of them, known by the names in their directory (APPNOTE 4.3).

use nodechat_domain::{Error, Result};

use crate::source::Source;

const LOCAL_HEADER: &[u8; 4] = b"PK\x03\x04";
const DIRECTORY_ENTRY: &[u8; 4] = b"PK\x01\x02";
const END: &[u8; 4] = b"PK\x05\x06";
/// The end record without its comment, and with the longest one.
const END_BYTES: usize = 22;
const END_MAX_BYTES: usize = END_BYTES + 0xFFFF;

/// An archive that is no program: a jar and an apk are zip archives too.
///
/// One whose directory cannot be read is taken, as a damaged archive is worth repairing to somebody:
/// nothing runs what it finds no directory in.
pub(super) fn is_plain(source: &mut Source) -> Result<bool> {
    if source.head(4)? != LOCAL_HEADER {
        return Ok(false);
    }
    let mut is_program = false;
    let read = each_name(source, |name| {
        is_program |= name == b"META-INF/MANIFEST.MF" || name == b"AndroidManifest.xml";
    });
    match read {
        Ok(_) | Err(Error::FileKind) => Ok(!is_program),
        Err(error) => Err(error),
    }
}

/// A document of Office Open XML whose parts are in `folder`, without macros.
pub(super) fn is_office(source: &mut Source, folder: &[u8]) -> Result<bool> {
    let (mut has_types, mut has_folder, mut has_macros) = (false, false, false);
    let is_zip = each_name(source, |name| {
        has_types |= name == b"[Content_Types].xml";
        has_folder |= name.starts_with(folder);
        has_macros |= name.ends_with(b"vbaProject.bin");
    })?;
    Ok(is_zip && has_types && has_folder && !has_macros)
}

/// OpenDocument begins with an uncompressed entry that holds the media type (part 2, section 3.3).
pub(super) fn is_open_document(source: &mut Source, media_type: &str) -> Result<bool> {
    let head = source.head(38 + media_type.len())?;
    Ok(head.starts_with(LOCAL_HEADER)
        && head.len() > 38
        && &head[30..38] == b"mimetype"
        && head[38..] == *media_type.as_bytes())
}

/// Hands every name of the directory to `see`; false when this is no zip archive.
///
/// Without Zip64, which is for archives larger than any upload may be, and without anything in front
/// of the archive: a program that unpacks itself is a program.
fn each_name(source: &mut Source, mut see: impl FnMut(&[u8])) -> Result<bool> {
    if source.head(4)? != LOCAL_HEADER {
        return Ok(false);
    }
    let Some((count, offset)) = directory(source)? else { return Ok(false) };
    source.go_to(offset)?;
    for _ in 0..count {
        let header: [u8; 46] = source.array()?;
        if &header[..4] != DIRECTORY_ENTRY {
            return Err(Error::FileKind);
        }
        let length = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
        let name = source.bytes(length(28).into())?;
        see(&name);
        source.skip(u64::from(length(30)) + u64::from(length(32)))?;
    }
    Ok(count > 0)
}

/// Number of entries and where they begin, from the end record at the end of the file.
fn directory(source: &mut Source) -> Result<Option<(u16, u64)>> {
    let tail_bytes = END_MAX_BYTES.min(usize::try_from(source.len()).unwrap_or(usize::MAX));
    source.go_to(source.len() - tail_bytes as u64)?;
    let tail = source.bytes(tail_bytes)?;
    let ends_here = |at: &usize| {
        let record = &tail[*at..];
        record.starts_with(END)
            && END_BYTES + usize::from(u16::from_le_bytes([record[20], record[21]])) == record.len()
    };
    let Some(at) = (0..=tail.len().saturating_sub(END_BYTES)).rev().find(ends_here) else { return Ok(None) };
    let record = &tail[at..];
    let count = u16::from_le_bytes([record[10], record[11]]);
    let offset = u32::from_le_bytes([record[16], record[17], record[18], record[19]]);
    Ok(Some((count, offset.into())))
}
