//! Tells what was committed: the feed first, then each caller. On a thread of its own while the next batch is written.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use nodechat_domain::port::Feed;

use super::writer::Job;

pub type Batch = Vec<Box<dyn Job>>;

/// Batches that may wait to be told before the writer waits, too.
const BEHIND: usize = 1;

/// Dropping it tells what was handed over, and waits for that.
pub struct Teller {
    feed: Arc<dyn Feed>,
    /// Batches handed over and not told to their end.
    behind: Arc<AtomicUsize>,
    thread: Option<(SyncSender<Batch>, JoinHandle<()>)>,
}

impl Teller {
    pub fn start(feed: Arc<dyn Feed>) -> std::io::Result<Self> {
        let (sender, batches) = sync_channel::<Batch>(BEHIND);
        let behind = Arc::new(AtomicUsize::new(0));
        let (heard, told) = (Arc::clone(&feed), Arc::clone(&behind));
        let thread = thread::Builder::new().name("store-teller".into()).spawn(move || {
            for batch in batches {
                tell(batch, &*heard);
                told.fetch_sub(1, Ordering::Release);
            }
        })?;
        Ok(Self { feed, behind, thread: Some((sender, thread)) })
    }

    /// Tells a batch behind all earlier ones. `busy`: the caller has better things to do. Whoever has not does it
    /// sooner by himself than by waking somebody.
    pub fn tell(&self, batch: Batch, busy: bool) {
        let Some((sender, _)) = self.thread.as_ref().filter(|_| busy || self.is_behind()) else {
            return tell(batch, &*self.feed);
        };
        self.behind.fetch_add(1, Ordering::Relaxed);
        sender.send(batch).expect("nothing that is told can end the thread");
    }

    fn is_behind(&self) -> bool {
        self.behind.load(Ordering::Acquire) > 0
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        let Some((sender, thread)) = self.thread.take() else { return };
        drop(sender);
        if thread.join().is_err() {
            tracing::error!("a thread of the store panicked");
        }
    }
}

/// Each caller right behind what the feed hears of his piece, so that the two leave together.
fn tell(batch: Batch, feed: &dyn Feed) {
    for job in batch {
        if catch_unwind(AssertUnwindSafe(|| job.tell(feed))).is_err() {
            tracing::error!("the listener to the store panicked; it missed a committed change");
        }
        job.answer(None);
    }
}
