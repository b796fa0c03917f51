//! Puts the parts together. The only place that names an engine.

mod admin;
mod cluster;
mod copy;
mod desk;
mod files;
mod greeting;
mod guard;
mod hooks;
mod store;

use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Body;
use jiff::tz::TimeZone;
use nodechat_bot::Bots;
use nodechat_domain::Code;
use nodechat_domain::app::{self as domain, Access, Admin, Archive, Bot, Channel, Faces, Settings};
use nodechat_domain::model::{AccountId, Company, CompanyId, Name, Person, Realm, RoomId, Side};
use nodechat_domain::port::{Change, Clock, Companies, Connected, Doorkeeper, Entropy, Feed};
use nodechat_sio::{Io, Origins, ServeOptions};
use tower::ServiceExt as _;

use crate::cluster::{Cluster, run_name};
use crate::config::Config;
use crate::drain::Drain;
use crate::http::{self, Api};
use crate::job::{Eraser, Fresh, Jobs, Noting, keep_indexed};
use crate::limit::{Limits, PerMinute};
use crate::metrics::Metrics;
use crate::proxy;
use crate::ready::Readiness;
use crate::socket::{Answers, Attendance, Chat, ChatIo, DeskEvents, Fanout, Sockets, Tellers, Wallboards};
use crate::wire::WireZone;
use crate::world::{SystemClock, SystemEntropy};
pub use copy::{Shelf, copy_address, files_folder};
use desk::Desks;
pub use greeting::Greeting;
use hooks::Outside;
use store::{Engine, Lock, Store, Written};

/// How often is looked for questions that were changed at another node.
const BOTS_LOOK: Duration = Duration::from_secs(2);

/// A whole server, ready to serve.
pub struct House {
    pub io: ChatIo,
    api: Arc<Api>,
    store: Store,
    desks: Desks,
    cluster: Option<Arc<Cluster>>,
    bots: Arc<Bots>,
    sockets: Arc<Sockets>,
    attendance: Arc<Attendance>,
    tellers: Tellers,
    outside: Outside,
    /// What was said and is not in the index yet.
    fresh: Arc<Fresh>,
    router: Router,
    config: Arc<Config>,
    /// Keeps a second server from serving the same folder.
    _lock: Lock,
}

/// The store and what the command line needs around it; works beside a running server.
pub struct Desk {
    pub access: Arc<Access>,
    pub admin: Admin,
    pub companies: Arc<dyn Companies>,
    pub clock: Arc<dyn Clock>,
    store: Store,
}

