//! Several nodes over one store: who hears what happens on the others, and how soon.
//!
//! The store is the truth. What nodes publish to each other through Redis is a hint: it comes early, and whatever of it
//! is lost is found in the rooms. See `docs/decisions/0009-a-publication-is-a-hint.md`.

mod board;
mod cursor;
mod deliveries;
mod numbered;
#[cfg(test)]
mod orders;
mod outbox;
mod publication;
mod pulse;
mod reader;
mod redis;
#[cfg(test)]
mod stage;
mod wants;

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context, Result};
use nodechat_domain::model::{RoomHead, RoomId};
use nodechat_domain::port::{Connected, Entropy, Nodes, Rooms};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use self::board::Board;
pub use self::board::{DeskAudience, Who};
pub use self::deliveries::{Audience, Deliveries};
use self::outbox::{Outbox, Topic};
pub use self::publication::Aside;
use self::pulse::{Judge, Pulse};
use self::reader::Reader;
pub use self::redis::{Address, Redis};
use self::wants::Wants;
use crate::metrics::Metrics;

/// This node among those that share its store.
pub struct Cluster {
    /// The name of this run of this node: another one after each start.
    node: Box<str>,
    deliveries: Arc<Deliveries>,
    outbox: Arc<Outbox>,
    board: Arc<Board>,
    wants: Arc<Wants>,
    redis: Option<Arc<Redis>>,
    metrics: Arc<Metrics>,
    running: Mutex<Option<Running>>,
}

struct Running {
    tasks: JoinSet<()>,
    nodes: Arc<dyn Nodes>,
}

/// Where Redis is and how long anybody waits for it.
pub struct RedisSettings {
    pub address: Address,
    pub limit: Duration,
}

impl Cluster {
    /// `node`: see [`run_name`].
    pub fn new(
        node: Box<str>,
        redis: Option<RedisSettings>,
        audience: Arc<dyn Audience>,
        desks: Arc<dyn DeskAudience>,
        metrics: Arc<Metrics>,
    ) -> Self {
        let outbox = Arc::new(Outbox::new(metrics.clone()));
        let wants = Arc::new(Wants::default());
        let deliveries =
            Deliveries::new(node.clone(), audience, outbox.clone(), wants.clone(), metrics.clone());
        let deliveries = Arc::new(deliveries);
        let board = Arc::new(Board::new(node.clone(), desks, outbox.clone(), wants.clone()));
        let told = board.clone();
        let redis = redis.map(|settings| {
            let RedisSettings { address, limit } = settings;
            let (deliveries, outbox, wants) = (deliveries.clone(), outbox.clone(), wants.clone());
            Arc::new(Redis::new(
                node.clone(),
                address,
                limit,
                deliveries,
                told,
                outbox,
                wants,
                metrics.clone(),
            ))
        });
        Self { node, deliveries, outbox, board, wants, redis, metrics, running: Mutex::new(None) }
    }

    /// What the store tells of its commits.
    pub fn feed(&self) -> Arc<Deliveries> {
        self.deliveries.clone()
    }

    /// Joins the others: they know of this node, and it hears them, or knows that it cannot.
    pub async fn start(
        &self,
        rooms: Arc<dyn Rooms>,
        nodes: Arc<dyn Nodes>,
        connected: Arc<dyn Connected>,
    ) -> Result<()> {
        let mut tasks = JoinSet::new();
        let pulse = Pulse {
            node: self.node.clone(),
            nodes: nodes.clone(),
            outbox: self.outbox.clone(),
            wants: self.wants.clone(),
            connected,
            board: self.board.clone(),
            metrics: self.metrics.clone(),
        };
        let mut judge = Judge::default();
        pulse.once(&mut judge).await.context("this node could not be entered in the database")?;
        tasks.spawn(pulse.run(judge));
        if let Some(redis) = &self.redis {
            redis.belongs_to(rooms.epoch());
            let came = Arc::new(Notify::new());
            let (running, told) = (redis.clone(), came.clone());
            tasks.spawn(async move { running.run(&told).await });
            let looking = redis.clone();
            tasks.spawn(async move { looking.look_while_away().await });
            came.notified().await;
        }
        let reader = Reader {
            rooms,
            deliveries: self.deliveries.clone(),
            wants: self.wants.clone(),
            metrics: self.metrics.clone(),
        };
        reader.start(&mut tasks);
        self.board.start(&mut tasks);
        *self.running.lock().expect("no holder of this lock can panic") = Some(Running { tasks, nodes });
        Ok(())
    }

    /// Says goodbye to the others, after the last commit.
    pub async fn stop(&self) {
        let running = self.running.lock().expect("no holder of this lock can panic").take();
        let Some(Running { mut tasks, nodes }) = running else { return };
        if let Some(redis) = &self.redis {
            redis.close().await;
        }
        // What they do can be cut off at any moment; whatever was not told, others look for when this node is silent.
        tasks.shutdown().await;
        if let Err(error) = nodes.leave(&self.node).await {
            tracing::debug!(%error, "this node could not take itself off the list; it is silent from now on");
        }
    }

    /// What desks tell of what happens at them.
    pub fn board(&self) -> &Arc<Board> {
        &self.board
    }

    /// Says something to those who listen to a room at other nodes now; lost where it cannot be said at once.
    pub fn aside(&self, room: &RoomId, aside: &Aside) {
        self.outbox.whisper(Topic::Room(room.clone()), publication::write_aside(&self.node, aside));
    }

    /// One more listener of a room, before it can be told anything.
    pub fn listen(&self, room: &RoomId) {
        self.deliveries.listen(room);
    }

    /// Waits, for a short time, until nothing that is published about this room is missed.
    pub async fn hears(&self, room: &RoomId) {
        if let Some(redis) = &self.redis {
            redis.confirmed(room).await;
        }
    }

    /// What a listener has seen of a room. `false`: it has to look again, another one was shown more.
    pub fn seen(&self, head: &RoomHead) -> bool {
        self.deliveries.seen(head)
    }

    pub fn unlisten(&self, room: &RoomId) {
        self.deliveries.unlisten(room);
        if let Some(redis) = self.redis.as_ref().filter(|_| !self.deliveries.serves(room)) {
            redis.left(room);
        }
    }

    /// What is shared through Redis, where there is one.
    pub fn redis(&self) -> Option<&Arc<Redis>> {
        self.redis.as_ref()
    }
}

/// Another name for each run of a node. `name` is for people who read logs; may be empty.
pub fn run_name(name: &str, entropy: &dyn Entropy) -> Box<str> {
    let mut random = [0; 6];
    entropy.fill(&mut random);
    let run: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let name = if name.is_empty() { "node" } else { name };
    format!("{name}-{run}").into()
}
