//! How a picture is to be turned: the one entry of EXIF that is not private (CIPA DC-008, 4.6.2).

/// EXIF longer than this is not searched further; a JPEG segment cannot hold more.
pub(super) const EXIF_MAX_BYTES: usize = 0xFFFF;

const ORIENTATION: u16 = 0x0112;
const SHORT: u16 = 3;

/// Reads the orientation from a TIFF structure, `Exif\0\0` in front of it or not. Nothing for an
/// upright picture, and for what cannot be read.
pub(super) fn read(exif: &[u8]) -> Option<u8> {
    let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    let big_endian = match tiff.get(..4)? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let short = |at: usize| -> Option<u16> {
        let bytes = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let long = |at: usize| -> Option<u32> {
        let bytes = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    };
    let directory = usize::try_from(long(4)?).ok()?;
    let count = usize::from(short(directory)?);
    let entry = (0..count)
        .filter_map(|index| directory.checked_add(2 + 12 * index))
        .find(|entry| short(*entry) == Some(ORIENTATION))?;
    let is_one_short = short(entry + 2) == Some(SHORT) && long(entry + 4) == Some(1);
    let orientation = u8::try_from(short(entry + 8)?).ok()?;
    (is_one_short && (2..=8).contains(&orientation)).then_some(orientation)
}

/// A TIFF structure that holds the orientation and nothing else.
pub(super) fn write(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    tiff.push(orientation);
    tiff.extend_from_slice(&[0; 6]); // the rest of the value, and no further directory
    tiff
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for orientation in 2..=8 {
            assert_eq!(read(&write(orientation)), Some(orientation));
        }
        assert_eq!(write(6).len(), 26);
        for upright_or_wrong in [0, 1, 9] {
            assert_eq!(read(&write(upright_or_wrong)), None);
        }
    }

    #[test]
    fn both_byte_orders_are_read() {
        let little = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        assert_eq!(read(little), Some(6));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(tail in prop::collection::vec(any::<u8>(), 0..64), big: bool) {
            let mut exif = if big { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
            exif.extend(tail);
            read(&exif);
        }
    }
}
