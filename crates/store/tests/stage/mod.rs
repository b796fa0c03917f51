//! One room in one database file, and somebody who talks in it.

#![allow(dead_code, reason = "each test file uses its part")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use nodechat_domain::decide;
use nodechat_domain::error::Result;
use nodechat_domain::model::{
    AccountId, Body, CompanyId, Message, MessageId, Name, Person, Realm, Receipt, RoomId, Sender, Side, Text,
};
use nodechat_domain::port::{Change, Entropy, Feed, Rooms, Scope, commit};
use nodechat_store::sqlite::{OpenError, Options, Store};

pub struct Talk {
    pub folder: tempfile::TempDir,
    pub room: RoomId,
    pub person: Person,
    clock: AtomicU64,
    runtime: tokio::runtime::Runtime,
}

impl Talk {
    pub fn new() -> Self {
        let aid = AccountId::parse("ann").unwrap();
        let company = CompanyId::parse("c1").unwrap();
        let room = RoomId::between(&aid, &company);
        let person = Person {
            side: Side::Visitor,
            realm: Realm::Company(company),
            aid,
            mid: Name::default(),
            account: Name::default(),
            nick: Name::default(),
            attributes: None,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { folder: tempfile::tempdir().unwrap(), room, person, clock: AtomicU64::new(1), runtime }
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("nodechat.db")
    }

    pub fn open(&self) -> Store {
        self.try_open().unwrap()
    }

    pub fn try_open(&self) -> Result<Store, OpenError> {
        open(&self.database())
    }

    pub fn open_with(&self, change: impl FnOnce(&mut Options)) -> Store {
        let mut options = Options::new(self.database());
        change(&mut options);
        Store::open(options, Arc::new(Deaf), &Random).unwrap()
    }

    /// What the store answers; a store that does not answer is a failure.
    pub fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        let limited = async { tokio::time::timeout(Duration::from_secs(60), answer).await };
        self.runtime.block_on(limited).expect("the store answers")
    }

    pub fn says(&self, store: &Store, words: &str) -> Result<Receipt> {
        self.wait(self.sends(store, words))
    }

    /// One commit: the room is opened when it is not there, and the words are said.
    pub async fn sends(&self, store: &Store, words: &str) -> Result<Receipt> {
        let mut random = [0; 10];
        Random.fill(&mut random);
        let now = self.clock.fetch_add(1, Ordering::Relaxed) as i64;
        let (id, body) = (MessageId::at(now, random), Body::Text(Text::parse(words).unwrap()));
        let (to, sender, nick) = (self.room.clone(), Sender::from(&self.person), self.person.nick.clone());
        let scope = Scope { id: Some(id), ..Scope::room(self.room.clone()) };
        commit(store as &dyn Rooms, scope, move |snapshot| {
            if snapshot.head.is_some() {
                return decide::send(snapshot, &to, &sender, id, &body, now);
            }
            let message =
                Message { id, pos: 0, sender: sender.clone(), time: now, body: body.clone(), quote: None };
            let opened = Change::Opened { visitor_nick: nick.clone(), time: now };
            let receipt = Receipt { id, pos: 0, time: now, dup: false, consultation: None, answers: false };
            Ok(nodechat_domain::port::Decision {
                changes: vec![opened, Change::Said(message)],
                answer: receipt,
            })
        })
        .await
    }

    /// All messages; their positions are dense.
    pub fn messages(&self, store: &Store) -> Vec<Message> {
        let messages = self.wait(store.page(&self.room, 0, i64::MAX)).unwrap().unwrap_or_default();
        assert!(messages.iter().zip(0..).all(|(message, pos)| message.pos == pos));
        messages
    }

    pub fn count(&self, store: &Store) -> usize {
        self.messages(store).len()
    }
}

pub fn open(path: &Path) -> Result<Store, OpenError> {
    Store::open(Options::new(path), Arc::new(Deaf), &Random)
}

pub struct Deaf;

impl Feed for Deaf {
    fn committed(&self, _room: &RoomId, _changes: &[Change]) {}
}

pub struct Random;

impl Entropy for Random {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).unwrap();
    }
}
