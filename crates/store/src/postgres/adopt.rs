//! An anonymous visitor turns out to be somebody: its room and its words become theirs.
//!
//! The rooms are locked first, as everywhere, then the person: whoever is about to open a room as the anonymous
//! visitor is waited for, and whoever wants to afterwards sees that there is no such visitor any more.

use nodechat_domain::model::{CompanyId, Hash, Member, Person, Realm, RoomId, Side};
use nodechat_domain::port::Adoption;

use super::connect::Db;
use super::credentials::{add_ending, end_credentials, put_person};
use super::failure::{Fault, Stop, fault};
use super::pool::Pool;
use super::{row, sql as own};
use crate::sql;
use crate::stored::{StoredHead, broken, realm_text, side_number};

/// How often an adoption runs that others keep getting in the way of.
const ATTEMPTS: usize = 6;

/// Who is known by a secret.
pub struct Visitor {
    pub person: Person,
    pub number: i64,
    /// The number of the named person it turned out to be.
    pub adopted_by: Option<i64>,
}

pub async fn visitor(db: &Db, secret: Hash) -> Result<Option<Visitor>, Stop> {
    let read = |row: &tokio_postgres::Row| {
        Ok(Visitor { person: row::person(row)?, number: row.try_get(7)?, adopted_by: row.try_get(8)? })
    };
    row::one(db, sql::VISITOR, &[&secret.0.as_slice()], read).await
}

pub async fn adopt(pool: &Pool, secret: Hash, company: &CompanyId, named: &Person) -> Result<Adoption, Stop> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let db = pool.lend().await?;
        let outcome = attempt(&db, secret, company, named).await;
        match outcome {
            Ok(adoption) => {
                db.give_back();
                return Ok(adoption);
            }
            Err(Stop::Failed(error)) if fault(&error) == Fault::Race && attempts < ATTEMPTS => {
                db.batch_execute("rollback").await?;
                db.give_back();
            }
            Err(stop) => return Err(stop),
        }
    }
}

/// One transaction, ended when this succeeds.
async fn attempt(db: &Db, secret: Hash, company: &CompanyId, named: &Person) -> Result<Adoption, Stop> {
    db.batch_execute("begin").await?;
    let adoption = within(db, secret, company, named).await?;
    db.batch_execute("commit").await?;
    Ok(adoption)
}

async fn within(db: &Db, secret: Hash, company: &CompanyId, named: &Person) -> Result<Adoption, Stop> {
    let realm = Realm::Company(company.clone());
    let Some(found) = visitor(db, secret).await? else { return Ok(Adoption::Refused) };
    let former = found.person;
    if former.realm != realm || named.realm != realm || named.side != Side::Visitor {
        return Ok(Adoption::Refused);
    }
    let ids = (RoomId::between(&former.aid, company), RoomId::between(&named.aid, company));
    // Before the rooms, as routing locks them.
    row::change(db, sql::CHANGE_DESK, &[&company.as_str()]).await?;
    lock_rooms(db, &ids).await?;
    row::one(db, own::LOCK_PERSON, &[&found.number], row::number).await?;
    // As it is behind the locks.
    let visitor = visitor(db, secret).await?.ok_or_else(|| broken("a visitor's secret is gone"))?;
    if let Some(adopter) = visitor.adopted_by {
        let same = named_number(db, named).await? == Some(adopter);
        return Ok(if same { Adoption::Already } else { Adoption::Refused });
    }
    end_credentials(db, &former).await?;
    add_ending(db, &former).await?;
    let adopter = put_person(db, named).await?;
    // All its secrets, should it have several.
    row::change(db, sql::ADOPT_VISITOR, &[&adopter, &visitor.number]).await?;
    if !former.is(named) {
        // A room may have been opened until the person was locked.
        let (old, new) = lock_rooms(db, &ids).await?;
        match (old, new) {
            (None, _) => {}
            (Some(old), None) => rename(db, old, &ids.1, &former, named).await?,
            (Some(old), Some(new)) => append(db, old, new, &former, named).await?,
        }
    }
    Ok(Adoption::Done(former))
}

/// The former person's room and the named one's, those that are there.
async fn lock_rooms(
    db: &Db,
    (old, new): &(RoomId, RoomId),
) -> Result<(Option<StoredHead>, Option<StoredHead>), Stop> {
    let ids = vec![old.as_str(), new.as_str()];
    let head = |row: &tokio_postgres::Row| row::head(row, row::room_id(row, row::AFTER_HEAD)?);
    let heads = row::all(db, own::LOCK_HEADS, &[&ids], head).await?;
    let (olds, news): (Vec<_>, Vec<_>) = heads.into_iter().partition(|stored| stored.head.id == *old);
    Ok((olds.into_iter().next(), news.into_iter().next()))
}

