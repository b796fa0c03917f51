//! People of one company and what they do through a store.

#![allow(dead_code, reason = "each test file uses its part")]

use std::sync::atomic::{AtomicI64, Ordering};

use nodechat_domain::decide;
use nodechat_domain::error::Result;
use nodechat_domain::model::{
    AccountId, Body, CompanyId, Message, MessageId, Name, Person, Realm, Receipt, RoomId, Sender, Side, Text,
};
use nodechat_domain::port::{Rooms, Scope, commit};
use nodechat_store::postgres::Store;

static CLOCK: AtomicI64 = AtomicI64::new(1);

pub fn company() -> CompanyId {
    CompanyId::parse("c1").unwrap()
}

pub fn visitor(aid: &str) -> Person {
    Person {
        side: Side::Visitor,
        realm: Realm::Company(company()),
        aid: AccountId::parse(aid).unwrap(),
        mid: Name::default(),
        account: Name::default(),
        nick: Name::parse("nick", aid).unwrap(),
        attributes: None,
    }
}

pub fn agent(aid: &str) -> Person {
    Person { side: Side::Agent, ..visitor(aid) }
}

pub fn room(visitor: &Person) -> RoomId {
    RoomId::between(&visitor.aid, &company())
}

pub fn new_id() -> MessageId {
    MessageId(uuid::Uuid::new_v4())
}

/// A later time at each call.
pub fn now() -> i64 {
    CLOCK.fetch_add(1, Ordering::Relaxed)
}

/// This visitor is in its room.
pub async fn opens(store: &Store, visitor: &Person) {
    tries_to_open(store, visitor).await.unwrap();
}

pub async fn tries_to_open(store: &Store, visitor: &Person) -> Result<()> {
    enters(store, visitor, &room(visitor)).await
}

pub async fn enters(store: &Store, person: &Person, room: &RoomId) -> Result<()> {
    let (who, now) = (person.clone(), now());
    let scope = Scope { member: Some((who.side, who.aid.clone())), ..Scope::room(room.clone()) };
    commit(store as &dyn Rooms, scope, move |snapshot| decide::enter(snapshot, &who, true, now)).await
}

pub async fn says(store: &Store, visitor: &Person, words: &str) -> Result<Receipt> {
    sends(store, visitor, new_id(), words).await
}

pub async fn sends(store: &Store, visitor: &Person, id: MessageId, words: &str) -> Result<Receipt> {
    says_in(store, visitor, &room(visitor), id, words).await
}

pub async fn says_in(
    store: &Store,
    person: &Person,
    room: &RoomId,
    id: MessageId,
    words: &str,
) -> Result<Receipt> {
    let (to, sender, now) = (room.clone(), Sender::from(person), now());
    let body = Body::Text(Text::parse(words).unwrap());
    let scope = Scope { id: Some(id), ..Scope::room(room.clone()) };
    commit(store as &dyn Rooms, scope, move |snapshot| decide::send(snapshot, &to, &sender, id, &body, now))
        .await
}

/// All messages of a visitor's room; their positions are dense.
pub async fn messages(store: &Store, visitor: &Person) -> Vec<Message> {
    let messages = store.page(&room(visitor), 0, i64::MAX).await.unwrap().unwrap_or_default();
    assert!(messages.iter().zip(0..).all(|(message, pos)| message.pos == pos));
    messages
}
