//! One commit on one room: load what the decision wants to know, make the changes it wants.

use nodechat_domain::model::{Member, Message, Note, RoomId, Side};
use nodechat_domain::port::{Change, Decide, Known, Noted, Scope, Snapshot};
use rusqlite::{Connection, params};

use super::failure::Stop;
use super::row;
use crate::book::outbox;
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

pub fn set_aside(db: &Connection, room: &StoredHead) -> Result<(), Stop> {
    let head = &room.head;
    let consultation = head.consultation.map(|id| id.0.into_bytes());
    let params = params![consultation, head.unanswered, head.recalls, head.notes, room.number];
    row::change(db, sql::SET_ASIDE, params).map(drop)
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
    let quoted = match (head, scope.quote) {
        (Some(room), Some(id)) => {
            row::one(db, sql::IS_IN_ROOM, params![id.0.as_bytes(), room.number], row::number)?.is_some()
        }
        _ => false,
    };
    let noted = match scope.note {
        Some(id) => noted(db, id.0.as_bytes(), head)?,
        None => None,
    };
    Ok(Snapshot { head: head.map(|room| room.head.clone()), member, known, time_at, quoted, noted, adopted })
}

fn known(db: &Connection, id: &[u8; 16], head: Option<&StoredHead>) -> Result<Option<Known>, Stop> {
    let found = row::one(db, sql::KNOWN, [id], |row| Ok((row::message(row)?, row.get::<_, i64>(13)?)))?;
    let Some((message, number)) = found else { return Ok(None) };
    Ok(Some(Known { room: room_of(db, number, head)?, message }))
}

fn noted(db: &Connection, id: &[u8; 16], head: Option<&StoredHead>) -> Result<Option<Noted>, Stop> {
    let found = row::one(db, sql::NOTED, [id], |row| Ok((row::note(row)?, row.get::<_, i64>(7)?)))?;
    let Some((note, number)) = found else { return Ok(None) };
    Ok(Some(Noted { room: room_of(db, number, head)?, note }))
}

fn room_of(db: &Connection, number: i64, head: Option<&StoredHead>) -> Result<RoomId, Stop> {
    match head {
        // The usual case, a retry.
        Some(room) if room.number == number => Ok(room.head.id.clone()),
        _ => {
            let id = row::one(db, sql::ROOM_ID, [number], |row| Ok(RoomId::parse(row::text(row, 0)?)))?;
            let id = id.ok_or_else(|| broken("a message in the database is in no room"))?;
            Ok(id.map_err(stored::unreadable)?)
        }
    }
}

fn make(db: &Connection, id: &RoomId, mut room: Option<StoredHead>, changes: &[Change]) -> Result<(), Stop> {
    let (mut head_moved, mut aside_moved) = (false, false);
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
                tell_webhooks(db, id, message)?;
                head_moved = true;
            }
            Change::Read { side, pos, .. } => {
                room.read(*side, *pos);
                head_moved = true;
            }
            Change::Answered { .. } => {
                room.answered();
                aside_moved = true;
            }
            Change::Recalled(recall) => {
                room.recalled(recall)?;
                row::change(db, sql::EMPTY_MESSAGE, [room.number, recall.pos])?;
                let params = params![room.number, recall.number, recall.pos, recall.id.0.as_bytes()];
                row::change(db, sql::ADD_RECALL, params)?;
                aside_moved = true;
            }
            Change::Noted(note) => {
                room.noted(note)?;
                add_note(db, room.number, note)?;
                aside_moved = true;
            }
        }
    }
    let Some(room) = room else { return Ok(()) };
    if head_moved {
        set_head(db, &room)?;
    }
    if aside_moved {
        set_aside(db, &room)?;
    }
    Ok(())
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
        body.seconds,
        message.quote.map(|id| id.0.into_bytes())
    ];
    row::change(db, sql::ADD_MESSAGE, params).map(drop)
}

fn tell_webhooks(db: &Connection, room: &RoomId, message: &Message) -> Result<(), Stop> {
    if row::one(db, outbox::HEARS_MESSAGES, [room.company()], row::number)?.is_none() {
        return Ok(());
    }
    let params = params![message.id.0.as_bytes(), room.as_str(), message.time, message.pos, room.company()];
    row::change(db, outbox::TELL_MESSAGE, params).map(drop)
}

fn add_note(db: &Connection, room: i64, note: &Note) -> Result<(), Stop> {
    let author = &note.author;
    let params = params![
        room,
        note.number,
        note.id.0.as_bytes(),
        author.aid.as_str(),
        author.mid.as_str(),
        author.nick.as_str(),
        note.time,
        note.text.as_str()
    ];
    row::change(db, sql::ADD_NOTE, params).map(drop)
}
