//! Who is connected right now: each person's sockets on this node share a room of their own; other nodes are asked.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use nodechat_domain::model::{AccountId, CompanyId, Person, Realm, Side};
use nodechat_domain::port::Connected;
use nodechat_sio::{Reason, Socket};

use super::{Chat, ChatIo, Visit};
use crate::cluster::Redis;

/// The transport's view of people.
#[derive(Default)]
pub struct Sockets {
    /// Where others know who is here; none where there are no others.
    shared: Option<Arc<Redis>>,
    /// Set once the transport is made, which itself needs this.
    io: OnceLock<ChatIo>,
    /// How often somebody's connections were ended. Whoever is being let in meanwhile is in no room
    /// yet that could be found, and has to notice by itself.
    endings: AtomicU64,
}

impl Sockets {
    pub fn shared_by(shared: Option<Arc<Redis>>) -> Self {
        Self { shared, ..Self::default() }
    }

    pub fn attach(&self, io: ChatIo) {
        let first = self.io.set(io).is_ok();
        assert!(first, "there is one transport");
    }

    /// To be asked before a ticket is looked at.
    pub fn endings(&self) -> u64 {
        self.endings.load(Ordering::SeqCst)
    }

    /// Which of these people, by their rooms, are connected to another node.
    pub async fn elsewhere(&self, people: &[String]) -> Vec<bool> {
        match &self.shared {
            Some(redis) if !people.is_empty() => redis.elsewhere(people).await,
            _ => vec![false; people.len()],
        }
    }

    /// The person of this socket can be found from now on. Closed when anybody's connections were ended
    /// since `endings` was asked: it may have been meant. Who still has a good ticket comes back.
    pub fn found(&self, socket: &Socket<Chat>, endings: u64) {
        let person = room_of(socket);
        socket.join(&person);
        if let (Side::Agent, Some(company)) = (socket.data().person.side, socket.data().person.company()) {
            socket.join(&agents_of(company));
        }
        if let Some(redis) = &self.shared {
            redis.presence().came(&person);
        }
        if self.endings() != endings {
            socket.close(Reason::ServerDisconnect);
        }
    }

    /// A socket that was found before has gone.
    pub fn gone(&self, socket: &Socket<Chat>) {
        if let Some(redis) = &self.shared {
            redis.presence().went(&room_of(socket));
        }
    }

    /// Ends the connections of visitors whom a company does not want to hear: its own, and those of the platform, who
    /// come back and find this company closed.
    pub fn end_barred(&self, company: &CompanyId, is_barred: impl Fn(&AccountId, IpAddr) -> bool) {
        self.endings.fetch_add(1, Ordering::SeqCst);
        let everybody = self.io.get().map(|io| io.of("/").sockets()).unwrap_or_default();
        for socket in everybody {
            let Visit { person, ip, .. } = socket.data();
            let concerned = person.side == Side::Visitor && person.company().is_none_or(|own| own == company);
            if concerned && is_barred(&person.aid, *ip) {
                socket.close(Reason::ServerDisconnect);
            }
        }
    }

    async fn who_is_online(&self, people: Vec<(String, bool)>) -> Vec<bool> {
        let mut online: Vec<bool> = people.iter().map(|(_, here)| *here).collect();
        let Some(redis) = &self.shared else { return online };
        let (places, absent): (Vec<usize>, Vec<String>) = people
            .into_iter()
            .enumerate()
            .filter_map(|(place, (person, here))| (!here).then_some((place, person)))
            .unzip();
        if !absent.is_empty() {
            let elsewhere = redis.elsewhere(&absent).await;
            places.into_iter().zip(elsewhere).for_each(|(place, found)| online[place] = found);
        }
        online
    }

    fn of(&self, realm: &Realm, side: Side, aid: &AccountId) -> Vec<Socket<Chat>> {
        self.io.get().map(|io| io.to(&personal_room(realm, side, aid)).sockets()).unwrap_or_default()
    }
}

impl Connected for Sockets {
    fn end_all(&self, person: &Person) {
        // Before looking: whoever cannot be found yet sees this afterwards.
        self.endings.fetch_add(1, Ordering::SeqCst);
        for socket in self.of(&person.realm, person.side, &person.aid) {
            // Closed, not told to stay away: who still has a good ticket comes back, and who has not is told so.
            socket.close(Reason::ServerDisconnect);
        }
    }

