//! Which part of a file a `Range` header asks for (RFC 9110, section 14).

use std::ops::Range;

/// What to answer to a request that carries a `Range` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// 200: everything. Also for what cannot be read, for units other than bytes, and for several
    /// ranges at once, which a server may always ignore.
    Whole,
    /// 206: never empty, always inside the file.
    Bytes(Range<u64>),
    /// 416, with `Content-Range: bytes */<total>`.
    Unsatisfiable,
}

/// Reads the value of a `Range` header for a file of `total_bytes`.
pub fn parse_range(header: &str, total_bytes: u64) -> Part {
    match Asked::parse(header) {
        Some(asked) => asked.within(total_bytes),
        None => Part::Whole,
    }
}

enum Asked {
    FromTo(u64, u64),
    From(u64),
    Last(u64),
}

impl Asked {
    fn parse(header: &str) -> Option<Self> {
        let (unit, set) = header.split_once('=')?;
        if !unit.trim().eq_ignore_ascii_case("bytes") {
            return None;
        }
        // Empty members of a list are to be ignored (section 5.6.1).
        let mut members = set.split(',').map(|m| m.trim_matches([' ', '\t'])).filter(|m| !m.is_empty());
        let (only, None) = (members.next()?, members.next()) else { return None };
        match only.split_once('-')? {
            ("", last) => Some(Self::Last(number(last)?)),
            (first, "") => Some(Self::From(number(first)?)),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                (first <= last).then_some(Self::FromTo(first, last))
            }
        }
    }

    fn within(self, total: u64) -> Part {
        let range = match self {
            Self::FromTo(first, last) => first..last.saturating_add(1).min(total),
            Self::From(first) => first..total,
            Self::Last(count) => total.saturating_sub(count)..total,
        };
        if range.is_empty() { Part::Unsatisfiable } else { Part::Bytes(range) }
    }
}

/// Digits only; a number too large for us is as good as the largest.
fn number(digits: &str) -> Option<u64> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_range_is_cut_to_the_file() {
        for (header, part) in [
            ("bytes=0-0", Part::Bytes(0..1)),
            ("bytes=0-99", Part::Bytes(0..10)),
            ("bytes=9-", Part::Bytes(9..10)),
            ("bytes=-3", Part::Bytes(7..10)),
            ("bytes=-30", Part::Bytes(0..10)),
            ("Bytes= 2-4 ", Part::Bytes(2..5)),
            ("bytes=,2-4,", Part::Bytes(2..5)),
            ("bytes=2-99999999999999999999999", Part::Bytes(2..10)),
        ] {
            assert_eq!(parse_range(header, 10), part, "{header}");
        }
    }

    #[test]
    fn what_lies_outside_is_unsatisfiable() {
        for header in ["bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99999999999999999999999-"] {
            assert_eq!(parse_range(header, 10), Part::Unsatisfiable, "{header}");
        }
        assert_eq!(parse_range("bytes=0-", 0), Part::Unsatisfiable);
        assert_eq!(parse_range("bytes=-5", 0), Part::Unsatisfiable);
    }

    #[test]
    fn what_is_no_single_byte_range_is_ignored() {
        for header in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=5-2",
            "bytes=a-b",
            "bytes=+1-2",
            "bytes=1",
            "items=0-1",
            "bytes=0-1,3-4",
            "bytes=0-1,x",
            "bytes=--1",
            "bytes=1--2",
            "bytes=0x1-2",
            "bytes=1-2-3",
        ] {
            assert_eq!(parse_range(header, 10), Part::Whole, "{header}");
        }
    }

    proptest! {
        #[test]
        fn a_part_is_never_empty_and_never_outside(header in "(bytes=)?[0-9,\\- ]{0,24}", total: u64) {
            if let Part::Bytes(range) = parse_range(&header, total) {
                prop_assert!(range.start < range.end && range.end <= total);
            }
        }

        #[test]
        fn any_text_is_survived(header in ".{0,60}", total: u64) {
            parse_range(&header, total);
        }
    }
}
