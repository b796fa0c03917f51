//! What nodes tell each other about whole companies: what happened at their desks, and whose people come and go.
//!
//! A publication is a hint here, too: the happenings in the store are the truth, and the number of the last one that was
//! told is all that is remembered. Who comes and goes is said once and not looked for.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use nodechat_domain::Result;
use nodechat_domain::app::Desk as Desks;
use nodechat_domain::model::desk::{Desk, Happening};
use nodechat_domain::model::{AccountId, CompanyId, Realm, Side};
use nodechat_domain::port::DeskFeed;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::outbox::{Outbox, Topic};
use super::wants::Wants;

/// Happenings that are read at once.
const PAGE: usize = 500;

/// Those who are told on this node.
pub trait DeskAudience: Send + Sync {
    /// What happened, in its order, each once; and the desk as it was then or soon after.
    fn happened(&self, company: &CompanyId, happenings: &[Happening], desk: &Desk);

    /// Somebody has come, or gone, somewhere else.
    fn presence(&self, who: &Who, online: bool);

    /// Other nodes may believe that this one is gone: whatever it has said of who is here, it has to say again.
    fn forgotten(&self);
}

/// A person as far as others have to know which one it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Who {
    pub realm: Realm,
    pub side: Side,
    pub aid: AccountId,
}

pub struct Board {
    node: Box<str>,
    audience: Arc<dyn DeskAudience>,
    outbox: Arc<Outbox>,
    wants: Arc<Wants>,
    /// Set once the store is open, which itself needs this.
    desks: OnceLock<Arc<Desks>>,
    /// Companies whose people are connected here.
    companies: Mutex<HashMap<CompanyId, Followed>>,
    behind: Mutex<HashSet<CompanyId>>,
    look: Notify,
    /// The other nodes that live, when it was seen last that one does not.
    alive: Mutex<Option<Vec<Box<str>>>>,
    gone: Notify,
}

#[derive(Default)]
struct Followed {
    people: usize,
    /// Number of the last happening that was told; none before it is known where to begin.
    told: Option<i64>,
    /// The largest number that another node spoke of.
    hinted: i64,
    /// Another node has changed something at which nothing happened, such as a cap.
    changed: bool,
}

#[derive(Serialize, Deserialize)]
struct Envelope<'a> {
    node: std::borrow::Cow<'a, str>,
    #[serde(flatten)]
    news: News,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum News {
    /// The last happening at a company's desk.
    Desk {
        company: String,
        seq: i64,
    },
    /// A company's desk stands otherwise, and nothing has happened at it.
    Changed {
        company: String,
    },
    Presence {
        company: Option<String>,
        agent: bool,
        aid: String,
        online: bool,
    },
}

impl Board {
    pub fn new(
        node: Box<str>,
        audience: Arc<dyn DeskAudience>,
        outbox: Arc<Outbox>,
        wants: Arc<Wants>,
    ) -> Self {
        Self {
            node,
            audience,
            outbox,
            wants,
            desks: OnceLock::new(),
            companies: Mutex::default(),
            behind: Mutex::default(),
            look: Notify::new(),
            alive: Mutex::default(),
            gone: Notify::new(),
        }
    }

    /// Where happenings can be read.
    pub fn attach(&self, desks: Arc<Desks>) {
        let first = self.desks.set(desks).is_ok();
        assert!(first, "a node serves one store");
    }

    /// Works until the set is ended.
    pub fn start(self: &Arc<Self>, tasks: &mut JoinSet<()>) {
        let Some(desks) = self.desks.get() else { return };
        let (board, read) = (self.clone(), desks.clone());
        tasks.spawn(async move { board.catch_up(&read).await });
        let board = self.clone();
        tasks.spawn(async move { board.sweep().await });
        let (board, desks) = (self.clone(), desks.clone());
        tasks.spawn(async move { board.bury(&desks).await });
    }

