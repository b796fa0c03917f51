//! The front door: taking uploads in, giving them out, removing them.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream::BoxStream;
use nodechat_domain::model::{FileId, ImagePath, UploadKind};
use nodechat_domain::port::{Entropy, Uploads};
use nodechat_domain::{Error, Result};
use object_store::path::Path as Location;
use tokio::sync::Semaphore;

use crate::bucket::{Bucket, BucketOptions, Health, Objects, Unusable, connect};
use crate::folder::{Folder, make_private_folder};
use crate::keep::{Parts, Pieces};
use crate::limits::Limits;
use crate::scratch::{blocking, first_chunk, receive};
use crate::source::Source;
use crate::{kind, name, picture};

/// Uploads that are inspected at once. Others wait, each with its file on disk.
const INSPECTED_AT_ONCE: usize = 4;

/// The uploaded files of this server, in a local folder or in a bucket. Nothing is held in memory but
/// the limits; any number of calls may run at once.
pub struct Files {
    shelf: Shelf,
    /// Where uploads lie while they come in.
    scratch: PathBuf,
    limits: Limits,
    inspecting: Semaphore,
}

/// Where the files stand.
enum Shelf {
    Folder(Folder),
    Bucket(Bucket),
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
        Ok(Self::on(Shelf::Folder(Folder::open(objects, &scratch)?), scratch, limits))
    }

    /// Keeps the files in a bucket. `folder`, which is made when it is not there, is on a disk with
    /// room for the uploads under way; a server that was killed finds there what it had begun.
    pub fn bucket(options: &BucketOptions, folder: &Path, limits: Limits) -> Result<Self, Unusable> {
        let (objects, prefix) = connect(options)?;
        let name = options.url.clone();
        let files = Self::in_objects(Arc::new(objects), prefix, options.time_limit, name, folder, limits);
        files.map_err(|error| Unusable::setting(format!("{} cannot be used: {error}", folder.display())))
    }

    /// As [`Files::bucket`], over any store of objects that makes one durable before it answers.
    pub fn in_objects(
        objects: Arc<dyn Objects>,
        prefix: Location,
        time_limit: std::time::Duration,
        name: String,
        folder: &Path,
        limits: Limits,
    ) -> io::Result<Self> {
        let (scratch, unfinished) = (folder.join("scratch"), folder.join("unfinished"));
        for folder in [folder, &scratch, &unfinished] {
            make_private_folder(folder)?;
        }
        let bucket = Bucket::new(objects, prefix, time_limit, name, &unfinished)?;
        Ok(Self::on(Shelf::Bucket(bucket), scratch, limits))
    }

    fn on(shelf: Shelf, scratch: PathBuf, limits: Limits) -> Self {
        Self { shelf, scratch, limits, inspecting: Semaphore::new(INSPECTED_AT_ONCE) }
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

        let limits = self.limits;
        let (file, found) =
            self.inspect(file, move |source| picture::inspect(source, claimed, &limits)).await?;

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

        let limits = self.limits;
        let (file, (media_type, pieces)) =
            self.inspect(file, move |source| claimed.inspect(source, &limits)).await?;

        let id = FileId::new(entropy);
        let size_bytes = pieces.size_bytes();
        self.keep(Key::File(&id), file, pieces).await?;
        Ok(TakenFile { id, name, size_bytes, media_type })
    }

    /// Takes a file over that another server has checked: these bytes under this name, `size_bytes` of
    /// them. One that is there already is replaced.
    pub async fn take_over(
        &self,
        key: Key<'_>,
        chunks: impl Stream<Item = Result<Bytes>> + Send,
        size_bytes: u64,
    ) -> Result<()> {
        let mut chunks = pin!(chunks);
        let first = first_chunk(&mut chunks).await?;
        let file = receive(&self.scratch, first, &mut chunks, size_bytes).await?;
        let came_bytes = file.metadata().map_err(Error::unavailable)?.len();
        if came_bytes != size_bytes {
            return Err(Error::unavailable(format!("{came_bytes} bytes came instead of {size_bytes}")));
        }
        self.keep(key, file, Pieces::whole(size_bytes)).await?;
        self.recorded(key).await;
        Ok(())
    }

    /// Opens a file for reading; `range` is what [`crate::parse_range`] found.
    pub async fn open(&self, key: Key<'_>, range: Option<Range<u64>>) -> Result<Opened> {
        match &self.shelf {
            Shelf::Folder(folder) => folder.open_object(&key.location(), range).await,
            Shelf::Bucket(bucket) => bucket.open_object(&key.location(), range).await,
        }
    }

    /// How many bytes a file has.
    pub async fn size_of(&self, key: Key<'_>) -> Result<u64> {
        match &self.shelf {
            Shelf::Folder(folder) => folder.size_of(&key.location()).await,
            Shelf::Bucket(bucket) => bucket.size_of(&key.location()).await,
        }
    }

    /// To be called when the entry of an upload is stored: from now on it is no left-over.
    pub async fn recorded(&self, key: Key<'_>) {
        if let Shelf::Bucket(bucket) = &self.shelf {
            bucket.recorded(&key.location()).await;
        }
    }

    /// Removes a file; one that is not there is removed already. For an upload whose entry could not
    /// be stored: an object without an entry opens nothing and only takes space.
    pub async fn remove(&self, key: Key<'_>) -> Result<()> {
        match &self.shelf {
            Shelf::Folder(folder) => folder.remove(&key.location()).await,
            Shelf::Bucket(bucket) => bucket.remove(key.name(), &key.location()).await,
        }
    }

    /// Removes what uploads that were given up have left, in this process or in one that was killed,
    /// and tells how many. What has an entry in `uploads` stays. For the start: in a local folder it
    /// walks through everything. Uploads may run meanwhile.
    pub async fn sweep(&self, uploads: &dyn Uploads) -> Result<u64> {
        match &self.shelf {
            Shelf::Folder(folder) => folder.sweep().await,
            Shelf::Bucket(bucket) => bucket.sweep(uploads).await,
        }
    }

    /// Whether files can be written and read: everything an upload does, once, with a few bytes. A
    /// local folder has shown it by being opened.
    pub async fn check(&self, entropy: &dyn Entropy) -> Result<(), Unusable> {
        match &self.shelf {
            Shelf::Folder(_) => Ok(()),
            Shelf::Bucket(bucket) => bucket.check(entropy).await,
        }
    }

    /// To be called now and then: finds out whether the bucket is well, and removes what uploads that
    /// were given up have left there.
    pub async fn look_after(&self, uploads: &dyn Uploads) -> Result<()> {
        if let Shelf::Bucket(bucket) = &self.shelf
            && bucket.answers().await
        {
            bucket.sweep(uploads).await?;
        }
        Ok(())
    }

    /// How the bucket is; none for a local folder.
    pub fn health(&self) -> Option<Arc<Health>> {
        match &self.shelf {
            Shelf::Folder(_) => None,
            Shelf::Bucket(bucket) => Some(bucket.health()),
        }
    }

    async fn inspect<T: Send + 'static>(
        &self,
        file: File,
        inspect: impl FnOnce(&mut Source) -> Result<T> + Send + 'static,
    ) -> Result<(File, T)> {
        let _turn = self.inspecting.acquire().await.expect("it is never closed");
        blocking(move || {
            let mut source = Source::new(file)?;
            let found = inspect(&mut source)?;
            Ok((source.into_file(), found))
        })
        .await
    }

    async fn keep(&self, key: Key<'_>, file: File, pieces: Pieces) -> Result<()> {
        let parts = Parts::new(file, pieces);
        match &self.shelf {
            Shelf::Folder(folder) => folder.keep(&key.location(), parts).await,
            Shelf::Bucket(bucket) => bucket.keep(key.name(), &key.location(), parts).await,
        }
    }
}

impl<'a> Key<'a> {
    /// A strong validator: a file never changes under its name.
    pub fn etag(&self) -> String {
        format!("\"{}\"", self.name())
    }

    /// What messages and entries call it.
    pub fn name(&self) -> &'a str {
        match self {
            Key::Image(path) => path.as_str(),
            Key::File(id) => id.as_str(),
        }
    }

    /// Images lie by day, files by the first two digits, so that no folder grows without bound.
    fn location(&self) -> Location {
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
