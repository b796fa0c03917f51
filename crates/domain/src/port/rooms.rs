//! Rooms as ledgers: dense positions, one order, durable before answered.

use super::{Answer, Decide};
use crate::model::{
    AccountId, ChatId, Kind, Member, Message, MessageId, Note, Position, Recall, RoomHead, RoomId, RoomView,
    Side, Time,
};

/// The rooms of all companies.
pub trait Rooms: Send + Sync {
    /// Runs `decide` on the snapshot of `scope` and makes its changes, all or none, isolated from
    /// every other commit on the same room.
    ///
    /// - Answered only when the changes would survive a power cut. Many commits may share one sync.
    /// - Commits on one room that one caller starts one after another, without waiting, take effect in that order.
    /// - When it is dropped before it is answered, the changes are made or not made, never halved.
    /// - The [`Feed`] hears of the changes before this is answered, once, in commit order.
    /// - What `decide` refuses is answered as it is and changes nothing.
    fn apply(&self, scope: Scope, decide: Decide) -> Answer<'_, ()>;

    /// The room as of one moment: head, members, the `newest` last messages, and from `since` on
    /// at most `since.limit` messages, the oldest first. None when there is no such room.
    /// Touches a bounded number of rows.
    fn view(&self, room: &RoomId, newest: usize, since: Option<Since>) -> Answer<'_, Option<RoomView>>;

    /// Messages at `from` (inclusive) to `to` (exclusive), oldest first. None when there is no such
    /// room. Touches as many rows as it answers.
    fn page(&self, room: &RoomId, from: Position, to: Position) -> Answer<'_, Option<Vec<Message>>>;

    /// The heads of those of the rooms that exist, in any order.
    fn heads(&self, rooms: &[RoomId]) -> Answer<'_, Vec<RoomHead>>;

    /// Messages that fit the query, newest first. Empty when there is no such room.
    fn history(&self, query: HistoryQuery) -> Answer<'_, Vec<Message>>;

    /// What was taken back in a room, from this number on, at most `limit`, in the order of their numbers. Empty when
    /// there is no such room.
    fn recalls(&self, room: &RoomId, from: i64, limit: usize) -> Answer<'_, Vec<Recall>>;

    /// The same for notes. Never for visitors.
    fn notes(&self, room: &RoomId, from: i64, limit: usize) -> Answer<'_, Vec<Note>>;

    /// The name of this history; another one after a backup was restored (contract C2).
    fn epoch(&self) -> &str;

    /// Whether the store could serve a write now; for the load balancer.
    fn check(&self) -> Answer<'_, ()>;
}

/// Hears of every change, once, in commit order, after it is durable and before its commit is
/// answered. Must not block for long: commits wait for it.
pub trait Feed: Send + Sync {
    fn committed(&self, room: &RoomId, changes: &[Change]);

    /// Something may have been committed in this room that nobody was told: the connection to the store broke
    /// before it said whether. Whoever needs to know reads the room. An engine that always knows never calls this.
    fn unsure(&self, _room: &RoomId) {}
}

/// What a decision wants to know.
#[derive(Debug, Clone)]
pub struct Scope {
    pub room: RoomId,
    /// Whether this person is a member.
    pub member: Option<(Side, AccountId)>,
    /// Whether a message of this id is stored, in whatever room.
    pub id: Option<MessageId>,
    /// The time of the message at this position.
    pub at: Option<Position>,
    /// Whether a message of this id is stored in this room.
    pub quote: Option<MessageId>,
    /// Whether a note of this id is stored, beside whatever room.
    pub note: Option<MessageId>,
}

/// What the store knows about a scope.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    pub head: Option<RoomHead>,
    pub member: Option<Member>,
    pub known: Option<Known>,
    pub time_at: Option<Time>,
    /// The message asked for by `quote` is in the room.
    pub quoted: bool,
    pub noted: Option<Noted>,
    /// The person asked for was an anonymous visitor and is a named one by now. Looked up only where
    /// there is no room, which is where it matters.
    pub adopted: bool,
}

/// A message that is already stored under the asked id.
#[derive(Debug, Clone)]
pub struct Known {
    pub room: RoomId,
    pub message: Message,
}

/// A note that is already stored under the asked id.
#[derive(Debug, Clone)]
pub struct Noted {
    pub room: RoomId,
    pub note: Note,
}

/// What a decision may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The room comes to be. `last_time` of the new head is `time`.
    Opened { visitor_nick: crate::model::Name, time: Time },
    /// A person becomes a member, or is called differently from now on. A visitor's nick becomes
    /// the head's `visitor_nick`.
    Entered(Member),
    /// A message at the head's `next_pos`, which moves on by one; `last_time` becomes its time.
    Said(Message),
    /// A side has read up to and including `pos`, whose message was sent at `time`.
    Read { side: Side, by: AccountId, pos: Position, time: Time },
    /// An agent has said something in this consultation for the first time: the room is not `unanswered` any more.
    Answered { consultation: ChatId, time: Time },
    /// A message of the room loses its body, what it names and its quote. `number` is the head's `recalls`, which moves
    /// on by one.
    Recalled(Recall),
    /// A note beside the room. Its number is the head's `notes`, which moves on by one.
    Noted(Note),
}

/// From which position on a client wants what it missed.
#[derive(Debug, Clone, Copy)]
pub struct Since {
    pub from: Position,
    pub limit: usize,
}

/// A page of a room's history, newest first.
#[derive(Debug, Clone)]
pub struct HistoryQuery {
    pub room: RoomId,
    pub kind: Option<Kind>,
    /// Sent at or after.
    pub from: Option<Time>,
    /// Sent before.
    pub to: Option<Time>,
    pub offset: u64,
    pub limit: usize,
}

impl Scope {
    pub fn room(room: RoomId) -> Self {
        Self { room, member: None, id: None, at: None, quote: None, note: None }
    }
}
