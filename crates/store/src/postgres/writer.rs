//! Lanes: each takes every commit that waits for it, writes them in one transaction, tells the feed, answers all.
//!
//! A room is always in the same lane, so its commits keep their order. Lanes do not wait for each other, and a lane
//! that is idle waits for nothing: one commit alone leaves at once. What is lost before `commit` was sent has not
//! happened and runs again on another connection; of what is lost afterwards nobody here can know what became, so the
//! callers are told `Unavailable` and the feed that it cannot be sure.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use nodechat_domain::error::{Error, Result};
use nodechat_domain::port::{Answer, Change, Decide, Feed, Scope};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};
use tokio_postgres::Error as PgError;
use tokio_postgres::error::SqlState;

use super::connect::{Db, Door};
use super::failure::{Fault, Stop, ends_session, fault};
use super::ledger::{NotCommitted, Sheet, Statements};
use crate::panicked::panicked;

/// How often a batch runs that others keep getting in the way of.
const ATTEMPTS: usize = 6;

/// Hands commits to the lanes.
pub struct Writer {
    lanes: Vec<mpsc::Sender<Piece>>,
    /// Told when nothing new may come in; so is its end, when the store is dropped.
    closing: watch::Sender<bool>,
    counts: Arc<Counts>,
    time_limit: Duration,
}

/// How much was committed since the store was opened.
#[derive(Debug, Default)]
pub struct Counts {
    pub batches: AtomicU64,
    pub jobs: AtomicU64,
    /// The last batch could not be written.
    pub failing: AtomicBool,
}

/// How commits are put together.
#[derive(Debug, Clone, Copy)]
pub struct Grouping {
    pub lanes: usize,
    pub max_batch: usize,
    pub max_waiting: usize,
}

impl Writer {
    pub fn start(door: &Door, feed: &Arc<dyn Feed>, grouping: Grouping) -> (Self, Vec<JoinHandle<()>>) {
        let counts = Arc::new(Counts::default());
        let (closing, closed) = watch::channel(false);
        let (mut lanes, mut tasks) = (Vec::new(), Vec::new());
        for _ in 0..grouping.lanes.max(1) {
            let (sender, waiting) = mpsc::channel(grouping.max_waiting.max(1));
            let lane = Lane {
                waiting,
                closed: closed.clone(),
                door: door.clone(),
                desk: None,
                feed: Arc::clone(feed),
                counts: Arc::clone(&counts),
                max_batch: grouping.max_batch.max(1),
            };
            lanes.push(sender);
            tasks.push(tokio::spawn(lane.work()));
        }
        (Self { lanes, closing, counts, time_limit: door.time_limit }, tasks)
    }

    /// Puts the commit in line at once, before the future is first asked: what one caller starts first in a room is
    /// done first.
    pub fn commit(&self, scope: Scope, decide: Decide) -> Answer<'static, ()> {
        let (answer, answered) = oneshot::channel();
        let now = Instant::now();
        let (expires, told) = (now + self.time_limit * 19 / 20, now + self.time_limit);
        let lane = &self.lanes[self.lane_of(&scope)];
        let pushed = lane.try_send(Piece { scope, decide, outcome: None, expires, answer });
        Box::pin(async move {
            pushed.map_err(|error| match error {
                TrySendError::Full(_) => Error::unavailable("too much is waiting for the store"),
                TrySendError::Closed(_) => Error::unavailable("the store is closed"),
            })?;
            match timeout_at(told, answered).await {
                Ok(answer) => answer.map_err(|_| Error::unavailable("the store has stopped"))?,
                Err(late) => Err(Error::unavailable(late)),
            }
        })
    }

    /// Lets nothing new in; what is in line is still written.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    pub fn counts(&self) -> &Arc<Counts> {
        &self.counts
    }

    fn lane_of(&self, scope: &Scope) -> usize {
        let mut hasher = DefaultHasher::new();
        scope.room.hash(&mut hasher);
        (hasher.finish() % self.lanes.len() as u64) as usize
    }
}

/// A commit in line.
struct Piece {
    scope: Scope,
    decide: Decide,
    outcome: Option<Result<Vec<Change>>>,
    /// When it is given up: a little before its caller stops waiting, who hears of it from here, behind the feed.
    expires: Instant,
    answer: oneshot::Sender<Result<()>>,
}

impl Piece {
    fn decide(&mut self, sheet: &mut Sheet) {
        let (scope, decide) = (&self.scope, &mut self.decide);
        let snapshot = sheet.snapshot(scope);
        let decided = match catch_unwind(AssertUnwindSafe(|| decide(&snapshot))) {
            Ok(decided) => decided,
            Err(panic) => Err(panicked(&*panic)),
        };
        self.outcome = Some(decided.and_then(|changes| sheet.make(&scope.room, &changes).map(|()| changes)));
    }

