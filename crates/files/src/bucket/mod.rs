//! Files in a bucket of S3 or of what is compatible with it, for several nodes that share them.
//!
//! Every call has a time limit, so that a bucket that is away, or a network that swallows packets, puts
//! callers off instead of keeping them. What is begun is noted in a folder first, so that whoever
//! starts after a crash knows what to remove.

mod connect;
mod failure;
mod health;
mod unfinished;

use std::future::Future;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use nodechat_domain::port::{Entropy, Uploads};
use nodechat_domain::{Error, Result};
use object_store::multipart::MultipartStore;
use object_store::path::Path as Location;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout, timeout_at};

pub use self::connect::BucketOptions;
pub(crate) use self::connect::connect;
use self::failure::Failure;
pub use self::failure::Unusable;
pub use self::health::Health;
use self::unfinished::{Entry, Unfinished};
use crate::files::Opened;
use crate::keep::Parts;

/// S3 takes no smaller part than this, the last one excepted; a file up to this size is sent as one.
const PART_BYTES: u64 = 5 * 1024 * 1024;
/// S3 takes no more parts than this.
const PARTS_MAX: u64 = 10_000;
/// Files on their way at once, each with one part in memory: 40 MB at most.
const SENT_AT_ONCE: usize = 8;
/// Below it [`Bucket::check`] writes, reads and removes something.
const CHECK: &str = "check";

/// A store of objects that takes them in parts.
pub trait Objects: ObjectStore + MultipartStore {}

impl<T: ObjectStore + MultipartStore> Objects for T {}

pub(crate) struct Bucket {
    objects: Arc<dyn Objects>,
    /// In front of every key.
    prefix: Location,
    time_limit: Duration,
    sending: Semaphore,
    unfinished: Unfinished,
    health: Arc<Health>,
}

impl Bucket {
    /// `name` is what the log calls it, `folder` where it is noted what is begun.
    pub(crate) fn new(
        objects: Arc<dyn Objects>,
        prefix: Location,
        time_limit: Duration,
        name: String,
        folder: &Path,
    ) -> io::Result<Self> {
        Ok(Self {
            objects,
            prefix,
            time_limit,
            sending: Semaphore::new(SENT_AT_ONCE),
            unfinished: Unfinished::open(folder)?,
            health: Arc::new(Health::new(name)),
        })
    }

    pub(crate) fn health(&self) -> Arc<Health> {
        self.health.clone()
    }

    /// All of it is there when this returns, or nothing: an object appears when it is complete. Until
    /// [`Bucket::recorded`] it counts as begun.
    pub(crate) async fn keep(&self, name: &str, location: &Location, parts: Parts) -> Result<()> {
        // Waiting for a turn and for the first answer are one wait to the caller.
        let until = Instant::now() + self.time_limit;
        let _turn = self.turn(until).await?;
        let mut entry = self.unfinished.begin(name, self.under_prefix(location)).await?;
        let sent = self.send(&mut entry, parts, until).await;
        if sent.is_err() {
            // Not now: the caller has waited long enough, and a bucket that failed would fail again.
            self.unfinished.put_off(entry);
        }
        sent
    }

    pub(crate) async fn recorded(&self, location: &Location) {
        self.unfinished.end(&self.under_prefix(location)).await;
    }

