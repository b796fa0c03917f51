//! Files of somebody who is erased. The entry goes now, the bytes when the job comes to them: nobody gets them meanwhile.

use nodechat_domain::model::{AccountId, RoomId, Side};

use super::{Row, Stop, Tx, UPLOADS, side_number};

/// Whose messages in which part of a room.
pub struct Part<'a> {
    pub room: i64,
    pub from: i64,
    pub to: i64,
    pub side: Side,
    pub aid: &'a AccountId,
}

/// What becomes of files that a person of the platform has uploaded for no company in particular.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlatformFiles {
    /// They go unless another company was shown them.
    Shown,
    /// They go.
    All,
}

pub async fn doom(tx: &Tx<'_>, uploads: &[Row]) -> Result<(), Stop> {
    for row in uploads {
        doom_one(tx, row.text(0)?, row.number(1)?).await?;
    }
    Ok(())
}

/// Files that are named in these messages and were uploaded by whoever sent them; how many. Before the messages are
/// emptied.
pub async fn doom_named(
    tx: &Tx<'_>,
    part: &Part<'_>,
    realm: &str,
    of_platform: PlatformFiles,
) -> Result<u64, Stop> {
    let span =
        [part.room.into(), part.from.into(), part.to.into(), side_number(part.side).into(), part.aid.into()];
    let mut doomed = 0;
    for row in tx.rows(NAMED, &span).await? {
        let key = row.text(0)?;
        let Some(upload) = tx.row(UPLOAD, &[key.into(), part.aid.into()]).await? else { continue };
        let goes = match upload.text(1)? {
            own if own == realm => true,
            "" if part.side == Side::Visitor => {
                of_platform == PlatformFiles::All
                    || !is_shown_elsewhere(tx, part, key, row.number(1)?).await?
            }
            _ => false,
        };
        if goes {
            doom_one(tx, key, upload.number(0)?).await?;
            doomed += 1;
        }
    }
    Ok(doomed)
}

/// Some of what this account has uploaded, where it can only have been this one; how many.
pub async fn doom_uploaded(tx: &Tx<'_>, realm: &str, side: Side, aid: &AccountId) -> Result<u64, Stop> {
    // An upload does not say on which side its account is. Of two with the same id, only what was said is certain.
    let other = match side {
        Side::Visitor => Side::Agent,
        Side::Agent => Side::Visitor,
    };
    if tx.row(KNOWN, &[realm.into(), side_number(other).into(), aid.into()]).await?.is_some() {
        return Ok(0);
    }
    let logo = logo(tx, realm).await?;
    let uploads = tx.rows(UPLOADS_OF, &[realm.into(), aid.into(), UPLOADS.into(), logo.into()]).await?;
    doom(tx, &uploads).await?;
    Ok(uploads.len() as u64)
}

/// The picture that stands for a company, which goes neither with its age nor with whoever has uploaded it; empty without one.
pub async fn logo(tx: &Tx<'_>, realm: &str) -> Result<String, Stop> {
    let found = tx.row(LOGO, &[realm.into()]).await?;
    found.map_or(Ok(String::new()), |row| row.text(0).map(Into::into))
}

async fn is_shown_elsewhere(tx: &Tx<'_>, part: &Part<'_>, key: &str, kind: i64) -> Result<bool, Stop> {
    // A company id has no `#`, so whatever follows the account id in a room's id begins with it.
    let begin = |letter: char| format!("/U2S_{}{letter}", part.aid);
    for row in tx.rows(ROOMS_OF, &[begin('#').into(), begin('$').into()]).await? {
        let (room, id): (i64, RoomId) = (row.number(0)?, row.room(1)?);
        if room == part.room || id.aid() != part.aid.as_str() {
            continue;
        }
        if tx.row(NAMES, &[room.into(), kind.into(), key.into()]).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn doom_one(tx: &Tx<'_>, key: &str, kind: i64) -> Result<(), Stop> {
    tx.change(DOOM, &[key.into(), kind.into()]).await?;
    tx.change(FORGET_UPLOAD, &[key.into()]).await?;
    Ok(())
}

const NAMED: &str = "select file, kind from message where room = $1 and pos >= $2 and pos < $3
    and side = $4 and aid = $5 and kind <> 0 and file is not null"; // primary key
const NAMES: &str = "select 1 from message where room = $1 and kind = $2 and file = $3 and kind <> 0
    limit 1"; // message_kind
const ROOMS_OF: &str = "select number, id from room where id > $1 and id < $2"; // unique
const UPLOAD: &str = "select kind, realm from upload where key = $1 and uploader = $2"; // primary key
const KNOWN: &str = "select 1 from person where realm = $1 and side = $2 and aid = $3"; // unique
const UPLOADS_OF: &str = "select key, kind from upload where realm = $1 and uploader = $2 and key <> $4
    limit $3"; // upload_uploader
const LOGO: &str = "select value from setting where company = $1 and name = 'logo'"; // primary key
const DOOM: &str = "insert into doomed_file (key, kind) values ($1, $2) on conflict (key) do nothing";
const FORGET_UPLOAD: &str = "delete from upload where key = $1"; // primary key
