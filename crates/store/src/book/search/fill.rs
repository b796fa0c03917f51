//! Filling the index: a few messages of some rooms in one transaction.

use nodechat_domain::model::{AccountId, Body, CompanyId, Indexed, Position, RoomId, Time};
use sha2::{Digest, Sha256};

use super::terms::Prefix;
use crate::book::{Row, Stop, Tx};
use crate::stored::{self, BodyColumns};
use crate::value::Value;

/// Messages of one transaction, about: so that nobody waits long behind it.
const PIECE: i64 = 200;

/// A message gets the first free number of this many.
const NEIGHBOURS: i64 = 64;

struct Cursor {
    indexed: Position,
    recalls: i64,
    erased: Position,
    rewrites: i64,
}

struct Room {
    number: i64,
    company: CompanyId,
    next_pos: Position,
    recalls: i64,
    erased: Position,
    rewrites: i64,
}

/// A message on its way into the index.
struct Entry {
    doc: i64,
    pos: Position,
    line: String,
}

pub async fn index(tx: &Tx<'_>, rooms: &[RoomId]) -> Result<Indexed, Stop> {
    // Everywhere in the same order: whoever is at the same rooms waits instead of being waited for.
    let mut rooms: Vec<&RoomId> = rooms.iter().collect();
    rooms.sort();
    rooms.dedup();
    let (mut done, mut left) = (Indexed::default(), PIECE);
    for id in rooms {
        if left <= 0 || !index_room(tx, id, &mut left, &mut done.messages).await? {
            done.unfinished.push(id.clone());
        }
    }
    Ok(done)
}

/// Whether the room is indexed up to its end.
async fn index_room(tx: &Tx<'_>, id: &RoomId, left: &mut i64, count: &mut u64) -> Result<bool, Stop> {
    let Some(row) = tx.row(ROOM, &[id.as_str().into()]).await? else { return Ok(true) };
    let room = Room {
        number: row.number(0)?,
        company: row.company(1)?,
        next_pos: row.number(2)?,
        recalls: row.number(3)?,
        erased: row.number(4)?,
        rewrites: row.number(5)?,
    };
    let mut cursor = cursor(tx, &room).await?;
    if cursor.rewrites != room.rewrites || cursor.indexed > room.next_pos {
        // Who said what is another now: each message takes the place of itself.
        cursor = Cursor { indexed: room.erased, recalls: 0, erased: 0, rewrites: room.rewrites };
    }
    let prefix = Prefix::of(&room.company);
    while cursor.erased < room.erased && *left > 0 {
        let to = room.erased.min(cursor.erased + *left);
        take_out(tx, &room, cursor.erased, to).await?;
        *left -= to - cursor.erased;
        cursor.erased = to;
    }
    while cursor.recalls < room.recalls && *left > 0 {
        let recalls = tx.rows(RECALLED, &[room.number.into(), cursor.recalls.into(), (*left).into()]).await?;
        if recalls.is_empty() {
            cursor.recalls = room.recalls;
        }
        for recall in &recalls {
            let pos = recall.number(0)?;
            take_out(tx, &room, pos, pos + 1).await?;
            cursor.recalls += 1;
            *left -= 1;
        }
    }
    if *left > 0 && cursor.indexed < room.next_pos {
        let to = room.next_pos.min(cursor.indexed + *left);
        let rows = tx.rows(MESSAGES, &[room.number.into(), cursor.indexed.into(), to.into()]).await?;
        put_in(tx, &room, &prefix, &rows).await?;
        *left -= to - cursor.indexed;
        *count += rows.len() as u64;
        cursor.indexed = to;
    }
    let kept = [
        cursor.indexed.into(),
        cursor.recalls.into(),
        cursor.erased.into(),
        cursor.rewrites.into(),
        room.number.into(),
    ];
    tx.change(KEEP, &kept).await?;
    let same = cursor.recalls == room.recalls && cursor.erased == room.erased;
    Ok(same && cursor.indexed == room.next_pos)
}

/// Behind a lock of this room's index.
async fn cursor(tx: &Tx<'_>, room: &Room) -> Result<Cursor, Stop> {
    let fresh = [room.number.into(), room.rewrites.into()];
    let row = tx.row(CURSOR, &fresh).await?;
    let row = row.ok_or_else(|| stored::broken("a row that was just written is not there"))?;
    Ok(Cursor {
        indexed: row.number(0)?,
        recalls: row.number(1)?,
        erased: row.number(2)?,
        rewrites: row.number(3)?,
    })
}

async fn put_in(tx: &Tx<'_>, room: &Room, prefix: &Prefix, rows: &[Row]) -> Result<(), Stop> {
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let (pos, time): (Position, Time) = (row.number(0)?, row.number(1)?);
        let sender: (_, AccountId) = (stored::side(row.number(2)?)?, row.aid(3)?);
        let body = body(row)?;
        if body == Body::Recalled {
            take_out_one(tx, room, pos, time).await?;
            continue;
        }
        let line = prefix.line(room.number, (sender.0, &sender.1), &body);
        entries.push(Entry { doc: first_doc(room.number, pos, time), pos, line });
    }
    // The index is quickest when it is written in its own order.
    entries.sort_unstable_by_key(|entry| entry.doc);
    for entry in entries {
        put_in_one(tx, room, entry).await?;
    }
    Ok(())
}