async fn named_number(db: &Db, named: &Person) -> Result<Option<i64>, Stop> {
    let (realm, side) = (realm_text(&named.realm), side_number(named.side));
    row::one(db, sql::PERSON_NUMBER, &[&realm, &side, &named.aid.as_str()], row::number).await
}

async fn rename(
    db: &Db,
    mut room: StoredHead,
    id: &RoomId,
    former: &Person,
    named: &Person,
) -> Result<(), Stop> {
    row::change(db, sql::RENAME_ROOM, &[&id.as_str(), &room.number]).await?;
    room.head.visitor_nick = named.nick.clone();
    set_head(db, &room).await?;
    row::change(db, sql::REWRITTEN, &[&room.number]).await?;
    rename_member(db, room.number, former, named).await?;
    sign_anew(db, room.number, 0, former, named).await
}

async fn append(
    db: &Db,
    old: StoredHead,
    mut new: StoredHead,
    former: &Person,
    named: &Person,
) -> Result<(), Stop> {
    let shift = new.head.next_pos;
    if old.head.next_pos > 0 {
        let first_time = row::one(db, sql::TIME_AT, &[&old.number, &0i64], row::number).await?;
        let first_time = first_time.ok_or_else(|| broken("a room in the database has no first message"))?;
        row::change(db, sql::MOVE_MESSAGES, &[&new.number, &shift, &old.number]).await?;
        new.append(&old, first_time);
        set_head(db, &new).await?;
        sign_anew(db, new.number, shift, former, named).await?;
    }
    row::change(db, sql::MOVE_RECALLS, &[&new.number, &new.head.recalls, &shift, &old.number]).await?;
    row::change(db, sql::MOVE_NOTES, &[&new.number, &new.head.notes, &old.number]).await?;
    new.append_aside(&old);
    set_aside(db, &new).await?;
    row::change(db, sql::REWRITTEN, &[&new.number]).await?;
    let company = old.head.id.company();
    row::change(db, sql::MOVE_LEFT_MESSAGES, &[&shift, &company, &old.number]).await?;
    row::change(db, sql::MOVE_CONSULTATIONS, &[&new.number, &company, &old.number]).await?;
    rename_member(db, old.number, former, named).await?;
    row::change(db, sql::COPY_MEMBERS, &[&new.number, &old.number]).await?;
    row::change(db, sql::DROP_MEMBERS, &[&old.number]).await?;
    row::change(db, sql::DROP_ROOM, &[&old.number]).await?;
    row::change(db, sql::UNINDEX_ROOM, &[&old.number]).await?;
    Ok(())
}

async fn set_head(db: &Db, room: &StoredHead) -> Result<(), Stop> {
    let head = &room.head;
    let params: row::Params<'_> = &[
        &head.visitor_nick.as_str(),
        &head.next_pos,
        &head.last_time,
        &head.reads.visitor,
        &head.reads.agent,
        &i64::from(room.in_time_order),
        &room.number,
    ];
    row::change(db, sql::SET_HEAD, params).await.map(drop)
}

async fn set_aside(db: &Db, room: &StoredHead) -> Result<(), Stop> {
    let head = &room.head;
    let consultation = head.consultation.map(|id| id.0.into_bytes());
    let consultation = consultation.as_ref().map(<[u8; 16]>::as_slice);
    let unanswered = i64::from(head.unanswered);
    let params: row::Params<'_> = &[&consultation, &unanswered, &head.recalls, &head.notes, &room.number];
    row::change(db, sql::SET_ASIDE, params).await.map(drop)
}

async fn rename_member(db: &Db, room: i64, former: &Person, named: &Person) -> Result<(), Stop> {
    let side = side_number(Side::Visitor);
    match row::change(db, sql::DROP_MEMBER, &[&room, &side, &former.aid.as_str()]).await? {
        0 => Ok(()),
        _ => put_member(db, room, &Member::from(named)).await,
    }
}

async fn put_member(db: &Db, room: i64, member: &Member) -> Result<(), Stop> {
    let params: row::Params<'_> = &[
        &room,
        &side_number(member.side),
        &member.aid.as_str(),
        &member.mid.as_str(),
        &member.account.as_str(),
        &member.nick.as_str(),
    ];
    row::change(db, sql::PUT_MEMBER, params).await.map(drop)
}

async fn sign_anew(db: &Db, room: i64, from: i64, former: &Person, named: &Person) -> Result<(), Stop> {
    let params: row::Params<'_> = &[
        &named.aid.as_str(),
        &named.mid.as_str(),
        &named.nick.as_str(),
        &room,
        &from,
        &side_number(Side::Visitor),
        &former.aid.as_str(),
    ];
    row::change(db, sql::RESIGN_MESSAGES, params).await.map(drop)
}
