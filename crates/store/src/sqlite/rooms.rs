//! `Rooms`: the one write verb and the looks into a room.

use nodechat_domain::model::{Message, Note, Position, Recall, RoomHead, RoomId, RoomView};
use nodechat_domain::port::{Answer, Decide, HistoryQuery, Rooms, Scope, Since};
use rusqlite::{Connection, params};

use super::failure::Stop;
use super::writer::Written;
use super::{Store, history, ledger, probe, row};
use crate::sql;

impl Rooms for Store {
    fn apply(&self, scope: Scope, mut decide: Decide) -> Answer<'_, ()> {
        self.writer.write(move |db| {
            let changes = ledger::apply(db, &scope, &mut decide)?;
            Ok(Written { answer: (), news: Some((scope.room.clone(), changes)) })
        })
    }

    fn view(&self, room: &RoomId, newest: usize, since: Option<Since>) -> Answer<'_, Option<RoomView>> {
        let room = room.clone();
        self.readers.read(move |db| view(db, &room, newest, since))
    }

    fn page(&self, room: &RoomId, from: Position, to: Position) -> Answer<'_, Option<Vec<Message>>> {
        let room = room.clone();
        self.readers.read(move |db| {
            let Some(room) = ledger::head(db, &room)? else { return Ok(None) };
            messages(db, room.number, from, to).map(Some)
        })
    }

    fn heads(&self, rooms: &[RoomId]) -> Answer<'_, Vec<RoomHead>> {
        let rooms = rooms.to_vec();
        self.readers.read(move |db| {
            let heads = rooms.iter().filter_map(|room| ledger::head(db, room).transpose());
            heads.map(|found| found.map(|found| found.head)).collect()
        })
    }

    fn history(&self, query: HistoryQuery) -> Answer<'_, Vec<Message>> {
        self.readers.read(move |db| history::look(db, &query))
    }

    fn recalls(&self, room: &RoomId, from: i64, limit: usize) -> Answer<'_, Vec<Recall>> {
        let room = room.clone();
        self.readers.read(move |db| {
            row::all(db, sql::RECALLS, params![room.as_str(), from, limit as i64], row::recall)
        })
    }

    fn notes(&self, room: &RoomId, from: i64, limit: usize) -> Answer<'_, Vec<Note>> {
        let room = room.clone();
        self.readers
            .read(move |db| row::all(db, sql::NOTES, params![room.as_str(), from, limit as i64], row::note))
    }

    fn epoch(&self) -> &str {
        &self.epoch
    }

    fn check(&self) -> Answer<'_, ()> {
        Box::pin(probe::write(self))
    }
}

fn view(
    db: &Connection,
    room: &RoomId,
    newest: usize,
    since: Option<Since>,
) -> Result<Option<RoomView>, Stop> {
    let Some(room) = ledger::head(db, room)? else { return Ok(None) };
    let end = room.head.next_pos;
    let newest = messages(db, room.number, end.saturating_sub_unsigned(newest as u64), end)?;
    let missed = match since {
        Some(Since { from, limit }) => {
            messages(db, room.number, from, from.max(0).saturating_add_unsigned(limit as u64).min(end))?
        }
        None => Vec::new(),
    };
    let members = row::all(db, sql::MEMBERS, [room.number], row::member)?;
    Ok(Some(RoomView { head: room.head, members, newest, missed }))
}

fn messages(db: &Connection, room: i64, from: Position, to: Position) -> Result<Vec<Message>, Stop> {
    row::all(db, sql::PAGE, params![room, from, to], row::message)
}
