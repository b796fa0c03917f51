//! `Erasures`.

use nodechat_domain::error::Error;
use nodechat_domain::model::{
    AccountId, AuditLine, CompanyId, Doomed, Erasure, FileId, ImagePath, RoomId, Side, Time,
};
use nodechat_domain::port::{Answer, Erasures};

use super::{Books, Row, Stop, Tx, audit};
use crate::stored::{self, side_number};
use crate::value::Value;

/// Messages of one transaction.
const MESSAGES: i64 = 400;
/// Uploads of one transaction.
const UPLOADS: i64 = 100;

impl Erasures for Books {
    fn ask(&self, aid: AccountId, line: AuditLine) -> Answer<'_, Erasure> {
        self.write(move |tx| {
            let (aid, line) = (aid.clone(), line.clone());
            Box::pin(async move {
                let company = line.company.as_str();
                let open = tx.row(OPEN_OF, &[company.into(), aid.as_str().into()]).await?;
                if let Some(row) = open {
                    return erasure(&row);
                }
                audit::note(tx, &line).await?;
                let row = tx.row(ASK, &[company.into(), aid.as_str().into(), line.time.into()]).await?;
                erasure(&row.ok_or_else(|| stored::broken("a row that was just written is not there"))?)
            })
        })
    }

    fn find(&self, company: &CompanyId, number: i64) -> Answer<'_, Option<Erasure>> {
        let company = company.clone();
        self.read(move |tx| {
            let company = company.clone();
            Box::pin(async move {
                let row = tx.row(FIND, &[company.as_str().into(), number.into()]).await?;
                row.map(|row| erasure(&row)).transpose()
            })
        })
    }

    fn erase_some(&self, now: Time) -> Answer<'_, bool> {
        self.write(move |tx| {
            Box::pin(async move {
                let Some(row) = tx.row(OPEN, &[]).await? else { return Ok(false) };
                // Behind its lock: another node may have been at it.
                let Some(row) = tx.row(LOCK, &[row.number(0)?.into()]).await? else { return Ok(true) };
                let (number, company) = (row.number(0)?, row.company(6)?);
                erase(tx, number, &company, &row.aid(1)?, now).await?;
                Ok(true)
            })
        })
    }

    fn expire_some(&self, company: &CompanyId, before: Time, room: i64) -> Answer<'_, Option<i64>> {
        let company = company.clone();
        self.write(move |tx| {
            let company = company.clone();
            Box::pin(async move { expire(tx, &company, before, room).await })
        })
    }

    fn doomed(&self, limit: usize) -> Answer<'_, Vec<Doomed>> {
        self.read(move |tx| {
            Box::pin(async move {
                let rows = tx.rows(DOOMED, &[Value::Number(limit as i64)]).await?;
                rows.iter().map(doomed).collect()
            })
        })
    }

    fn removed(&self, files: Vec<Doomed>) -> Answer<'_, ()> {
        self.write(move |tx| {
            let files = files.clone();
            Box::pin(async move {
                for file in &files {
                    tx.change(REMOVED, &[file.key().into()]).await?;
                }
                Ok(())
            })
        })
    }
}

/// One piece: of the messages, then of the uploads, then the rest and the end.
async fn erase(
    tx: &Tx<'_>,
    number: i64,
    company: &CompanyId,
    aid: &AccountId,
    now: Time,
) -> Result<(), Stop> {
    let id = RoomId::between(aid, company);
    let row = tx.row(ROOM, &[id.as_str().into(), company.as_str().into()]).await?;
    if let Some(row) = &row {
        let (room, next, erased) = (row.number(0)?, row.number(1)?, row.number(2)?);
        if erased < next {
            let to = next.min(erased + MESSAGES);
            empty(tx, room, erased, to).await?;
            tx.change(UNNAME, &[room.into(), erased.into(), to.into()]).await?;
            tx.change(COUNT, &[(to - erased).into(), Value::Number(0), number.into()]).await?;
            return Ok(());
        }
    }
    let uploads =
        tx.rows(UPLOADS_OF, &[company.as_str().into(), aid.as_str().into(), UPLOADS.into()]).await?;
    if !uploads.is_empty() {
        doom(tx, &uploads).await?;
        let count = Value::Number(uploads.len() as i64);
        tx.change(COUNT, &[Value::Number(0), count, number.into()]).await?;
        return Ok(());
    }
    if let Some(row) = &row {
        let room = row.number(0)?;
        // Names in messages that were erased before, because they were old.
        tx.change(UNNAME, &[room.into(), Value::Number(0), row.number(1)?.into()]).await?;
        tx.change(FORGET_NOTES, &[room.into()]).await?;
        tx.change(UNNAME_MEMBER, &[room.into(), aid.as_str().into()]).await?;
        tx.change(UNNAME_ROOM, &[room.into()]).await?;
    }
    forget_person(tx, company, aid).await?;
    tx.change(FINISH, &[now.into(), number.into()]).await?;
    Ok(())
}

