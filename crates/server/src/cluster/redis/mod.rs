//! What nodes share through Redis: publications, presence, limits. Each is a convenience that may be gone at any moment:
//! whatever is lost here is found in the store.

mod address;
mod presence;
mod quota;
#[cfg(test)]
mod servers;
mod session;
mod subscriptions;
#[cfg(test)]
mod tests;

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use nodechat_domain::model::RoomId;
use redis::{FromRedisValue as _, PushInfo, PushKind, RedisResult, Value};
use tokio::sync::Notify;

pub use self::address::Address;
pub use self::presence::Presence;
use self::session::{Hear, Session};
use self::subscriptions::Subscriptions;
use super::board::Board;
use super::deliveries::Deliveries;
use super::outbox::{Outbox, Topic};
use super::wants::Wants;
use crate::metrics::Metrics;

/// How often it is seen whether Redis is still there.
const PERIOD: Duration = Duration::from_millis(500);

/// Between two attempts to come back.
const AGAIN: Duration = Duration::from_millis(250);

/// How often a node without Redis looks at the rooms it serves.
const SWEEP: Duration = Duration::from_secs(1);

/// Publications that travel together.
const BATCH: usize = 256;

pub struct Redis {
    address: Address,
    limit: Duration,
    /// In front of every key and channel: nodes over another database have nothing to do with us. Known once the store
    /// is open.
    prefix: OnceLock<String>,
    session: Mutex<Option<Session>>,
    subscriptions: Arc<Subscriptions>,
    presence: Presence,
    deliveries: Arc<Deliveries>,
    board: Arc<Board>,
    outbox: Arc<Outbox>,
    wants: Arc<Wants>,
    metrics: Arc<Metrics>,
}

impl Redis {
    #[expect(clippy::too_many_arguments, reason = "each is a part of its own that the cluster has made")]
    pub fn new(
        node: Box<str>,
        address: Address,
        limit: Duration,
        deliveries: Arc<Deliveries>,
        board: Arc<Board>,
        outbox: Arc<Outbox>,
        wants: Arc<Wants>,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self {
            address,
            limit,
            prefix: OnceLock::new(),
            session: Mutex::default(),
            subscriptions: Arc::default(),
            presence: Presence::new(node),
            deliveries,
            board,
            outbox,
            wants,
            metrics,
        }
    }

    /// Before anything else: the history that all this is about.
    pub fn belongs_to(&self, epoch: &str) {
        let first = self.prefix.set(format!("nodechat:{}", &epoch[..epoch.len().min(12)])).is_ok();
        assert!(first, "a node serves one history");
    }

    pub fn is_up(&self) -> bool {
        self.session().is_some()
    }

    /// Resolves when publications in this room are heard, or when Redis is known to be away. The room is served.
    pub async fn confirmed(&self, room: &RoomId) {
        self.subscriptions.confirmed(room).await;
    }

    /// The last listener of this room has gone.
    pub fn left(&self, room: &RoomId) {
        self.subscriptions.left(room);
    }

    pub fn presence(&self) -> &Presence {
        &self.presence
    }

    /// Which of these people are connected to another node. Nobody, as far as is known, while Redis is away.
    pub async fn elsewhere(&self, people: &[String]) -> Vec<bool> {
        let nobody = vec![false; people.len()];
        let Some(session) = self.session() else { return nobody };
        // A failure ends the session, which is where it is told.
        self.presence.elsewhere(&session, self.prefix(), people).await.unwrap_or(nobody)
    }

    /// Spends one of somebody's `per_minute`: none when Redis cannot say, else how many milliseconds to wait.
    pub async fn spend(&self, what: &str, who: &str, per_minute: NonZeroU32) -> Option<Result<(), u64>> {
        let session = self.session()?;
        let key = format!("{}:limit:{what}:{who}", self.prefix());
        // A failure ends the session, which is where it is told.
        let wait = quota::spend(&session, key, per_minute).await.ok()?;
        Some(wait.map_or(Ok(()), Err))
    }

