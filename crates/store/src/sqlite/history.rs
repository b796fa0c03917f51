//! A room's history, newest first, by kind and time.
//!
//! Positions are dense, so a page without a kind is arithmetic however far back it lies; and where
//! times never run backwards, the positions of a time range are found by halving, without an index
//! that every message would have to pay for.

use nodechat_domain::model::{Kind, Message, Position, Time};
use nodechat_domain::port::HistoryQuery;
use rusqlite::{Connection, params};

use super::failure::Stop;
use super::{ledger, row};
use crate::sql;
use crate::stored::{StoredHead, broken, kind_number};

pub fn look(db: &Connection, query: &HistoryQuery) -> Result<Vec<Message>, Stop> {
    let Some(room) = ledger::head(db, &query.room)? else { return Ok(Vec::new()) };
    let (from, to) = range(db, &room, query)?;
    let number = room.number;
    let (after, before) = (query.from.unwrap_or(Time::MIN), query.to.unwrap_or(Time::MAX));
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
    let offset = i64::try_from(query.offset).unwrap_or(i64::MAX);
    let timed = query.from.is_some() || query.to.is_some();
    match query.kind {
        None if room.in_time_order || !timed => {
            let end = to.saturating_sub(offset);
            let start = end.saturating_sub(limit).max(from);
            row::all(db, sql::PAGE_BACK, params![number, start, end], row::message)
        }
        None => {
            let params = params![number, from, to, after, before, limit, offset];
            row::all(db, sql::HISTORY, params, row::message)
        }
        Some(Kind::Text) => {
            let params = params![number, from, to, after, before, limit, offset];
            row::all(db, sql::HISTORY_OF_TEXTS, params, row::message)
        }
        Some(kind) => {
            let params = params![number, kind_number(kind), from, to, after, before, limit, offset];
            row::all(db, sql::HISTORY_OF_KIND, params, row::message)
        }
    }
}

/// The positions, from inclusive and to exclusive, outside of which nothing can fit the query.
fn range(db: &Connection, room: &StoredHead, query: &HistoryQuery) -> Result<(Position, Position), Stop> {
    let end = room.head.next_pos;
    if !room.in_time_order {
        return Ok((0, end));
    }
    let from = query.from.map_or(Ok(0), |time| first_since(db, room, time))?;
    let to = query.to.map_or(Ok(end), |time| first_since(db, room, time))?;
    Ok((from, to))
}

/// The first position whose message was sent at `time` or later; the end when there is none.
fn first_since(db: &Connection, room: &StoredHead, time: Time) -> Result<Position, Stop> {
    let (mut low, mut high) = (0, room.head.next_pos);
    while low < high {
        let middle = low + (high - low) / 2;
        let there = row::one(db, sql::TIME_AT, [room.number, middle], row::number)?;
        if there.ok_or_else(|| broken("a position in the database has no message"))? < time {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