    fn changes(&self) -> &[Change] {
        match &self.outcome {
            Some(Ok(changes)) => changes,
            _ => &[],
        }
    }

    fn answer(self, failure: Option<Error>) {
        let answer = match (failure, self.outcome) {
            (Some(error), _) => Err(error),
            (None, Some(outcome)) => outcome.map(drop),
            (None, None) => Err(Error::internal("a commit was made without having been decided")),
        };
        // A caller that went away wants no answer; the change is made all the same.
        let _gone = self.answer.send(answer);
    }
}

/// One writing task. Nobody else uses its connection.
struct Lane {
    waiting: mpsc::Receiver<Piece>,
    closed: watch::Receiver<bool>,
    door: Door,
    /// None until it is needed, while it is used, and after a failure that may have spoilt it.
    desk: Option<Desk>,
    feed: Arc<dyn Feed>,
    counts: Arc<Counts>,
    max_batch: usize,
}

/// A connection that writes batches.
struct Desk {
    db: Db,
    statements: Statements,
}

/// Why a batch was not written.
enum Fate {
    /// It has not happened, and may go when it runs again.
    Again(PgError),
    /// It has not happened.
    Not(Cause),
    /// It has not happened, because of something in it.
    Defect(Cause),
    /// It may have happened.
    Unknown(Cause),
}

/// One cause, told to everybody in the batch.
#[derive(Debug, Clone, thiserror::Error)]
enum Cause {
    #[error("{0}")]
    Failed(Arc<PgError>),
    #[error("the database did not answer in time")]
    Late,
    #[error("{0}")]
    Broken(Arc<Error>),
}

impl Lane {
    async fn work(mut self) {
        let mut batch = Vec::new();
        let mut open = true;
        loop {
            let count = tokio::select! {
                biased;
                count = self.waiting.recv_many(&mut batch, self.max_batch) => count,
                // Told so, or the store is gone.
                _ = self.closed.changed(), if open => {
                    open = false;
                    self.waiting.close();
                    continue;
                }
            };
            if count == 0 {
                return;
            }
            let batch = in_time(std::mem::take(&mut batch));
            if !batch.is_empty() {
                self.serve(batch).await;
            }
        }
    }

    async fn serve(&mut self, mut batch: Vec<Piece>) {
        match self.write(&mut batch).await {
            Err(Fate::Defect(cause)) if batch.len() > 1 => {
                tracing::warn!(error = %cause, pieces = batch.len(), "a batch is written piece by piece");
                for piece in batch {
                    let mut alone = vec![piece];
                    let written = self.write(&mut alone).await;
                    self.tell(alone, written);
                }
            }
            written => self.tell(batch, written),
        }
    }

    /// Writes the batch, and again as often as that may help.
    async fn write(&mut self, batch: &mut [Piece]) -> Result<(), Fate> {
        // As long as anybody waits for it.
        let deadline = batch.iter().map(|piece| piece.expires).max().unwrap_or_else(Instant::now);
        let mut attempts = 0;
        loop {
            attempts += 1;
            let mut sent = false;
            let tried = timeout_at(deadline, self.attempt(batch, &mut sent)).await;
            match tried {
                Ok(Err(Fate::Again(_))) if attempts < ATTEMPTS => {}
                Ok(Err(Fate::Again(error))) if error.code() == Some(&SqlState::UNIQUE_VIOLATION) => {
                    return Err(Fate::Defect(error.into()));
                }
                Ok(Err(Fate::Again(error))) => return Err(Fate::Not(error.into())),
                Ok(outcome) => return outcome,
                Err(_late) if sent => return Err(Fate::Unknown(Cause::Late)),
                Err(_late) => return Err(Fate::Not(Cause::Late)),
            }
        }
    }

    /// `sent`: whether the commit may have reached the server. Cut off in the middle, it takes the connection with it.
    async fn attempt(&mut self, batch: &mut [Piece], sent: &mut bool) -> Result<(), Fate> {
        let desk = match self.desk.take().filter(|desk| !desk.db.is_closed()) {
            Some(desk) => desk,
            None => Desk::open(&self.door).await.map_err(|error| Fate::Not(error.into()))?,
        };
        let written = desk.attempt(batch, sent).await;
        let (desk, outcome) = match written {
            Ok(changed) => (Some(desk), Ok(changed)),
            Err(fate) => (desk.cleared(&fate).await, Err(fate)),
        };
        self.desk = desk;
        if outcome? {
            self.counts.batches.fetch_add(1, Ordering::Relaxed);
            self.counts.jobs.fetch_add(batch.len() as u64, Ordering::Relaxed);
        }
        if self.counts.failing.swap(false, Ordering::Relaxed) {
            tracing::info!("the database takes commits again");
        }
        Ok(())
    }

