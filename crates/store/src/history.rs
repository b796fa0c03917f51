//! A room's history, newest first, by kind and time: which statement finds a page, and where it looks.
//!
//! Positions are dense, so a page without a kind is arithmetic however far back it lies; and where
//! times never run backwards, the positions of a time range are found by asking for a few times,
//! without an index that every message would have to pay for.

use nodechat_domain::model::{Kind, Position, Time};
use nodechat_domain::port::HistoryQuery;

use crate::sql;
use crate::stored::{StoredHead, kind_number};

/// A statement that answers a page, and its parameters.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    pub statement: &'static str,
    pub params: Vec<i64>,
}

/// `from` inclusive and `to` exclusive are the positions outside of which nothing can fit the query.
pub fn page(room: &StoredHead, query: &HistoryQuery, from: Position, to: Position) -> Page {
    let number = room.number;
    let (after, before) = (query.from.unwrap_or(Time::MIN), query.to.unwrap_or(Time::MAX));
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
    let offset = i64::try_from(query.offset).unwrap_or(i64::MAX);
    let timed = query.from.is_some() || query.to.is_some();
    let (statement, params) = match query.kind {
        None if room.in_time_order || !timed => {
            let end = to.saturating_sub(offset);
            let start = end.saturating_sub(limit).max(from);
            (sql::PAGE_BACK, vec![number, start, end])
        }
        None => (sql::HISTORY, vec![number, from, to, after, before, limit, offset]),
        Some(Kind::Text) => (sql::HISTORY_OF_TEXTS, vec![number, from, to, after, before, limit, offset]),
        Some(kind) => {
            (sql::HISTORY_OF_KIND, vec![number, kind_number(kind), from, to, after, before, limit, offset])
        }
    };
    Page { statement, params }
}

/// Looks for the first position whose message was sent at a time or later, in a room in time order;
/// the end when there is none.
#[derive(Debug)]
pub struct Search {
    time: Time,
    low: Position,
    high: Position,
}

impl Search {
    /// The searches for the two ends of the query's time range, those that are needed.
    pub fn ends(room: &StoredHead, query: &HistoryQuery) -> (Search, Search) {
        let (start, end) = (0, room.head.next_pos);
        let search = |time: Option<Time>, otherwise: Position| match time {
            Some(time) if room.in_time_order => Search { time, low: start, high: end },
            _ => Search { time: 0, low: otherwise, high: otherwise },
        };
        (search(query.from, start), search(query.to, end))
    }

    /// The search for one time in a room of so many messages.
    pub fn first_at(time: Time, end: Position) -> Search {
        Search { time, low: 0, high: end }
    }

    /// At most `count` positions whose times are worth knowing; none when the search is over.
    pub fn probes(&self, count: i64) -> Vec<Position> {
        let width = self.high - self.low;
        if width <= count {
            return (self.low..self.high).collect();
        }
        // In 128 bits: positions have no limit of their own.
        let step = |part: i64| (i128::from(width) * i128::from(part) / i128::from(count + 1)) as i64;
        (1..=count).map(|part| self.low + step(part)).collect()
    }

    pub fn learn(&mut self, pos: Position, time: Time) {
        if time < self.time {
            self.low = self.low.max(pos + 1);
        } else {
            self.high = self.high.min(pos);
        }
    }

    pub fn found(&self) -> Position {
        self.low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_found_with_any_number_of_probes() {
        let times = [3, 3, 5, 5, 5, 8, 9, 9, 12];
        for count in 1..=10 {
            for time in 0..=13 {
                let mut search = Search { time, low: 0, high: times.len() as i64 };
                let mut rounds = 0;
                loop {
                    let probes = search.probes(count);
                    if probes.is_empty() {
                        break;
                    }
                    assert!(probes.len() as i64 <= count);
                    probes.iter().for_each(|pos| search.learn(*pos, times[*pos as usize]));
                    rounds += 1;
                    assert!(rounds < 10, "the search goes on for ever");
                }
                let expected = times.iter().take_while(|there| **there < time).count() as i64;
                assert_eq!(search.found(), expected, "{time} by {count}");
            }
        }
    }

    #[test]
    fn a_few_rounds_find_a_time_in_a_very_long_room() {
        let mut search = Search { time: 123_456_789, low: 0, high: i64::MAX };
        let mut rounds = 0;
        while !search.probes(31).is_empty() {
            search.probes(31).into_iter().for_each(|pos| search.learn(pos, pos));
            rounds += 1;
        }
        assert_eq!(search.found(), 123_456_789);
        assert!(rounds <= 14, "{rounds}");
    }
}
