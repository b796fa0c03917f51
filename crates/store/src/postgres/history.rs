//! Finds a page of a room's history, as `history` has it.

use nodechat_domain::model::{Message, Position};
use nodechat_domain::port::HistoryQuery;
use tokio_postgres::types::ToSql;

use super::connect::Db;
use super::failure::Stop;
use super::rooms::BEGIN_LOOKING;
use super::{Store, row, sql as own};
use crate::history::{self, Search};
use crate::sql;
use crate::stored::broken;

/// Times asked for in one round trip: a million messages are four round trips.
const PROBES: i64 = 31;

pub async fn look(store: &Store, query: &HistoryQuery) -> Result<Vec<Message>, Stop> {
    let db = store.pool.lend().await?;
    let head = db.prepare_cached(sql::HEAD).await?;
    let id: row::Params<'_> = &[&query.room.as_str()];
    let (begun, head) = tokio::join!(biased; db.batch_execute(BEGIN_LOOKING), db.query_opt(&head, id));
    begun?;
    let messages = match head? {
        None => Vec::new(),
        Some(head) => {
            let room = row::head(&head, query.room.clone())?;
            let (from, to) = Search::ends(&room, query);
            let from = find(&db, room.number, from).await?;
            let to = find(&db, room.number, to).await?;
            let page = history::page(&room, query, from, to);
            let params: Vec<_> = page.params.iter().map(|number| number as &(dyn ToSql + Sync)).collect();
            row::all(&db, page.statement, &params, row::message).await?
        }
    };
    db.batch_execute("commit").await?;
    db.give_back();
    Ok(messages)
}

async fn find(db: &Db, room: i64, mut search: Search) -> Result<Position, Stop> {
    loop {
        let probes = search.probes(PROBES);
        if probes.is_empty() {
            return Ok(search.found());
        }
        let read = |row: &tokio_postgres::Row| Ok((row.try_get(0)?, row.try_get(1)?));
        let times = row::all(db, own::TIMES_AT, &[&room, &probes], read).await?;
        if times.len() != probes.len() {
            return Err(broken("a position in the database has no message").into());
        }
        times.into_iter().for_each(|(pos, time)| search.learn(pos, time));
    }
}
