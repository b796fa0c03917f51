//! An agent of a company: room by room of those that it has entered, then its uploads, its replies, its account. In place
//! of its name stands the company's.

use nodechat_domain::model::{AgentsWords, CompanyId, Realm, Side, Time};

use super::files::{Part, PlatformFiles, doom_named, doom_uploaded};
use super::{MESSAGES, Stop, Tx, Work, companies, desk, forget_person};

pub async fn erase(tx: &Tx<'_>, work: &Work, company: &CompanyId, now: Time) -> Result<(), Stop> {
    let name = companies::find(tx, company).await?.map(|company| company.name);
    let name = name.unwrap_or_default();
    let next = [work.aid().into(), company.into(), work.at_room.into()];
    if let Some(row) = tx.row(NEXT_ROOM, &next).await? {
        let (room, end) = (row.number(0)?, row.number(1)?);
        let from = if room == work.at_room { work.at_pos } else { 0 };
        if from < end {
            return erase_part(tx, work, company, name.as_str(), (room, from, end.min(from + MESSAGES)))
                .await;
        }
        return leave_room(tx, work, name.as_str(), room).await;
    }
    if work.words == AgentsWords::Erase {
        let files = doom_uploaded(tx, company.as_str(), Side::Agent, work.aid()).await?;
        if files > 0 {
            return work.count(tx, 0, files).await;
        }
    }
    forget(tx, work, company, name.as_str()).await?;
    work.finish(tx, now).await
}

async fn erase_part(
    tx: &Tx<'_>,
    work: &Work,
    company: &CompanyId,
    name: &str,
    (room, from, to): (i64, i64, i64),
) -> Result<(), Stop> {
    // The room first, as everywhere.
    tx.change(LOCK_ROOM, &[room.into()]).await?;
    let part = Part { room, from, to, side: Side::Agent, aid: work.aid() };
    let span = [room.into(), from.into(), to.into(), work.aid().into(), name.into()];
    let (messages, files) = match work.words {
        AgentsWords::Keep => (tx.change(RENAME, &span).await?, 0),
        AgentsWords::Erase => {
            let files = doom_named(tx, &part, company.as_str(), PlatformFiles::Shown).await?;
            (tx.change(EMPTY, &span).await?, files)
        }
    };
    work.count(tx, messages, files).await?;
    go_on(tx, work, room, to).await
}

/// What stands beside the messages of a room, at its end.
async fn leave_room(tx: &Tx<'_>, work: &Work, name: &str, room: i64) -> Result<(), Stop> {
    let whose = [room.into(), work.aid().into(), name.into()];
    match work.words {
        AgentsWords::Keep => tx.change(RENAME_NOTES, &whose).await?,
        AgentsWords::Erase => {
            // What is searched is filled anew.
            tx.change(REWRITTEN, &[room.into()]).await?;
            tx.change(EMPTY_NOTES, &whose).await?
        }
    };
    tx.change(RENAME_MEMBER, &whose).await?;
    go_on(tx, work, room + 1, 0).await
}

/// Figures and the audit speak of account ids, and stay; so do a work order's lines, which are the company's answers.
async fn forget(tx: &Tx<'_>, work: &Work, company: &CompanyId, name: &str) -> Result<(), Stop> {
    let who = [company.into(), work.aid().into()];
    companies::lock(tx, company).await?;
    for statement in [FORGET_REPLIES, LEAVE_GROUPS, LEAVE_ORDERS, FORGET_AGENT] {
        tx.change(statement, &who).await?;
    }
    let [company_id, aid] = who;
    tx.change(RENAME_AT_DESK, &[company_id, aid, name.into()]).await?;
    desk::unsettle(tx, company).await?;
    forget_person(tx, &Realm::Company(company.clone()), Side::Agent, work.aid()).await
}

async fn go_on(tx: &Tx<'_>, work: &Work, room: i64, pos: i64) -> Result<(), Stop> {
    tx.change(GO_ON, &[room.into(), pos.into(), work.erasure.number.into()]).await.map(drop)
}

/// Nobody says anything in a room that it has not entered.
const NEXT_ROOM: &str = "select r.number, r.next_pos from member m join room r on r.number = m.room
    where m.side = 1 and m.aid = $1 and m.room >= $3 and r.company = $2 order by m.room limit 1"; // member_agent
const LOCK_ROOM: &str = "update room set erased = erased where number = $1"; // primary key
const REWRITTEN: &str = "update room set rewrites = rewrites + 1 where number = $1"; // primary key
const EMPTY: &str = "update message set kind = 6, body = '', file = null, size_bytes = null, seconds = null,
    quote = null, mid = '', nick = $5
    where room = $1 and pos >= $2 and pos < $3 and side = 1 and aid = $4"; // primary key
const RENAME: &str = "update message set mid = '', nick = $5
    where room = $1 and pos >= $2 and pos < $3 and side = 1 and aid = $4"; // primary key
const EMPTY_NOTES: &str = "update note set body = '-', mid = '', nick = $3 where room = $1 and aid = $2";
const RENAME_NOTES: &str = "update note set mid = '', nick = $3 where room = $1 and aid = $2";
const RENAME_MEMBER: &str = "update member set mid = '', account = '', nick = $3
    where room = $1 and side = 1 and aid = $2"; // primary key
const GO_ON: &str = "update erasure set at_room = $1, at_pos = $2 where number = $3"; // primary key

const FORGET_REPLIES: &str = "delete from canned_reply where company = $1 and owner = $2"; // canned_reply_shortcut
const LEAVE_GROUPS: &str = "delete from group_member where company = $1 and aid = $2"; // group_member_aid
/// Whose work orders they are is open again.
const LEAVE_ORDERS: &str = "update work_order set owner = null where company = $1 and owner = $2"; // work_order_created
const FORGET_AGENT: &str = "delete from agent where company = $1 and aid = $2"; // primary key
const RENAME_AT_DESK: &str = "update desk_agent set mid = '', account = '', nick = $3
    where company = $1 and aid = $2"; // primary key