async fn forget_person(tx: &Tx<'_>, company: &CompanyId, aid: &AccountId) -> Result<(), Stop> {
    let who = || [company.as_str().into(), Value::Number(side_number(Side::Visitor)), aid.as_str().into()];
    if let Some(row) = tx.row(PERSON, &who()).await? {
        let person = row.number(0)?;
        tx.change(FORGET_TICKETS, &[person.into()]).await?;
        tx.change(UNNAME_PERSON, &[person.into()]).await?;
    }
    tx.change(FORGET_TOKENS, &who()).await?;
    let who = || [company.as_str().into(), aid.as_str().into()];
    tx.change(FORGET_ARRIVAL, &who()).await?;
    tx.change(FORGET_TAGS, &who()).await?;
    tx.change(UNNAME_LINES, &who()).await?;
    tx.change(UNNAME_ORDERS, &who()).await?;
    Ok(())
}

/// One room at a time, then the uploads. Bounded, however much is old.
async fn expire(tx: &Tx<'_>, company: &CompanyId, before: Time, from: i64) -> Result<Option<i64>, Stop> {
    let asked = [company.as_str().into(), from.into(), (before).into()];
    if let Some(row) = tx.row(OLD_ROOM, &asked).await? {
        let (room, erased) = (row.number(0)?, row.number(1)?);
        let times = tx.rows(TIMES, &[room.into(), erased.into(), (erased + MESSAGES).into()]).await?;
        let old = times
            .iter()
            .map(|row| row.number(0))
            .take_while(|time| time.as_ref().is_ok_and(|time| *time < before));
        empty(tx, room, erased, erased + old.count() as i64).await?;
        return Ok(Some(room));
    }
    let uploads = tx.rows(OLD_UPLOADS, &[company.as_str().into(), before.into(), UPLOADS.into()]).await?;
    doom(tx, &uploads).await?;
    // Behind all rooms: only uploads are left.
    Ok((uploads.len() as i64 == UPLOADS).then_some(i64::MAX))
}

/// The room first, as everywhere.
async fn empty(tx: &Tx<'_>, room: i64, from: i64, to: i64) -> Result<(), Stop> {
    tx.change(ERASED, &[to.into(), room.into()]).await?;
    tx.change(EMPTY, &[room.into(), from.into(), to.into()]).await?;
    Ok(())
}

/// The entry goes now, the bytes when the job comes to them: nobody gets them meanwhile.
async fn doom(tx: &Tx<'_>, uploads: &[Row]) -> Result<(), Stop> {
    for row in uploads {
        let key = || row.text(0).map(Value::from);
        tx.change(DOOM, &[key()?, row.number(1)?.into()]).await?;
        tx.change(FORGET_UPLOAD, &[key()?]).await?;
    }
    Ok(())
}

fn doomed(row: &Row) -> Result<Doomed, Stop> {
    let key = row.text(0)?;
    let file = match row.number(1)? {
        stored::IMAGE => ImagePath::parse(key).map(Doomed::Image),
        _ => FileId::parse(key).map(Doomed::File),
    };
    Ok(file.map_err(|error: Error| stored::unreadable(error))?)
}

