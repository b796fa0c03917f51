//! `Rooms`: the one write verb and the looks into a room.

use nodechat_domain::model::{Message, Note, Position, Recall, RoomHead, RoomId, RoomView};
use nodechat_domain::port::{Answer, Decide, HistoryQuery, Rooms, Scope, Since};
use tokio_postgres::Row;

use super::failure::Stop;
use super::{Store, history, probe, row, sql};
use crate::sql as shared;

impl Rooms for Store {
    fn apply(&self, scope: Scope, decide: Decide) -> Answer<'_, ()> {
        self.writer.commit(scope, decide)
    }

    fn view(&self, room: &RoomId, newest: usize, since: Option<Since>) -> Answer<'_, Option<RoomView>> {
        let room = room.clone();
        self.pool.answer(async move { view(self, room, newest, since).await })
    }

    fn page(&self, room: &RoomId, from: Position, to: Position) -> Answer<'_, Option<Vec<Message>>> {
        let room = room.clone();
        self.pool.answer(async move {
            let db = self.pool.lend().await?;
            let rows =
                row::all(&db, sql::PAGE_OF, &[&room.as_str(), &from, &to], |row| message_if_any(row, 0))
                    .await;
            let rows = db.done(rows)?;
            Ok((!rows.is_empty()).then(|| rows.into_iter().flatten().collect()))
        })
    }

    fn heads(&self, rooms: &[RoomId]) -> Answer<'_, Vec<RoomHead>> {
        let rooms = rooms.to_vec();
        self.pool.answer(async move {
            let ids: Vec<&str> = rooms.iter().map(RoomId::as_str).collect();
            let db = self.pool.lend().await?;
            let head = |row: &Row| Ok(row::head(row, row::room_id(row, row::AFTER_HEAD)?)?.head);
            let heads = row::all(&db, sql::HEADS, &[&ids], head).await;
            db.done(heads)
        })
    }

    fn history(&self, query: HistoryQuery) -> Answer<'_, Vec<Message>> {
        self.pool.answer(async move { history::look(self, &query).await })
    }

    fn recalls(&self, room: &RoomId, from: i64, limit: usize) -> Answer<'_, Vec<Recall>> {
        let (room, limit) = (room.clone(), limit as i64);
        self.pool.answer(async move {
            let db = self.pool.lend().await?;
            let params: row::Params<'_> = &[&room.as_str(), &from, &limit];
            let recalls = row::all(&db, shared::RECALLS, params, row::recall).await;
            db.done(recalls)
        })
    }

    fn notes(&self, room: &RoomId, from: i64, limit: usize) -> Answer<'_, Vec<Note>> {
        let (room, limit) = (room.clone(), limit as i64);
        self.pool.answer(async move {
            let db = self.pool.lend().await?;
            let params: row::Params<'_> = &[&room.as_str(), &from, &limit];
            let notes = row::all(&db, shared::NOTES, params, row::note).await;
            db.done(notes)
        })
    }

    fn epoch(&self) -> &str {
        &self.epoch
    }

    fn check(&self) -> Answer<'_, ()> {
        self.pool.answer(probe::write(self))
    }
}

/// One moment of the database for several statements, all sent together.
pub const BEGIN_LOOKING: &str = "begin isolation level repeatable read, read only";

async fn view(
    store: &Store,
    room: RoomId,
    newest: usize,
    since: Option<Since>,
) -> Result<Option<RoomView>, Stop> {
    let db = store.pool.lend().await?;
    let id = room.as_str();
    let newest = i64::try_from(newest).unwrap_or(i64::MAX);
    let since = since.unwrap_or(Since { from: 0, limit: 0 });
    let to = since.from.max(0).saturating_add_unsigned(since.limit as u64);
    // Prepared before they are sent, so that they leave in this order.
    let newest_of = db.prepare_cached(sql::NEWEST).await?;
    let page_of = db.prepare_cached(sql::PAGE_OF).await?;
    let members_of = db.prepare_cached(sql::MEMBERS_OF).await?;
    let missed = async {
        if since.limit == 0 { Ok(Vec::new()) } else { db.query(&page_of, &[&id, &since.from, &to]).await }
    };
    let (here, back): (row::Params<'_>, row::Params<'_>) = (&[&id], &[&id, &newest]);
    let (begun, newest, missed, members, ended) = tokio::join!(
        biased;
        db.batch_execute(BEGIN_LOOKING),
        db.query(&newest_of, back),
        missed,
        db.query(&members_of, here),
        db.batch_execute("commit"),
    );
    begun?;
    let (newest, missed, members) = (newest?, missed?, members?);
    ended?;
    db.give_back();
    let Some(first) = newest.first() else { return Ok(None) };
    Ok(Some(RoomView {
        head: row::head(first, room)?.head,
        newest: messages(&newest, row::AFTER_HEAD)?,
        missed: messages(&missed, 0)?,
        members: members.iter().map(row::member).collect::<Result<_, _>>()?,
    }))
}

fn messages(rows: &[Row], first: usize) -> Result<Vec<Message>, Stop> {
    rows.iter().filter_map(|row| message_if_any(row, first).transpose()).collect()
}

/// None in the one row of a room that has no message there.
fn message_if_any(row: &Row, first: usize) -> Result<Option<Message>, Stop> {
    match row.try_get::<_, Option<i64>>(first)? {
        None => Ok(None),
        Some(_) => row::message_at(row, first).map(Some),
    }
}