    /// One more person who has to do with this company. Whatever happens from now on is told.
    pub async fn follow(&self, company: &CompanyId) {
        {
            let mut companies = lock(&self.companies);
            let followed = companies.entry(company.clone()).or_default();
            followed.people += 1;
            if followed.told.is_some() {
                return;
            }
        }
        let Some(desks) = self.desks.get() else { return };
        match desks.look(company).await {
            Ok(desk) => self.begin(company, desk.seq),
            Err(error) => {
                tracing::debug!(%error, "it is not known where a desk's happenings stand; it is looked for again");
                self.behind(company);
            }
        }
    }

    /// One less.
    pub fn unfollow(&self, company: &CompanyId) {
        let mut companies = lock(&self.companies);
        let Some(followed) = companies.get_mut(company) else { return };
        followed.people -= 1;
        if followed.people == 0 {
            companies.remove(company);
        }
    }

    /// Says to the other nodes that somebody's first connection came, or the last one went.
    pub fn say_presence(&self, who: &Who, online: bool) {
        let company = match &who.realm {
            Realm::Company(company) => Some(company.as_str().to_owned()),
            Realm::Platform => None,
        };
        let (agent, aid) = (who.side == Side::Agent, who.aid.as_str().to_owned());
        let news = News::Presence { company, agent, aid, online };
        self.outbox.whisper(Topic::Companies, self.write(news));
    }

    /// Another node, or this one, has published something.
    pub fn published(&self, json: &[u8]) {
        // What cannot be understood is of a later version, and is found by whoever sweeps.
        let Ok(Envelope { node, news }) = serde_json::from_slice(json) else { return };
        if node == *self.node {
            return;
        }
        match news {
            News::Desk { company, seq } => {
                let Ok(company) = CompanyId::parse(&company) else { return };
                let mut companies = lock(&self.companies);
                let Some(followed) = companies.get_mut(&company) else { return };
                followed.hinted = followed.hinted.max(seq);
                let behind = followed.told.is_some_and(|told| seq > told);
                drop(companies);
                if behind {
                    self.behind(&company);
                }
            }
            News::Changed { company } => {
                let Ok(company) = CompanyId::parse(&company) else { return };
                if self.set_changed(&company) {
                    self.behind(&company);
                }
            }
            News::Presence { company, agent, aid, online } => {
                let realm = match company.as_deref().map(CompanyId::parse) {
                    None => Realm::Platform,
                    Some(Ok(company)) => Realm::Company(company),
                    Some(Err(_)) => return,
                };
                let side = if agent { Side::Agent } else { Side::Visitor };
                let Ok(aid) = AccountId::parse(&aid) else { return };
                self.audience.presence(&Who { realm, side, aid }, online);
            }
        }
    }

    /// Which other nodes live; it may be that one has gone.
    pub fn alive(&self, alive: Vec<Box<str>>) {
        *lock(&self.alive) = Some(alive);
        self.gone.notify_one();
    }

    pub fn forgotten(&self) {
        self.audience.forgotten();
    }

    fn begin(&self, company: &CompanyId, seq: i64) {
        let mut companies = lock(&self.companies);
        let Some(followed) = companies.get_mut(company) else { return };
        let told = *followed.told.get_or_insert(seq);
        let behind = followed.hinted > told;
        drop(companies);
        if behind {
            self.behind(company);
        }
    }

    fn behind(&self, company: &CompanyId) {
        lock(&self.behind).insert(company.clone());
        self.look.notify_one();
    }

    async fn catch_up(&self, desks: &Desks) {
        loop {
            let companies = std::mem::take(&mut *lock(&self.behind));
            if companies.is_empty() {
                self.look.notified().await;
                continue;
            }
            let mut failed = false;
            for company in companies {
                if let Err(error) = self.catch_up_with(desks, &company).await {
                    tracing::debug!(%error, "happenings could not be read; it is tried again");
                    self.set_changed(&company);
                    lock(&self.behind).insert(company);
                    failed = true;
                }
            }
            if failed {
                Wants::pause().await;
            }
        }
    }