fn erasure(row: &Row) -> Result<Erasure, Stop> {
    Ok(Erasure {
        number: row.number(0)?,
        aid: row.aid(1)?,
        asked: row.time(2)?,
        finished: row.maybe_number(3)?,
        messages: row.number(4)?,
        files: row.number(5)?,
    })
}

const OPEN_OF: &str = "select number, aid, asked, finished, messages, files from erasure
    where company = $1 and aid = $2 and finished is null limit 1"; // erasure_open
const ASK: &str = "insert into erasure (company, aid, asked, messages, files) values ($1, $2, $3, 0, 0)
    returning number, aid, asked, finished, messages, files";
const FIND: &str = "select number, aid, asked, finished, messages, files from erasure
    where company = $1 and number = $2"; // primary key
/// Of whichever company: this is the job's.
const OPEN: &str = "select number from erasure where finished is null order by number limit 1"; // erasure_open
const LOCK: &str = "update erasure set files = files where number = $1 and finished is null
    returning number, aid, asked, finished, messages, files, company"; // primary key
const COUNT: &str = "update erasure set messages = messages + $1, files = files + $2 where number = $3";
const FINISH: &str = "update erasure set finished = $1 where number = $2";

const ROOM: &str = "select number, next_pos, erased from room where id = $1 and company = $2"; // unique
/// The next room with something old in it.
const OLD_ROOM: &str = "select r.number, r.erased from room r
    join message m on m.room = r.number and m.pos = r.erased
    where r.company = $1 and r.number >= $2 and m.time < $3
    order by r.number limit 1"; // room_company, primary key
const TIMES: &str = "select time from message where room = $1 and pos >= $2 and pos < $3 order by pos";
const ERASED: &str = "update room set erased = $1 where number = $2";
const EMPTY: &str = "update message set kind = 6, body = '', file = null, size_bytes = null,
    seconds = null, quote = null where room = $1 and pos >= $2 and pos < $3"; // primary key
const UNNAME: &str = "update message set mid = '', nick = ''
    where room = $1 and pos >= $2 and pos < $3 and side = 0 and (mid <> '' or nick <> '')";
const UNNAME_MEMBER: &str = "update member set mid = '', account = '', nick = ''
    where room = $1 and side = 0 and aid = $2";
const UNNAME_ROOM: &str = "update room set visitor_nick = '', rewrites = rewrites + 1 where number = $1";
const FORGET_NOTES: &str = "delete from note where room = $1";

const PERSON: &str = "select id from person where realm = $1 and side = $2 and aid = $3"; // unique
const UNNAME_PERSON: &str = "update person set mid = '', account = '', nick = '', attributes = null
    where id = $1";
const FORGET_TICKETS: &str = "delete from ticket where person = $1"; // ticket_person
const FORGET_TOKENS: &str = "delete from token where realm = $1 and side = $2 and aid = $3"; // token_person
const FORGET_ARRIVAL: &str = "delete from arrival where realm = $1 and aid = $2";
const FORGET_TAGS: &str = "delete from visitor_tag where company = $1 and aid = $2";
/// What the person has written in work orders; that there were some stays.
const UNNAME_ORDERS: &str = "update work_order set title = '-', phone = '', describe = '-', pictures = '',
    feedback = '' where company = $1 and submitter = $2"; // work_order_submitter
const UNNAME_LINES: &str =
    "update work_order_line set words = '-' where company = $1 and words is not null and work_order in
    (select id from work_order where company = $1 and submitter = $2)";

const UPLOADS_OF: &str = "select key, kind from upload where realm = $1 and uploader = $2 limit $3"; // upload_uploader
const OLD_UPLOADS: &str = "select key, kind from upload where realm = $1 and time < $2
    order by time limit $3"; // upload_time
const DOOM: &str = "insert into doomed_file (key, kind) values ($1, $2) on conflict (key) do nothing";
const FORGET_UPLOAD: &str = "delete from upload where key = $1"; // primary key
const DOOMED: &str = "select key, kind from doomed_file order by key limit $1";
const REMOVED: &str = "delete from doomed_file where key = $1";