    fn tell(&self, batch: Vec<Piece>, written: Result<(), Fate>) {
        let cause = match written {
            Ok(()) => return self.told(batch),
            Err(Fate::Defect(cause)) => {
                return batch
                    .into_iter()
                    .for_each(|piece| piece.answer(Some(Error::internal(cause.clone()))));
            }
            Err(Fate::Again(error)) => error.into(),
            Err(Fate::Not(cause)) => cause,
            Err(Fate::Unknown(cause)) => {
                self.unsure(&batch);
                cause
            }
        };
        if !self.counts.failing.swap(true, Ordering::Relaxed) {
            tracing::warn!(error = %cause, waiting = batch.len(), "a batch could not be committed");
        }
        batch.into_iter().for_each(|piece| piece.answer(Some(Error::unavailable(cause.clone()))));
    }

    /// Each caller right behind what the feed hears of his piece, so that the two leave together.
    fn told(&self, batch: Vec<Piece>) {
        for piece in batch {
            let changes = piece.changes();
            let heard = || self.feed.committed(&piece.scope.room, changes);
            if !changes.is_empty() && catch_unwind(AssertUnwindSafe(heard)).is_err() {
                tracing::error!("the listener to the store panicked; it missed a committed change");
            }
            piece.answer(None);
        }
    }

    fn unsure(&self, batch: &[Piece]) {
        for piece in batch.iter().filter(|piece| !piece.changes().is_empty()) {
            let heard = || self.feed.unsure(&piece.scope.room);
            if catch_unwind(AssertUnwindSafe(heard)).is_err() {
                tracing::error!("the listener to the store panicked; it may have missed a committed change");
            }
        }
    }
}

impl Desk {
    async fn open(door: &Door) -> Result<Self, PgError> {
        let db = door.session().await?;
        let statements = Statements::prepare(&db).await?;
        Ok(Self { db, statements })
    }

    /// Whether there was anything to write.
    async fn attempt(&self, batch: &mut [Piece], sent: &mut bool) -> Result<bool, Fate> {
        let Desk { db, statements } = self;
        let scopes: Vec<&Scope> = batch.iter().map(|piece| &piece.scope).collect();
        let mut sheet = Sheet::load(db, statements, &scopes).await.map_err(before_commit)?;
        batch.iter_mut().for_each(|piece| piece.decide(&mut sheet));
        if !sheet.changes_something() {
            db.batch_execute("rollback").await.map_err(|error| before_commit(error.into()))?;
            return Ok(false);
        }
        sheet.open(db, statements).await.map_err(before_commit)?;
        *sent = true;
        match sheet.commit(db, statements).await {
            Ok(()) => Ok(true),
            Err(NotCommitted::Surely(error)) => Err(before_commit(error.into())),
            Err(NotCommitted::Perhaps(error)) => Err(Fate::Unknown(error.into())),
        }
    }

    /// The connection with nothing under way on it, if it can be used any further.
    async fn cleared(self, fate: &Fate) -> Option<Self> {
        let usable = match fate {
            Fate::Again(error) => !ends_session(error) && fault(error) != Fault::Connection,
            Fate::Not(Cause::Failed(error)) | Fate::Defect(Cause::Failed(error)) => !ends_session(error),
            Fate::Defect(Cause::Broken(_)) => true,
            Fate::Not(_) | Fate::Defect(Cause::Late) | Fate::Unknown(_) => false,
        };
        // Where nothing is under way, this does nothing.
        (usable && self.db.batch_execute("rollback").await.is_ok()).then_some(self)
    }
}

impl From<PgError> for Cause {
    fn from(error: PgError) -> Self {
        Cause::Failed(Arc::new(error))
    }
}

/// What an error means as long as nothing can have been committed.
fn before_commit(stop: Stop) -> Fate {
    match stop {
        Stop::Failed(error) => match fault(&error) {
            Fault::Race | Fault::Connection => Fate::Again(error),
            // The server ended this session; it, or another one, may take the next.
            Fault::World if ends_session(&error) => Fate::Again(error),
            Fault::World => Fate::Not(error.into()),
            Fault::Defect => Fate::Defect(error.into()),
        },
        Stop::Refused(error) => Fate::Defect(Cause::Broken(Arc::new(error))),
    }
}

/// Those whose callers still wait. What somebody has given up is not begun any more: after the database was away, it
/// would only keep others waiting.
fn in_time(batch: Vec<Piece>) -> Vec<Piece> {
    let now = Instant::now();
    let (late, waiting): (Vec<_>, Vec<_>) = batch.into_iter().partition(|piece| piece.expires <= now);
    late.into_iter().for_each(|piece| piece.answer(Some(Error::unavailable(Cause::Late))));
    waiting
}
