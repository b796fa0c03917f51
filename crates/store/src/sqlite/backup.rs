//! A consistent copy of the database while it is being used.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use nodechat_domain::error::{Error, Result};
use tokio::sync::oneshot;

use super::connect::{self, Door};
use super::failure::{Stop, failed};
use super::{Store, epoch};

impl Store {
    /// Writes a copy as of one moment to `to`, which must not exist yet. Commits go on meanwhile.
    /// The copy is one file, durable when this answers; when it is opened, a new epoch begins. To
    /// restore it, stop the server, remove the old database with its `-wal` and `-shm` files, and
    /// put the copy in its place.
    pub async fn backup(&self, to: impl Into<PathBuf>) -> Result<()> {
        let (answer, answered) = oneshot::channel();
        let (door, to) = (self.door.clone(), to.into());
        let copying = move || {
            // A caller that went away wants no answer.
            let _gone = answer.send(copy(&door, &to));
        };
        std::thread::Builder::new().name("store-backup".into()).spawn(copying).map_err(Error::unavailable)?;
        answered.await.map_err(|_| Error::internal("the backup panicked"))?
    }
}

/// Under another name first: what has the asked name is complete.
fn copy(door: &Door, to: &Path) -> Result<()> {
    if to.exists() {
        return Err(Error::conflict("the backup's file exists already"));
    }
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let copied = fill(door, &part).and_then(|()| place(&part, to).map_err(Error::unavailable));
    if copied.is_err() {
        // The copy's own error is the one to tell.
        let _absent = fs::remove_file(&part);
    }
    copied
}

fn fill(door: &Door, part: &Path) -> Result<()> {
    // An empty file is what `vacuum into` accepts, and this one only its owner can read.
    if part.exists() {
        fs::remove_file(part).map_err(Error::unavailable)?;
    }
    connect::create(part).map_err(Error::unavailable)?;
    let name = part.to_str().ok_or_else(|| Error::conflict("the backup's path is not Unicode"))?;
    let copied = door.writer().and_then(|db| db.execute("vacuum into $1", [name]).map(drop));
    copied.map_err(|error| Error::from(Stop::Failed(error)))?;
    let copy = Door { path: part.into(), busy: door.busy }.plain().map_err(failed)?;
    epoch::forget_file(&copy).map_err(failed)
}

fn place(part: &Path, to: &Path) -> std::io::Result<()> {
    File::open(part)?.sync_all()?;
    fs::rename(part, to)?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
