//! The people and rooms of the cases, and a listener that writes down what it hears.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use nodechat_domain::decide;
use nodechat_domain::error::Result;
use nodechat_domain::model::{
    AccountId, Body, CompanyId, Hash, Member, Message, MessageId, Name, Person, Realm, Receipt, RoomId,
    RoomView, Sender, Side, Text,
};
use nodechat_domain::port::{Change, Feed, HistoryQuery, Rooms, Scope, Since, commit};

use super::{Engine, Ports};
use crate::Books;

/// An engine with one open store, and what its feed has heard.
pub struct Stage {
    engine: Box<dyn Engine>,
    store: Mutex<Option<Arc<dyn Ports>>>,
    heard: Arc<Heard>,
    clock: AtomicI64,
    next_id: AtomicU64,
}

/// What was committed, in the order of the feed.
#[derive(Default)]
pub struct Heard {
    changes: Mutex<Vec<(RoomId, Vec<Change>)>>,
    /// Panics at the next change.
    pub fuse: Mutex<bool>,
}

impl Feed for Heard {
    fn committed(&self, room: &RoomId, changes: &[Change]) {
        self.changes.lock().unwrap().push((room.clone(), changes.to_vec()));
        let blows = std::mem::take(&mut *self.fuse.lock().unwrap());
        assert!(!blows, "this listener panics, as the case wants it");
    }
}

impl Heard {
    pub fn all(&self) -> Vec<(RoomId, Vec<Change>)> {
        self.changes.lock().unwrap().clone()
    }

    /// The messages said in a room.
    pub fn messages(&self, room: &RoomId) -> Vec<Message> {
        let said = |change: &Change| match change {
            Change::Said(message) => Some(message.clone()),
            _ => None,
        };
        self.all()
            .iter()
            .filter(|(id, _)| id == room)
            .flat_map(|(_, all)| all.iter().filter_map(said))
            .collect()
    }

    pub fn forget(&self) {
        self.changes.lock().unwrap().clear();
    }
}

impl Stage {
    pub async fn open(engine: impl Engine + 'static) -> Self {
        let heard = Arc::new(Heard::default());
        let store = engine.open(heard.clone()).await;
        Self {
            engine: Box::new(engine),
            store: Mutex::new(Some(store)),
            heard,
            clock: AtomicI64::new(1_000_000),
            next_id: AtomicU64::new(1),
        }
    }

    pub fn store(&self) -> Arc<dyn Ports> {
        self.store.lock().unwrap().clone().expect("the store is open")
    }

    pub fn books(&self) -> Books {
        self.store().books()
    }

    pub fn heard(&self) -> Arc<Heard> {
        self.heard.clone()
    }

    pub async fn close(&self) {
        self.store.lock().unwrap().take();
        self.engine.close().await;
    }

    pub async fn reopen(&self) {
        self.close().await;
        let store = self.engine.open(self.heard.clone()).await;
        *self.store.lock().unwrap() = Some(store);
    }

    pub async fn backup(&self) {
        self.engine.backup().await;
    }

    pub async fn restore(&self) {
        self.close().await;
        self.engine.restore().await;
        let store = self.engine.open(self.heard.clone()).await;
        *self.store.lock().unwrap() = Some(store);
    }

    /// A later time at each call.
    pub fn now(&self) -> i64 {
        self.clock.fetch_add(10, Ordering::Relaxed)
    }

    pub fn new_id(&self) -> MessageId {
        let number = self.next_id.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let mut random = [0; 10];
        random[2..].copy_from_slice(&number);
        MessageId::at(0, random)
    }

    /// The person enters the room of this visitor, which is opened if it has to be.
    pub async fn enters(&self, person: &Person, room: &RoomId) {
        self.tries_to_enter(person, room).await.unwrap();
    }

    pub async fn tries_to_enter(&self, person: &Person, room: &RoomId) -> Result<()> {
        let (who, now) = (person.clone(), self.now());
        let scope = Scope { member: Some((who.side, who.aid.clone())), ..Scope::room(room.clone()) };
        let store = self.store();
        let entered =
            commit(&*store as &dyn Rooms, scope, move |snapshot| decide::enter(snapshot, &who, true, now));
        entered.await
    }

