//! Connections to one Redis, in whichever form it is run, for as long as all goes well.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{self, try_join_all};
use redis::aio::MultiplexedConnection;
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::cluster_routing::{MultipleNodeRoutingInfo, ResponsePolicy, RoutingInfo};
use redis::sentinel::{Sentinel, SentinelNodeConnectionInfo};
use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionAddr, ConnectionInfo, ErrorKind, FromRedisValue,
    ProtocolVersion, PushInfo, RedisError, RedisResult, TlsMode, cmd,
};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::address::Address;
use crate::cluster::outbox::Publication;

/// Two connections: one on which publications come in, one for everything that is asked. The first thing that fails, or
/// takes too long, ends it: from then on nobody waits for this Redis.
#[derive(Clone)]
pub struct Session {
    asking: Connection,
    hearing: Connection,
    limit: Duration,
    broken: Arc<Notify>,
}

#[derive(Clone)]
enum Connection {
    Plain(MultiplexedConnection),
    Cluster(ClusterConnection),
}

/// What comes in without having been asked for. Called by the connection itself: must not wait.
pub type Hear = Arc<dyn Fn(PushInfo) + Send + Sync>;

impl Session {
    /// `attempt` counts up, so that a sentinel that does not answer is not asked first for ever. `broken` is told when
    /// the session has ended.
    pub async fn open(
        address: &Address,
        attempt: usize,
        limit: Duration,
        hear: Hear,
        broken: Arc<Notify>,
    ) -> RedisResult<Self> {
        // Several steps, each of which may take its time.
        let opening = connect(address, attempt, limit, hear);
        let (asking, hearing) = timeout(limit * 3, opening).await.map_err(|_| late())??;
        Ok(Self { asking, hearing, limit, broken })
    }

    /// One command and its answer.
    pub async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> RedisResult<T> {
        self.in_time(self.asking.ask(command)).await
    }

    /// Makes all of them or fails.
    pub async fn publish(&self, channels: &[(String, &Publication)]) -> RedisResult<()> {
        self.in_time(self.asking.publish(channels)).await
    }

    /// Answers when publications on these channels are heard.
    pub async fn subscribe(&self, channels: &[String]) -> RedisResult<()> {
        self.in_time(self.hearing.subscribe(channels)).await
    }

    pub async fn unsubscribe(&self, channels: &[String]) -> RedisResult<()> {
        self.in_time(self.hearing.unsubscribe(channels)).await
    }

    /// Whether publications could still come in.
    pub async fn ping(&self) -> RedisResult<()> {
        self.in_time(self.hearing.ping()).await
    }

    async fn in_time<T>(&self, work: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
        let answer = timeout(self.limit, work).await.unwrap_or_else(|_| Err(late()));
        if answer.is_err() {
            self.broken.notify_one();
        }
        answer
    }
}

fn late() -> RedisError {
    RedisError::from((ErrorKind::Io, "no answer in time"))
}

async fn connect(
    address: &Address,
    attempt: usize,
    limit: Duration,
    hear: Hear,
) -> RedisResult<(Connection, Connection)> {
    let push = move |info: PushInfo| {
        hear(info);
        Ok::<(), std::convert::Infallible>(())
    };
    if let Address::Cluster(nodes) = address {
        let builder = || {
            ClusterClient::builder(nodes.clone())
                .use_protocol(ProtocolVersion::RESP3)
                .connection_timeout(limit)
                .response_timeout(limit)
                .retries(1)
        };
        let asking = builder().build()?;
        let hearing = builder().push_sender(push).build()?;
        let (asking, hearing) =
            future::try_join(asking.get_async_connection(), hearing.get_async_connection()).await?;
        return Ok((Connection::Cluster(asking), Connection::Cluster(hearing)));
    }
    let client = client(address, attempt).await?;
    let settings =
        || AsyncConnectionConfig::new().set_connection_timeout(Some(limit)).set_response_timeout(Some(limit));
    let (asking, hearing) = (settings(), settings().set_push_sender(push));
    let asking = client.get_multiplexed_async_connection_with_config(&asking);
    let hearing = client.get_multiplexed_async_connection_with_config(&hearing);
    let (asking, hearing) = future::try_join(asking, hearing).await?;
    Ok((Connection::Plain(asking), Connection::Plain(hearing)))
}

async fn client(address: &Address, attempt: usize) -> RedisResult<Client> {
    match address {
        Address::Single(info) => Client::open(info.clone()),
        Address::Sentinel { sentinels, service, master } => {
            let mut sentinels = sentinels.clone();
            let first = attempt % sentinels.len();
            sentinels.rotate_left(first);
            let greeting = SentinelNodeConnectionInfo::default()
                .set_redis_connection_info(master.redis_settings().clone());
            let greeting = match tls(master) {
                Some(mode) => greeting.set_tls_mode(mode),
                None => greeting,
            };
            Sentinel::build(sentinels)?.async_master_for(service, Some(&greeting)).await
        }
        Address::Cluster(_) => Err((ErrorKind::InvalidClientConfig, "a cluster has more than one").into()),
    }
}

fn tls(info: &ConnectionInfo) -> Option<TlsMode> {
    matches!(info.addr(), ConnectionAddr::TcpTls { .. }).then_some(TlsMode::Secure)
}

impl Connection {
    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> RedisResult<T> {
        match self.clone() {
            Connection::Plain(mut plain) => command.query_async(&mut plain).await,
            Connection::Cluster(mut cluster) => command.query_async(&mut cluster).await,
        }
    }

    async fn publish(&self, channels: &[(String, &Publication)]) -> RedisResult<()> {
        match self.clone() {
            Connection::Plain(mut plain) => {
                let mut pipe = redis::pipe();
                for (channel, publication) in channels {
                    pipe.cmd("PUBLISH").arg(channel).arg(&publication.json).ignore();
                }
                pipe.query_async(&mut plain).await
            }
            Connection::Cluster(_) => {
                let each = channels.iter().map(|(channel, publication)| async move {
                    self.ask::<u64>(cmd("SPUBLISH").arg(channel).arg(&publication.json)).await
                });
                try_join_all(each).await.map(drop)
            }
        }
    }

    async fn subscribe(&self, channels: &[String]) -> RedisResult<()> {
        match self.clone() {
            Connection::Plain(mut plain) => plain.subscribe(channels).await,
            // Each where its slot is.
            Connection::Cluster(cluster) => {
                let each = channels.iter().map(|channel| {
                    let mut cluster = cluster.clone();
                    async move { cluster.ssubscribe(channel).await }
                });
                try_join_all(each).await.map(drop)
            }
        }
    }

    async fn unsubscribe(&self, channels: &[String]) -> RedisResult<()> {
        match self.clone() {
            Connection::Plain(mut plain) => plain.unsubscribe(channels).await,
            Connection::Cluster(cluster) => {
                let each = channels.iter().map(|channel| {
                    let mut cluster = cluster.clone();
                    async move { cluster.sunsubscribe(channel).await }
                });
                try_join_all(each).await.map(drop)
            }
        }
    }

    async fn ping(&self) -> RedisResult<()> {
        match self.clone() {
            Connection::Plain(mut plain) => cmd("PING").query_async(&mut plain).await,
            // A replica that is down costs nobody anything, a master does.
            Connection::Cluster(mut cluster) => {
                let masters = (MultipleNodeRoutingInfo::AllMasters, Some(ResponsePolicy::AllSucceeded));
                cluster.route_command(cmd("PING"), RoutingInfo::MultiNode(masters)).await.map(drop)
            }
        }
    }
}
