//! One serving process for each data folder; commands that write beside it need no lock.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Held as long as this lives; the system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("another server is using {}; stop it first, or choose another data folder", .0.display())]
    Taken(PathBuf),
    #[error("the data folder {} cannot be locked: {source}", .path.display())]
    Io { path: PathBuf, source: io::Error },
}

/// Takes the folder for this process, which must exist.
pub fn lock(data_dir: &Path) -> Result<Lock, LockError> {
    let failed = |source| LockError::Io { path: data_dir.into(), source };
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(data_dir.join("nodechat.lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(LockError::Taken(data_dir.into())),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}