impl House {
    pub async fn build(config: Config) -> Result<Self> {
        let config = Arc::new(config);
        make_data_folder(&config.data_dir)?;
        let lock = Lock::take(&config)?;
        let (clock, entropy): (Arc<dyn Clock>, Arc<dyn Entropy>) =
            (Arc::new(SystemClock), Arc::new(SystemEntropy));
        let redis = cluster::redis(&config)?;
        let mut metrics = Metrics::default();
        if !config.database_url.is_empty() {
            metrics = metrics.with_nodes(redis.is_some());
        }
        let gauge_io = Arc::new(OnceLock::<ChatIo>::new());
        let counted = gauge_io.clone();
        metrics.gauge("sockets", "Sockets connected", move || {
            counted.get().map_or(0, |io| i64::try_from(io.connections()).unwrap_or(i64::MAX))
        });
        let looked_at = Arc::new(OnceLock::<Arc<Readiness>>::new());
        let readiness = looked_at.clone();
        metrics.gauge("stopping", "1 from the signal to stop on", move || {
            readiness.get().is_some_and(|readiness| readiness.is_stopping()).into()
        });
        let engine = count_writes(&mut metrics);
        let files = Arc::new(files::open(&config, &mut metrics)?);
        let metrics = Arc::new(metrics);
        let fanout = Arc::new(Fanout::new(metrics.clone()));
        let node = run_name(config.node.as_str(), &*entropy);
        let attendance = Arc::new(Attendance::new(node.clone()));
        let wallboards = Arc::new(Wallboards::default());
        let answers = Arc::new(Answers::default());
        let desk_events = Arc::new(DeskEvents::new(attendance.clone(), wallboards.clone(), answers.clone()));
        let (cluster, feed) = cluster::build(&config, redis, &node, &fanout, &desk_events, &metrics);
        let redis = cluster.as_ref().and_then(|cluster| cluster.redis().cloned());
        let sockets = Arc::new(Sockets::shared_by(redis.clone()));
        let fresh = Arc::<Fresh>::default();
        let feed = Arc::new(Noting { feed, fresh: fresh.clone() });
        let store = Store::open(&config, feed, &*entropy).await?;
        engine.set(store.engine()).ok().expect("set here only");
        let guard = guard::guard(&store, &clock);
        let access = Arc::new(access(&config, &store, sockets.clone(), guard.clone(), &clock, &entropy));
        let channel = Arc::new(Channel {
            rooms: store.rooms.clone(),
            companies: store.companies.clone(),
            uploads: store.uploads.clone(),
            doorkeeper: guard.clone(),
            clock: clock.clone(),
            entropy: entropy.clone(),
        });
        let outside = hooks::build(&config, &store, &channel, wallboards.clone(), &clock, &entropy)?;
        let desks = desk::build(&store, &channel, cluster.as_ref(), &desk_events, &clock, &entropy);
        let routed = Some(desks.port());
        let admin = Arc::new(admin::build(&store, access.clone(), routed, clock.clone(), entropy.clone()));
        let bots = bots(&config, &store, &channel, &fanout);
        let often = PerMinute {
            visitors: config.visitor_per_minute,
            failures: config.failures_per_minute,
            public: config.public_per_minute,
        };
        let limits = Arc::new(Limits::new(often, redis.clone()));
        let io = Io::new(
            transport(&config),
            Chat {
                channel: channel.clone(),
                access: access.clone(),
                rooms: store.rooms.clone(),
                connected: sockets.clone(),
                attendance: attendance.clone(),
                answers,
                fanout: fanout.clone(),
                bots: bots.clone(),
                desk: desks.desk.clone(),
                lists: desks.lists.clone(),
                left: desks.left.clone(),
                cards: desks.cards.clone(),
                arrivals: desks.arrivals.clone(),
                orders: outside.orders.clone(),
                wallboards: wallboards.clone(),
                cluster: cluster.clone(),
                clock: clock.clone(),
                limits: limits.clone(),
                metrics: metrics.clone(),
                request_timeout: Duration::from_millis(config.request_timeout_ms),
            },
        );
        fanout.attach(io.clone());
        sockets.attach(io.clone());
        wallboards.attach(io.clone());
        let watch = guard::watch(&store, guard, sockets.clone());
        desk_events.attach(io.clone());
        let tellers = Tellers {
            desk: desks.desk.clone(),
            sockets: sockets.clone(),
            events: desk_events,
            cluster: cluster.clone(),
        };
        gauge_io.set(io.clone()).ok().expect("set here only");
        let readiness = Arc::new(Readiness::new(
            store.rooms.clone(),
            move || cluster::state_of(redis.as_deref()),
            files::state_of(&files),
        ));
        looked_at.set(readiness.clone()).ok().expect("set here only");
        let support = guard::support(&store, &clock);
        let api = Arc::new(Api {
            channel,
            desk: desks.desk.clone(),
            platform: admin::platform(&store, &admin),
            set_up: admin::set_up(&store, &admin),
            access: access.clone(),
            faces: Faces::new(store.companies.clone(), store.books.clone(), clock.clone()),
            admin,
            orders: outside.orders.clone(),
            hooks: outside.hooks.clone(),
            stats: store.books.clone(),
            uploads: store.uploads.clone(),
            questions: domain::QuestionBook {
                questions: store.books.clone(),
                clock: clock.clone(),
                entropy: entropy.clone(),
            },
            bots: bots.clone(),
            cards: desks.cards.clone(),
            files,
            archive: Archive {
                access,
                desk: desks.desk.clone(),
                search: store.books.clone(),
                exports: store.books.clone(),
                erasures: store.books.clone(),
                audit: store.books.clone(),
                clock: clock.clone(),
            },
            clock,
            entropy,
            zone: WireZone(zone(&config)?),
            limits,
            metrics,
            config: config.clone(),
            readiness,
            watch,
            support,
            kept_answers: store.books.clone(),
        });
        let router = http::router(api.clone());
        Ok(Self {
            io,
            api,
            store,
            desks,
            cluster,
            bots,
            sockets,
            attendance,
            tellers,
            outside,
            fresh,
            router,
            config,
            _lock: lock,
        })
    }

