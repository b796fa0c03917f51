//! One message at its place in a room.

use super::{AccountId, Body, ChatId, MessageId, Name, Person, Side};

/// Milliseconds since the Unix epoch.
pub type Time = i64;

/// Place of a message in its room: dense, from 0.
pub type Position = i64;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: MessageId,
    pub pos: Position,
    pub sender: Sender,
    pub time: Time,
    pub body: Body,
    /// The message of the same room that this one answers to.
    pub quote: Option<MessageId>,
}

/// Who said it, as they were called at that time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    pub side: Side,
    pub aid: AccountId,
    pub mid: Name,
    pub nick: Name,
}

/// What the sender gets for a message that is on disk. Equal for every retry but for `dup` and what stands behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    pub id: MessageId,
    pub pos: Position,
    pub time: Time,
    /// This message was stored by an earlier request.
    pub dup: bool,
    /// The human consultation that runs in the room by now.
    pub consultation: Option<ChatId>,
    /// It is the first thing that an agent has said since the consultation has its agent.
    pub answers: bool,
}

impl Message {
    /// Nothing is left of it but its place.
    pub fn take_back(&mut self) {
        self.body = Body::Recalled;
        self.quote = None;
    }
}

impl From<&Person> for Sender {
    fn from(person: &Person) -> Self {
        Self {
            side: person.side,
            aid: person.aid.clone(),
            mid: person.mid.clone(),
            nick: person.nick.clone(),
        }
    }
}

impl Sender {
    /// Whether both are one person of one room; a room has one visitor and one company's agents,
    /// so side and account id suffice.
    pub fn is(&self, other: &Sender) -> bool {
        self.side == other.side && self.aid == other.aid
    }
}
