//! Filling the index: a few messages of some rooms in one transaction. They are fresh until they are made into a part.

use std::collections::BTreeMap;

use nodechat_domain::model::{Body, CompanyId, Indexed, Position, RoomId, Time};
use sha2::{Digest, Sha256};

use super::look::mark_of;
use super::parts::{MORE_GONE, body, listed};
use crate::book::{Row, Stop, Tx};
use crate::stored;
use crate::value::Value;

/// Messages of one transaction, about: so that nobody waits long behind it.
const PIECE: i64 = 200;

/// A message gets the first free number of this many.
const NEIGHBOURS: i64 = 64;

/// What a piece has done, and a room of each company that it was at.
#[derive(Default)]
pub struct Filled {
    pub done: Indexed,
    pub companies: BTreeMap<CompanyId, RoomId>,
}

/// Of how many messages each part holds words that are theirs no longer.
type Gone = BTreeMap<i64, i64>;

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

pub async fn index(tx: &Tx<'_>, rooms: &[RoomId]) -> Result<Filled, Stop> {
    // Everywhere in the same order: whoever is at the same rooms waits instead of being waited for.
    let mut rooms: Vec<&RoomId> = rooms.iter().collect();
    rooms.sort();
    rooms.dedup();
    let (mut filled, mut gone, mut left) = (Filled::default(), Gone::new(), PIECE);
    for id in rooms {
        if left <= 0 || !index_room(tx, id, &mut left, &mut filled, &mut gone).await? {
            filled.done.unfinished.push(id.clone());
        }
    }
    for (part, count) in gone {
        tx.change(MORE_GONE, &[count.into(), part.into()]).await?;
    }
    Ok(filled)
}

/// Whether the room is indexed up to its end.
async fn index_room(
    tx: &Tx<'_>,
    id: &RoomId,
    left: &mut i64,
    filled: &mut Filled,
    gone: &mut Gone,
) -> Result<bool, Stop> {
    let Some(row) = tx.row(ROOM, &[id.as_str().into()]).await? else { return Ok(true) };
    let room = Room {
        number: row.number(0)?,
        company: row.company(1)?,
        next_pos: row.number(2)?,
        recalls: row.number(3)?,
        erased: row.number(4)?,
        rewrites: row.number(5)?,
    };
    filled.companies.entry(room.company.clone()).or_insert_with(|| id.clone());
    let mut cursor = cursor(tx, &room).await?;
    if cursor.rewrites != room.rewrites || cursor.indexed > room.next_pos {
        // Who said what is another now: each message takes the place of itself.
        cursor = Cursor { indexed: room.erased, recalls: 0, erased: 0, rewrites: room.rewrites };
    }
    while cursor.erased < room.erased && *left > 0 {
        let to = room.erased.min(cursor.erased + *left);
        take_out(tx, &room, cursor.erased, to, gone).await?;
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
            take_out(tx, &room, pos, pos + 1, gone).await?;
            cursor.recalls += 1;
            *left -= 1;
        }
    }
    if *left > 0 && cursor.indexed < room.next_pos {
        let to = room.next_pos.min(cursor.indexed + *left);
        let rows = tx.rows(MESSAGES, &[room.number.into(), cursor.indexed.into(), to.into()]).await?;
        put_in(tx, &room, &rows, gone).await?;
        *left -= to - cursor.indexed;
        filled.done.messages += rows.len() as u64;
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

async fn put_in(tx: &Tx<'_>, room: &Room, rows: &[Row], gone: &mut Gone) -> Result<(), Stop> {
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let (pos, time): (Position, Time) = (row.number(0)?, row.number(1)?);
        if body(row, 2)? == Body::Recalled {
            take_out_one(tx, room, pos, time, gone).await?;
        } else {
            entries.push((first_doc(room.number, pos, time), pos));
        }
    }
    // The index is quickest when it is written in its own order.
    entries.sort_unstable();
    for (doc, pos) in new_ones_put_in(tx, room, entries).await? {
        put_in_one(tx, room, doc, pos, gone).await?;
    }
    Ok(())
}

