//! An anonymous visitor turns out to be somebody: its room and its words become theirs.

use nodechat_domain::model::{CompanyId, Hash, Member, Person, Realm, RoomId, Side};
use nodechat_domain::port::Adoption;
use rusqlite::{Connection, params};

use super::credentials::{end_credentials, put_person};
use super::failure::Stop;
use super::ledger::{head, put_member, set_aside, set_head};
use super::row;
use crate::sql;
use crate::stored::{StoredHead, broken, side_number};

/// Who is known by a secret.
pub struct Visitor {
    pub person: Person,
    pub number: i64,
    /// The number of the named person it turned out to be.
    pub adopted_by: Option<i64>,
}

pub fn visitor(db: &Connection, secret: Hash) -> Result<Option<Visitor>, Stop> {
    row::one(db, sql::VISITOR, [secret.0], |row| {
        Ok(Visitor { person: row::person(row)?, number: row.get(7)?, adopted_by: row.get(8)? })
    })
}

pub fn adopt(db: &Connection, secret: Hash, company: &CompanyId, named: &Person) -> Result<Adoption, Stop> {
    let realm = Realm::Company(company.clone());
    let Some(visitor) = visitor(db, secret)? else { return Ok(Adoption::Refused) };
    if visitor.person.realm != realm || named.realm != realm || named.side != Side::Visitor {
        return Ok(Adoption::Refused);
    }
    if let Some(adopter) = visitor.adopted_by {
        let same = named_number(db, named)? == Some(adopter);
        return Ok(if same { Adoption::Already } else { Adoption::Refused });
    }
    let former = visitor.person;
    row::change(db, sql::CHANGE_DESK, [company.as_str()])?;
    end_credentials(db, &former)?;
    let adopter = put_person(db, named)?;
    // All its secrets, should it have several.
    row::change(db, sql::ADOPT_VISITOR, [adopter, visitor.number])?;
    if !former.is(named) {
        take_over(db, &former, company, named)?;
    }
    Ok(Adoption::Done(former))
}

fn named_number(db: &Connection, named: &Person) -> Result<Option<i64>, Stop> {
    let who = params![crate::stored::realm_text(&named.realm), side_number(named.side), named.aid.as_str()];
    row::one(db, sql::PERSON_NUMBER, who, row::number)
}

/// The former person's room becomes the named person's.
fn take_over(db: &Connection, former: &Person, company: &CompanyId, named: &Person) -> Result<(), Stop> {
    let Some(old) = head(db, &RoomId::between(&former.aid, company))? else { return Ok(()) };
    let new_id = RoomId::between(&named.aid, company);
    match head(db, &new_id)? {
        None => rename(db, old, &new_id, former, named),
        Some(new) => append(db, old, new, former, named),
    }
}

fn rename(
    db: &Connection,
    mut room: StoredHead,
    id: &RoomId,
    former: &Person,
    named: &Person,
) -> Result<(), Stop> {
    row::change(db, sql::RENAME_ROOM, params![id.as_str(), room.number])?;
    room.head.visitor_nick = named.nick.clone();
    set_head(db, &room)?;
    row::change(db, sql::REWRITTEN, [room.number])?;
    rename_member(db, room.number, former, named)?;
    sign_anew(db, room.number, 0, former, named)
}

fn append(
    db: &Connection,
    old: StoredHead,
    mut new: StoredHead,
    former: &Person,
    named: &Person,
) -> Result<(), Stop> {
    let shift = new.head.next_pos;
    if old.head.next_pos > 0 {
        let first_time = row::one(db, sql::TIME_AT, [old.number, 0], row::number)?;
        let first_time = first_time.ok_or_else(|| broken("a room in the database has no first message"))?;
        row::change(db, sql::MOVE_MESSAGES, [new.number, shift, old.number])?;
        new.append(&old, first_time);
        set_head(db, &new)?;
        sign_anew(db, new.number, shift, former, named)?;
    }
    row::change(db, sql::MOVE_RECALLS, [new.number, new.head.recalls, shift, old.number])?;
    row::change(db, sql::MOVE_NOTES, [new.number, new.head.notes, old.number])?;
    new.append_aside(&old);
    set_aside(db, &new)?;
    row::change(db, sql::REWRITTEN, [new.number])?;
    row::change(db, sql::MOVE_LEFT_MESSAGES, params![shift, old.head.id.company(), old.number])?;
    row::change(db, sql::MOVE_CONSULTATIONS, params![new.number, old.head.id.company(), old.number])?;
    rename_member(db, old.number, former, named)?;
    row::change(db, sql::COPY_MEMBERS, [new.number, old.number])?;
    row::change(db, sql::DROP_MEMBERS, [old.number])?;
    row::change(db, sql::DROP_ROOM, [old.number])?;
    row::change(db, sql::UNINDEX_ROOM, [old.number])?;
    Ok(())
}

fn rename_member(db: &Connection, room: i64, former: &Person, named: &Person) -> Result<(), Stop> {
    let side = side_number(Side::Visitor);
    match row::change(db, sql::DROP_MEMBER, params![room, side, former.aid.as_str()])? {
        0 => Ok(()),
        _ => put_member(db, room, &Member::from(named)),
    }
}

fn sign_anew(db: &Connection, room: i64, from: i64, former: &Person, named: &Person) -> Result<(), Stop> {
    let params = params![
        named.aid.as_str(),
        named.mid.as_str(),
        named.nick.as_str(),
        room,
        from,
        side_number(Side::Visitor),
        former.aid.as_str()
    ];
    row::change(db, sql::RESIGN_MESSAGES, params).map(drop)
}
