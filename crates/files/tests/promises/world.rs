//! A data folder, and the ways to bring files into it.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt, stream};
use nodechat_domain::port::Entropy;
use nodechat_domain::{Error, Result};
use nodechat_files::{Files, Key, Limits, Opened, TakenFile, TakenImage};
use object_store::memory::InMemory;
use tempfile::TempDir;

pub const DAY: &str = "2018-11-08";

pub struct World {
    pub folder: TempDir,
    pub files: Files,
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
        Self { folder, files }
    }

    /// As with S3: an object store that is no folder.
    pub fn remote(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(Arc::new(InMemory::new()), folder.path().to_owned(), limits);
        Self { folder, files }
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

    /// Every file below the data folder.
    pub fn kept(&self) -> Vec<String> {
        let mut found = Vec::new();
        list(self.folder.path(), &mut found);
        found
    }
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
