//! The store that the configuration names, as the ports that everybody else knows it by.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use nodechat_domain::port::{Companies, Credentials, Entropy, Feed, Rooms, Uploads};
use nodechat_store::sqlite;

use crate::config::Config;

const DATABASE: &str = "nodechat.db";

/// All ports of one open store.
pub struct Store {
    pub rooms: Arc<dyn Rooms>,
    pub companies: Arc<dyn Companies>,
    pub credentials: Arc<dyn Credentials>,
    pub uploads: Arc<dyn Uploads>,
    engine: Engine,
}

/// What cannot be said through the ports.
enum Engine {
    Sqlite(Arc<sqlite::Store>),
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
            bail!("`database_url`: PostgreSQL is not served by this build");
        }
        let options = sqlite::Options::new(config.data_dir.join(DATABASE));
        let store = Arc::new(sqlite::Store::open(options, feed, entropy)?);
        Ok(Self {
            rooms: store.clone(),
            companies: store.clone(),
            credentials: store.clone(),
            uploads: store.clone(),
            engine: Engine::Sqlite(store),
        })
    }

    /// Finishes what the store has taken on.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite(store) => store.close().await,
        }
    }

    pub async fn backup(&self, to: &Path) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(store) => store.backup(to).await.context("the backup was not made"),
        }
    }
}
