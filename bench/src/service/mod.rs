//! What several nodes share: a PostgreSQL and a Redis of this run's own, on free ports, gone with the run.

mod daemon;
mod place;
mod postgres;
mod redis;

use crate::error::Result;
pub use postgres::Postgres;
pub use redis::Redis;
use std::path::Path;

/// Both of them, running.
pub struct Services {
    pub postgres: Postgres,
    pub redis: Redis,
}

impl Services {
    /// Their data lies on the disk of `work`.
    pub fn start(work: &Path) -> Result<Self> {
        Ok(Self { postgres: Postgres::start(work)?, redis: Redis::start(work)? })
    }

    /// Which ones they are, for the report; an error when one is not there.
    pub fn describe() -> Result<String> {
        Ok(format!("{}; {}", postgres::version()?, redis::version()?))
    }
}
