//! The way from the store to the listeners where other nodes write to the same rooms: each room in order, once, complete.
//!
//! Feeds, publications and looks into rooms come from different tasks; the lock of a room's shard makes one line of them.
//! Telling happens under it: it queues bytes, and waits for nothing.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nodechat_domain::model::{AccountId, Message, Note, Position, Recall, RoomHead, RoomId, Side, Time};
use nodechat_domain::port::{Change, Feed};

use super::cursor::{Cursor, Mark, Tell};
use super::outbox::{Outbox, Topic};
use super::publication::{self, Aside, News, Told};
use super::wants::Wants;
use crate::metrics::Metrics;

/// Rooms are spread over this many locks.
const SHARDS: usize = 64;

/// Those who listen on this node.
pub trait Audience: Send + Sync {
    fn said(&self, room: &RoomId, message: &Message);

    /// `by` is not known when the mark was found in the room.
    fn read(&self, room: &RoomId, side: Side, by: Option<&AccountId>, pos: Position, time: Time);

    fn recalled(&self, room: &RoomId, recall: &Recall);

    /// For agents alone.
    fn noted(&self, room: &RoomId, note: &Note);

    /// What is no part of the history.
    fn aside(&self, room: &RoomId, aside: &Aside);
}

pub struct Deliveries {
    /// The name of this run of this node.
    node: Box<str>,
    shards: Vec<Mutex<HashMap<RoomId, Served>>>,
    hasher: RandomState,
    audience: Arc<dyn Audience>,
    outbox: Arc<Outbox>,
    wants: Arc<Wants>,
    metrics: Arc<Metrics>,
}

/// A room with listeners on this node.
#[derive(Default)]
struct Served {
    listeners: usize,
    cursor: Cursor,
}

/// Which room is told.
struct Telling<'a> {
    room: &'a RoomId,
    audience: &'a dyn Audience,
}