    /// What has to be so before anybody comes in.
    pub async fn prepare(&self) -> Result<()> {
        self.api.watch.look().await?;
        files::prepare(&self.api.files, &*self.api.uploads, &*self.api.entropy).await?;
        if self.config.demo {
            self.open_demo().await?;
        }
        if self.cluster.is_none() {
            // Whoever was connected to an earlier run of this server is not connected any more.
            self.api.desk.only_nodes(&[]).await?;
        }
        if let (Some(cluster), Some(nodes)) = (&self.cluster, &self.store.nodes) {
            cluster.start(self.store.rooms.clone(), nodes.clone(), self.sockets.clone()).await?;
        }
        self.bots.start().await?;
        Ok(())
    }

    /// What is said of this server when it begins to listen at `address`.
    pub async fn greeting(&self, address: SocketAddr) -> Result<Greeting> {
        Ok(Greeting::new(address, self.api.set_up.offer().await?, &self.config))
    }

    /// Everything that comes in over HTTP: the transport under its path, the rest by the router.
    pub fn service(
        &self,
    ) -> impl tower::Service<
        hyper::Request<hyper::body::Incoming>,
        Response = axum::http::Response<Body>,
        Error = std::convert::Infallible,
        Future: Send,
    > + Clone
    + Send
    + 'static {
        let (io, router, readiness) = (self.io.clone(), self.router.clone(), self.api.readiness.clone());
        let trust_proxy = self.config.trust_proxy;
        let prefix = self.config.prefix();
        tower::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let (io, router, prefix) = (io.clone(), router.clone(), prefix.clone());
            let readiness = readiness.clone();
            async move {
                let request = if trust_proxy { proxy::see_through(request) } else { request };
                let request = proxy::without_prefix(request, &prefix);
                let response = if io.matches(request.uri().path()) {
                    io.call(request).await.map(Body::new)
                } else {
                    router.oneshot(request.map(Body::new)).await?
                };
                Ok(if readiness.is_stopping() { proxy::last_of_its_connection(response) } else { response })
            }
        })
    }

    pub fn serve_options(&self) -> ServeOptions {
        ServeOptions { max_connections: self.config.connections_max, ..ServeOptions::default() }
    }

    pub fn start_jobs(&self) -> Jobs {
        let mut jobs = Jobs::start(self.api.access.clone(), self.api.limits.clone());
        jobs.look_after(self.api.files.clone(), self.api.uploads.clone());
        jobs.keep(self.api.watch.clone().watch());
        jobs.forget_answers(self.api.kept_answers.clone(), self.api.clock.clone());
        self.desks.start(&mut jobs, &self.api.clock, &self.attendance, self.tellers.clone());
        jobs.keep(keep_indexed(self.store.books.clone(), self.fresh.clone()));
        let eraser = Eraser {
            erasures: self.store.books.clone(),
            companies: self.store.companies.clone(),
            files: self.api.files.clone(),
            clock: self.api.clock.clone(),
        };
        jobs.keep(eraser.run());
        self.outside.start(&mut jobs, &self.io, self.store.nodes.is_some());
        jobs.keep(self.bots.clone().watch(BOTS_LOOK));
        jobs
    }

    /// Lets nobody in any more and tells balancers so; gives the times that the rest of the stop takes.
    pub fn refuse_new(&self) -> Drain {
        let readiness = &self.api.readiness;
        readiness.stop();
        self.io.refuse_new();
        Drain::at_most(&self.config).fitted(self.io.connections(), readiness.is_watched())
    }

    /// The demo company says of itself that it is one.
    async fn open_demo(&self) -> Result<()> {
        let id = CompanyId::parse(http::DEMO_COMPANY)?;
        if self.store.companies.find(&id).await?.is_some() {
            return Ok(());
        }
        let name = Name::parse("name", "岭上户外（演示）")?;
        let company = Company { anonymous: true, demo: true, ..Company::new(id, name) };
        match self.store.companies.add(company, self.api.clock.now()).await {
            // Another node has made it this very moment.
            Err(error) if error.code() == Code::Conflict => Ok(()),
            added => Ok(added?),
        }
    }

    /// Finishes what the store has taken on, and what other nodes have to hear of it.
    pub async fn close(self) {
        if let Some(cluster) = &self.cluster {
            cluster.stop().await;
        }
        self.bots.stop().await;
        self.desks.close().await;
        self.store.close().await;
    }
}

