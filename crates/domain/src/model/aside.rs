//! What stands beside a room's messages: what was taken back, and what agents note down for each other.

use super::{MessageId, Position, Sender, Text, Time};

/// A message that was taken back: it keeps its position, its body is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recall {
    /// Dense in the room, from 0.
    pub number: i64,
    pub id: MessageId,
    pub pos: Position,
}

/// What an agent has noted down. No visitor ever sees one, or that there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Dense in the room, from 0.
    pub number: i64,
    pub id: MessageId,
    pub author: Sender,
    pub time: Time,
    pub text: Text,
}

/// What an agent gets for a note that is on disk. Equal for every retry but for `dup`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoteReceipt {
    pub id: MessageId,
    pub number: i64,
    pub time: Time,
    pub dup: bool,
}