impl Deliveries {
    pub fn new(
        node: Box<str>,
        audience: Arc<dyn Audience>,
        outbox: Arc<Outbox>,
        wants: Arc<Wants>,
        metrics: Arc<Metrics>,
    ) -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { node, shards, hasher: RandomState::new(), audience, outbox, wants, metrics }
    }

    /// One more listener; to be called before it can be told anything.
    pub fn listen(&self, room: &RoomId) {
        self.shard(room).entry(room.clone()).or_default().listeners += 1;
    }

    /// One listener less. The last one takes with it what is known of the room.
    pub fn unlisten(&self, room: &RoomId) {
        let mut shard = self.shard(room);
        let Some(served) = shard.get_mut(room) else { return };
        served.listeners -= 1;
        if served.listeners == 0 {
            shard.remove(room);
            if shard.len() * 4 < shard.capacity() {
                shard.shrink_to_fit();
            }
        }
    }

    pub fn serves(&self, room: &RoomId) -> bool {
        self.shard(room).contains_key(room)
    }

    /// All rooms with listeners, part by part: it may be many.
    pub fn parts(&self) -> impl Iterator<Item = Vec<RoomId>> {
        self.shards.iter().map(|shard| lock(shard).keys().cloned().collect())
    }

    /// A listener has seen the room as it was when this was its head. `false`: that was not enough, see [`Cursor::seen`].
    pub fn seen(&self, head: &RoomHead) -> bool {
        let mut enough = true;
        self.step(&head.id, |cursor, tell| enough = cursor.seen(head.into(), tell));
        enough
    }

    /// Somebody has looked at the room.
    pub fn reached(&self, head: &RoomHead) {
        self.step(&head.id, |cursor, tell| cursor.reached(head.into(), tell));
    }

    /// Another node, or this one, has published something about the room.
    pub fn published(&self, room: &RoomId, json: &[u8]) {
        match publication::read(&self.node, json) {
            News::Own => {}
            News::Unclear => self.look(room),
            News::Aside(aside) => self.audience.aside(room, &aside),
            News::Changes(changes) => self.step(room, |cursor, tell| {
                for change in changes {
                    match change {
                        Told::Said(message) => cursor.said(&message, tell),
                        Told::Read { mark, time } => cursor.read(mark, time, tell),
                        Told::Recalled(recall) => cursor.recalled(&recall, tell),
                        Told::Noted(note) => cursor.noted(&note, tell),
                    }
                }
            }),
        }
    }

    pub fn hole(&self, room: &RoomId) -> Option<Range<Position>> {
        self.shard(room).get(room)?.cursor.hole()
    }

    pub fn untimed(&self, room: &RoomId) -> Option<(Side, Position)> {
        self.shard(room).get(room)?.cursor.untimed()
    }

    pub fn missing_recalls(&self, room: &RoomId) -> Option<Range<i64>> {
        self.shard(room).get(room)?.cursor.missing_recalls()
    }

    pub fn missing_notes(&self, room: &RoomId) -> Option<Range<i64>> {
        self.shard(room).get(room)?.cursor.missing_notes()
    }

    /// Whether anything has to be read before all can be told.
    pub fn misses(&self, room: &RoomId) -> bool {
        self.shard(room).get(room).is_some_and(|served| served.cursor.misses())
    }

    pub fn recalled(&self, room: &RoomId, recalls: &[Recall]) {
        self.step(room, |cursor, tell| recalls.iter().for_each(|recall| cursor.recalled(recall, tell)));
    }

    pub fn noted(&self, room: &RoomId, notes: &[Note]) {
        self.step(room, |cursor, tell| notes.iter().for_each(|note| cursor.noted(note, tell)));
    }

    /// What was read where something was missing.
    pub fn filled(&self, room: &RoomId, messages: &[Message]) {
        self.step(room, |cursor, tell| messages.iter().for_each(|message| cursor.said(message, tell)));
    }

    pub fn timed(&self, room: &RoomId, side: Side, pos: Position, time: Time) {
        self.step(room, |cursor, tell| cursor.timed(side, pos, time, tell));
    }

    /// What should be there is not: the room was renamed or is gone, and its listeners are sent away.
    pub fn give_up(&self, room: &RoomId) {
        self.step(room, |cursor, _| cursor.give_up());
    }

    fn step(&self, room: &RoomId, work: impl FnOnce(&mut Cursor, &mut Telling<'_>)) {
        let mut shard = self.shard(room);
        let Some(served) = shard.get_mut(room) else { return };
        work(&mut served.cursor, &mut Telling { room, audience: &*self.audience });
        let missing = served.cursor.misses();
        drop(shard);
        if missing {
            self.wants.hole(room);
        }
    }

    fn shard(&self, room: &RoomId) -> MutexGuard<'_, HashMap<RoomId, Served>> {
        let hash = self.hasher.hash_one(room) as usize;
        lock(&self.shards[hash % SHARDS])
    }
}

impl Feed for Deliveries {
    fn committed(&self, room: &RoomId, changes: &[Change]) {
        let said = changes.iter().filter(|change| matches!(change, Change::Said(_))).count();
        self.metrics.messages.inc_by(said as u64);
        self.step(room, |cursor, tell| {
            for change in changes {
                match change {
                    Change::Said(message) => cursor.said(message, tell),
                    Change::Read { side, by, pos, time } => {
                        let mark = Mark { side: *side, pos: *pos, by: Some(by.clone()) };
                        cursor.read(mark, *time, tell);
                    }
                    Change::Recalled(recall) => cursor.recalled(recall, tell),
                    Change::Noted(note) => cursor.noted(note, tell),
                    Change::Opened { .. } | Change::Entered(_) | Change::Answered { .. } => {}
                }
            }
        });
        if !self.outbox.is_open() {
            return if changes.iter().any(publication::is_news) {
                self.outbox.lost(1)
            };
        }
        if let Some(json) = publication::write(&self.node, changes) {
            self.outbox.push(Topic::Room(room.clone()), json);
        }
    }

    fn unsure(&self, room: &RoomId) {
        // Others do not know either.
        self.outbox.lost(1);
        self.look(room);
    }
}

impl Deliveries {
    fn look(&self, room: &RoomId) {
        if self.serves(room) {
            self.wants.look(room);
        }
    }
}

impl Tell for Telling<'_> {
    fn said(&mut self, message: &Message) {
        self.audience.said(self.room, message);
    }

    fn read(&mut self, mark: &Mark, time: Time) {
        self.audience.read(self.room, mark.side, mark.by.as_ref(), mark.pos, time);
    }

    fn recalled(&mut self, recall: &Recall) {
        self.audience.recalled(self.room, recall);
    }

    fn noted(&mut self, note: &Note) {
        self.audience.noted(self.room, note);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