    pub(crate) async fn open_object(&self, location: &Location, range: Option<Range<u64>>) -> Result<Opened> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let location = self.under_prefix(location);
        let found =
            self.within(self.objects.get_opts(&location, options)).await.map_err(Failure::of_a_file)?;
        let (total_bytes, range) = (found.meta.size, found.range.clone());
        Ok(Opened { total_bytes, range, bytes: self.never_silent(found.into_stream()) })
    }

    pub(crate) async fn size_of(&self, location: &Location) -> Result<u64> {
        let location = self.under_prefix(location);
        Ok(self.within(self.objects.head(&location)).await.map_err(Failure::of_a_file)?.size)
    }

    /// What cannot be removed now is removed by a later [`Bucket::sweep`].
    pub(crate) async fn remove(&self, name: &str, location: &Location) -> Result<()> {
        let location = self.under_prefix(location);
        match self.delete(&location).await {
            Ok(()) => {
                self.unfinished.end(&location).await;
                Ok(())
            }
            Err(failure) => {
                self.unfinished.put_off(Entry::whole(name, location));
                Err(failure.into())
            }
        }
    }

    pub(crate) async fn sweep(&self, uploads: &dyn Uploads) -> Result<u64> {
        let mut removed = 0;
        let mut due = self.unfinished.take_due().into_iter();
        while let Some(left) = due.next() {
            match self.clear(&left.entry, uploads).await {
                Ok(true) => {
                    removed += u64::from(left.is_fresh());
                    self.unfinished.removed(left).await;
                }
                Ok(false) => self.unfinished.end(&left.entry.location).await,
                Err(error) => {
                    tracing::debug!(%error, "what is left of uploads stays for now");
                    self.unfinished.put_back([left].into_iter().chain(due));
                    break;
                }
            }
        }
        Ok(removed)
    }

    /// Everything that an upload, a download and their failures take, with a few bytes.
    pub(crate) async fn check(&self, entropy: &dyn Entropy) -> Result<(), Unusable> {
        // Nodes that start together must not find each other's.
        let mut random = [0; 16];
        entropy.fill(&mut random);
        let location = self.under_prefix(&format!("{CHECK}/{:032x}", u128::from_ne_bytes(random)).into());
        let entry = self.unfinished.begin(CHECK, location).await;
        let entry = entry.map_err(|error| Unusable::setting(format!("the data folder fails: {error}")))?;
        let checked = self.try_out(&entry.location).await;
        match checked {
            Ok(()) => self.unfinished.end(&entry.location).await,
            Err(_) => self.unfinished.put_off(entry),
        }
        checked
    }

    async fn try_out(&self, location: &Location) -> Result<(), Unusable> {
        let unusable = |doing: &str, failure: Failure| failure.unusable(self.health.name(), doing);
        let content = Bytes::from_static(b"Nodechat checks whether it can use this bucket.\n");
        let put = self.within(self.objects.put(location, content.clone().into())).await;
        put.map_err(|failure| unusable("write", failure))?;
        let read = self.within(async { self.objects.get(location).await?.bytes().await }).await;
        if read.map_err(|failure| unusable("read", failure))? != content {
            return Err(Unusable::setting(format!(
                "{} does not give back what is written",
                self.health.name()
            )));
        }
        let upload = self.within(self.objects.create_multipart(location)).await;
        let upload = upload.map_err(|failure| unusable("begin an upload in parts", failure))?;
        let aborted = self.within(self.objects.abort_multipart(location, &upload)).await;
        aborted.map_err(|failure| unusable("abort an upload in parts", failure))?;
        self.delete(location).await.map_err(|failure| unusable("delete", failure))?;
        // Whoever may not list a bucket is not told what is missing in it either.
        match self.within(self.objects.head(location)).await {
            Err(failure) if !failure.is_not_there() => Err(unusable("see what is missing", failure)),
            _ => Ok(()),
        }
    }

    /// Whether the bucket answers; [`Health`] knows it as well then.
    pub(crate) async fn answers(&self) -> bool {
        let asked = self.within(self.objects.head(&self.under_prefix(&CHECK.into()))).await;
        asked.err().is_none_or(|failure| failure.is_not_there())
    }

    async fn turn(&self, until: Instant) -> Result<SemaphorePermit<'_>> {
        match timeout_at(until, self.sending.acquire()).await {
            Ok(turn) => Ok(turn.expect("it is never closed")),
            Err(_) => Err(Error::unavailable("too many uploads wait for the bucket")),
        }
    }

    async fn send(&self, entry: &mut Entry, parts: Parts, until: Instant) -> Result<()> {
        if parts.left_bytes() <= PART_BYTES {
            let (_, whole) = parts.next(PART_BYTES as usize).await?;
            self.within_until(until, self.objects.put(&entry.location, whole.into())).await?;
            return Ok(());
        }
        self.send_in_parts(entry, parts, until).await
    }

    async fn send_in_parts(&self, entry: &mut Entry, mut parts: Parts, until: Instant) -> Result<()> {
        let location = entry.location.clone();
        let upload = self.within_until(until, self.objects.create_multipart(&location)).await?;
        self.unfinished.in_parts(entry, upload.clone()).await?;
        let part_bytes = part_bytes(parts.left_bytes());
        let mut sent = Vec::new();
        loop {
            let part;
            (parts, part) = parts.next(part_bytes).await?;
            if part.is_empty() {
                break;
            }
            let taken = self.objects.put_part(&location, &upload, sent.len(), part.into());
            sent.push(self.within(taken).await?);
        }
        self.within(self.objects.complete_multipart(&location, &upload, sent)).await?;
        Ok(())
    }

    /// Whether it had to go.
    async fn clear(&self, entry: &Entry, uploads: &dyn Uploads) -> Result<bool> {
        if uploads.find(&entry.name).await?.is_some() {
            return Ok(false);
        }
        self.undo(entry).await?;
        Ok(true)
    }

    /// Both, because a call without an answer may have been carried out.
    async fn undo(&self, entry: &Entry) -> Result<(), Failure> {
        if let Some(upload) = &entry.upload {
            match self.within(self.objects.abort_multipart(&entry.location, upload)).await {
                Ok(()) => {}
                Err(failure) if failure.is_not_there() => {}
                Err(failure) => return Err(failure),
            }
        }
        self.delete(&entry.location).await
    }

    async fn delete(&self, location: &Location) -> Result<(), Failure> {
        match self.within(self.objects.delete(location)).await {
            Err(failure) if !failure.is_not_there() => Err(failure),
            _ => Ok(()),
        }
    }

    async fn within<T>(&self, call: impl Future<Output = object_store::Result<T>>) -> Result<T, Failure> {
        self.within_until(Instant::now() + self.time_limit, call).await
    }

    async fn within_until<T>(
        &self,
        until: Instant,
        call: impl Future<Output = object_store::Result<T>>,
    ) -> Result<T, Failure> {
        let outcome = match timeout_at(until, call).await {
            Ok(outcome) => outcome.map_err(Failure::from),
            Err(_) => Err(Failure::Silent(self.time_limit)),
        };
        self.health.note(outcome.as_ref().err());
        outcome
    }

    /// Ends in an error when the bucket is silent for too long. A reader that takes its time is not
    /// meant: time counts only while it waits for bytes.
    fn never_silent(
        &self,
        chunks: BoxStream<'static, object_store::Result<Bytes>>,
    ) -> BoxStream<'static, Result<Bytes>> {
        let (time_limit, health) = (self.time_limit, self.health.clone());
        stream::try_unfold(chunks, move |mut chunks| {
            let health = health.clone();
            async move {
                let outcome = match timeout(time_limit, chunks.try_next()).await {
                    Ok(outcome) => outcome.map_err(Failure::from),
                    Err(_) => Err(Failure::Silent(time_limit)),
                };
                health.note(outcome.as_ref().err());
                Ok(outcome?.map(|chunk| (chunk, chunks)))
            }
        })
        .boxed()
    }

    fn under_prefix(&self, location: &Location) -> Location {
        self.prefix.parts().chain(location.parts()).collect()
    }
}

/// As small as S3 allows for a file of that size.
fn part_bytes(size_bytes: u64) -> usize {
    usize::try_from(PART_BYTES.max(size_bytes.div_ceil(PARTS_MAX))).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_any_size_fits_into_the_parts_that_s3_takes() {
        for size_bytes in [1, 50_000_000, 50_000_000_000, 60_000_000_001, 5_000_000_000_000] {
            let part_bytes = part_bytes(size_bytes) as u64;
            assert!(part_bytes >= PART_BYTES && size_bytes.div_ceil(part_bytes) <= PARTS_MAX, "{size_bytes}");
        }
        assert_eq!(part_bytes(52_428_800) as u64, PART_BYTES);
    }
}
