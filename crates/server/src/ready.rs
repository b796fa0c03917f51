//! Whether this node should be sent anything: what `/readyz` answers from, whoever asks and however often.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use nodechat_domain::port::Rooms;
use tokio::time::{Instant, timeout};

/// A store that takes longer than this is not available; also how long one look at it serves all who ask.
const LOOK: Duration = Duration::from_secs(1);

/// A balancer asks every few seconds; after this time without a question there is none.
const WATCHED: Duration = Duration::from_secs(30);

/// What is known about this node.
pub struct Readiness {
    rooms: Arc<dyn Rooms>,
    redis: Look<Service>,
    bucket: Look<Service>,
    stopping: AtomicBool,
    asked: Mutex<Option<Question>>,
}

/// Another service that a node can do without for a while: without Redis what is said on other nodes comes from the
/// store, later; without the bucket only files wait. Were the node taken out of the balance for that, all would be at
/// the same moment, for all lose it together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    NotUsed,
    Ok,
    Away,
}

/// Each part with its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    pub stopping: bool,
    pub store: bool,
    pub redis: Service,
    pub bucket: Service,
}

type Look<T> = Box<dyn Fn() -> T + Send + Sync>;

/// One question to the store, and everybody who waits for its answer.
struct Question {
    begun: Instant,
    store: Shared<BoxFuture<'static, bool>>,
}

impl Readiness {
    /// `redis`, `bucket`: how they were when they were last used.
    pub fn new(
        rooms: Arc<dyn Rooms>,
        redis: impl Fn() -> Service + Send + Sync + 'static,
        bucket: impl Fn() -> Service + Send + Sync + 'static,
    ) -> Self {
        let (redis, bucket) = (Box::new(redis), Box::new(bucket));
        Self { rooms, redis, bucket, stopping: AtomicBool::new(false), asked: Mutex::new(None) }
    }

    /// Never takes much longer than a second, and asks the store at most once a second.
    pub async fn report(&self) -> Report {
        let question = self.question();
        // A balancer that asks now must not wait for a store that is slow.
        let store = if self.is_stopping() { true } else { question.await };
        // Again, for the answer of the store may have taken a while.
        Report { stopping: self.is_stopping(), store, redis: (self.redis)(), bucket: (self.bucket)() }
    }

    /// From now on nothing new should come here.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Whether somebody asks regularly, and so has to be given time to hear that this node stops.
    pub fn is_watched(&self) -> bool {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.as_ref().is_some_and(|question| question.begun.elapsed() < WATCHED)
    }

    /// The question that is under way or just answered, else a new one. Nothing happens before somebody waits for it.
    fn question(&self) -> Shared<BoxFuture<'static, bool>> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(question) = asked.as_ref().filter(|question| question.begun.elapsed() < LOOK) {
            return question.store.clone();
        }
        let store = ask(self.rooms.clone()).boxed().shared();
        *asked = Some(Question { begun: Instant::now(), store: store.clone() });
        store
    }
}

async fn ask(rooms: Arc<dyn Rooms>) -> bool {
    match timeout(LOOK, rooms.check()).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the store is not available");
            false
        }
        Err(_) => {
            tracing::warn!("not ready: the store does not answer");
            false
        }
    }
}

impl Report {
    /// Whether a balancer should send anything here.
    pub fn is_ready(&self) -> bool {
        !self.stopping && self.store
    }
}

/// One line for the whole and one for each part.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", if self.is_ready() { "ready" } else { "not ready" })?;
        writeln!(f, "node: {}", if self.stopping { "stopping" } else { "serving" })?;
        if !self.stopping {
            writeln!(f, "store: {}", if self.store { "ok" } else { "not available" })?;
        }
        writeln!(f, "redis: {}", self.redis.words())?;
        writeln!(f, "bucket: {}", self.bucket.words())
    }
}