    async fn catch_up_with(&self, desks: &Desks, company: &CompanyId) -> Result<()> {
        loop {
            let told = match lock(&self.companies).get(company) {
                Some(followed) => followed.told,
                None => return Ok(()),
            };
            let Some(told) = told else {
                self.begin(company, desks.look(company).await?.seq);
                return Ok(());
            };
            let happenings = desks.happenings(company, told, PAGE).await?;
            if happenings.is_empty() && !self.has_changed(company) {
                return Ok(());
            }
            let desk = desks.look(company).await?;
            self.tell(company, &happenings, &desk, true);
        }
    }

    /// The desk has to be looked at, whether or not something has happened at it; false when nobody here wants to know.
    fn set_changed(&self, company: &CompanyId) -> bool {
        let mut companies = lock(&self.companies);
        let followed = companies.get_mut(company).map(|followed| followed.changed = true);
        followed.is_some()
    }

    /// Whether another node has changed something that is not told yet; it counts as told now.
    fn has_changed(&self, company: &CompanyId) -> bool {
        lock(&self.companies).get_mut(company).is_some_and(|followed| std::mem::take(&mut followed.changed))
    }

    /// `complete`: nothing is missing before these, as the store has it.
    fn tell(&self, company: &CompanyId, happenings: &[Happening], desk: &Desk, complete: bool) {
        // Told under the lock: it queues bytes and waits for nothing, and makes one line of feeds and looks.
        let mut companies = lock(&self.companies);
        let Some(followed) = companies.get_mut(company) else { return };
        if happenings.is_empty() {
            self.audience.happened(company, &[], desk);
        }
        let fresh = match followed.told {
            Some(told) => &happenings[happenings.partition_point(|happening| happening.seq <= told)..],
            None => happenings,
        };
        let Some((first, last)) = fresh.first().zip(fresh.last()) else { return };
        if !complete && followed.told.is_some_and(|told| first.seq > told + 1) {
            drop(companies);
            return self.behind(company);
        }
        followed.told = Some(last.seq);
        self.audience.happened(company, fresh, desk);
    }

    async fn sweep(&self) {
        loop {
            self.wants.desks_swept().await;
            let companies: Vec<CompanyId> = lock(&self.companies).keys().cloned().collect();
            lock(&self.behind).extend(companies);
            self.look.notify_one();
        }
    }

    /// Whoever was connected to a node that is gone is not connected any more.
    async fn bury(&self, desks: &Desks) {
        loop {
            let alive = lock(&self.alive).take();
            let Some(mut alive) = alive else {
                self.gone.notified().await;
                continue;
            };
            alive.push(self.node.clone());
            if let Err(error) = desks.only_nodes(&alive).await {
                tracing::debug!(%error, "agents of a node that is gone are still held for present; it is tried again");
                alive.pop();
                lock(&self.alive).get_or_insert(alive);
                Wants::pause().await;
            }
        }
    }

    fn write(&self, news: News) -> Vec<u8> {
        let envelope = Envelope { node: (*self.node).into(), news };
        serde_json::to_vec(&envelope).expect("plain texts and numbers")
    }
}

impl DeskFeed for Board {
    fn happened(&self, company: &CompanyId, happenings: &[Happening], desk: &Desk) {
        self.tell(company, happenings, desk, false);
        let company = company.as_str().to_owned();
        let news = match happenings.last() {
            Some(last) => News::Desk { company, seq: last.seq },
            None => News::Changed { company },
        };
        self.outbox.push(Topic::Companies, self.write(news));
    }

