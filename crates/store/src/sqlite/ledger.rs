//! One commit on one room: load what the decision wants to know, make the changes it wants.

use nodechat_domain::model::{Member, Message, RoomId, Side};
use nodechat_domain::port::{Change, Decide, Known, Scope, Snapshot};
use rusqlite::{Connection, params};

use super::failure::Stop;
use super::row;
use crate::sql;
use crate::stored::{self, StoredHead, broken, side_number};

pub fn apply(db: &Connection, scope: &Scope, decide: &mut Decide) -> Result<Vec<Change>, Stop> {
    let head = head(db, &scope.room)?;
    let changes = decide(&snapshot(db, scope, head.as_ref())?)?;
    if !changes.is_empty() {
        make(db, &scope.room, head, &changes)?;
    }
    Ok(changes)
}

pub fn head(db: &Connection, room: &RoomId) -> Result<Option<StoredHead>, Stop> {
    row::one(db, sql::HEAD, [room.as_str()], |row| row::head(row, room))
}

pub fn set_head(db: &Connection, room: &StoredHead) -> Result<(), Stop> {
    let head = &room.head;
    let params = params![
        head.visitor_nick.as_str(),
        head.next_pos,
        head.last_time,
        head.reads.visitor,
        head.reads.agent,
        room.in_time_order,
        room.number
    ];
    row::change(db, sql::SET_HEAD, params).map(drop)
}

fn snapshot(db: &Connection, scope: &Scope, head: Option<&StoredHead>) -> Result<Snapshot, Stop> {
    let member = match (head, &scope.member) {
        (Some(room), Some((side, aid))) => {
            row::one(db, sql::MEMBER, params![room.number, side_number(*side), aid.as_str()], row::member)?
        }
        _ => None,
    };
    let adopted = match (head, &scope.member) {
        (None, Some((side, aid))) => {
            let who = params![scope.room.company(), side_number(*side), aid.as_str()];
            row::one(db, sql::IS_ADOPTED, who, row::number)?.is_some()
        }
        _ => false,
    };
    let time_at = match (head, scope.at) {
        (Some(room), Some(pos)) => row::one(db, sql::TIME_AT, [room.number, pos], row::number)?,
        _ => None,
    };
    let known = match scope.id {
        Some(id) => known(db, id.0.as_bytes(), head)?,
        None => None,
    };
    Ok(Snapshot { head: head.map(|room| room.head.clone()), member, known, time_at, adopted })
}

fn known(db: &Connection, id: &[u8; 16], head: Option<&StoredHead>) -> Result<Option<Known>, Stop> {
    let found = row::one(db, sql::KNOWN, [id], |row| Ok((row::message(row)?, row.get::<_, i64>(12)?)))?;
    let Some((message, number)) = found else { return Ok(None) };
    let room = match head {
        // The usual case, a retry.
        Some(room) if room.number == number => room.head.id.clone(),
        _ => {
            let id = row::one(db, sql::ROOM_ID, [number], |row| Ok(RoomId::parse(row::text(row, 0)?)))?;
            id.ok_or_else(|| broken("a message in the database is in no room"))?
                .map_err(stored::unreadable)?
        }
    };
    Ok(Some(Known { room, message }))
}

fn make(db: &Connection, id: &RoomId, mut room: Option<StoredHead>, changes: &[Change]) -> Result<(), Stop> {
    let mut head_moved = false;
    for change in changes {
        if let Change::Opened { visitor_nick, time } = change {
            let params = params![id.as_str(), id.company(), visitor_nick.as_str(), time];
            row::one(db, sql::ADD_ROOM, params, row::number)?;
            room = head(db, id)?;
            continue;
        }
        let room = room.as_mut().ok_or_else(|| broken("a decision changes a room that is not there"))?;
        match change {
            Change::Opened { .. } => {}
            Change::Entered(member) => {
                put_member(db, room.number, member)?;
                room.entered(member);
                head_moved |= member.side == Side::Visitor;
            }
            Change::Said(message) => {
                room.said(message)?;
                add_message(db, room.number, message)?;
                head_moved = true;
            }
            Change::Read { side, pos, .. } => {
                room.read(*side, *pos);
                head_moved = true;
            }
        }
    }
    match room {
        Some(room) if head_moved => set_head(db, &room),
        _ => Ok(()),
    }
}

pub fn put_member(db: &Connection, room: i64, member: &Member) -> Result<(), Stop> {
    let params = params![
        room,
        side_number(member.side),
        member.aid.as_str(),
        member.mid.as_str(),
        member.account.as_str(),
        member.nick.as_str()
    ];
    row::change(db, sql::PUT_MEMBER, params).map(drop)
}

fn add_message(db: &Connection, room: i64, message: &Message) -> Result<(), Stop> {
    let body = stored::body_columns(&message.body);
    let sender = &message.sender;
    let params = params![
        room,
        message.pos,
        message.id.0.as_bytes(),
        side_number(sender.side),
        sender.aid.as_str(),
        sender.mid.as_str(),
        sender.nick.as_str(),
        message.time,
        body.kind,
        body.body,
        body.file,
        body.size_bytes,
        body.seconds
    ];
    row::change(db, sql::ADD_MESSAGE, params).map(drop)
}
