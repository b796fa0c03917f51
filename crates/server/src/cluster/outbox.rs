//! What waits to be published. Bounded: whoever could not be told something looks for it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nodechat_domain::model::RoomId;
use tokio::sync::Notify;

use crate::metrics::Metrics;

/// What may wait, in bytes. More comes together only when Redis stalls, and then not for long: it is left soon.
const WAITING_MAX_BYTES: usize = 16 * 1024 * 1024;

pub struct Outbox {
    waiting: Mutex<Waiting>,
    /// Somebody takes out what is put in.
    open: AtomicBool,
    unpublished: AtomicU64,
    filled: Notify,
    metrics: Arc<Metrics>,
}

#[derive(Default)]
struct Waiting {
    publications: VecDeque<Publication>,
    bytes: usize,
}

pub struct Publication {
    pub to: Topic,
    pub json: Vec<u8>,
}

/// Who hears a publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic {
    /// Nodes with listeners of this room.
    Room(RoomId),
    /// All nodes: small things about whole companies.
    Companies,
}

impl Outbox {
    pub fn new(metrics: Arc<Metrics>) -> Self {
        Self {
            waiting: Mutex::default(),
            open: false.into(),
            unpublished: 0.into(),
            filled: Notify::new(),
            metrics,
        }
    }

    pub fn is_open(&self) -> bool {
        self.open.load(Ordering::Relaxed)
    }

    pub fn open(&self) {
        let _waiting = self.lock();
        self.open.store(true, Ordering::Relaxed);
    }

    /// Redis is away. What waits is lost, and so may be what was sent last.
    pub fn close(&self) {
        let mut waiting = self.lock();
        self.open.store(false, Ordering::Relaxed);
        let lost = std::mem::take(&mut *waiting).publications.len() as u64;
        drop(waiting);
        self.lost(lost + 1);
    }

    /// Whoever misses it looks for it: what does not fit is counted.
    pub fn push(&self, to: Topic, json: Vec<u8>) {
        if !self.put(to, json) {
            self.lost(1);
        }
    }

    /// What is worth nothing later, or found otherwise: dropped when it does not fit.
    pub fn whisper(&self, to: Topic, json: Vec<u8>) {
        let _nobody_looks_for_it = self.put(to, json);
    }

    /// Waits for something to publish; at most `max` at once, the oldest first.
    pub async fn take(&self, max: usize) -> Vec<Publication> {
        loop {
            let taken = self.take_now(max);
            if !taken.is_empty() {
                return taken;
            }
            self.filled.notified().await;
        }
    }

    pub fn take_now(&self, max: usize) -> Vec<Publication> {
        let mut waiting = self.lock();
        let count = waiting.publications.len().min(max);
        let taken: Vec<_> = waiting.publications.drain(..count).collect();
        waiting.bytes -= taken.iter().map(|publication| publication.json.len()).sum::<usize>();
        taken
    }

    /// Commits that nobody was told of, for sure or maybe.
    pub fn lost(&self, count: u64) {
        self.unpublished.fetch_add(count, Ordering::Relaxed);
        self.metrics.unpublished.inc_by(count);
    }

    /// How many so far.
    pub fn unpublished(&self) -> u64 {
        self.unpublished.load(Ordering::Relaxed)
    }

    fn put(&self, to: Topic, json: Vec<u8>) -> bool {
        let mut waiting = self.lock();
        let fits = self.is_open() && waiting.bytes + json.len() <= WAITING_MAX_BYTES;
        if fits {
            waiting.bytes += json.len();
            waiting.publications.push_back(Publication { to, json });
            drop(waiting);
            self.filled.notify_one();
        }
        fits
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbox() -> (Outbox, Topic) {
        (Outbox::new(Arc::new(Metrics::default())), Topic::Room(RoomId::parse("/U2S_ann#c1").unwrap()))
    }

    #[test]
    fn what_cannot_be_published_is_counted() {
        let (outbox, room) = outbox();
        outbox.push(room.clone(), vec![0; 10]);
        assert_eq!(outbox.unpublished(), 1);
        outbox.open();
        outbox.push(room.clone(), vec![0; 10]);
        assert_eq!((outbox.unpublished(), outbox.take_now(9).len()), (1, 1));
        outbox.push(room.clone(), vec![0; 10]);
        outbox.close();
        // What waited, and whatever was under way.
        assert_eq!((outbox.unpublished(), outbox.take_now(9).len()), (3, 0));
    }

    #[test]
    fn nobody_looks_for_a_whisper() {
        let (outbox, room) = outbox();
        outbox.whisper(room.clone(), vec![0; 10]);
        assert_eq!((outbox.unpublished(), outbox.take_now(9).len()), (0, 0));
        outbox.open();
        outbox.whisper(Topic::Companies, vec![0; 10]);
        assert_eq!(outbox.take_now(9)[0].to, Topic::Companies);
    }

    #[test]
    fn a_stalled_redis_costs_bounded_memory() {
        let (outbox, room) = outbox();
        outbox.open();
        for _ in 0..40 {
            outbox.push(room.clone(), vec![0; 1024 * 1024]);
        }
        assert_eq!(outbox.unpublished(), 24);
        assert_eq!(outbox.take_now(usize::MAX).len(), 16);
        outbox.push(room.clone(), vec![0; 1024]);
        assert_eq!(outbox.take_now(usize::MAX).len(), 1);
    }
}