    fn unsure(&self, company: &CompanyId) {
        // Others do not know either.
        self.outbox.lost(1);
        self.behind(company);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use nodechat_domain::model::desk::{DeskSettings, What};

    use super::*;
    use crate::metrics::Metrics;

    /// Writes down the numbers of what it is told; 0 for a desk at which nothing happened.
    #[derive(Default)]
    struct Told(Mutex<Vec<i64>>);

    impl DeskAudience for Told {
        fn happened(&self, _: &CompanyId, happenings: &[Happening], _: &Desk) {
            let numbers = happenings.iter().map(|happening| happening.seq);
            self.0.lock().unwrap().extend(if happenings.is_empty() { vec![0] } else { numbers.collect() });
        }

        fn presence(&self, _: &Who, online: bool) {
            self.0.lock().unwrap().push(if online { 1000 } else { -1000 });
        }

        fn forgotten(&self) {}
    }

    fn company() -> CompanyId {
        CompanyId::parse("c1").unwrap()
    }

    fn happenings(numbers: &[i64]) -> Vec<Happening> {
        let happening = |seq: &i64| Happening {
            seq: *seq,
            time: 0,
            what: What::Applied,
            chat: None,
            room: None,
            group: None,
            agent: None,
            other: None,
            note: None,
            number: None,
        };
        numbers.iter().map(happening).collect()
    }

    /// Somebody of the company is here, and its desk stands at 5.
    async fn board() -> (Board, Arc<Told>) {
        let (told, outbox) = (Arc::<Told>::default(), Outbox::new(Arc::new(Metrics::default())));
        let board = Board::new("here".into(), told.clone(), Arc::new(outbox), Arc::default());
        board.follow(&company()).await;
        board.begin(&company(), 5);
        (board, told)
    }

    fn hears(board: &Board, numbers: &[i64], complete: bool) -> bool {
        let desk = Desk::new(company(), DeskSettings::default());
        board.tell(&company(), &happenings(numbers), &desk, complete);
        lock(&board.behind).remove(&company())
    }

    #[tokio::test]
    async fn each_happening_is_told_once_and_in_order_whoever_brings_it() {
        let (board, told) = board().await;
        assert!(!hears(&board, &[6, 7], false));
        assert!(hears(&board, &[9], false), "8 is missing, and is looked for");
        assert!(!hears(&board, &[6, 7, 8, 9], true));
        assert!(!hears(&board, &[9, 10], false));
        assert!(!hears(&board, &[12], true), "what the store does not have any more is not waited for");
        assert_eq!(*told.0.lock().unwrap(), [6, 7, 8, 9, 10, 12]);
    }

    #[tokio::test]
    async fn a_hint_of_another_node_makes_it_look_and_its_own_does_not() {
        let (board, told) = board().await;
        let hint = |node: &str, seq| {
            format!(r#"{{"node":"{node}","desk":{{"company":"c1","seq":{seq}}},"later":1}}"#).into_bytes()
        };
        for (node, seq, behind) in [("here", 9, false), ("there", 5, false), ("there", 6, true)] {
            board.published(&hint(node, seq));
            assert_eq!(lock(&board.behind).remove(&company()), behind, "{node} {seq}");
        }
        board.published(b"no json");
        board.published(
            br#"{"node":"there","presence":{"company":"c1","agent":true,"aid":"bob","online":true}}"#,
        );
        assert_eq!(*told.0.lock().unwrap(), [1000]);
    }

    #[tokio::test]
    async fn a_desk_that_another_node_has_changed_is_looked_at_once_though_nothing_happened() {
        let (board, told) = board().await;
        for (node, company_id, behind) in
            [("here", "c1", false), ("there", "c2", false), ("there", "c1", true)]
        {
            let changed = format!(r#"{{"node":"{node}","changed":{{"company":"{company_id}"}}}}"#);
            board.published(changed.as_bytes());
            assert_eq!(lock(&board.behind).remove(&company()), behind, "{node} {company_id}");
        }
        assert!(board.has_changed(&company()));
        assert!(!board.has_changed(&company()));
        assert!(!hears(&board, &[], true));
        assert_eq!(*told.0.lock().unwrap(), [0]);
    }

    #[tokio::test]
    async fn a_company_that_nobody_has_to_do_with_is_not_followed() {
        let (board, told) = board().await;
        board.unfollow(&company());
        assert!(!hears(&board, &[6], false));
        assert!(told.0.lock().unwrap().is_empty());
    }
}
