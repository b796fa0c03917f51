//! A history with everything in it that a store keeps, and the places it is copied to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use nodechat_domain::decide;
use nodechat_domain::model::*;
use nodechat_domain::port::*;
use nodechat_store::Books;
use nodechat_store::copy::{Address, Folder, LEFT_OUT};
use nodechat_store::sqlite::{Options, Store};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::server::{Database, Deaf, Random};

/// A folder or a database, empty at first.
pub enum Place {
    Folder { folder: tempfile::TempDir, file: PathBuf },
    Postgres(Database),
}

impl Place {
    pub fn folder() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("nodechat.db");
        Self::Folder { folder, file }
    }

    pub fn postgres() -> Self {
        Self::Postgres(Database::new())
    }

    pub fn address(&self) -> Address {
        match self {
            Place::Folder { folder, file } => {
                Address::Sqlite(Folder { folder: folder.path().into(), database: file.clone() })
            }
            Place::Postgres(database) => Address::Postgres(database.url().into()),
        }
    }

    pub fn file(&self) -> &Path {
        self.folder_file().expect("this place is a folder")
    }

    pub fn folder_file(&self) -> Option<&Path> {
        match self {
            Place::Folder { file, .. } => Some(file),
            Place::Postgres(_) => None,
        }
    }
}

/// Opens a data folder's database as a server does; its epoch and the store.
pub fn open(file: &Path) -> Result<(String, Store), String> {
    let store =
        Store::open(Options::new(file), Arc::new(Deaf), &Random).map_err(|error| error.to_string())?;
    Ok((store.epoch().to_owned(), store))
}

/// Somebody who was never there opens a room and says something, which needs new numbers of everything.
pub async fn somebody_new_talks(store: &(impl Rooms + Credentials)) {
    let visitor = person("somebody new");
    store.add_ticket(Hash([0xaa; 32]), visitor.clone(), i64::MAX).await.unwrap();
    assert_eq!(store.ticket_owner(Hash([0xaa; 32]), 0).await.unwrap(), Some(visitor.clone()));
    let who = visitor.clone();
    let scope = Scope { member: Some((who.side, who.aid.clone())), ..Scope::room(room(&visitor)) };
    commit(store as &dyn Rooms, scope, move |snapshot| decide::enter(snapshot, &who, true, 1)).await.unwrap();
    let (to, sender, body) = (room(&visitor), Sender::from(&visitor), text("hi"));
    let id = MessageId(uuid::Uuid::from_bytes(random()));
    let scope = Scope { id: Some(id), ..Scope::room(to.clone()) };
    let said = commit(store as &dyn Rooms, scope, move |snapshot| {
        decide::send(snapshot, &to, &sender, id, &body, 2)
    });
    assert_eq!(said.await.unwrap().pos, 0);
}

