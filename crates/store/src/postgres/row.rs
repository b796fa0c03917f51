//! Rows of PostgreSQL as things of the domain, in the column order of the statements.

use nodechat_domain::model::{
    Member, Message, MessageId, Name, Note, Person, Reads, Recall, RoomHead, RoomId,
};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::connect::Db;
use super::failure::Stop;
use crate::stored::{self, BodyColumns, NoteColumns, PersonColumns, StoredHead};

pub type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// All rows of a statement.
pub async fn all<T>(
    db: &Db,
    statement: &str,
    params: Params<'_>,
    read: impl Fn(&Row) -> Result<T, Stop>,
) -> Result<Vec<T>, Stop> {
    let statement = db.prepare_cached(statement).await?;
    db.query(&statement, params).await?.iter().map(read).collect()
}

/// The first row of a statement, if there is one.
pub async fn one<T>(
    db: &Db,
    statement: &str,
    params: Params<'_>,
    read: impl Fn(&Row) -> Result<T, Stop>,
) -> Result<Option<T>, Stop> {
    let statement = db.prepare_cached(statement).await?;
    db.query(&statement, params).await?.first().map(read).transpose()
}

/// Changes rows; how many.
pub async fn change(db: &Db, statement: &str, params: Params<'_>) -> Result<u64, Stop> {
    let statement = db.prepare_cached(statement).await?;
    Ok(db.execute(&statement, params).await?)
}

pub fn number(row: &Row) -> Result<i64, Stop> {
    Ok(row.try_get(0)?)
}

/// The first column behind those of a head.
pub const AFTER_HEAD: usize = 11;

/// The head of a room whose id the caller knows.
pub fn head(row: &Row, id: RoomId) -> Result<StoredHead, Stop> {
    let head = RoomHead {
        id,
        visitor_nick: name(row, 1)?,
        next_pos: row.try_get(2)?,
        last_time: row.try_get(3)?,
        reads: Reads { visitor: row.try_get(4)?, agent: row.try_get(5)? },
        consultation: row.try_get::<_, Option<&[u8]>>(7)?.map(stored::chat_id).transpose()?,
        unanswered: row.try_get::<_, i64>(8)? != 0,
        recalls: row.try_get(9)?,
        notes: row.try_get(10)?,
    };
    Ok(StoredHead { number: row.try_get(0)?, head, in_time_order: row.try_get::<_, i64>(6)? != 0 })
}

pub fn member(row: &Row) -> Result<Member, Stop> {
    Ok(Member {
        side: stored::side(row.try_get(0)?)?,
        aid: stored::aid(row.try_get(1)?)?,
        mid: name(row, 2)?,
        account: name(row, 3)?,
        nick: name(row, 4)?,
    })
}

pub fn message(row: &Row) -> Result<Message, Stop> {
    message_at(row, 0)
}

/// A message whose first column is `first`.
pub fn message_at(row: &Row, first: usize) -> Result<Message, Stop> {
    let body = BodyColumns {
        kind: row.try_get(first + 7)?,
        body: row.try_get(first + 8)?,
        file: row.try_get(first + 9)?,
        size_bytes: row.try_get(first + 10)?,
        seconds: row.try_get(first + 11)?,
    };
    Ok(Message {
        pos: row.try_get(first)?,
        id: MessageId(row.try_get::<_, Uuid>(first + 1)?),
        sender: stored::sender(
            row.try_get(first + 2)?,
            row.try_get(first + 3)?,
            row.try_get(first + 4)?,
            row.try_get(first + 5)?,
        )?,
        time: row.try_get(first + 6)?,
        body: stored::body(body)?,
        quote: row.try_get::<_, Option<&[u8]>>(first + 12)?.map(stored::message_id).transpose()?,
    })
}

pub fn recall(row: &Row) -> Result<Recall, Stop> {
    Ok(stored::recall(row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)?)
}

pub fn note(row: &Row) -> Result<Note, Stop> {
    Ok(stored::note(NoteColumns {
        number: row.try_get(0)?,
        id: row.try_get(1)?,
        aid: row.try_get(2)?,
        mid: row.try_get(3)?,
        nick: row.try_get(4)?,
        time: row.try_get(5)?,
        body: row.try_get(6)?,
    })?)
}

pub fn person(row: &Row) -> Result<Person, Stop> {
    Ok(stored::person(PersonColumns {
        realm: row.try_get(0)?,
        side: row.try_get(1)?,
        aid: row.try_get(2)?,
        mid: row.try_get(3)?,
        account: row.try_get(4)?,
        nick: row.try_get(5)?,
        attributes: row.try_get(6)?,
    })?)
}

pub fn room_id(row: &Row, column: usize) -> Result<RoomId, Stop> {
    Ok(RoomId::parse(row.try_get(column)?).map_err(stored::unreadable)?)
}

fn name(row: &Row, column: usize) -> Result<Name, Stop> {
    Ok(stored::name(row.try_get(column)?)?)
}
