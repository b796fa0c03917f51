//! The engine for several nodes: one PostgreSQL database that they share.
//!
//! A commit goes `rooms` → `writer` (in line in its room's lane, batched) → `ledger` (inside the transaction), and when
//! its batch is on disk, to the feed and its caller. Everything else borrows a connection from `pool`.

mod adopt;
mod book;
pub(crate) mod connect;
mod credentials;
mod epoch;
pub(crate) mod failure;
mod history;
mod ledger;
pub(crate) mod migrate;
mod nodes;
#[cfg(test)]
mod plans;
mod pool;
mod probe;
mod rooms;
mod row;
mod sql;
mod tls;
mod uploads;
mod writer;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nodechat_domain::port::{Entropy, Feed};
use tokio::task::JoinHandle;

use connect::Door;
use pool::Pool;
use writer::{Grouping, Writer};

use crate::copy::HalfCopied;
use crate::schema::Misfit;

/// Where the database is and how it is used.
#[derive(Clone)]
pub struct Options {
    /// `postgres://user:password@host:port/database?sslmode=verify-full`; more hosts behind commas, the one that
    /// can be written to is found. Holds a secret: never shown.
    pub url: String,
    /// Connections of this store at most.
    pub connections: usize,
    /// How many of them write commits; each of these is a lane of its own.
    pub lanes: usize,
    /// How long anything may wait for the database before it is told `Unavailable`.
    pub time_limit: Duration,
    /// Commits that share one transaction at most.
    pub max_batch: usize,
    /// Commits that may wait in each lane; more are told `Unavailable`.
    pub max_waiting: usize,
}

impl Options {
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            connections: 16,
            lanes: 4,
            time_limit: Duration::from_secs(3),
            max_batch: 512,
            max_waiting: 16_384,
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("connections", &self.connections)
            .field("lanes", &self.lanes)
            .field("time_limit", &self.time_limit)
            .finish_non_exhaustive()
    }
}

/// All ports in one PostgreSQL database. Dropped, it finishes what is in line as long as its runtime lives; whoever
/// wants to wait for that calls [`Store::close`].
pub struct Store {
    writer: Writer,
    pool: Pool,
    lanes: Mutex<Vec<JoinHandle<()>>>,
    epoch: String,
}

/// How much was written since the store was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Transactions that wrote commits.
    pub batches: u64,
    /// Pieces of work in them, refused and repeated ones included.
    pub jobs: u64,
}

/// Why a database cannot be used. Each says what is the matter to whoever starts the server, and none repeats the
/// address, which holds a password.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the address of the database cannot be read: {0}")]
    Address(String),
    #[error(transparent)]
    Misfit(#[from] Misfit),
    #[error(
        "the database holds tables of another program; give Nodechat a database, or a schema in the search path, \
         of its own"
    )]
    Foreign,
    #[error("there is no history of Nodechat in this database")]
    Nothing,
    #[error("the search path of the database names no schema that is there; create it first")]
    NoSchema,
    #[error("the database has `{0} = off`: what it says is stored may be gone after a crash; set it to `on`")]
    Unsafe(&'static str),
    #[error(
        "the database's encoding is {0}, in which not everything can be said; make one with encoding UTF8"
    )]
    Encoding(String),
    #[error(transparent)]
    HalfCopied(#[from] HalfCopied),
    #[error("the database did not answer in time")]
    Late,
    #[error("the database cannot be opened: {}", failure::sentence(.0))]
    Postgres(#[from] tokio_postgres::Error),
}

impl Store {
    /// Connects, brings the schema up to date, and begins to serve. `entropy` names the epoch of a new database.
    /// `feed` must not own the store.
    pub async fn open(
        options: Options,
        feed: Arc<dyn Feed>,
        entropy: &dyn Entropy,
    ) -> Result<Store, OpenError> {
        let Options { url, connections, lanes, time_limit, max_batch, max_waiting } = options;
        let door = Door::new(&url, time_limit)?;
        let epoch = migrate::run(&door, entropy).await?;
        // At least one connection is left for everything else.
        let lanes = lanes.clamp(1, connections.saturating_sub(1).max(1));
        let grouping = Grouping { lanes, max_batch, max_waiting };
        let pool = Pool::new(door.clone(), connections.saturating_sub(lanes));
        let (writer, lanes) = Writer::start(&door, &feed, grouping);
        Ok(Store { writer, pool, lanes: Mutex::new(lanes), epoch })
    }

    /// Lets nothing new in, finishes what is in line, and closes the connections.
    pub async fn close(&self) {
        self.writer.close();
        let lanes = std::mem::take(&mut *self.lanes.lock().expect("no holder of this lock can panic"));
        for lane in lanes {
            if lane.await.is_err() {
                tracing::error!("a lane of the store panicked");
            }
        }
        self.pool.close();
    }

    pub fn written(&self) -> Written {
        let counts = self.writer.counts();
        Written { batches: counts.batches.load(Ordering::Relaxed), jobs: counts.jobs.load(Ordering::Relaxed) }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("epoch", &self.epoch).finish_non_exhaustive()
    }
}
