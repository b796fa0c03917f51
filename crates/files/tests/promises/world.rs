//! A data folder, and the ways to bring files into it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt, stream};
use nodechat_domain::port::Entropy;
use nodechat_domain::{Error, Result};
use nodechat_files::{Files, Key, Limits, Opened, TakenFile, TakenImage};
use tempfile::TempDir;

use crate::s3::TestBucket;
use crate::weather::Weather;

pub const DAY: &str = "2018-11-08";

/// As in earnest; tests under bad weather have a clock that jumps.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

pub struct World {
    pub folder: TempDir,
    pub files: Files,
    pub bucket: Option<TestBucket>,
}

pub struct Dice;

impl Entropy for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the system has random bytes");
    }
}

impl World {
    pub fn new() -> Self {
        Self::with(Limits::default())
    }

    pub fn with(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::local(folder.path(), limits).unwrap();
        Self { folder, files, bucket: None }
    }

    /// As with S3: a bucket, here in memory.
    pub fn remote(limits: Limits) -> Self {
        Self::under(&Weather::fair(), limits)
    }

    pub fn under(weather: &Weather, limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { files: start(weather, folder.path(), limits), folder, bucket: None }
    }

    /// The next server over the same bucket, with the folder of the one that has died.
    pub fn restarted(self, weather: &Weather) -> Self {
        let Self { folder, files, bucket } = self;
        drop(files);
        Self { files: start(weather, folder.path(), Limits::default()), folder, bucket }
    }

    /// The S3 server that NODECHAT_TEST_S3 names, if it does.
    pub fn s3(limits: Limits) -> Option<Self> {
        let bucket = TestBucket::fresh()?;
        let folder = tempfile::tempdir().unwrap();
        let files = Files::bucket(&bucket.options(), folder.path(), limits).unwrap();
        Some(Self { folder, files, bucket: Some(bucket) })
    }

    /// A server for each way of keeping files.
    pub fn everywhere() -> Vec<Self> {
        let limits = Limits::default();
        [Self::new(), Self::remote(limits)].into_iter().chain(Self::s3(limits)).collect()
    }

    pub async fn take_image(&self, name: &str, content: &[u8]) -> Result<TakenImage> {
        self.files.take_image(name, chunks(content, 7), DAY, &Dice).await
    }

    pub async fn take_file(&self, name: &str, content: &[u8]) -> Result<TakenFile> {
        self.files.take_file(name, chunks(content, 4096), &Dice).await
    }

    /// An image as it comes out again.
    pub async fn through(&self, name: &str, content: &[u8]) -> Result<Vec<u8>> {
        let taken = self.take_image(name, content).await?;
        let bytes = read(self.files.open(Key::Image(&taken.path), None).await?).await;
        assert_eq!(bytes.len() as u64, taken.size_bytes);
        Ok(bytes)
    }

    /// Every file below the data folder, every object and open upload of the bucket.
    pub async fn kept_anywhere(&self) -> Vec<String> {
        let mut kept = self.kept();
        if let Some(bucket) = &self.bucket {
            kept.extend(bucket.kept().await);
        }
        kept
    }

    /// Every file below the data folder.
    pub fn kept(&self) -> Vec<String> {
        let mut found = Vec::new();
        list(self.folder.path(), &mut found);
        found.retain(|path| !path.ends_with("unfinished/lock"));
        found
    }
}

fn start(weather: &Weather, folder: &Path, limits: Limits) -> Files {
    let objects = Arc::new(weather.clone());
    Files::in_objects(objects, "prefix".into(), TIME_LIMIT, "s3://test".to_owned(), folder, limits).unwrap()
}

pub fn chunks(content: &[u8], size: usize) -> impl Stream<Item = Result<Bytes>> + Send + use<> {
    let pieces: Vec<_> = content.chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(pieces)
}

/// The connection breaks behind `content`.
pub fn cut_off(content: &[u8], size: usize) -> impl Stream<Item = Result<Bytes>> + Send + use<> {
    let mut pieces: Vec<_> = content.chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    pieces.push(Err(Error::invalid("cmFile", "the upload was cut off")));
    stream::iter(pieces)
}

pub async fn read(opened: Opened) -> Vec<u8> {
    let expected = opened.range.end - opened.range.start;
    let pieces: Vec<Bytes> = opened.bytes.try_collect().await.unwrap();
    let bytes = pieces.concat();
    assert_eq!(bytes.len() as u64, expected);
    bytes
}

fn list(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            list(&entry.path(), found);
        } else {
            found.push(entry.path().display().to_string());
        }
    }
}