/// Every row of every table, as text, but for what belongs to the file and not to the history.
pub fn dump(file: &Path) -> BTreeMap<String, Vec<String>> {
    let db = Connection::open(file).unwrap();
    let tables: Vec<String> = {
        let mut names = db.prepare("select name from sqlite_schema where type = 'table'").unwrap();
        names.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    let rows = |table: &str| {
        let what = if table == "meta" { "meta where key = 'epoch'" } else { table };
        let mut statement = db.prepare(&format!("select * from {what}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let mut all = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let values = (0..columns).map(|column| shown(row.get_ref(column).unwrap()));
            all.push(values.collect::<Vec<_>>().join("|"));
        }
        all.sort();
        all
    };
    let is_history = |table: &String| table == "meta" || LEFT_OUT.iter().all(|(left, _)| left != table);
    tables.into_iter().filter(is_history).map(|table| (table.clone(), rows(&table))).collect()
}

fn shown(value: ValueRef<'_>) -> String {
    format!("{value:?}")
}

/// A data folder with a history that goes on.
pub struct History {
    place: Place,
    store: Mutex<Option<Arc<Store>>>,
    clock: AtomicI64,
    said: AtomicU64,
    fixed: u64,
}

impl History {
    /// With a few of everything: companies, keys, people, tokens, tickets, uploads, every kind of message.
    pub async fn new() -> Self {
        let place = Place::folder();
        let store = open(place.file()).unwrap().1;
        let mut history = Self {
            place,
            store: Mutex::new(Some(Arc::new(store))),
            clock: AtomicI64::new(1_541_665_700_000),
            said: AtomicU64::new(0),
            fixed: 0,
        };
        history.has_companies().await;
        history.has_staff().await;
        history.has_credentials().await;
        history.has_uploads().await;
        history.has_every_kind_of_message().await;
        history.anonymous_talk(101, 3).await;
        history.adopts(101, "由訪客變成的人").await;
        history.named_talk("bob", 2).await;
        history.anonymous_talk(102, 4).await;
        history.adopts(102, "bob").await;
        history.anonymous_talk(103, 1).await;
        history.fixed = history.said.load(Ordering::Relaxed);
        history
    }

    pub fn place(&self) -> &Place {
        &self.place
    }

    /// How many messages a new history has.
    pub fn fixed_messages(&self) -> u64 {
        self.fixed
    }

    pub fn epoch(&self) -> String {
        self.store().epoch().to_owned()
    }

    /// The epoch, when the history is closed.
    pub fn known_epoch(&self) -> String {
        let db = Connection::open(self.place.file()).unwrap();
        db.query_row("select value from meta where key = 'epoch'", [], |row| row.get(0)).unwrap()
    }

    pub async fn close(&self) {
        let store = self.store.lock().unwrap().take();
        if let Some(store) = store {
            store.close().await;
        }
    }

    /// So many texts in a handful of rooms, read now and then.
    pub async fn talks(&self, messages: usize) {
        let visitors: Vec<_> = (0..7).map(|number| person(&format!("talker-{number}"))).collect();
        for visitor in &visitors {
            self.enters(visitor).await;
        }
        let says = (0..messages).map(|number| {
            let visitor = &visitors[number * number % visitors.len()];
            self.says(visitor, text(&format!("第 {number} 句 👋 {}", "长".repeat(number % 90))))
        });
        futures_util::future::join_all(says).await;
        self.reads(&visitors[1]).await;
    }

    /// An anonymous visitor who says so much.
    pub async fn anonymous_talk(&self, secret: u8, messages: usize) {
        let visitor = anonymous(secret);
        self.store().add_visitor(Hash([secret; 32]), visitor.clone()).await.unwrap();
        self.store().add_ticket(ticket_of(secret), visitor.clone(), i64::MAX).await.unwrap();
        self.talk(&visitor, messages).await;
    }

    pub async fn named_talk(&self, aid: &str, messages: usize) {
        self.talk(&person(aid), messages).await;
    }

    /// The anonymous visitor turns out to be this person.
    pub async fn adopts(&self, secret: u8, aid: &str) {
        let named = Person { nick: name("有名字的人"), ..person(aid) };
        let adopted = self.store().adopt(Hash([secret; 32]), &company("c1"), named).await.unwrap();
        assert!(matches!(adopted, Adoption::Done(_)), "{adopted:?}");
    }

    /// All tickets and tokens with an end are over and forgotten.
    pub async fn expires_tickets(&self) {
        assert!(self.store().forget_expired(i64::MAX - 1).await.unwrap() > 0);
    }

    fn store(&self) -> Arc<Store> {
        self.store.lock().unwrap().clone().expect("the history is open")
    }

    fn now(&self) -> i64 {
        self.clock.fetch_add(7, Ordering::Relaxed)
    }

    async fn talk(&self, visitor: &Person, messages: usize) {
        self.enters(visitor).await;
        for number in 0..messages {
            self.says(visitor, text(&format!("{number}: 退款, s'il vous plaît"))).await;
        }
    }

    async fn enters(&self, visitor: &Person) {
        let (who, now) = (visitor.clone(), self.now());
        let scope = Scope { member: Some((who.side, who.aid.clone())), ..Scope::room(room(visitor)) };
        let store = self.store();
        let entered =
            commit(&*store as &dyn Rooms, scope, move |snapshot| decide::enter(snapshot, &who, true, now));
        entered.await.unwrap();
    }

    async fn says(&self, visitor: &Person, body: Body) {
        let (to, sender, now) = (room(visitor), Sender::from(visitor), self.now());
        let id = MessageId(uuid::Uuid::from_bytes(random()));
        let scope = Scope { id: Some(id), ..Scope::room(to.clone()) };
        let store = self.store();
        let said = commit(&*store as &dyn Rooms, scope, move |snapshot| {
            decide::send(snapshot, &to, &sender, id, &body, now)
        });
        said.await.unwrap();
        self.said.fetch_add(1, Ordering::Relaxed);
    }

    async fn reads(&self, visitor: &Person) {
        let (side, by) = (visitor.side, visitor.aid.clone());
        let store = self.store();
        let read = commit(&*store as &dyn Rooms, Scope::room(room(visitor)), move |snapshot| {
            decide::mark_read(snapshot, side, &by, None)
        });
        read.await.unwrap();
    }

    async fn has_companies(&self) {
        let store = self.store();
        let plain = Company::new(company("c1"), name("岭上户外 🏔"));
        let open = Company {
            users: Users::Platform,
            anonymous: true,
            private_files: true,
            demo: true,
            origins: vec!["https://a.example".into(), "https://b.example:8443".into()],
            identity: Some(Secret::presented("nci_1")),
            ..Company::new(company("C_2-x"), name(""))
        };
        for company in [plain, open] {
            Companies::add(&Books::from(store.clone()), company, self.now()).await.unwrap();
        }
    }

    /// Somebody who administers, agents in groups, settings, keys, and the lines about all of that.
    async fn has_staff(&self) {
        let books = Books::from(self.store());
        let boss = Caller::operator(company("c1"));
        let line = |act, subject: &str| boss.line(self.now(), act, subject);
        for number in 0..5 {
            let person = person(&format!("客服-{number}"));
            let seen = Agent::seen(company("c1"), &person, self.now());
            let login = (number % 2 == 0).then(|| Login::parse(person.aid.as_str()).unwrap());
            let hash = login.as_ref().map(|_| PasswordHash("$argon2id$".into()));
            let agent = Agent { cap: login.as_ref().map(|_| 3), login, role: Role::Admin, ..seen };
            let line = line("agent.create", agent.aid.as_str());
            Agents::add(&books, agent, hash, line).await.unwrap();
        }
        for number in 1..4_u8 {
            let id = |number| GroupId(uuid::Uuid::from_bytes([number; 16]));
            let group = Group {
                company: company("c1"),
                id: id(number),
                name: name(&format!("组 {number}")),
                fallback: (number > 1).then(|| id(number - 1)),
                members: (0..number).map(|member| person(&format!("客服-{member}")).aid).collect(),
                created: self.now(),
            };
            let put = Box::new(move |_: &[Group]| Ok(GroupChange::Put(group.clone())));
            Groups::change(&books, &company("c1"), put, line("group.put", "")).await.unwrap();
        }
        let change = |before: &Company| {
            let mut settings = (*before.settings).clone();
            settings.set("welcome", "你好 👋\n第二行")?;
            settings.set("agent_cap", "4")?;
            Ok(Company { settings: settings.into(), ..before.clone() })
        };
        let changed =
            Companies::change(&books, &company("c1"), Box::new(change), line("company.change", "c1"));
        changed.await.unwrap();
        for (number, owner) in [(1, Realm::Platform), (2, Realm::Company(company("c1")))] {
            let hash = Hash([number; 32]);
            let key = ApiKey {
                id: KeyId::of(&hash),
                hash,
                owner,
                name: name("钥匙"),
                scopes: Scopes::parse(["agents:read"]).unwrap(),
                created: self.now(),
                last_used: (number == 1).then(|| self.now()),
            };
            Keys::add(&books, key, Some(line("key.create", ""))).await.unwrap();
        }
    }

    async fn has_credentials(&self) {
        let store = self.store();
        let large = format!("{{\"备注\":\"{}\"}}", "😀\\u0000".repeat(700));
        for number in 0..30u8 {
            let person = Person {
                side: if number % 3 == 0 { Side::Agent } else { Side::Visitor },
                realm: if number % 7 == 0 { Realm::Platform } else { Realm::Company(company("c1")) },
                nick: name(&format!("Ünï‑cødé 昵称 {number} \u{10FFFF}")),
                attributes: (number % 2 == 0).then(|| large.as_str().into()),
                ..person(&format!("named {number} é/%'\"\\"))
            };
            store.add_token(Hash([number; 32]), person.clone(), 2_000_000_000_000).await.unwrap();
            store.add_ticket(Hash([number ^ 0xff; 32]), person, 2_000_000_000_000).await.unwrap();
        }
    }

    async fn has_uploads(&self) {
        let store = self.store();
        let image = UploadKind::Image { path: ImagePath::parse(IMAGE).unwrap(), width: 640, height: 480 };
        let file = UploadKind::File { id: FileId::parse(FILE).unwrap() };
        for (kind, size_bytes) in [(image, 5), (file, 0)] {
            let upload = Upload {
                kind,
                realm: Realm::Company(company("c1")),
                by: AccountId::parse("上传者").unwrap(),
                name: "发票 🧾.pdf".into(),
                size_bytes,
                media_type: "application/pdf".into(),
                time: self.now(),
            };
            Uploads::add(&*store, upload).await.unwrap();
        }
    }

    async fn has_every_kind_of_message(&self) {
        let visitor = person("every kind");
        self.enters(&visitor).await;
        for body in bodies() {
            self.says(&visitor, body).await;
        }
    }
}

const IMAGE: &str = "2018-11-08/onlinechat_0123456789abcdef0123456789abcdef.png";
const FILE: &str = "0123456789abcdef0123456789abcdef";

/// Every kind, with what is hard about each.
fn bodies() -> Vec<Body> {
    let url = || Url::parse(FILE).unwrap();
    let mut bodies = vec![
        Body::Image(ImagePath::parse(IMAGE).unwrap()),
        Body::File { id: FileId::parse(FILE).unwrap(), name: "".into(), size_bytes: u64::MAX >> 1 },
        Body::Voice { text: "听写\u{200d}".into(), url: url(), seconds: "".into() },
        Body::Video { url: url(), seconds: "3.5".into() },
        Body::Custom(Custom::parse("{\"a\":\"\\u0000\\ud83d\\ude00\"}").unwrap()),
        text(&"大".repeat(10_000)),
    ];
    bodies.extend(
        [" ", "\\N", "\t\r\n", "👨‍👩‍👧‍👦🏳️‍🌈", "'; drop table room; --", "\u{feff}\u{202e}abc", "null"].map(text),
    );
    bodies
}

fn text(words: &str) -> Body {
    Body::Text(Text::parse(words).unwrap())
}

fn person(aid: &str) -> Person {
    Person {
        side: Side::Visitor,
        realm: Realm::Company(company("c1")),
        aid: AccountId::parse(aid).unwrap(),
        mid: name(&format!("m-{aid}")),
        account: Name::default(),
        nick: name(aid),
        attributes: None,
    }
}

fn ticket_of(secret: u8) -> Hash {
    let mut hash = [secret; 32];
    hash[0] = !secret;
    Hash(hash)
}

fn anonymous(secret: u8) -> Person {
    person(&format!("anonymous-{secret}"))
}

fn room(visitor: &Person) -> RoomId {
    RoomId::between(&visitor.aid, &company("c1"))
}

fn company(id: &str) -> CompanyId {
    CompanyId::parse(id).unwrap()
}

fn name(text: &str) -> Name {
    Name::parse("name", text).unwrap()
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    Random.fill(&mut bytes);
    bytes
}