/// Those of which the number is taken are left.
async fn new_ones_put_in(
    tx: &Tx<'_>,
    room: &Room,
    entries: Vec<(i64, Position)>,
) -> Result<Vec<(i64, Position)>, Stop> {
    let mut taken = Vec::new();
    match tx {
        Tx::Sqlite(_) => {
            for (doc, pos) in entries {
                if tx.change(ADD, &place(room, doc, pos)).await? == 0 {
                    taken.push((doc, pos));
                }
            }
        }
        Tx::Postgres(_) => {
            let (docs, all) = entries.iter().copied().unzip::<_, _, Vec<_>, Vec<_>>();
            let [company, _, number, _] = place(room, 0, 0);
            let added = tx.rows(postgres::ADD_ALL, &[company, number, listed(docs), listed(all)]).await?;
            let added = added.iter().map(|row| row.number(0)).collect::<Result<Vec<_>, _>>()?;
            taken.extend(entries.into_iter().filter(|(_, pos)| !added.contains(pos)));
        }
    }
    Ok(taken)
}

/// A message that has a place is fresh again: what is said of it may be another now.
async fn put_in_one(
    tx: &Tx<'_>,
    room: &Room,
    first: i64,
    pos: Position,
    gone: &mut Gone,
) -> Result<(), Stop> {
    if let Some(row) = tx.row(OURS, &span(room, first, pos)).await? {
        if let Some(part) = row.maybe_number(1)? {
            tx.change(RELEASE, &[room.company.as_str().into(), row.number(0)?.into()]).await?;
            *gone.entry(part).or_default() += 1;
        }
        return Ok(());
    }
    for doc in first..first + NEIGHBOURS {
        if tx.change(ADD, &place(room, doc, pos)).await? > 0 {
            return Ok(());
        }
    }
    // Nobody says so much in one moment; a message that is not found is better than a room that is never indexed.
    tracing::warn!(room = room.number, pos, "a message found no place in the index");
    Ok(())
}

async fn take_out(
    tx: &Tx<'_>,
    room: &Room,
    from: Position,
    to: Position,
    gone: &mut Gone,
) -> Result<(), Stop> {
    for row in tx.rows(TIMES, &[room.number.into(), from.into(), to.into()]).await? {
        take_out_one(tx, room, row.number(0)?, row.number(1)?, gone).await?;
    }
    Ok(())
}

async fn take_out_one(
    tx: &Tx<'_>,
    room: &Room,
    pos: Position,
    time: Time,
    gone: &mut Gone,
) -> Result<(), Stop> {
    for row in tx.rows(DROP, &span(room, first_doc(room.number, pos, time), pos)).await? {
        if let Some(part) = row.maybe_number(0)? {
            *gone.entry(part).or_default() += 1;
        }
    }
    Ok(())
}

fn place(room: &Room, doc: i64, pos: Position) -> [Value; 4] {
    [room.company.as_str().into(), doc.into(), room.number.into(), pos.into()]
}

/// All numbers that this message may have.
fn span(room: &Room, first: i64, pos: Position) -> [Value; 5] {
    [room.company.as_str().into(), first.into(), (first + NEIGHBOURS).into(), room.number.into(), pos.into()]
}

/// By time, then by chance; the same for the same message.
fn first_doc(room: i64, pos: Position, time: Time) -> i64 {
    let hash = Sha256::digest([room.to_be_bytes(), pos.to_be_bytes()].concat());
    let chance = i64::from(hash[0]) << 12 | i64::from(hash[1]) << 4 | i64::from(hash[2] & 15);
    mark_of(time) + chance.min((1 << 20) - 1 - NEIGHBOURS)
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
const MESSAGES: &str = "select pos, time, kind, body, file, size_bytes, seconds
    from message where room = $1 and pos >= $2 and pos < $3 order by pos";
const TIMES: &str = "select pos, time from message where room = $1 and pos >= $2 and pos < $3 order by pos";
const ADD: &str = "insert into search (company, doc, room, pos) values ($1, $2, $3, $4)
    on conflict (company, doc) do nothing";
const OURS: &str = "select doc, part from search
    where company = $1 and doc >= $2 and doc < $3 and room = $4 and pos = $5";
const RELEASE: &str = "update search set part = null where company = $1 and doc = $2";
const DROP: &str = "delete from search
    where company = $1 and doc >= $2 and doc < $3 and room = $4 and pos = $5 returning part";

mod postgres {
    pub const ADD_ALL: &str = "insert into search (company, doc, room, pos)
        select cast($1 as text), one.doc, cast($2 as bigint), one.pos from unnest(
            cast(string_to_array($3, ',') as bigint[]), cast(string_to_array($4, ',') as bigint[])
        ) as one (doc, pos)
        on conflict (company, doc) do nothing returning pos";
}
