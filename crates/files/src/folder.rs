//! Files in a local folder, the default: synced before they are acknowledged.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use nodechat_domain::{Error, Result};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Location;
use object_store::{
    GetOptions, GetRange, GetResult, GetResultPayload, MultipartUpload, ObjectStore, ObjectStoreExt,
};
use tokio::sync::Semaphore;

use crate::files::Opened;
use crate::keep::Parts;
use crate::scratch::blocking;

/// A part on its way to the disk.
const PART_BYTES: usize = 256 * 1024;
/// Files on their way to the disk at once. Others wait, each in its scratch file.
const KEPT_AT_ONCE: usize = 4;
/// A chunk on its way to a reader.
const READ_BYTES: usize = 64 * 1024;

pub(crate) struct Folder {
    store: LocalFileSystem,
    objects: PathBuf,
    /// Nothing that is older than this can belong to an upload of this process.
    started: SystemTime,
    keeping: Semaphore,
}

impl Folder {
    /// Uses the folder `objects`, which is there; `scratch` is on the same disk.
    pub(crate) fn open(objects: PathBuf, scratch: &Path) -> io::Result<Self> {
        // The file system's own clock, because it is compared with the times of files.
        let started = tempfile::tempfile_in(scratch)?.metadata()?.modified()?;
        // Without `with_fsync` object_store renames into place and leaves the rest to luck.
        let store = LocalFileSystem::new_with_prefix(&objects).map_err(io::Error::other)?.with_fsync(true);
        Ok(Self { store, objects, started, keeping: Semaphore::new(KEPT_AT_ONCE) })
    }

    /// All of it is there when this returns, or nothing: an object appears when it is complete.
    pub(crate) async fn keep(&self, location: &Location, parts: Parts) -> Result<()> {
        let _turn = self.keeping.acquire().await.expect("it is never closed");
        let mut upload = self.store.put_multipart(location).await.map_err(Error::unavailable)?;
        match fill(upload.as_mut(), parts).await {
            Ok(()) => Ok(()),
            Err(error) => {
                // What is left of it costs space and nothing else; `sweep` finds it, and the first
                // error is the one worth telling.
                let _ = upload.abort().await;
                Err(error)
            }
        }
    }

    pub(crate) async fn open_object(&self, location: &Location, range: Option<Range<u64>>) -> Result<Opened> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found = self.store.get_opts(location, options).await.map_err(not_given)?;
        Ok(Opened { total_bytes: found.meta.size, range: found.range.clone(), bytes: stream_of(found) })
    }

    pub(crate) async fn size_of(&self, location: &Location) -> Result<u64> {
        Ok(self.store.head(location).await.map_err(not_given)?.size)
    }

    pub(crate) async fn remove(&self, location: &Location) -> Result<()> {
        match self.store.delete(location).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(Error::unavailable(error)),
        }
    }

    /// Removes half-written objects that a killed server left, and tells how many.
    pub(crate) async fn sweep(&self) -> Result<u64> {
        let (objects, started) = (self.objects.clone(), self.started);
        blocking(move || sweep_folder(&objects, started).map_err(Error::unavailable)).await
    }
}

async fn fill(upload: &mut dyn MultipartUpload, mut parts: Parts) -> Result<()> {
    loop {
        let part;
        (parts, part) = parts.next(PART_BYTES).await?;
        if part.is_empty() {
            break;
        }
        upload.put_part(part.into()).await.map_err(Error::unavailable)?;
    }
    upload.complete().await.map_err(Error::unavailable)?;
    Ok(())
}

fn not_given(error: object_store::Error) -> Error {
    match error {
        object_store::Error::NotFound { .. } => Error::NotFound("file"),
        error => Error::unavailable(error),
    }
}

fn stream_of(found: GetResult) -> BoxStream<'static, Result<Bytes>> {
    match found.payload {
        GetResultPayload::File(file, _) => read_file(file, found.range),
        GetResultPayload::Stream(chunks) => chunks.map_err(Error::unavailable).boxed(),
    }
}

/// In larger chunks than object_store's own stream, which goes to another thread for every 8 kB.
fn read_file(file: File, range: Range<u64>) -> BoxStream<'static, Result<Bytes>> {
    stream::try_unfold((file, range), |(file, range)| async move {
        if range.is_empty() {
            return Ok(None);
        }
        blocking(move || {
            let count = READ_BYTES.min(usize::try_from(range.end - range.start).unwrap_or(READ_BYTES));
            let chunk = read_at(&file, range.start, count).map_err(Error::unavailable)?;
            let rest = range.start + count as u64..range.end;
            Ok(Some((chunk, (file, rest))))
        })
        .await
    })
    .boxed()
}

fn read_at(mut file: &File, position: u64, count: usize) -> io::Result<Bytes> {
    use std::io::{Read, Seek, SeekFrom};

    let mut chunk = vec![0; count];
    file.seek(SeekFrom::Start(position))?;
    file.read_exact(&mut chunk)?;
    Ok(chunk.into())
}

/// object_store writes to `<object>#<number>` and renames; a name of ours never has a `#`.
fn sweep_folder(folder: &Path, started: SystemTime) -> io::Result<u64> {
    let mut removed = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            removed += sweep_folder(&entry.path(), started)?;
        } else if entry.file_name().to_string_lossy().contains('#') {
            removed += u64::from(remove_if_older(&entry.path(), started)?);
        }
    }
    Ok(removed)
}

fn remove_if_older(path: &Path, started: SystemTime) -> io::Result<bool> {
    let is_old = |metadata: std::fs::Metadata| Ok(metadata.modified()? < started);
    let removed = match std::fs::metadata(path).and_then(is_old) {
        Ok(true) => std::fs::remove_file(path),
        Ok(false) => return Ok(false),
        Err(error) => Err(error),
    };
    match removed {
        Ok(()) => Ok(true),
        // An upload of this process that was finished or given up in between.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Its entry in the folder above is synced, as object_store does for the folders below.
pub(crate) fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    #[cfg(unix)]
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        File::open(parent)?.sync_all()?;
    }
    Ok(())
}
