//! The built-in engine: one SQLite file, one thread that writes, a few that read.
//!
//! A commit goes `rooms` → `writer` (in line, batched) → `ledger` (inside the transaction), and when
//! its batch is on disk → `teller`, to the feed and its caller. Reads never wait for writes.

mod adopt;
mod backup;
mod book;
pub(crate) mod connect;
mod credentials;
pub(crate) mod epoch;
mod failure;
mod gather;
mod history;
mod ledger;
mod line;
mod lock;
pub(crate) mod migrate;
mod probe;
mod readers;
mod rooms;
mod row;
mod teller;
mod uploads;
mod writer;

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use nodechat_domain::port::{Entropy, Feed};
use rusqlite::{ErrorCode, TransactionBehavior};

use connect::Door;
pub use lock::{Lock, LockError, lock};
use readers::Readers;
use writer::Writer;

use crate::copy::HalfCopied;
use crate::schema::Misfit;

#[derive(Debug, Clone)]
pub struct Options {
    /// The database file; made when it is not there. Its folder must exist.
    pub path: PathBuf,
    /// Threads that read.
    pub readers: usize,
    /// Commits that share one sync at most.
    pub max_batch: usize,
    /// Commits, and questions, that may wait; more are told `Unavailable`.
    pub max_waiting: usize,
    /// How long a batch waits for another process that is writing.
    pub busy_timeout: Duration,
}

impl Options {
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            readers: 2,
            max_batch: 512,
            max_waiting: 65_536,
            busy_timeout: Duration::from_secs(5),
        }
    }
}

/// All ports in one SQLite file. Dropping it finishes what is in line and waits for that.
pub struct Store {
    writer: Writer,
    readers: Readers,
    threads: Mutex<Threads>,
    door: Door,
    epoch: String,
}

/// How much was written since the store was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Batches, each synced once.
    pub batches: u64,
    /// Pieces of work in them, refused and repeated ones included.
    pub jobs: u64,
}

/// Why a database cannot be used. Each says what is the matter to whoever starts the server.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{} cannot be opened: {source}", .path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Misfit(#[from] Misfit),
    #[error("the file holds a database of another program; choose another path")]
    Foreign,
    #[error(transparent)]
    HalfCopied(#[from] HalfCopied),
    #[error("{} is damaged or no database ({source}); restore it from a backup", .path.display())]
    Damaged { path: PathBuf, source: rusqlite::Error },
    #[error("the database cannot be opened: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

impl Store {
    /// Opens the database, makes it where there is none, and brings its schema up to date.
    /// `entropy` names the epoch. `feed` must not own the store.
    pub fn open(options: Options, feed: Arc<dyn Feed>, entropy: &dyn Entropy) -> Result<Store, OpenError> {
        let Options { path, readers, max_batch, max_waiting, busy_timeout } = options;
        let io = |source| OpenError::Io { path: path.clone(), source };
        connect::create(&path).map_err(io)?;
        let door = Door { path: path.clone(), busy: busy_timeout };
        let prepare = || {
            let mut db = door.writer()?;
            let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            migrate::run(&transaction)?;
            let epoch = epoch::settle(&transaction, &path, entropy)?;
            transaction.commit()?;
            Ok((db, epoch))
        };
        let (db, epoch) = prepare().map_err(|error| damaged(error, &path))?;
        let (readers, reading) = Readers::start(&door, readers, max_waiting).map_err(io)?;
        let (writer, writing) = Writer::start(door.clone(), db, feed, max_batch, max_waiting).map_err(io)?;
        let threads = Mutex::new(Threads { readers: reading, writer: Some(writing) });
        Ok(Store { writer, readers, threads, door, epoch })
    }

    /// Lets nothing new in, finishes what is in line, writes the log back into the database file.
    pub async fn close(&self) {
        let (done, waits) = tokio::sync::oneshot::channel::<()>();
        let ending = self.ending();
        std::thread::spawn(move || {
            ending();
            drop(done);
        });
        // It ends by being dropped.
        let _done = waits.await;
    }

    pub fn written(&self) -> Written {
        let counts = self.writer.counts();
        Written { batches: counts.batches.load(Ordering::Relaxed), jobs: counts.jobs.load(Ordering::Relaxed) }
    }

    /// What has to be waited for. Readers go first: the connection that is closed last, and alone,
    /// writes the log back.
    fn ending(&self) -> impl FnOnce() + Send + use<> {
        let (readers, writer) = (self.readers.line(), self.writer.line());
        let threads = std::mem::take(&mut *self.threads.lock().expect("no holder of this lock can panic"));
        move || {
            readers.close();
            join(threads.readers);
            writer.close();
            join(threads.writer);
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("path", &self.door.path)
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.ending()();
    }
}

#[derive(Default)]
struct Threads {
    readers: Vec<JoinHandle<()>>,
    writer: Option<JoinHandle<()>>,
}

fn join(threads: impl IntoIterator<Item = JoinHandle<()>>) {
    for thread in threads {
        if thread.join().is_err() {
            tracing::error!("a thread of the store panicked");
        }
    }
}

fn damaged(error: OpenError, path: &std::path::Path) -> OpenError {
    match error {
        OpenError::Sqlite(source)
            if matches!(
                source.sqlite_error_code(),
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
            ) =>
        {
            OpenError::Damaged { path: path.into(), source }
        }
        other => other,
    }
}
