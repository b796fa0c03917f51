//! Two nodes and a real Redis: what they share while it is there, and that nobody misses it when it is not.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use nodechat_domain::model::Person;
use nodechat_domain::port::{Answer, Beat, Connected, Feed as _, Nodes, Round};
use redis::cmd;

use super::super::stage::{Told, Truth, room, until};
use super::super::{Cluster, RedisSettings, run_name};
use super::servers::Server;
use super::{Address, Redis};
use crate::metrics::Metrics;
use crate::world::SystemEntropy;

const LIMIT: Duration = Duration::from_millis(500);

/// A node that serves the first room.
struct Node {
    cluster: Cluster,
    told: Arc<Told>,
    truth: Arc<Truth>,
    metrics: Arc<Metrics>,
}

/// A store through which nobody hears of anybody, so that only Redis is tried.
struct Alone;

impl Nodes for Alone {
    fn beat(&self, _beat: Beat) -> Answer<'_, Round> {
        Box::pin(std::future::ready(Ok(Round::default())))
    }

    fn leave(&self, _node: &str) -> Answer<'_, ()> {
        Box::pin(std::future::ready(Ok(())))
    }
}

struct Nobody;

impl Connected for Nobody {
    fn end_all(&self, _person: &Person) {}

    fn online<'a>(
        &'a self,
        _realm: &'a nodechat_domain::model::Realm,
        _side: nodechat_domain::model::Side,
        aids: &'a [nodechat_domain::model::AccountId],
    ) -> std::pin::Pin<Box<dyn Future<Output = Vec<bool>> + Send + 'a>> {
        Box::pin(std::future::ready(vec![false; aids.len()]))
    }
}

impl Node {
    async fn start(url: &str, truth: &Arc<Truth>) -> Self {
        let metrics = Arc::new(Metrics::default().with_nodes(true));
        let told = Arc::<Told>::default();
        let redis = RedisSettings { address: Address::parse(url).unwrap(), limit: LIMIT };
        let cluster = Cluster::new(
            run_name("n", &SystemEntropy),
            Some(redis),
            told.clone(),
            told.clone(),
            metrics.clone(),
        );
        cluster.start(truth.clone(), Arc::new(Alone), Arc::new(Nobody)).await.unwrap();
        let node = Self { cluster, told, truth: truth.clone(), metrics };
        node.cluster.listen(&room(0));
        node.cluster.hears(&room(0)).await;
        let head = node.truth.head(0);
        node.told.0.lock().unwrap()[0].from = Some(super::super::cursor::Reach::from(&head));
        node.cluster.seen(&head);
        node
    }

    async fn two(url: &str) -> [Self; 2] {
        let truth = Arc::<Truth>::default();
        [Self::start(url, &truth).await, Self::start(url, &truth).await]
    }

    fn redis(&self) -> &Redis {
        self.cluster.redis().unwrap()
    }

    /// Something is said in the room on this node.
    fn says(&self) {
        let change = self.truth.says(0);
        self.cluster.feed().committed(&room(0), &[change]);
    }

    /// Everything up to the newest message was told here, each once, in order.
    async fn hears_all(&self) {
        until("everything is heard", async || {
            let next = self.truth.head(0).next_pos;
            let listener = self.told.0.lock().unwrap()[0].clone();
            listener.from.unwrap().next + listener.positions.len() as i64 == next
        })
        .await;
        let listener = self.told.0.lock().unwrap()[0].clone();
        assert!(listener.positions.is_sorted_by(|a, b| a + 1 == *b), "{:?}", listener.positions);
    }

    async fn is(&self, up: bool) {
        until(if up { "Redis is there" } else { "Redis is away" }, async || self.redis().is_up() == up).await;
    }

