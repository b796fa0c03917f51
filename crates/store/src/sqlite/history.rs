//! Finds a page of a room's history, as `history` has it.

use nodechat_domain::model::{Message, Position};
use nodechat_domain::port::HistoryQuery;
use rusqlite::{Connection, params_from_iter};

use super::failure::Stop;
use super::{ledger, row};
use crate::history::{self, Search};
use crate::sql;
use crate::stored::broken;

pub fn look(db: &Connection, query: &HistoryQuery) -> Result<Vec<Message>, Stop> {
    let Some(room) = ledger::head(db, &query.room)? else { return Ok(Vec::new()) };
    let (from, to) = Search::ends(&room, query);
    let (from, to) = (find(db, room.number, from)?, find(db, room.number, to)?);
    let page = history::page(&room, query, from, to);
    row::all(db, page.statement, params_from_iter(page.params), row::message)
}

/// One probe at a time: asking costs nothing but the row.
fn find(db: &Connection, room: i64, mut search: Search) -> Result<Position, Stop> {
    while let Some(pos) = search.probes(1).pop() {
        let time = row::one(db, sql::TIME_AT, [room, pos], row::number)?;
        search.learn(pos, time.ok_or_else(|| broken("a position in the database has no message"))?);
    }
    Ok(search.found())
}
