//! The uploaded files of a history: copied where they are missing or of another size.

use anyhow::{Result, bail};
use futures_util::stream::{self, StreamExt};
use nodechat_domain::Error;
use nodechat_domain::model::{FileId, ImagePath};
use nodechat_files::{Files, Key};
use nodechat_store::copy::{Copy, Named};

use super::Shelves;
use super::progress::Progress;
use crate::config::Config;

/// Files that are looked at, or on their way, at once.
const AT_ONCE: usize = 8;
/// Names of missing files that are told.
const TOLD: usize = 5;

#[derive(Debug, Default)]
pub struct Copied {
    /// Files that the history names.
    pub all: u64,
    pub copied: u64,
    pub copied_bytes: u64,
    pub missing: Vec<String>,
    /// They are used where they were.
    pub stay: bool,
}

/// Brings every file that the copied history names to its place, and makes sure that it is there as large as it was.
pub async fn copy(
    copy: &Copy,
    shelves: &Shelves,
    config: &Config,
    skip_missing: bool,
    progress: &Progress,
) -> Result<Copied> {
    let mut copied = Copied { stay: shelves.stay(), ..Copied::default() };
    if copy.snapshot().uploads == 0 {
        return Ok(copied);
    }
    let from = shelves.from.open_to_read(config, &shelves.scratch).await?;
    let to = if shelves.stay() { None } else { Some(shelves.to.open(config, &shelves.scratch).await?) };
    let named = stream::unfold(copy.uploads(), async |mut uploads| {
        let next = uploads.next().await.transpose()?;
        Some((next, uploads))
    });
    let moved = named.map(async |named| {
        let named = named?;
        Ok::<_, anyhow::Error>((bring(&named, &from, to.as_ref()).await?, named))
    });
    let mut moved = std::pin::pin!(moved.buffer_unordered(AT_ONCE));
    while let Some(outcome) = moved.next().await {
        let (outcome, named) = outcome?;
        copied.all += 1;
        match outcome {
            Outcome::There => {}
            Outcome::Copied => {
                copied.copied += 1;
                copied.copied_bytes += named.size_bytes;
            }
            Outcome::Missing => copied.missing.push(named.key),
        }
        progress.files(copied.all, copy.snapshot().uploads);
    }
    if !copied.missing.is_empty() && !skip_missing {
        let few: Vec<_> = copied.missing.iter().take(TOLD).map(String::as_str).collect();
        bail!(
            "{} of {} uploaded files are not in {} (or are not whole): {}{}; say with --files-from where they are, or, \
             if they are lost, copy the rest with --skip-missing-files",
            copied.missing.len(),
            copied.all,
            shelves.from,
            few.join(", "),
            if copied.missing.len() > few.len() { ", …" } else { "" }
        );
    }
    Ok(copied)
}

enum Outcome {
    There,
    Copied,
    Missing,
}

async fn bring(named: &Named, from: &Files, to: Option<&Files>) -> Result<Outcome> {
    let (image, file);
    let key = if named.is_image {
        image = ImagePath::parse(&named.key)?;
        Key::Image(&image)
    } else {
        file = FileId::parse(&named.key)?;
        Key::File(&file)
    };
    let size = named.size_bytes;
    if let Some(to) = to
        && size_in(to, key).await? == Some(size)
    {
        return Ok(Outcome::There);
    }
    if size_in(from, key).await? != Some(size) {
        return Ok(Outcome::Missing);
    }
    let Some(to) = to else { return Ok(Outcome::There) };
    let opened = from.open(key, None).await?;
    to.take_over(key, opened.bytes, size).await?;
    Ok(Outcome::Copied)
}

async fn size_in(files: &Files, key: Key<'_>) -> Result<Option<u64>> {
    match files.size_of(key).await {
        Ok(size) => Ok(Some(size)),
        Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(cause(error)),
    }
}

/// The public sentence of an error says nothing to an operator; what is behind it does.
fn cause(error: Error) -> anyhow::Error {
    anyhow::Error::new(error).context("the files cannot be reached; run the same command again")
}
