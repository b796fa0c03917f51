//! The front door: taking uploads in, giving them out, removing them.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt, TryStreamExt};
use nodechat_domain::model::{FileId, ImagePath, UploadKind};
use nodechat_domain::port::Entropy;
use nodechat_domain::{Error, Result};
use object_store::local::LocalFileSystem;
use object_store::{GetOptions, GetRange, GetResult, GetResultPayload, ObjectStore, ObjectStoreExt};
use tokio::sync::Semaphore;

use crate::keep::{Pieces, keep};
use crate::limits::Limits;
use crate::scratch::{blocking, first_chunk, receive};
use crate::source::Source;
use crate::{kind, name, picture};

/// Uploads that are inspected and copied at once. Others wait, each with its file on disk.
const FINISHING_AT_ONCE: usize = 4;
/// A part on its way to a local folder.
const LOCAL_PART_BYTES: usize = 256 * 1024;
/// S3 takes no smaller part than this, the last one excepted.
const REMOTE_PART_BYTES: usize = 5 * 1024 * 1024;
/// A chunk on its way to a reader.
const READ_BYTES: usize = 64 * 1024;

/// The uploaded files of this server. Nothing is held in memory but the limits; any number of calls
/// may run at once.
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// Where uploads lie while they come in.
    scratch: PathBuf,
    /// What to sweep: a local folder of objects, and the moment before which nothing in it can
    /// belong to an upload of this process.
    local: Option<(PathBuf, SystemTime)>,
    part_bytes: usize,
    limits: Limits,
    finishing: Semaphore,
}

/// A picture that is on disk and may be named in messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenImage {
    pub path: ImagePath,
    /// As stored; a picture whose orientation says so is shown turned.
    pub width: u32,
    pub height: u32,
    /// What is kept, which is less than what came when something was removed.
    pub size_bytes: u64,
    pub media_type: &'static str,
    /// Cleaned, for people to read.
    pub name: String,
}

/// A file that is on disk and may be named in messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenFile {
    pub id: FileId,
    /// Cleaned, for people to read.
    pub name: String,
    /// What is kept, which is less than what came when something was removed.
    pub size_bytes: u64,
    pub media_type: &'static str,
}