    async fn sees(&self, person: &str) -> bool {
        self.redis().elsewhere(&[person.to_owned()]).await == [true]
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_on_one_node_is_told_on_the_other_without_a_look_at_the_store() {
    let server = Server::start(&[]).await;
    let [a, b] = Node::two(&server.url()).await;
    until("both have looked once", async || a.metrics.sweeps.get() > 0 && b.metrics.sweeps.get() > 0).await;
    let swept = b.metrics.sweeps.get();
    for _ in 0..50 {
        a.says();
    }
    for node in [&a, &b] {
        node.hears_all().await;
    }
    assert_eq!((b.metrics.holes_filled.get(), b.metrics.sweeps.get()), (0, swept));
    until("all are counted", async || a.metrics.publications.get() == 50).await;
    assert_eq!(a.metrics.unpublished.get(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_without_listeners_is_not_subscribed_to_and_one_that_has_some_again_is() {
    let server = Server::start(&[]).await;
    let [a, b] = Node::two(&server.url()).await;
    let subscribers = async || {
        let channels: Vec<String> = server.run(cmd("PUBSUB").arg("CHANNELS")).await;
        rooms_of(&channels)
    };
    assert_eq!(subscribers().await, 1);
    for node in [&a, &b] {
        node.cluster.unlisten(&room(0));
    }
    until("nobody subscribes", async || subscribers().await == 0).await;
    a.cluster.listen(&room(0));
    a.cluster.hears(&room(0)).await;
    assert_eq!(subscribers().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_seen_from_other_nodes_until_they_or_their_node_go() {
    let server = Server::start(&[]).await;
    let [a, b] = Node::two(&server.url()).await;
    a.redis().presence().came("agent#c1#bob");
    a.redis().presence().came("agent#c1#bob");
    until("bob is seen", async || b.sees("agent#c1#bob").await).await;
    assert!(!a.sees("agent#c1#bob").await, "that is here, not elsewhere");
    a.redis().presence().went("agent#c1#bob");
    server.run::<()>(&cmd("FLUSHALL")).await;
    until("bob is seen though Redis has forgotten him", async || b.sees("agent#c1#bob").await).await;
    a.redis().presence().went("agent#c1#bob");
    until("bob has gone", async || !b.sees("agent#c1#bob").await).await;
    a.redis().presence().came("agent#c1#bob");
    until("bob is seen again", async || b.sees("agent#c1#bob").await).await;
    a.cluster.stop().await;
    until("bob is gone with his node", async || !b.sees("agent#c1#bob").await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_count_together() {
    let server = Server::start(&[]).await;
    let [a, b] = Node::two(&server.url()).await;
    let three = NonZeroU32::new(3).unwrap();
    let mut spent = Vec::new();
    for node in [&a, &b, &a, &b, &a] {
        spent.push(node.redis().spend("visitors", "10.0.0.1", three).await.unwrap());
    }
    assert!(spent[..3].iter().all(Result::is_ok));
    assert!(
        spent[3..].iter().all(|refused| matches!(refused, Err(wait_ms) if (1..=20_000).contains(wait_ms)))
    );
    assert_eq!(b.redis().spend("visitors", "10.0.0.2", three).await, Some(Ok(())));
    assert_eq!(b.redis().spend("failures", "10.0.0.1", three).await, Some(Ok(())));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_everything_is_found_in_the_store_and_it_is_taken_back_by_itself() {
    let mut server = Server::start(&[]).await;
    let [a, b] = Node::two(&server.url()).await;
    server.kill();
    for node in [&a, &b] {
        node.is(false).await;
    }
    for _ in 0..5 {
        a.says();
    }
    b.hears_all().await;
    assert!(a.cluster.outbox.unpublished() >= 5);
    assert_eq!(a.redis().spend("visitors", "10.0.0.1", NonZeroU32::MIN).await, None);
    assert!(!b.sees("agent#c1#bob").await);
    // Nobody waits for a subscription that cannot be had.
    b.cluster.hears(&room(1)).await;
    server.restart().await;
    for node in [&a, &b] {
        node.is(true).await;
    }
    let published = a.metrics.publications.get();
    a.says();
    b.hears_all().await;
    until("it was published again", async || a.metrics.publications.get() > published).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_does_not_answer_is_as_one_that_is_gone() {
    let server = Server::start(&[]).await;
    let [a, b] = Node::two(&server.url()).await;
    server.freeze();
    a.says();
    b.hears_all().await;
    // The first to ask may wait for the limit, and then nobody does.
    assert_eq!(a.redis().spend("visitors", "10.0.0.1", NonZeroU32::MIN).await, None);
    for node in [&a, &b] {
        node.is(false).await;
    }
    server.thaw();
    for node in [&a, &b] {
        node.is(true).await;
    }
    a.says();
    for node in [&a, &b] {
        node.hears_all().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_master_is_found_by_its_sentinels() {
    let mut master = Server::start(&[]).await;
    let of = format!("127.0.0.1 {}", master.port);
    let replica = Server::start(&["--replicaof", &of]).await;
    until("the replica follows", async || {
        replica.run::<String>(cmd("INFO").arg("replication")).await.contains("master_link_status:up")
    })
    .await;
    let sentinel = Server::sentinel(master.port).await;
    until("the sentinel knows the replica", async || {
        sentinel.run::<String>(cmd("INFO").arg("sentinel")).await.contains("slaves=1")
    })
    .await;
    let [a, b] = Node::two(&format!("redis+sentinel://127.0.0.1:1,127.0.0.1:{}/main", sentinel.port)).await;
    for node in [&a, &b] {
        node.is(true).await;
    }
    a.says();
    b.hears_all().await;
    master.kill();
    for node in [&a, &b] {
        node.is(false).await;
    }
    a.says();
    for node in [&a, &b] {
        node.is(true).await;
    }
    a.says();
    b.hears_all().await;
    assert!(replica.run::<String>(cmd("INFO").arg("replication")).await.contains("role:master"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_carries_each_room_where_its_slot_is() {
    let mut servers = Server::cluster().await;
    let url = format!("redis+cluster://127.0.0.1:{},127.0.0.1:{}", servers[0].port, servers[1].port);
    let [a, b] = Node::two(&url).await;
    for number in 1..3 {
        for node in [&a, &b] {
            node.cluster.listen(&room(number));
            node.cluster.hears(&room(number)).await;
        }
    }
    let shards = async |server: &Server| {
        let channels: Vec<String> = server.run(cmd("PUBSUB").arg("SHARDCHANNELS")).await;
        rooms_of(&channels)
    };
    let mut sum = 0;
    for server in &servers {
        sum += shards(server).await;
    }
    assert_eq!(sum, 3, "each room has one channel");
    for _ in 0..20 {
        a.says();
    }
    b.hears_all().await;
    until("all are published", async || a.metrics.publications.get() == 20).await;
    assert_eq!(a.metrics.unpublished.get(), 0);
    a.redis().presence().came("agent#c1#bob");
    until("bob is seen", async || b.sees("agent#c1#bob").await).await;
    assert_eq!(a.redis().spend("visitors", "10.0.0.1", NonZeroU32::MIN).await, Some(Ok(())));
    assert!(matches!(b.redis().spend("visitors", "10.0.0.1", NonZeroU32::MIN).await, Some(Err(_))));
    servers[2].kill();
    for node in [&a, &b] {
        node.is(false).await;
    }
    a.says();
    b.hears_all().await;
}

/// How many of the channels are rooms'; there is one for companies beside them.
fn rooms_of(channels: &[String]) -> usize {
    channels.iter().filter(|channel| channel.contains(":room:")).count()
}
