//! Rows of SQLite as things of the domain, in the column order of `sql`.

use nodechat_domain::model::{Member, Message, Name, Note, Person, Reads, Recall, RoomHead, RoomId};
use rusqlite::{Connection, Params, Row};

use super::failure::Stop;
use crate::stored::{self, BodyColumns, NoteColumns, PersonColumns, StoredHead};

/// All rows of a statement.
pub fn all<T>(
    db: &Connection,
    statement: &'static str,
    params: impl Params,
    read: impl Fn(&Row<'_>) -> Result<T, Stop>,
) -> Result<Vec<T>, Stop> {
    let mut statement = db.prepare_cached(statement)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// The only row of a statement, if there is one.
pub fn one<T>(
    db: &Connection,
    statement: &'static str,
    params: impl Params,
    read: impl Fn(&Row<'_>) -> Result<T, Stop>,
) -> Result<Option<T>, Stop> {
    let mut statement = db.prepare_cached(statement)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(read).transpose()
}

/// Changes rows; how many.
pub fn change(db: &Connection, statement: &'static str, params: impl Params) -> Result<usize, Stop> {
    Ok(db.prepare_cached(statement)?.execute(params)?)
}

pub fn number(row: &Row<'_>) -> Result<i64, Stop> {
    Ok(row.get(0)?)
}

/// The head of a room whose id the caller knows.
pub fn head(row: &Row<'_>, id: &RoomId) -> Result<StoredHead, Stop> {
    let head = RoomHead {
        id: id.clone(),
        visitor_nick: name(row, 1)?,
        next_pos: row.get(2)?,
        last_time: row.get(3)?,
        reads: Reads { visitor: row.get(4)?, agent: row.get(5)? },
        consultation: row.get_ref(7)?.as_blob_or_null()?.map(stored::chat_id).transpose()?,
        unanswered: row.get(8)?,
        recalls: row.get(9)?,
        notes: row.get(10)?,
    };
    Ok(StoredHead { number: row.get(0)?, head, in_time_order: row.get(6)? })
}

pub fn member(row: &Row<'_>) -> Result<Member, Stop> {
    Ok(Member {
        side: stored::side(row.get(0)?)?,
        aid: stored::aid(text(row, 1)?)?,
        mid: name(row, 2)?,
        account: name(row, 3)?,
        nick: name(row, 4)?,
    })
}

pub fn message(row: &Row<'_>) -> Result<Message, Stop> {
    let body = BodyColumns {
        kind: row.get(7)?,
        body: text(row, 8)?,
        file: row.get_ref(9)?.as_str_or_null()?,
        size_bytes: row.get(10)?,
        seconds: row.get_ref(11)?.as_str_or_null()?,
    };
    Ok(Message {
        pos: row.get(0)?,
        id: stored::message_id(row.get_ref(1)?.as_blob()?)?,
        sender: stored::sender(row.get(2)?, text(row, 3)?, text(row, 4)?, text(row, 5)?)?,
        time: row.get(6)?,
        body: stored::body(body)?,
        quote: row.get_ref(12)?.as_blob_or_null()?.map(stored::message_id).transpose()?,
    })
}

pub fn recall(row: &Row<'_>) -> Result<Recall, Stop> {
    Ok(stored::recall(row.get(0)?, row.get(1)?, row.get_ref(2)?.as_blob()?)?)
}

pub fn note(row: &Row<'_>) -> Result<Note, Stop> {
    Ok(stored::note(NoteColumns {
        number: row.get(0)?,
        id: row.get_ref(1)?.as_blob()?,
        aid: text(row, 2)?,
        mid: text(row, 3)?,
        nick: text(row, 4)?,
        time: row.get(5)?,
        body: text(row, 6)?,
    })?)
}

pub fn person(row: &Row<'_>) -> Result<Person, Stop> {
    Ok(stored::person(PersonColumns {
        realm: text(row, 0)?,
        side: row.get(1)?,
        aid: text(row, 2)?,
        mid: text(row, 3)?,
        account: text(row, 4)?,
        nick: text(row, 5)?,
        attributes: row.get_ref(6)?.as_str_or_null()?,
    })?)
}

pub fn text<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r str, Stop> {
    Ok(row.get_ref(column)?.as_str()?)
}

fn name(row: &Row<'_>, column: usize) -> Result<Name, Stop> {
    Ok(stored::name(text(row, column)?)?)
}