    /// Comes back as often as it has to; until it is dropped. `came` is told of the end of the first attempt.
    pub async fn run(self: &Arc<Self>, came: &Notify) {
        let mut told = false;
        for attempt in 0.. {
            let broken = Arc::new(Notify::new());
            match self.come(attempt, &broken).await {
                Ok(session) => {
                    tracing::info!("connected to Redis");
                    told = false;
                    came.notify_one();
                    let why = self.stay(&session, &broken).await;
                    self.leave();
                    tracing::warn!(%why, "Redis is away; what happens on other nodes is found in the store, later");
                }
                Err(error) => {
                    self.subscriptions.end();
                    came.notify_one();
                    if !std::mem::replace(&mut told, true) {
                        tracing::warn!(%error, "Redis cannot be reached; it is tried again and again");
                    }
                }
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// While Redis is away nobody tells this node anything: it looks for itself.
    pub async fn look_while_away(&self) {
        let mut ticks = tokio::time::interval(SWEEP);
        loop {
            ticks.tick().await;
            if !self.is_up() {
                self.wants.sweep();
            }
        }
    }

    /// The last publications leave, and this node is known to be gone.
    pub async fn close(&self) {
        let Some(session) = self.session() else { return };
        loop {
            let some = self.outbox.take_now(BATCH);
            if some.is_empty() || self.publish_some(&session, some).await.is_err() {
                break;
            }
        }
        // Its lease runs out by itself.
        let _lasts_a_little_longer = self.presence.give_up(&session, self.prefix()).await;
    }

    async fn come(self: &Arc<Self>, attempt: usize, broken: &Arc<Notify>) -> RedisResult<Session> {
        let session =
            Session::open(&self.address, attempt, self.limit, self.hear(broken.clone()), broken.clone())
                .await?;
        session.subscribe(&[self.companies_channel()]).await?;
        self.subscriptions.begin(&session, &self.deliveries, &|room| self.channel(room)).await?;
        self.presence.renew(&session, self.prefix()).await?;
        self.presence.say_all();
        self.outbox.open();
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = Some(session.clone());
        self.metrics.redis_up.set(1);
        // Behind all that is heard from now on.
        self.wants.sweep();
        Ok(session)
    }

    /// Why it has ended.
    async fn stay(&self, session: &Session, broken: &Notify) -> String {
        let channel = |room: &RoomId| self.channel(room);
        let ended = tokio::select! {
            ended = self.subscriptions.follow(session, &self.deliveries, &channel) => ended,
            ended = self.presence.follow(session, self.prefix()) => ended,
            ended = self.publish(session) => ended,
            ended = self.keep(session) => ended,
            () = broken.notified() => return "a connection broke, or an answer took too long".to_owned(),
        };
        ended.map_or_else(|error| error.to_string(), |()| "it has ended".to_owned())
    }

    fn leave(&self) {
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.metrics.redis_up.set(0);
        self.subscriptions.end();
        self.outbox.close();
        self.wants.sweep();
    }

    async fn publish(&self, session: &Session) -> RedisResult<()> {
        loop {
            let some = self.outbox.take(BATCH).await;
            self.publish_some(session, some).await?;
        }
    }

    async fn publish_some(
        &self,
        session: &Session,
        some: Vec<super::outbox::Publication>,
    ) -> RedisResult<()> {
        let channels: Vec<_> = some
            .iter()
            .map(|publication| match &publication.to {
                Topic::Room(room) => (self.channel(room), publication),
                Topic::Companies => (self.companies_channel(), publication),
            })
            .collect();
        let published = session.publish(&channels).await;
        if published.is_ok() {
            self.metrics.publications.inc_by(some.len() as u64);
        } else {
            self.outbox.lost(some.len() as u64);
        }
        published
    }

    /// Sees whether both connections are there, and renews this node's lease.
    async fn keep(&self, session: &Session) -> RedisResult<()> {
        let mut ticks = tokio::time::interval(PERIOD);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            session.ping().await?;
            if !self.presence.renew(session, self.prefix()).await? {
                // Somebody has emptied Redis, or this node was stopped for longer than its lease.
                self.presence.say_all();
            }
        }
    }

    /// What to do with what comes in.
    fn hear(self: &Arc<Self>, broken: Arc<Notify>) -> Hear {
        let (deliveries, subscriptions) = (self.deliveries.clone(), self.subscriptions.clone());
        let (rooms, companies) = (format!("{}:room:", self.prefix()), self.companies_channel());
        let board = self.board.clone();
        Arc::new(move |push: PushInfo| {
            let mut data = push.data.into_iter();
            let channel = data.next().and_then(text);
            if channel.as_ref() == Some(&companies) {
                match (push.kind, data.next()) {
                    (PushKind::Message | PushKind::SMessage, Some(Value::BulkString(json))) => {
                        board.published(&json);
                    }
                    (PushKind::SUnsubscribe | PushKind::Unsubscribe, _) => broken.notify_one(),
                    _ => {}
                }
                return;
            }
            let room = channel.and_then(|channel| RoomId::parse(channel.strip_prefix(&rooms)?).ok());
            match (push.kind, room, data.next()) {
                (PushKind::Message | PushKind::SMessage, Some(room), Some(Value::BulkString(json))) => {
                    deliveries.published(&room, &json);
                }
                // A slot of a cluster has moved.
                (PushKind::SUnsubscribe | PushKind::Unsubscribe, Some(room), _)
                    if subscriptions.hears(&room) =>
                {
                    broken.notify_one();
                }
                (PushKind::Disconnection, ..) => broken.notify_one(),
                _ => {}
            }
        })
    }

    fn channel(&self, room: &RoomId) -> String {
        format!("{}:room:{room}", self.prefix())
    }

    fn companies_channel(&self) -> String {
        format!("{}:companies", self.prefix())
    }

    fn prefix(&self) -> &str {
        self.prefix.get().expect("it was said before the first use")
    }

    fn session(&self) -> Option<Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn text(value: Value) -> Option<String> {
    String::from_redis_value(value).ok()
}