/// Which file; already parsed, so that it can lead nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key<'a> {
    Image(&'a ImagePath),
    File(&'a FileId),
}

/// A file being given out.
pub struct Opened {
    pub total_bytes: u64,
    /// The bytes that come: what was asked for, or all.
    pub range: Range<u64>,
    pub bytes: BoxStream<'static, Result<Bytes>>,
}

impl Files {
    /// Keeps the files in `folder`, which is made when it is not there. Its owner alone may read it.
    ///
    /// An upload is synced, and the folders that lead to it, before it is answered.
    pub fn local(folder: &Path, limits: Limits) -> io::Result<Self> {
        let (objects, scratch) = (folder.join("objects"), folder.join("scratch"));
        for folder in [folder, &objects, &scratch] {
            make_private_folder(folder)?;
        }
        // The file system's own clock, because it is compared with the times of files.
        let started = tempfile::tempfile_in(&scratch)?.metadata()?.modified()?;
        // Without `with_fsync` object_store renames into place and leaves the rest to luck.
        let store = LocalFileSystem::new_with_prefix(&objects).map_err(io::Error::other)?.with_fsync(true);
        let mut files = Self::new(Arc::new(store), scratch, limits);
        files.local = Some((objects, started));
        files.part_bytes = LOCAL_PART_BYTES;
        Ok(files)
    }

    /// Keeps the files in any object store that makes an object durable before it answers, as S3
    /// does. `scratch` is a folder that is there, on a disk with room for the uploads under way.
    ///
    /// Parts of an upload that was cut off while it was copied are the bucket's to expire
    /// (`AbortIncompleteMultipartUpload`).
    pub fn new(store: Arc<dyn ObjectStore>, scratch: PathBuf, limits: Limits) -> Self {
        Self {
            store,
            scratch,
            local: None,
            part_bytes: REMOTE_PART_BYTES,
            limits,
            finishing: Semaphore::new(FINISHING_AT_ONCE),
        }
    }

    /// Takes a picture (PNG, JPEG, GIF, WebP) in, without what tells where and by whom it was taken.
    /// `day` is `yyyy-MM-dd`. A name without an extension, as a page gives to what was pasted, is
    /// fine; one with a wrong extension is not.
    ///
    /// An error leaves nothing behind, and so does a caller that stops waiting while chunks come. One
    /// that stops later may leave an object that no entry names; so run this and the storing of the
    /// entry in a task that the client's going away does not stop.
    pub async fn take_image(
        &self,
        name: &str,
        chunks: impl Stream<Item = Result<Bytes>> + Send,
        day: &str,
        entropy: &dyn Entropy,
    ) -> Result<TakenImage> {
        let name = name::clean(name);
        let mut chunks = pin!(chunks);
        let first = first_chunk(&mut chunks).await?;
        let claimed = picture::Format::claimed_by(&name)?;
        let file = receive(&self.scratch, first, &mut chunks, self.limits.image_bytes).await?;

        let _turn = self.finishing.acquire().await.expect("it is never closed");
        let limits = self.limits;
        let (file, found) = blocking(move || {
            let mut source = Source::new(file)?;
            let found = picture::inspect(&mut source, claimed, &limits)?;
            Ok((source.into_file(), found))
        })
        .await?;

        let path = ImagePath::new(day, found.format.extension(), entropy);
        let path = ImagePath::parse(path.as_str()).map_err(Error::internal)?;
        let size_bytes = found.pieces.size_bytes();
        self.keep(Key::Image(&path), file, found.pieces).await?;
        let (width, height) = (found.width, found.height);
        Ok(TakenImage { path, width, height, size_bytes, media_type: found.format.media_type(), name })
    }

    /// Takes a file of an allowed kind in. Its name must have the extension of what it is. Pictures
    /// are cleaned as by [`Files::take_image`]; everything else is kept as it is.
    ///
    /// An error leaves nothing behind, and so does a caller that stops waiting while chunks come. One
    /// that stops later may leave an object that no entry names; so run this and the storing of the
    /// entry in a task that the client's going away does not stop.
    pub async fn take_file(
        &self,
        name: &str,
        chunks: impl Stream<Item = Result<Bytes>> + Send,
        entropy: &dyn Entropy,
    ) -> Result<TakenFile> {
        let name = name::clean(name);
        let mut chunks = pin!(chunks);
        let first = first_chunk(&mut chunks).await?;
        let claimed = kind::claimed_by(&name)?;
        let file = receive(&self.scratch, first, &mut chunks, self.limits.file_bytes).await?;

        let _turn = self.finishing.acquire().await.expect("it is never closed");
        let limits = self.limits;
        let (file, media_type, pieces) = blocking(move || {
            let mut source = Source::new(file)?;
            let (media_type, pieces) = claimed.inspect(&mut source, &limits)?;
            Ok((source.into_file(), media_type, pieces))
        })
        .await?;

        let id = FileId::new(entropy);
        let size_bytes = pieces.size_bytes();
        self.keep(Key::File(&id), file, pieces).await?;
        Ok(TakenFile { id, name, size_bytes, media_type })
    }

    /// Opens a file for reading; `range` is what [`crate::parse_range`] found.
    pub async fn open(&self, key: Key<'_>, range: Option<Range<u64>>) -> Result<Opened> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found = self.store.get_opts(&key.location(), options).await.map_err(refused)?;
        Ok(Opened { total_bytes: found.meta.size, range: found.range.clone(), bytes: stream_of(found) })
    }

    /// Removes a file; one that is not there is removed already. For an upload whose entry could not
    /// be stored: an object without an entry opens nothing and only takes space.
    pub async fn remove(&self, key: Key<'_>) -> Result<()> {
        match self.store.delete(&key.location()).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(Error::unavailable(error)),
        }
    }

    /// Removes half-written objects that a killed server left in a local folder, and tells how many.
    /// Walks the whole folder once; uploads may run meanwhile.
    pub async fn sweep(&self) -> Result<u64> {
        let Some((objects, started)) = self.local.clone() else { return Ok(0) };
        blocking(move || sweep_folder(&objects, started).map_err(Error::unavailable)).await
    }

    async fn keep(&self, key: Key<'_>, file: File, pieces: Pieces) -> Result<()> {
        keep(&self.store, &key.location(), file, pieces, self.part_bytes).await
    }
}

impl<'a> Key<'a> {
    /// A strong validator: a file never changes under its name.
    pub fn etag(&self) -> String {
        let name = match self {
            Key::Image(path) => path.as_str(),
            Key::File(id) => id.as_str(),
        };
        format!("\"{name}\"")
    }

    /// Images lie by day, files by the first two digits, so that no folder grows without bound.
    fn location(&self) -> object_store::path::Path {
        match self {
            Key::Image(path) => format!("images/{}", path.as_str()).into(),
            Key::File(id) => format!("files/{}/{}", &id.as_str()[..2], id.as_str()).into(),
        }
    }
}

impl<'a> From<&'a UploadKind> for Key<'a> {
    fn from(kind: &'a UploadKind) -> Self {
        match kind {
            UploadKind::Image { path, .. } => Key::Image(path),
            UploadKind::File { id } => Key::File(id),
        }
    }
}

fn refused(error: object_store::Error) -> Error {
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
fn make_private_folder(folder: &Path) -> io::Result<()> {
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
