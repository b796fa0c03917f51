//! What a store knows of a room besides its messages.

use super::{AccountId, ChatId, Message, Name, Person, Position, RoomId, Side, Time};

/// The few facts that decisions need, whatever the length of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomHead {
    pub id: RoomId,
    /// What the agents see as the topic: the visitor's nick when last here.
    pub visitor_nick: Name,
    /// The position that the next message gets; also how many messages there are.
    pub next_pos: Position,
    /// Time of the last message, of the room's making when there is none.
    pub last_time: Time,
    pub reads: Reads,
    /// The human consultation that runs here. Set by routing, never by a decision about the room.
    pub consultation: Option<ChatId>,
    /// No agent has said anything in that consultation yet.
    pub unanswered: bool,
    /// How many messages were taken back.
    pub recalls: i64,
    /// How many notes there are. Nothing of them is for visitors, not even their number.
    pub notes: i64,
}

/// The last position each side has read, -1 when none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reads {
    pub visitor: Position,
    pub agent: Position,
}

/// Somebody who has entered the room; stays a member after leaving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub side: Side,
    pub aid: AccountId,
    pub mid: Name,
    pub account: Name,
    pub nick: Name,
}

/// A room as somebody sees it who enters: one consistent moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomView {
    pub head: RoomHead,
    pub members: Vec<Member>,
    /// The newest messages, oldest first.
    pub newest: Vec<Message>,
    /// The oldest messages from the asked position on, when one was asked for.
    pub missed: Vec<Message>,
}

impl RoomHead {
    /// Of a room that comes to be.
    pub fn new(id: RoomId, visitor_nick: Name, time: Time) -> Self {
        Self {
            id,
            visitor_nick,
            next_pos: 0,
            last_time: time,
            reads: Reads::NONE,
            consultation: None,
            unanswered: false,
            recalls: 0,
            notes: 0,
        }
    }

    /// How many messages no agent has read.
    pub fn unread(&self) -> Position {
        self.next_pos - 1 - self.reads.agent
    }
}

impl Reads {
    pub const NONE: Reads = Reads { visitor: -1, agent: -1 };

    pub fn of(&self, side: Side) -> Position {
        match side {
            Side::Visitor => self.visitor,
            Side::Agent => self.agent,
        }
    }
}

impl From<&Person> for Member {
    fn from(person: &Person) -> Self {
        Self {
            side: person.side,
            aid: person.aid.clone(),
            mid: person.mid.clone(),
            account: person.account.clone(),
            nick: person.nick.clone(),
        }
    }
}
