//! In which messages of a part a word is: places from 0 on, as they stand in a row and as they are compared.

/// Messages of a part.
pub const PLACES: usize = 1024;

const BITS_BYTES: usize = PLACES / 8;

/// A bit for each message of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places([u64; PLACES / 64]);

impl Places {
    pub const NONE: Self = Self([0; PLACES / 64]);

    pub fn insert(&mut self, place: usize) {
        self.0[place / 64] |= 1 << (place % 64);
    }

    pub fn keep_those_in(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(mine, others)| *mine &= others);
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|bits| *bits == 0)
    }

    pub fn each(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, bits)| {
            let mut left = *bits;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros() as usize;
                left &= left.checked_sub(1)?;
                Some(at * 64 + bit)
            })
        })
    }

    /// As a row holds it: the steps from one place to the next, or all bits where that is not longer.
    pub fn written(&self) -> Vec<u8> {
        let mut steps = Vec::new();
        let mut next = 0;
        for place in self.each() {
            write_number(&mut steps, (place - next) as u64);
            next = place + 1;
            if steps.len() >= BITS_BYTES {
                return self.0.iter().flat_map(|bits| bits.to_le_bytes()).collect();
            }
        }
        steps
    }

    /// None when nothing of the kind was written.
    pub fn read(mut bytes: &[u8]) -> Option<Self> {
        let mut places = Self::NONE;
        if bytes.len() == BITS_BYTES {
            for (bits, eight) in places.0.iter_mut().zip(bytes.chunks_exact(8)) {
                *bits = u64::from_le_bytes(eight.try_into().ok()?);
            }
            return Some(places);
        }
        let mut next = 0;
        while !bytes.is_empty() {
            let place = usize::try_from(read_number(&mut bytes)?).ok()?.checked_add(next)?;
            if place >= PLACES {
                return None;
            }
            places.insert(place);
            next = place + 1;
        }
        Some(places)
    }
}

/// Numbers that only grow, as a row holds them.
pub fn write_growing(numbers: &[i64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(numbers.len() * 5);
    let mut before = 0;
    for number in numbers {
        write_number(&mut bytes, number.wrapping_sub(before) as u64);
        before = *number;
    }
    bytes
}

/// None when nothing of the kind was written.
pub fn read_growing(mut bytes: &[u8]) -> Option<Vec<i64>> {
    let mut numbers = Vec::with_capacity(PLACES);
    let mut before = 0_i64;
    while !bytes.is_empty() {
        before = before.wrapping_add(read_number(&mut bytes)? as i64);
        numbers.push(before);
    }
    Some(numbers)
}

/// Seven bits in a byte, the lowest first; all but the last byte have their highest bit.
fn write_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn read_number(bytes: &mut &[u8]) -> Option<u64> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7f).checked_shl(shift)?;
        if *first < 0x80 {
            return Some(number);
        }
        shift += 7;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(places: impl IntoIterator<Item = usize>) -> Places {
        let mut all = Places::NONE;
        places.into_iter().for_each(|place| all.insert(place));
        all
    }

    #[test]
    fn what_is_written_is_read_however_full_it_is() {
        for step in 1..=PLACES {
            for first in [0, 1, 63, 64, 500, PLACES - 1] {
                let places = of((first..PLACES).step_by(step));
                let written = places.written();
                assert!(written.len() <= BITS_BYTES, "{first}, {step}");
                assert_eq!(Places::read(&written), Some(places.clone()), "{first}, {step}");
                assert!(places.each().eq((first..PLACES).step_by(step)));
            }
        }
        assert_eq!(Places::read(&Places::NONE.written()), Some(Places::NONE));
    }

    #[test]
    fn what_is_in_both_is_kept() {
        let mut twos = of((0..PLACES).step_by(2));
        twos.keep_those_in(&of((0..PLACES).step_by(3)));
        assert_eq!(twos, of((0..PLACES).step_by(6)));
        twos.keep_those_in(&of((1..PLACES).step_by(2)));
        assert!(twos.is_empty());
    }

    #[test]
    fn what_nobody_has_written_is_not_read() {
        assert_eq!(Places::read(&[0x80]), None);
        assert_eq!(Places::read(&[0xff, 0x7f]), None);
        assert_eq!(read_growing(&[0xff; 12]), None);
    }

    #[test]
    fn growing_numbers_come_back() {
        for numbers in [vec![], vec![0], vec![1, 2, 300, 1 << 62, i64::MAX], vec![i64::MIN, -1, 5]] {
            assert_eq!(read_growing(&write_growing(&numbers)), Some(numbers));
        }
    }
}