impl Service {
    fn words(self) -> &'static str {
        match self {
            Self::NotUsed => "not used",
            Self::Ok => "ok",
            Self::Away => "away, serving without it",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use nodechat_domain::model::{Message, Note, Position, Recall, RoomHead, RoomId, RoomView};
    use nodechat_domain::port::{Answer, Decide, HistoryQuery, Scope, Since};
    use nodechat_domain::{Error, Result};

    use super::*;

    /// A store that can be asked only whether it is there.
    #[derive(Default)]
    struct Store {
        asked: AtomicUsize,
        fails: AtomicBool,
        stalls: AtomicBool,
    }

    impl Rooms for Store {
        fn check(&self) -> Answer<'_, ()> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            Box::pin(async {
                if self.stalls.load(Ordering::Relaxed) {
                    std::future::pending::<()>().await;
                }
                if self.fails.load(Ordering::Relaxed) {
                    Err(Error::unavailable("it is gone"))
                } else {
                    Ok(())
                }
            })
        }

        fn apply(&self, _: Scope, _: Decide) -> Answer<'_, ()> {
            unreachable!("nobody writes here")
        }

        fn view(&self, _: &RoomId, _: usize, _: Option<Since>) -> Answer<'_, Option<RoomView>> {
            unreachable!("nobody reads here")
        }

        fn page(&self, _: &RoomId, _: Position, _: Position) -> Answer<'_, Option<Vec<Message>>> {
            unreachable!("nobody reads here")
        }

        fn heads(&self, _: &[RoomId]) -> Answer<'_, Vec<RoomHead>> {
            unreachable!("nobody reads here")
        }

        fn history(&self, _: HistoryQuery) -> Answer<'_, Vec<Message>> {
            unreachable!("nobody reads here")
        }

        fn recalls(&self, _: &RoomId, _: i64, _: usize) -> Answer<'_, Vec<Recall>> {
            unreachable!("nobody reads here")
        }

        fn notes(&self, _: &RoomId, _: i64, _: usize) -> Answer<'_, Vec<Note>> {
            unreachable!("nobody reads here")
        }

        fn epoch(&self) -> &str {
            unreachable!("nobody reads here")
        }
    }

    fn readiness() -> (Arc<Store>, Arc<Readiness>) {
        let store = Arc::new(Store::default());
        (store.clone(), Arc::new(Readiness::new(store, || Service::Away, || Service::NotUsed)))
    }

    #[tokio::test(start_paused = true)]
    async fn a_store_that_fails_takes_the_node_out_and_one_that_heals_brings_it_back() {
        let (store, readiness) = readiness();
        assert!(readiness.report().await.is_ready());
        store.fails.store(true, Ordering::Relaxed);
        tokio::time::advance(LOOK).await;
        let report = readiness.report().await;
        assert!(!report.is_ready());
        assert_eq!(
            report.to_string(),
            "not ready\nnode: serving\nstore: not available\nredis: away, serving without it\nbucket: not used\n"
        );
        store.fails.store(false, Ordering::Relaxed);
        tokio::time::advance(LOOK).await;
        assert!(readiness.report().await.is_ready(), "without Redis it serves all the same");
    }

    #[tokio::test(start_paused = true)]
    async fn a_stalled_store_is_an_answer_within_a_second_for_everybody_who_asks() {
        let (store, readiness) = readiness();
        store.stalls.store(true, Ordering::Relaxed);
        let begun = Instant::now();
        let asking = (0..100).map(|_| {
            let readiness = readiness.clone();
            tokio::spawn(async move { readiness.report().await })
        });
        for answer in asking.collect::<Vec<_>>() {
            assert!(!answer.await.unwrap().is_ready());
        }
        assert_eq!(begun.elapsed(), LOOK);
        assert_eq!(store.asked.load(Ordering::Relaxed), 1, "a hundred probes cost one");
    }

    #[tokio::test(start_paused = true)]
    async fn a_node_that_stops_says_so_at_once_even_over_a_stalled_store() {
        let (store, readiness) = readiness();
        store.stalls.store(true, Ordering::Relaxed);
        readiness.stop();
        let begun = Instant::now();
        let report = readiness.report().await;
        assert_eq!(begun.elapsed(), Duration::ZERO);
        assert_eq!(
            report.to_string(),
            "not ready\nnode: stopping\nredis: away, serving without it\nbucket: not used\n"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_asks_regularly_is_known_to_watch() -> Result<()> {
        let (_store, readiness) = readiness();
        assert!(!readiness.is_watched(), "nobody has ever asked");
        readiness.report().await;
        tokio::time::advance(WATCHED / 2).await;
        assert!(readiness.is_watched());
        tokio::time::advance(WATCHED).await;
        assert!(!readiness.is_watched());
        Ok(())
    }
}