impl Desk {
    pub async fn open(config: &Config) -> Result<Self> {
        make_data_folder(&config.data_dir)?;
        let (clock, entropy): (Arc<dyn Clock>, Arc<dyn Entropy>) =
            (Arc::new(SystemClock), Arc::new(SystemEntropy));
        let store = Store::open(config, Arc::new(Unheard), &*entropy).await?;
        let guard = guard::guard(&store, &clock);
        let access = Arc::new(access(config, &store, Arc::new(Nobody), guard, &clock, &entropy));
        let admin = admin::build(&store, access.clone(), None, clock.clone(), entropy);
        Ok(Self { access, admin, companies: store.companies.clone(), clock, store })
    }

    pub async fn backup(&self, to: &Path) -> Result<()> {
        self.store.backup(to).await
    }

    /// Begins another history; its name.
    pub async fn renew_epoch(&self) -> Result<String> {
        self.store.renew_epoch(&SystemEntropy).await
    }

    pub async fn close(&self) {
        self.store.close().await;
    }
}

/// For the command line: what it changes, a running server notices by itself.
struct Unheard;

impl Feed for Unheard {
    fn committed(&self, _room: &RoomId, _changes: &[Change]) {}
}

/// For the command line: nobody is connected to it.
struct Nobody;

impl Connected for Nobody {
    fn end_all(&self, _person: &Person) {}

    fn online<'a>(
        &'a self,
        _realm: &'a Realm,
        _side: Side,
        aids: &'a [AccountId],
    ) -> Pin<Box<dyn Future<Output = Vec<bool>> + Send + 'a>> {
        Box::pin(std::future::ready(vec![false; aids.len()]))
    }
}

/// Shows how many commits share a transaction, once the engine that makes them is put into what is given back.
fn count_writes(metrics: &mut Metrics) -> Arc<OnceLock<Engine>> {
    let engine = Arc::new(OnceLock::new());
    let count = |of: fn(Written) -> u64| {
        let engine = engine.clone();
        move || engine.get().map_or(0, |engine: &Engine| of(engine.written()))
    };
    metrics.counter("store_commits", "Commits on disk", count(|written| written.commits));
    metrics.counter(
        "store_transactions",
        "Transactions that these commits shared",
        count(|written| written.transactions),
    );
    engine
}

fn make_data_folder(path: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).with_context(|| format!("the data folder {} cannot be made", path.display()))
}

fn bots(config: &Config, store: &Store, channel: &Arc<Channel>, fanout: &Arc<Fanout>) -> Arc<Bots> {
    let bot = Bot { channel: channel.clone(), questions: store.books.clone() };
    let ports = nodechat_bot::Ports {
        questions: store.books.clone(),
        revisions: store.books.clone(),
        companies: store.companies.clone(),
        bot: Arc::new(bot),
    };
    let options = nodechat_bot::Options {
        answers_at_once: config.answers_at_once,
        private_addresses: config.model_private_addresses,
    };
    Arc::new(Bots::new(ports, fanout.clone(), options))
}

fn access(
    config: &Config,
    store: &Store,
    connected: Arc<dyn Connected>,
    doorkeeper: Arc<dyn Doorkeeper>,
    clock: &Arc<dyn Clock>,
    entropy: &Arc<dyn Entropy>,
) -> Access {
    Access {
        credentials: store.credentials.clone(),
        companies: store.companies.clone(),
        agents: store.books.clone(),
        keys: store.books.clone(),
        connected,
        doorkeeper,
        clock: clock.clone(),
        entropy: entropy.clone(),
        settings: Settings {
            token_ms: i64::from(config.token_seconds) * 1000,
            ticket_ms: i64::from(config.ticket_hours) * 3_600_000,
        },
    }
}

fn zone(config: &Config) -> Result<TimeZone> {
    TimeZone::get(&config.time_zone).with_context(|| format!("`time_zone` cannot be {:?}", config.time_zone))
}

fn transport(config: &Config) -> nodechat_sio::Config {
    let origins = &config.origins.0;
    nodechat_sio::Config {
        ping_interval: Duration::from_millis(config.ping_interval_ms),
        ping_timeout: Duration::from_millis(config.ping_timeout_ms),
        connect_timeout: Duration::from_millis(config.connect_timeout_ms),
        max_payload: config.packet_max_bytes,
        max_queue_bytes: config.queue_max_bytes,
        origins: if origins.is_empty() { Origins::Any } else { Origins::List(origins.clone()) },
        sid_prefix: config.node.sid_prefix(),
        ..nodechat_sio::Config::default()
    }
}
