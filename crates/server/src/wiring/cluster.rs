//! This node among others, as the configuration names them.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use nodechat_domain::port::Feed;

use crate::cluster::{Address, Cluster, Redis, RedisSettings};
use crate::config::Config;
use crate::metrics::Metrics;
use crate::ready;
use crate::socket::{DeskEvents, Fanout};

pub fn redis(config: &Config) -> Result<Option<RedisSettings>> {
    if config.redis_url.is_empty() {
        return Ok(None);
    }
    if config.database_url.is_empty() {
        bail!(
            "`redis_url` is for several nodes, which need a PostgreSQL that they share: set `database_url`, too"
        );
    }
    let address = Address::parse(config.redis_url.reveal())?;
    Ok(Some(RedisSettings { address, limit: Duration::from_millis(config.redis_timeout_ms) }))
}

/// A store of our own tells the sockets itself; one that is shared does by way of what puts the news of several nodes in
/// order.
pub fn build(
    config: &Config,
    redis: Option<RedisSettings>,
    node: &str,
    fanout: &Arc<Fanout>,
    desks: &Arc<DeskEvents>,
    metrics: &Arc<Metrics>,
) -> (Option<Arc<Cluster>>, Arc<dyn Feed>) {
    if config.database_url.is_empty() {
        return (None, fanout.clone());
    }
    let cluster = Cluster::new(node.into(), redis, fanout.clone(), desks.clone(), metrics.clone());
    let cluster = Arc::new(cluster);
    let feed = cluster.feed();
    (Some(cluster), feed)
}

pub fn state_of(redis: Option<&Redis>) -> ready::Service {
    match redis {
        None => ready::Service::NotUsed,
        Some(redis) if redis.is_up() => ready::Service::Ok,
        Some(_) => ready::Service::Away,
    }
}
