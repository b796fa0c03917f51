//! A store with a company, a clock that can be set forward, and nodes that deliver.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nodechat_domain::model::{
    Actor, AuditLine, CompanyId, Delivery, DeliveryState, Facts, Message, Notice, NoticeId, RoomId,
    SigningSecret, Subject, Time, Topic, Webhook, WebhookId, WebhookUrl,
};
use nodechat_domain::port::{Change, Clock, Entropy, Feed, Rooms, Webhooks};
use nodechat_hooks::{CourierOptions, Dispatcher, Wake, WebCourier, Wording};
use nodechat_store::Books;
use nodechat_store::sqlite::{Options, Store};
use tokio::task::JoinHandle;

pub struct World {
    books: Arc<Books>,
    store: Arc<Store>,
    clock: Arc<SetForward>,
    wake: Wake,
    private_addresses: bool,
    nodes: Mutex<Vec<JoinHandle<()>>>,
    next: AtomicU64,
    webhooks: Mutex<Vec<WebhookId>>,
    _folder: tempfile::TempDir,
}

impl World {
    pub async fn open() -> Self {
        Self::with(true).await
    }

    pub async fn open_to_the_public_only() -> Self {
        Self::with(false).await
    }

    async fn with(private_addresses: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::new(folder.path().join("nodechat.db"));
        let store = Arc::new(Store::open(options, Arc::new(Deaf), &Random).unwrap());
        let world = Self {
            books: Arc::new(store.clone().into()),
            store,
            clock: Arc::new(SetForward(AtomicI64::new(1_000_000))),
            wake: Wake::default(),
            private_addresses,
            nodes: Mutex::default(),
            next: AtomicU64::new(1),
            webhooks: Mutex::default(),
            _folder: folder,
        };
        world.one_more_node();
        world
    }

    pub fn one_more_node(&self) {
        let options = CourierOptions {
            private_addresses: self.private_addresses,
            time_limit: Duration::from_millis(1000),
        };
        let dispatcher = Dispatcher {
            webhooks: self.books.clone(),
            rooms: self.store.clone() as Arc<dyn Rooms>,
            courier: Arc::new(WebCourier::new(options).unwrap()),
            wording: Arc::new(Plain),
            clock: self.clock.clone(),
            entropy: Arc::new(Random),
            wake: self.wake.clone(),
        };
        self.nodes.lock().unwrap().push(tokio::spawn(Arc::new(dispatcher).run()));
    }

    pub async fn subscribes(&self, url: &str) -> Webhook {
        let number = self.next.fetch_add(1, Ordering::Relaxed) as u8;
        let webhook = Webhook {
            id: WebhookId::at(1, [number; 10]),
            company: company(),
            url: WebhookUrl::parse(url).unwrap(),
            topics: [Topic::Status].into_iter().collect(),
            secret: SigningSecret::from_bytes(&[number; 32]),
            former: None,
            on: true,
            off_because: None,
            failing_since: None,
            created: 1,
        };
        Webhooks::add(&*self.books, webhook.clone(), line()).await.unwrap();
        self.webhooks.lock().unwrap().push(webhook.id);
        webhook
    }

    pub async fn unsubscribes(&self, webhook: &Webhook) {
        assert!(Webhooks::remove(&*self.books, &webhook.company, webhook.id, line()).await.unwrap());
        self.webhooks.lock().unwrap().retain(|id| *id != webhook.id);
    }

    /// Something that all webhooks are told.
    pub async fn happens(&self, what: &str) {
        self.happens_in("thread", what).await;
    }

    pub async fn happens_in(&self, thread: &str, what: &str) {
        let number = self.next.fetch_add(1, Ordering::Relaxed).to_string();
        let notice = Notice {
            id: NoticeId::of(1, &[&number]),
            company: company(),
            topic: Topic::Status,
            kind: "test",
            thread: thread.into(),
            time: self.clock.now(),
            facts: Facts::default().text("what", what),
        };
        let webhooks = self.webhooks.lock().unwrap().clone();
        for id in webhooks {
            Webhooks::tell(&*self.books, id, notice.clone()).await.unwrap();
        }
        self.wake.up();
    }

    pub fn later(&self, by_ms: i64) {
        self.clock.0.fetch_add(by_ms, Ordering::SeqCst);
        self.wake.up();
    }

    pub async fn look(&self, webhook: &Webhook) -> Webhook {
        Webhooks::find(&*self.books, &webhook.company, webhook.id).await.unwrap().unwrap()
    }

    /// The log, once so many are over.
    pub async fn settled(&self, webhook: &Webhook, count: usize) -> Vec<Delivery> {
        let over = |log: &[Delivery]| log.iter().filter(|one| one.state != DeliveryState::Waiting).count();
        self.until(webhook, |log| over(log) == count).await
    }

    pub async fn until(&self, webhook: &Webhook, fits: impl Fn(&[Delivery]) -> bool) -> Vec<Delivery> {
        let looking = async {
            loop {
                let log = self.books.log(&webhook.company, webhook.id, None, 1000).await.unwrap();
                if fits(&log) {
                    return log;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), looking).await.expect("the log says so in the end")
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.nodes.lock().unwrap().iter().for_each(JoinHandle::abort);
    }
}

fn company() -> CompanyId {
    CompanyId::parse("c1").unwrap()
}

fn line() -> AuditLine {
    AuditLine {
        company: company(),
        time: 1,
        actor: Actor::Operator,
        act: "webhook.add",
        subject: "".into(),
        note: "".into(),
        address: None,
    }
}

/// A clock that only the test moves.
struct SetForward(AtomicI64);

impl Clock for SetForward {
    fn now(&self) -> Time {
        self.0.load(Ordering::SeqCst)
    }
}

struct Plain;

impl Wording for Plain {
    fn body(&self, delivery: &Delivery, _message: Option<&Message>) -> Box<[u8]> {
        match &delivery.subject {
            Subject::Facts(facts) => {
                facts.trim_start_matches(r#"{"what":""#).trim_end_matches("\"}").as_bytes().into()
            }
            Subject::Message { .. } => Box::default(),
        }
    }
}

struct Deaf;

impl Feed for Deaf {
    fn committed(&self, _room: &RoomId, _changes: &[Change]) {}
}

struct Random;

impl Entropy for Random {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).unwrap();
    }
}