    fn online<'a>(
        &'a self,
        realm: &'a Realm,
        side: Side,
        aids: &'a [AccountId],
    ) -> Pin<Box<dyn Future<Output = Vec<bool>> + Send + 'a>> {
        let person = |aid| (personal_room(realm, side, aid), !self.of(realm, side, aid).is_empty());
        Box::pin(self.who_is_online(aids.iter().map(person).collect()))
    }
}

fn room_of(socket: &Socket<Chat>) -> String {
    let person = &socket.data().person;
    personal_room(&person.realm, person.side, &person.aid)
}

/// The transport's room of all agents of a company. No person's is called so: an agent has an id.
pub fn agents_of(company: &CompanyId) -> String {
    format!("agents#{company}")
}

/// The transport's room of one person. No chat room is called so: those begin with `/`.
pub fn personal_room(realm: &Realm, side: Side, aid: &AccountId) -> String {
    let realm = match realm {
        Realm::Company(company) => company.as_str(),
        Realm::Platform => "",
    };
    let side = match side {
        Side::Visitor => "visitor",
        Side::Agent => "agent",
    };
    format!("{side}#{realm}#{aid}")
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;
    use std::time::Duration;

    use nodechat_domain::app::{Access, Channel, Settings};
    use nodechat_domain::decide::Found;
    use nodechat_domain::model::{AuditLine, Company, Hash, Name, RoomId, Secret, Text, Time};
    use nodechat_domain::port::{
        Answer, Change, Companies, Credentials as _, DecideCompany, Doorkeeper, Feed,
    };
    use nodechat_store::{Books, sqlite};

    use nodechat_bot::{Bots, Options, Ports};
    use nodechat_domain::app::{Bot, Desk, LeftMessages, Lists, VisitorCards, WorkOrders};
    use nodechat_domain::model::desk::{Desk as Snapshot, Happening};
    use nodechat_domain::port::{Bell, DeskFeed};
    use nodechat_store::DeskBook;

    use super::super::{Attendance, Fanout};
    use super::*;
    use crate::limit::{Limits, PerMinute};
    use crate::metrics::Metrics;
    use crate::world::{SystemClock, SystemEntropy};

    const ORIGIN: &str = "https://shop.example";

    /// Looks a company up so slowly that meanwhile the ticket ends that was looked up before it.
    struct Slow {
        store: Arc<sqlite::Store>,
        books: Books,
        sockets: Arc<Sockets>,
        revokes: AtomicBool,
    }

    impl Companies for Slow {
        fn find(&self, id: &CompanyId) -> Answer<'_, Option<Company>> {
            let found = Companies::find(&self.books, id);
            Box::pin(async move {
                if self.revokes.load(Ordering::SeqCst) {
                    self.store.revoke_person(&ann()).await?;
                    self.sockets.end_all(&ann());
                }
                found.await
            })
        }

        fn add(&self, company: Company, now: Time) -> Answer<'_, ()> {
            self.books.add(company, now)
        }

        fn change(&self, id: &CompanyId, decide: DecideCompany, line: AuditLine) -> Answer<'_, Company> {
            self.books.change(id, decide, line)
        }

        fn all(&self) -> Answer<'_, Vec<Company>> {
            Companies::all(&self.books)
        }
    }

    struct Deaf;

    impl Feed for Deaf {
        fn committed(&self, _room: &RoomId, _changes: &[Change]) {}
    }

    impl Bell for Deaf {
        fn ring(&self) {}
    }

    impl DeskFeed for Deaf {
        fn happened(&self, _company: &CompanyId, _happenings: &[Happening], _desk: &Snapshot) {}
    }

    fn ann() -> Person {
        let name = |text| Name::parse("name", text).unwrap();
        Person {
            side: Side::Visitor,
            realm: Realm::Company(CompanyId::parse("c1").unwrap()),
            aid: AccountId::parse("ann").unwrap(),
            mid: name("ann"),
            account: name("ann"),
            nick: name("Ann"),
            attributes: None,
        }
    }

    #[tokio::test]
    async fn a_ticket_revoked_while_it_opens_a_socket_keeps_none_open() {
        let folder = tempfile::tempdir().unwrap();
        let options = sqlite::Options::new(folder.path().join("n.db"));
        let store = Arc::new(sqlite::Store::open(options, Arc::new(Deaf), &SystemEntropy).unwrap());
        let sockets = Arc::new(Sockets::default());
        let books = Books::from(store.clone());
        let slow =
            Arc::new(Slow { store: store.clone(), books, sockets: sockets.clone(), revokes: false.into() });
        slow.add(Company::new(CompanyId::parse("c1").unwrap(), Name::default()), 0).await.unwrap();
        let io = io(&slow);
        sockets.attach(io.clone());
        let online = || !sockets.of(&ann().realm, Side::Visitor, &ann().aid).is_empty();

        connects(&io, &store, "first").await;
        until(online).await;
        slow.revokes.store(true, Ordering::SeqCst);
        connects(&io, &store, "second").await;
        until(|| io.connections() == 0).await;
        assert!(!online());
    }

    /// Has nobody on any list.
    struct Lenient;

    impl Doorkeeper for Lenient {
        fn bars<'a>(&'a self, _: &'a CompanyId, _: &'a AccountId, _: IpAddr) -> Answer<'a, bool> {
            Box::pin(std::future::ready(Ok(false)))
        }

        fn looks<'a>(&'a self, _: &'a CompanyId, _: &'a Text) -> Answer<'a, Found> {
            Box::pin(std::future::ready(Ok(Found::Nothing)))
        }
    }

    fn io(slow: &Arc<Slow>) -> ChatIo {
        let store = &slow.store;
        let channel = Arc::new(Channel {
            rooms: store.clone(),
            companies: slow.clone(),
            uploads: store.clone(),
            doorkeeper: Arc::new(Lenient),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
        });
        let books = Arc::new(slow.books.clone());
        let fanout = Arc::new(Fanout::new(Arc::default()));
        let bots = Bots::new(
            Ports {
                questions: books.clone(),
                revisions: books.clone(),
                companies: slow.clone(),
                bot: Arc::new(Bot { channel: channel.clone(), questions: books.clone() }),
            },
            fanout.clone(),
            Options { answers_at_once: 1, private_addresses: false },
        );
        let orders = WorkOrders {
            orders: books.clone(),
            kinds: books.clone(),
            companies: slow.clone(),
            agents: books.clone(),
            rooms: store.clone(),
            uploads: store.clone(),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            bell: Arc::new(Deaf),
        };
        let access = Access {
            credentials: store.clone(),
            companies: slow.clone(),
            agents: books.clone(),
            keys: books,
            connected: slow.sockets.clone(),
            doorkeeper: Arc::new(Lenient),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            settings: Settings { token_ms: 1000, ticket_ms: 1000 },
        };
        let desk = Arc::new(Desk {
            desks: Arc::new(DeskBook::new(slow.books.clone(), Arc::new(Deaf))),
            companies: slow.clone(),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
        });
        let chat = Chat {
            channel: channel.clone(),
            bots: Arc::new(bots),
            orders: Arc::new(orders),
            wallboards: Arc::default(),
            access: Arc::new(access),
            rooms: store.clone(),
            connected: slow.sockets.clone(),
            attendance: Arc::new(Attendance::new("n".into())),
            fanout,
            answers: Arc::default(),
            arrivals: Arc::default(),
            left: Arc::new(LeftMessages { channel: channel.clone(), desk: desk.clone() }),
            cards: Arc::new(VisitorCards {
                cards: Arc::new(slow.books.clone()),
                desks: desk.desks.clone(),
                rooms: store.clone(),
                clock: Arc::new(SystemClock),
            }),
            lists: Arc::new(Lists {
                desk: desk.clone(),
                rooms: store.clone(),
                lists: Arc::new(slow.books.clone()),
            }),
            desk,
            cluster: None,
            clock: Arc::new(SystemClock),
            limits: Arc::new(Limits::new(PerMinute::default(), None)),
            metrics: Arc::new(Metrics::default()),
            request_timeout: Duration::from_secs(10),
        };
        // Nobody polls here who could be told goodbye.
        let config = nodechat_sio::Config {
            close_timeout: Duration::from_millis(10),
            ..nodechat_sio::Config::default()
        };
        ChatIo::new(config, chat)
    }

    /// As a client 2.x does, with a fresh ticket in the query.
    async fn connects(io: &ChatIo, store: &sqlite::Store, ticket: &str) {
        let hash: Hash = Secret::presented(ticket).hash();
        store.add_ticket(hash, ann(), Time::MAX).await.unwrap();
        let query = format!("/socket.io/?EIO=3&transport=polling&atype=uweb&ticket={ticket}");
        let request = hyper::Request::get(query).header("origin", ORIGIN).body(String::new()).unwrap();
        assert_eq!(io.call(request).await.status(), 200);
    }

    async fn until(condition: impl Fn() -> bool) {
        let waiting = async {
            while !condition() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), waiting).await.expect("it becomes so");
    }
}
