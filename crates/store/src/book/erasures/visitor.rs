//! A visitor at one company: of the messages of its room, of the uploads, then what the company knows of it.

use nodechat_domain::model::{AccountId, CompanyId, Realm, RoomId, Side, Time};

use super::files::{Part, PlatformFiles, doom_named, doom_uploaded};
use super::{MESSAGES, Stop, Tx, Work, desk, empty, forget_person};

/// What one look at a company came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// Something was done and more may be left.
    Some,
    /// Nothing is left there.
    Last { was_known: bool },
}

/// One piece of what the company has asked for.
pub async fn erase(tx: &Tx<'_>, work: &Work, company: &CompanyId, now: Time) -> Result<(), Stop> {
    if let Piece::Last { .. } = erase_at(tx, work, company, PlatformFiles::Shown).await? {
        let realm = Realm::Company(company.clone());
        forget_person(tx, &realm, Side::Visitor, work.aid()).await?;
        tx.change(FORGET_ARRIVAL, &[company.into(), work.aid().into()]).await?;
        work.finish(tx, now).await?;
    }
    Ok(())
}

/// One piece of everything that somebody, whoever vouches for it, has said to this company.
pub async fn erase_at(
    tx: &Tx<'_>,
    work: &Work,
    company: &CompanyId,
    of_platform: PlatformFiles,
) -> Result<Piece, Stop> {
    let aid = work.aid();
    let id = RoomId::between(aid, company);
    let row = tx.row(ROOM, &[(&id).into(), company.into()]).await?;
    if let Some(row) = &row {
        let (room, next, erased) = (row.number(0)?, row.number(1)?, row.number(2)?);
        if erased < next {
            let to = next.min(erased + MESSAGES);
            let part = Part { room, from: erased, to, side: Side::Visitor, aid };
            let files = doom_named(tx, &part, company.as_str(), of_platform).await?;
            empty(tx, room, erased, to).await?;
            tx.change(UNNAME, &[room.into(), erased.into(), to.into()]).await?;
            work.count(tx, (to - erased).unsigned_abs(), files).await?;
            return Ok(Piece::Some);
        }
    }
    let files = doom_uploaded(tx, company.as_str(), Side::Visitor, aid).await?;
    if files > 0 {
        work.count(tx, 0, files).await?;
        return Ok(Piece::Some);
    }
    if let Some(row) = &row {
        forget_room(tx, company, row.number(0)?, row.number(1)?, aid).await?;
    }
    let there = row.is_some() | forget_at(tx, company, aid).await?;
    Ok(Piece::Last { was_known: there })
}

async fn forget_room(
    tx: &Tx<'_>,
    company: &CompanyId,
    room: i64,
    next: i64,
    aid: &AccountId,
) -> Result<(), Stop> {
    // Names in messages that were erased before, because they were old.
    tx.change(UNNAME, &[room.into(), 0i64.into(), next.into()]).await?;
    tx.change(FORGET_NOTES, &[room.into()]).await?;
    tx.change(UNNAME_MEMBER, &[room.into(), aid.into()]).await?;
    tx.change(UNNAME_ROOM, &[room.into()]).await?;
    let left = tx.change(EMPTY_LEFT, &[company.into(), room.into()]).await?;
    tx.change(FORGET_UNSAID, &[company.into(), room.into()]).await?;
    let handed = tx.change(EMPTY_HANDOVERS, &[company.into(), room.into()]).await?;
    if left + handed > 0 {
        desk::unsettle(tx, company).await?;
    }
    Ok(())
}

/// Whether the company knew anything.
async fn forget_at(tx: &Tx<'_>, company: &CompanyId, aid: &AccountId) -> Result<bool, Stop> {
    let who = [company.into(), aid.into()];
    let tags = tx.change(FORGET_TAGS, &who).await?;
    tx.change(UNNAME_LINES, &who).await?;
    let orders = tx.change(UNNAME_ORDERS, &who).await?;
    Ok(tags + orders > 0)
}

const ROOM: &str = "select number, next_pos, erased from room where id = $1 and company = $2"; // unique
const UNNAME: &str = "update message set mid = '', nick = ''
    where room = $1 and pos >= $2 and pos < $3 and side = 0 and (mid <> '' or nick <> '')";
const UNNAME_MEMBER: &str = "update member set mid = '', account = '', nick = ''
    where room = $1 and side = 0 and aid = $2";
const UNNAME_ROOM: &str = "update room set visitor_nick = '', rewrites = rewrites + 1 where number = $1";
const FORGET_NOTES: &str = "delete from note where room = $1";
/// Messages that were left when nobody was there; that there was one stays.
const EMPTY_LEFT: &str = "update consultation set contact = '-', message = '-'
    where company = $1 and room = $2 and contact is not null"; // consultation_room
/// Those that are not said in the room yet.
const FORGET_UNSAID: &str =
    "update left_message set words = null where company = $1 and words is not null and chat in
    (select chat from consultation where company = $1 and room = $2)"; // left_message_chat
/// What one agent told another about the visitor.
const EMPTY_HANDOVERS: &str = "update consultation set
    offer_note = case when offer_note is null then null else '' end,
    handed_note = case when handed_note is null then null else '' end
    where company = $1 and room = $2 and (offer_note <> '' or handed_note <> '')"; // consultation_room

const FORGET_ARRIVAL: &str = "delete from arrival where realm = $1 and aid = $2";
const FORGET_TAGS: &str = "delete from visitor_tag where company = $1 and aid = $2";
/// What the person has written in work orders; that there were some stays.
const UNNAME_ORDERS: &str = "update work_order set title = '-', phone = '', describe = '-', pictures = '',
    feedback = '' where company = $1 and submitter = $2"; // work_order_submitter
const UNNAME_LINES: &str =
    "update work_order_line set words = '-' where company = $1 and words is not null and work_order in
    (select id from work_order where company = $1 and submitter = $2)";
