//! What has been begun in the bucket, as one small file each: it is written before the bucket hears of
//! an upload, and removed when the entry of the upload is stored. What is found at start was left by a
//! server that was killed.
//!
//! Not synced: a process that is killed leaves its files whole, and after a power cut the bucket's own
//! rule for incomplete uploads remains.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use nodechat_domain::{Error, Result};
use object_store::MultipartId;
use object_store::path::Path as Location;
use tokio::time::Instant;

use crate::scratch::blocking;

const LOCK: &str = "lock";
/// S3 takes no request whose signature is older.
const LATEST: Duration = Duration::from_secs(15 * 60);
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// One upload that has no entry yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// What its entry in the store would be called.
    pub(crate) name: String,
    pub(crate) location: Location,
    /// When it is sent in parts.
    pub(crate) upload: Option<MultipartId>,
}

/// What is to be removed, now and again for a while: a request that the network has swallowed may still
/// come out of it, long after everybody has given it up.
#[derive(Debug)]
pub(crate) struct LeftOver {
    pub(crate) entry: Entry,
    since: Instant,
    due: Instant,
}

pub(crate) struct Unfinished {
    folder: PathBuf,
    /// Nobody works on these any more.
    left_over: Mutex<Vec<LeftOver>>,
    /// Held as long as this lives: what another node is about to finish must not look left over.
    _lock: File,
}

impl Unfinished {
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        let lock = File::create(folder.join(LOCK))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => {
                io::Error::other("another node uses it; each needs a folder of its own")
            }
            TryLockError::Error(error) => error,
        })?;
        let mut left_over = Vec::new();
        for file in std::fs::read_dir(folder)? {
            let path = file?.path();
            if path.ends_with(LOCK) {
                continue;
            }
            match Entry::parse(&std::fs::read_to_string(&path)?) {
                Some(entry) => left_over.push(LeftOver::new(entry)),
                // Cut off while it was written, hence before the bucket heard of anything.
                None => std::fs::remove_file(&path)?,
            }
        }
        Ok(Self { folder: folder.to_owned(), left_over: Mutex::new(left_over), _lock: lock })
    }

    pub(crate) async fn begin(&self, name: &str, location: Location) -> Result<Entry> {
        let entry = Entry::whole(name, location);
        self.write(&entry).await?;
        Ok(entry)
    }

    pub(crate) async fn in_parts(&self, entry: &mut Entry, upload: MultipartId) -> Result<()> {
        entry.upload = Some(upload);
        self.write(entry).await
    }

    pub(crate) async fn end(&self, location: &Location) {
        self.lock().retain(|left| left.entry.location != *location);
        let path = self.path(location);
        let removed = blocking(move || match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::unavailable(error)),
            _ => Ok(()),
        });
        if let Err(error) = removed.await {
            // The next start looks whether the upload is recorded, and finds that it is.
            tracing::debug!(%error, "the note of a finished upload stays");
        }
    }

    /// To be removed later; its file is there, or will be missed by nobody but the next start.
    pub(crate) fn put_off(&self, entry: Entry) {
        self.lock().push(LeftOver::new(entry));
    }

    /// What should be removed now.
    pub(crate) fn take_due(&self) -> Vec<LeftOver> {
        let now = Instant::now();
        self.lock().extract_if(.., |left| left.due <= now).collect()
    }

    /// They could not be removed.
    pub(crate) fn put_back(&self, left: impl IntoIterator<Item = LeftOver>) {
        self.lock().extend(left);
    }

    /// It is removed, as far as anybody can tell now.
    pub(crate) async fn removed(&self, mut left: LeftOver) {
        let now = Instant::now();
        let age = now - left.since;
        if age >= LATEST {
            return self.end(&left.entry.location).await;
        }
        left.due = now + age.max(LOOK_AGAIN);
        self.put_back([left]);
    }

    /// Replaces the file at once: what it said before holds until then.
    async fn write(&self, entry: &Entry) -> Result<()> {
        let (path, text) = (self.path(&entry.location), entry.text());
        blocking(move || {
            let written = path.with_extension("new");
            std::fs::write(&written, text)
                .and_then(|()| std::fs::rename(&written, &path))
                .map_err(Error::unavailable)
        })
        .await
    }

    /// The last part of a key is random, hence a name by itself.
    fn path(&self, location: &Location) -> PathBuf {
        self.folder.join(location.filename().unwrap_or_default())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<LeftOver>> {
        // A list is whole whatever a thread that panicked was about to do with it.
        self.left_over.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LeftOver {
    fn new(entry: Entry) -> Self {
        let now = Instant::now();
        Self { entry, since: now, due: now }
    }

    /// Whether nobody has tried to remove it.
    pub(crate) fn is_fresh(&self) -> bool {
        self.due == self.since
    }
}

impl Entry {
    pub(crate) fn whole(name: &str, location: Location) -> Self {
        Self { name: name.to_owned(), location, upload: None }
    }

    fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.name, self.location, self.upload.as_deref().unwrap_or_default())
    }

    fn parse(text: &str) -> Option<Self> {
        let [name, location, upload] =
            text.strip_suffix('\n')?.split('\n').collect::<Vec<_>>().try_into().ok()?;
        let upload = Some(upload.to_owned()).filter(|upload| !upload.is_empty());
        Some(Self { name: name.to_owned(), location: Location::parse(location).ok()?, upload })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_begun_and_not_ended_is_found_by_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let unfinished = Unfinished::open(folder.path()).unwrap();
        let mut parts =
            unfinished.begin("2018-11-08/a.png", "p/images/2018-11-08/a.png".into()).await.unwrap();
        unfinished.in_parts(&mut parts, "an id/with=signs".into()).await.unwrap();
        let whole = unfinished.begin("ab", "p/files/ab/ab".into()).await.unwrap();
        let ended = unfinished.begin("cd", "p/files/cd/cd".into()).await.unwrap();
        unfinished.end(&ended.location).await;
        assert!(unfinished.take_due().is_empty(), "they are under way");

        assert!(Unfinished::open(folder.path()).is_err(), "another node must not take them for left over");
        drop(unfinished);
        let found = Unfinished::open(folder.path()).unwrap().take_due();
        let mut found: Vec<_> = found.into_iter().map(|left| left.entry).collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        assert_eq!(found, [parts, whole]);
    }

    #[tokio::test]
    async fn a_note_that_was_cut_off_is_no_upload() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ab.new"), "ab\np/fi").unwrap();
        assert!(Unfinished::open(folder.path()).unwrap().take_due().is_empty());
        assert!(!folder.path().join("ab.new").exists());
    }
}