    /// A room that this visitor has opened.
    pub async fn room_of(&self, visitor: &Person) -> RoomId {
        let room = room(visitor);
        self.enters(visitor, &room).await;
        room
    }

    pub async fn says(&self, person: &Person, room: &RoomId, words: &str) -> Receipt {
        self.sends(person, room, self.new_id(), text(words)).await.unwrap()
    }

    pub async fn sends(&self, person: &Person, room: &RoomId, id: MessageId, body: Body) -> Result<Receipt> {
        send(&*self.store(), person, room, id, body, self.now()).await
    }

    /// The side of this person has read up to `pos`, or all.
    pub async fn reads(&self, person: &Person, room: &RoomId, pos: Option<i64>) {
        let (side, by) = (person.side, person.aid.clone());
        let scope = Scope { at: pos, ..Scope::room(room.clone()) };
        let store = self.store();
        let read =
            commit(&*store as &dyn Rooms, scope, move |snapshot| decide::mark_read(snapshot, side, &by, pos));
        read.await.unwrap();
    }

    pub async fn view(&self, room: &RoomId) -> RoomView {
        self.store().view(room, 10, None).await.unwrap().expect("the room is there")
    }

    pub async fn view_since(&self, room: &RoomId, from: i64, limit: usize) -> RoomView {
        let since = Some(Since { from, limit });
        self.store().view(room, 10, since).await.unwrap().expect("the room is there")
    }

    /// All messages of a room.
    pub async fn messages(&self, room: &RoomId) -> Vec<Message> {
        self.store().page(room, 0, i64::MAX).await.unwrap().expect("the room is there")
    }

    pub async fn history(&self, query: HistoryQuery) -> Vec<Message> {
        self.store().history(query).await.unwrap()
    }
}

pub async fn send(
    rooms: &dyn Rooms,
    person: &Person,
    room: &RoomId,
    id: MessageId,
    body: Body,
    now: i64,
) -> Result<Receipt> {
    let (to, sender) = (room.clone(), Sender::from(person));
    let scope = Scope { id: Some(id), ..Scope::room(room.clone()) };
    commit(rooms, scope, move |snapshot| decide::send(snapshot, &to, &sender, id, &body, now)).await
}

pub fn visitor(aid: &str) -> Person {
    visitor_of("c1", aid)
}

pub fn visitor_of(company: &str, aid: &str) -> Person {
    Person {
        side: Side::Visitor,
        realm: Realm::Company(company_id(company)),
        aid: AccountId::parse(aid).unwrap(),
        mid: name(&format!("m-{aid}")),
        account: name(&format!("{aid}@host")),
        nick: name(aid),
        attributes: None,
    }
}

pub fn agent(aid: &str) -> Person {
    Person { side: Side::Agent, ..visitor(aid) }
}

/// The room between a visitor and its company.
pub fn room(visitor: &Person) -> RoomId {
    RoomId::between(&visitor.aid, visitor.company().expect("these visitors belong to a company"))
}

pub fn company_id(text: &str) -> CompanyId {
    CompanyId::parse(text).unwrap()
}

pub fn name(text: &str) -> Name {
    Name::parse("name", text).unwrap()
}

pub fn text(words: &str) -> Body {
    Body::Text(Text::parse(words).unwrap())
}

/// The hash of some secret, another one for each number.
pub fn hash(number: u8) -> Hash {
    Hash([number; 32])
}

pub fn words(message: &Message) -> &str {
    match &message.body {
        Body::Text(text) => text.as_str(),
        other => panic!("{other:?} is no text"),
    }
}

pub fn all_words(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(words).collect()
}

/// Whether positions are 0, 1, 2 … without a hole or a repeat.
pub fn is_dense(messages: &[Message]) -> bool {
    messages.iter().zip(0..).all(|(message, pos)| message.pos == pos)
}

pub fn member(person: &Person) -> Member {
    Member::from(person)
}

pub fn everything(room: &RoomId) -> HistoryQuery {
    HistoryQuery { room: room.clone(), kind: None, from: None, to: None, offset: 0, limit: 1000 }
}
