//! The store that the configuration names, as the ports that everybody else knows it by.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nodechat_domain::app::KnownCompanies;
use nodechat_domain::port::{Credentials, Entropy, Feed, Nodes, Rooms, Uploads};
use nodechat_store::{Books, postgres, sqlite};

use crate::config::Config;

pub const DATABASE: &str = "nodechat.db";

/// All ports of one open store.
pub struct Store {
    pub rooms: Arc<dyn Rooms>,
    /// Kept in memory.
    pub companies: Arc<KnownCompanies>,
    pub credentials: Arc<dyn Credentials>,
    pub uploads: Arc<dyn Uploads>,
    /// What companies keep beside their rooms: the ports that are written once for both engines.
    pub books: Arc<Books>,
    /// Only where several nodes can share the store.
    pub nodes: Option<Arc<dyn Nodes>>,
    engine: Engine,
}

/// What cannot be said through the ports.
#[derive(Clone)]
pub enum Engine {
    Sqlite(Arc<sqlite::Store>),
    Postgres(Arc<postgres::Store>),
}

/// How much was written since the store was opened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Written {
    pub commits: u64,
    /// Fewer than commits, because many share one.
    pub transactions: u64,
}

/// Keeps a second server from serving the same data folder. Nodes over PostgreSQL may share everything.
pub struct Lock {
    _folder: Option<sqlite::Lock>,
}

impl Lock {
    pub fn take(config: &Config) -> Result<Self> {
        let folder = match config.database_url.is_empty() {
            true => Some(sqlite::lock(&config.data_dir)?),
            false => None,
        };
        Ok(Self { _folder: folder })
    }
}

impl Store {
    /// The folder of an embedded store is there already.
    pub async fn open(config: &Config, feed: Arc<dyn Feed>, entropy: &dyn Entropy) -> Result<Self> {
        if !config.database_url.is_empty() {
            let store = Arc::new(postgres::Store::open(postgres(config), feed, entropy).await?);
            return Ok(Self {
                nodes: Some(store.clone()),
                ..Self::of(store.clone(), Engine::Postgres(store))
            });
        }
        let options = sqlite::Options::new(config.data_dir.join(DATABASE));
        let store = Arc::new(sqlite::Store::open(options, feed, entropy)?);
        Ok(Self::of(store.clone(), Engine::Sqlite(store)))
    }

    /// Finishes what the store has taken on.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite(store) => store.close().await,
            Engine::Postgres(store) => store.close().await,
        }
    }

    pub async fn backup(&self, to: &Path) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(store) => store.backup(to).await.context("the backup was not made"),
            Engine::Postgres(_) => bail!(
                "this database is PostgreSQL: back it up with pg_dump, or with base backups and archived logs; \
                 after a restore run `nodechat epoch renew`"
            ),
        }
    }

    /// Begins another history for all clients.
    pub async fn renew_epoch(&self, entropy: &dyn Entropy) -> Result<String> {
        match &self.engine {
            Engine::Sqlite(_) => bail!(
                "a SQLite database begins a new epoch by itself when a backup takes its place; \
                 this command is for PostgreSQL (`database_url`)"
            ),
            Engine::Postgres(store) => store.renew_epoch(entropy).await.context("the epoch was not renewed"),
        }
    }

    /// The engine, for whoever counts what it writes.
    pub fn engine(&self) -> Engine {
        self.engine.clone()
    }

    fn of<T: Rooms + Credentials + Uploads + 'static>(store: Arc<T>, engine: Engine) -> Self
    where
        Books: From<Arc<T>>,
    {
        let books = Arc::new(Books::from(store.clone()));
        Self {
            companies: Arc::new(KnownCompanies::over(books.clone())),
            books,
            rooms: store.clone(),
            credentials: store.clone(),
            uploads: store,
            nodes: None,
            engine,
        }
    }
}

impl Engine {
    pub fn written(&self) -> Written {
        let (commits, transactions) = match self {
            Self::Sqlite(store) => {
                let written = store.written();
                (written.jobs, written.batches)
            }
            Self::Postgres(store) => {
                let written = store.written();
                (written.jobs, written.batches)
            }
        };
        Written { commits, transactions }
    }
}

fn postgres(config: &Config) -> postgres::Options {
    postgres::Options {
        connections: config.database_connections,
        time_limit: Duration::from_millis(config.database_timeout_ms),
        ..postgres::Options::new(config.database_url.reveal())
    }
}
