//! Things beside a room that carry dense numbers, while an earlier one is missing or not due.

use std::collections::BTreeMap;
use std::ops::Range;

/// Things that are kept; those beyond are read from the store like the missing one.
const KEPT_MAX: usize = 64;

#[derive(Debug)]
pub struct Numbered<T> {
    kept: BTreeMap<i64, T>,
    /// There are at least so many.
    end: i64,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { kept: BTreeMap::new(), end: 0 }
    }
}

impl<T: Clone> Numbered<T> {
    pub fn keep(&mut self, number: i64, thing: &T) {
        self.reaches(number + 1);
        self.kept.entry(number).or_insert_with(|| thing.clone());
        if self.kept.len() > KEPT_MAX {
            // `end` remembers that it is there.
            self.kept.pop_last();
        }
    }

    pub fn reaches(&mut self, end: i64) {
        self.end = self.end.max(end);
    }

    /// The one with this number, if it is there and may go. Those before it are over.
    pub fn due(&mut self, next: i64, may_go: impl Fn(&T) -> bool) -> Option<T> {
        while let Some(first) = self.kept.first_entry() {
            if *first.key() >= next {
                break;
            }
            first.remove();
        }
        let first = self.kept.first_entry()?;
        if *first.key() == next && may_go(first.get()) { Some(first.remove()) } else { None }
    }

    pub fn missing(&self, next: i64) -> Option<Range<i64>> {
        let first = self.kept.first_key_value().map_or(self.end, |(first, _)| *first);
        (next < first).then_some(next..first)
    }

    pub fn is_over(&self, next: i64) -> bool {
        self.end <= next
    }
}
