//! What is older than a company keeps it: one room at a time, then the uploads. Bounded, however much is old.

use nodechat_domain::model::{CompanyId, Time};

use super::{MESSAGES, Stop, Tx, UPLOADS, empty, files};

/// The next room with something old in it, from this one on.
pub async fn next_room(
    tx: &Tx<'_>,
    company: &CompanyId,
    before: Time,
    from: i64,
) -> Result<Option<i64>, Stop> {
    let asked = [company.as_str().into(), from.into(), before.into()];
    tx.row(NEXT_OLD_ROOM, &asked).await?.map(|row| row.number(0)).transpose()
}

/// A piece of this room, or of the uploads where no room is left; where to go on, if there is more.
pub async fn expire(
    tx: &Tx<'_>,
    company: &CompanyId,
    before: Time,
    room: Option<i64>,
) -> Result<Option<i64>, Stop> {
    if let Some(room) = room {
        // Not old any more when somebody else was here since it was looked for.
        let Some(row) = tx.row(OLD_ROOM, &[room.into(), before.into()]).await? else {
            return Ok(Some(room + 1));
        };
        let erased = row.number(0)?;
        let times = tx.rows(TIMES, &[room.into(), erased.into(), (erased + MESSAGES).into()]).await?;
        let old = times
            .iter()
            .map(|row| row.number(0))
            .take_while(|time| time.as_ref().is_ok_and(|time| *time < before));
        empty(tx, room, erased, erased + old.count() as i64).await?;
        return Ok(Some(room));
    }
    let logo = files::logo(tx, company.as_str()).await?;
    let asked = [company.as_str().into(), before.into(), UPLOADS.into(), logo.into()];
    let uploads = tx.rows(OLD_UPLOADS, &asked).await?;
    files::doom(tx, &uploads).await?;
    // Behind all rooms: only uploads are left.
    Ok((uploads.len() as i64 == UPLOADS).then_some(i64::MAX))
}

const NEXT_OLD_ROOM: &str = "select r.number from room r
    join message m on m.room = r.number and m.pos = r.erased
    where r.company = $1 and r.number >= $2 and m.time < $3
    order by r.number limit 1"; // room_company, primary key
const OLD_ROOM: &str = "select r.erased from room r
    join message m on m.room = r.number and m.pos = r.erased
    where r.number = $1 and m.time < $2"; // primary keys
const TIMES: &str = "select time from message where room = $1 and pos >= $2 and pos < $3 order by pos";
const OLD_UPLOADS: &str = "select key, kind from upload where realm = $1 and time < $2 and key <> $4
    order by time limit $3"; // upload_time
