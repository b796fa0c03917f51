//! The engine for several nodes: one PostgreSQL database that they share.

mod ports;

use std::sync::Arc;
use std::time::Duration;

use nodechat_domain::error::Result;
use nodechat_domain::port::{Entropy, Feed};
use ports::nothing;

/// Where the database is and how it is used.
#[derive(Clone)]
pub struct Options {
    /// `postgres://user:password@host:port/database?sslmode=verify-full`; more hosts behind commas, the one that
    /// can be written to is found. Holds a secret: never shown.
    pub url: String,
    /// Connections of this store at most; some of them write, the others read.
    pub connections: usize,
    /// How long anything may wait for the database before it is told `Unavailable`.
    pub time_limit: Duration,
    /// Commits that share one transaction at most.
    pub max_batch: usize,
    /// Commits that may wait for each writing connection; more are told `Unavailable`.
    pub max_waiting: usize,
}

impl Options {
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            connections: 16,
            time_limit: Duration::from_secs(3),
            max_batch: 512,
            max_waiting: 16_384,
        }
    }
}

/// All ports in one PostgreSQL database.
pub struct Store {
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

/// Why a database cannot be used. Each says what is the matter to whoever starts the server.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the address of the database cannot be read: {0}")]
    Address(String),
    #[error(
        "the database was written by a newer version (its schema is {found}, this program knows up to \
         {known}); use that version or a later one"
    )]
    Newer { found: i64, known: i64 },
    #[error("schema step {number} of the database is not the one this program has; it was edited after use")]
    Changed { number: i64 },
    #[error(
        "the database holds tables of another program; give Nodechat a database, or a schema in the search path, \
         of its own"
    )]
    Foreign,
    #[error("{0}")]
    Unsafe(String),
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
}

impl Store {
    /// Connects, brings the schema up to date, and begins to serve. `entropy` names the epoch of a new database.
    /// `feed` must not own the store.
    pub async fn open(
        options: Options,
        feed: Arc<dyn Feed>,
        entropy: &dyn Entropy,
    ) -> Result<Store, OpenError> {
        let _ = (options, feed, entropy);
        Err(OpenError::Unreachable("PostgreSQL is not served yet".into()))
    }

    /// Begins a new epoch: for whoever has put a backup in the place of the database. Nodes that run meanwhile go on
    /// telling the former one, so they are stopped first.
    pub async fn renew_epoch(&self, entropy: &dyn Entropy) -> Result<String> {
        let _ = entropy;
        Err(nothing())
    }

    /// Lets nothing new in, finishes what is in line, and closes the connections.
    pub async fn close(&self) {}

    pub fn written(&self) -> Written {
        Written { batches: 0, jobs: 0 }
    }
}