fn body(row: &Row) -> Result<Body, Stop> {
    let columns = BodyColumns {
        kind: row.number(4)?,
        body: row.text(5)?,
        file: row.maybe_text(6)?,
        size_bytes: row.maybe_number(7)?,
        seconds: row.maybe_text(8)?,
    };
    Ok(stored::body(columns)?)
}

async fn put_in_one(tx: &Tx<'_>, room: &Room, entry: Entry) -> Result<(), Stop> {
    let company = || Value::from(room.company.as_str());
    for doc in entry.doc..entry.doc + NEIGHBOURS {
        let place = || [company(), doc.into(), room.number.into(), entry.pos.into()];
        match tx {
            Tx::Sqlite(_) => {
                let taken = tx.change(sqlite::ADD, &place()).await? == 0;
                if taken && tx.row(sqlite::IS_OURS, &place()).await?.is_none() {
                    continue;
                }
                if taken {
                    tx.change(sqlite::DROP_TERMS, &[doc.into()]).await?;
                }
                tx.change(sqlite::ADD_TERMS, &[doc.into(), entry.line.into()]).await?;
            }
            Tx::Postgres(_) => {
                let [company, doc, room, pos] = place();
                let row = [company, doc, room, pos, entry.line.as_str().into()];
                if tx.change(postgres::ADD, &row).await? == 0 {
                    continue;
                }
            }
        }
        return Ok(());
    }
    // Nobody says so much in one moment; a message that is not found is better than a room that is never indexed.
    tracing::warn!(room = room.number, pos = entry.pos, "a message found no place in the index");
    Ok(())
}

async fn take_out(tx: &Tx<'_>, room: &Room, from: Position, to: Position) -> Result<(), Stop> {
    for row in tx.rows(TIMES, &[room.number.into(), from.into(), to.into()]).await? {
        take_out_one(tx, room, row.number(0)?, row.number(1)?).await?;
    }
    Ok(())
}

async fn take_out_one(tx: &Tx<'_>, room: &Room, pos: Position, time: Time) -> Result<(), Stop> {
    let first = first_doc(room.number, pos, time);
    let span = [
        room.company.as_str().into(),
        first.into(),
        (first + NEIGHBOURS).into(),
        room.number.into(),
        pos.into(),
    ];
    match tx {
        Tx::Sqlite(_) => {
            for row in tx.rows(sqlite::DROP, &span).await? {
                tx.change(sqlite::DROP_TERMS, &[row.number(0)?.into()]).await?;
            }
        }
        Tx::Postgres(_) => {
            tx.change(postgres::DROP, &span).await?;
        }
    }
    Ok(())
}

/// By time, then by chance; the same for the same message.
fn first_doc(room: i64, pos: Position, time: Time) -> i64 {
    let hash = Sha256::digest([room.to_be_bytes(), pos.to_be_bytes()].concat());
    let chance = i64::from(hash[0]) << 12 | i64::from(hash[1]) << 4 | i64::from(hash[2] & 15);
    super::look::mark_of(time) + chance.min((1 << 20) - 1 - NEIGHBOURS)
}

// Unique and primary keys.
const ROOM: &str = "select number, company, next_pos, recalls, erased, rewrites from room where id = $1";
const CURSOR: &str = "insert into search_room (room, indexed, recalls, erased, rewrites)
    values ($1, 0, 0, 0, $2)
    on conflict (room) do update set indexed = search_room.indexed
    returning indexed, recalls, erased, rewrites";
const KEEP: &str = "update search_room set indexed = $1, recalls = $2, erased = $3, rewrites = $4
    where room = $5";
const RECALLED: &str = "select pos from recall where room = $1 and number >= $2 order by number limit $3";
const MESSAGES: &str = "select pos, time, side, aid, kind, body, file, size_bytes, seconds
    from message where room = $1 and pos >= $2 and pos < $3 order by pos";
const TIMES: &str = "select pos, time from message where room = $1 and pos >= $2 and pos < $3 order by pos";

mod sqlite {
    pub const ADD: &str = "insert into search (company, doc, room, pos) values ($1, $2, $3, $4)
        on conflict (doc) do nothing";
    pub const IS_OURS: &str = "select 1 from search
        where company = $1 and doc = $2 and room = $3 and pos = $4";
    pub const ADD_TERMS: &str = "insert into search_term (rowid, terms) values ($1, $2)";
    pub const DROP_TERMS: &str = "delete from search_term where rowid = $1";
    pub const DROP: &str = "delete from search
        where company = $1 and doc >= $2 and doc < $3 and room = $4 and pos = $5 returning doc";
}

mod postgres {
    /// The same message takes the place of itself; another one's place stays taken.
    pub const ADD: &str = "insert into search (company, doc, room, pos, terms)
        values ($1, $2, $3, $4, array_to_tsvector(string_to_array(cast($5 as text), ' ')))
        on conflict (company, doc) do update set terms = excluded.terms
        where search.room = excluded.room and search.pos = excluded.pos";
    pub const DROP: &str = "delete from search
        where company = $1 and doc >= $2 and doc < $3 and room = $4 and pos = $5";
}
