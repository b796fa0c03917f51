//! The name of this history (contract C2): another one after a backup was restored.
//!
//! The database remembers which file it is (device and inode). A file that was copied to where it
//! is, from a backup or from elsewhere, is another file and gets a new name; a copy made by
//! [`Store::backup`](super::Store::backup) remembers no file at all, so it gets one wherever it is
//! put. What cannot be seen: a plain copy of the file written over the very file it was copied from.
//! A name too many costs the clients a fresh start, nothing else.

use std::path::Path;

use nodechat_domain::port::Entropy;
use rusqlite::{Connection, OptionalExtension};

use super::OpenError;
use crate::copy::mark;
use crate::epoch::{EPOCH, new_name};
use crate::sql;

const FILE: &str = "file";

/// The epoch of the database at `path`, made anew when it is needed. A finished copy is one no more.
pub fn settle(db: &Connection, path: &Path, entropy: &dyn Entropy) -> Result<String, OpenError> {
    if mark::is_finished(meta(db, mark::KEY)?.as_deref())? {
        db.execute(sql::FORGET_META, [mark::KEY])?;
    }
    if let Some(epoch) = known(db, path)? {
        return Ok(epoch);
    }
    let epoch = new_name(entropy);
    name(db, path, &epoch)?;
    Ok(epoch)
}

/// The epoch, if the database was opened where it is.
pub fn known(db: &Connection, path: &Path) -> Result<Option<String>, OpenError> {
    let file = identity(path).map_err(|source| OpenError::Io { path: path.into(), source })?;
    let here = meta(db, FILE)?.as_deref() == Some(file.as_str());
    Ok(meta(db, EPOCH)?.filter(|_| here))
}

/// Calls the history in this file so.
pub fn name(db: &Connection, path: &Path, epoch: &str) -> Result<(), OpenError> {
    let file = identity(path).map_err(|source| OpenError::Io { path: path.into(), source })?;
    db.execute(sql::SET_META, [EPOCH, epoch])?;
    db.execute(sql::SET_META, [FILE, &file])?;
    Ok(())
}

/// Lets the next opening of this copy begin a new epoch.
pub fn forget_file(db: &Connection) -> rusqlite::Result<()> {
    db.execute(sql::FORGET_META, [FILE]).map(drop)
}

pub fn meta(db: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    db.query_row(sql::META, [key], |row| row.get(0)).optional()
}

#[cfg(unix)]
fn identity(path: &Path) -> std::io::Result<String> {
    use std::os::unix::fs::MetadataExt;
    let file = std::fs::metadata(path)?;
    Ok(format!("{}:{}", file.dev(), file.ino()))
}

/// Where files have no number that std can tell, only the copies of `backup` are known.
#[cfg(not(unix))]
fn identity(_path: &Path) -> std::io::Result<String> {
    Ok("unknown".into())
}
