//! Compound files, in which Office kept documents before 2007 and keeps encrypted ones today
//! (MS-CFB). An installer of Windows is one too, so the container alone says nothing.

use nodechat_domain::Result;

use crate::source::Source;

const SIGNATURE: &[u8; 8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
const ENTRY_BYTES: usize = 128;
const STREAM: u8 = 2;

pub(super) fn is_word(source: &mut Source) -> Result<bool> {
    has_stream(source, &["WordDocument"])
}

pub(super) fn is_excel(source: &mut Source) -> Result<bool> {
    has_stream(source, &["Workbook", "Book"])
}

pub(super) fn is_powerpoint(source: &mut Source) -> Result<bool> {
    has_stream(source, &["PowerPoint Document"])
}

pub(super) fn is_encrypted_office(source: &mut Source) -> Result<bool> {
    has_stream(source, &["EncryptedPackage"])
}

/// Whether there is a stream of one of these names.
///
/// Entries of the directory always begin at a multiple of their size, so looking at each such place
/// is as good as following the chain of sectors, and cannot be sent in circles.
fn has_stream(source: &mut Source, names: &[&str]) -> Result<bool> {
    if source.head(8)? != SIGNATURE {
        return Ok(false);
    }
    let names: Vec<Vec<u8>> = names.iter().map(|name| start_of_entry(name)).collect();
    source.go_to(0)?;
    while source.len() - source.position() >= ENTRY_BYTES as u64 {
        let entry: [u8; ENTRY_BYTES] = source.array()?;
        let is_named = |name: &Vec<u8>| {
            entry.starts_with(name) && usize::from(u16::from_le_bytes([entry[64], entry[65]])) == name.len()
        };
        if entry[66] == STREAM && names.iter().any(is_named) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The name in UTF-16 with the zero that ends it, which is counted.
fn start_of_entry(name: &str) -> Vec<u8> {
    name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}
