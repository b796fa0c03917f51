//! Looking for messages in a company's whole history.

use super::{AccountId, CompanyId, Kind, Message, RoomId, Side, Time};

/// What is looked for: everything that is named has to fit.
#[derive(Debug, Clone)]
pub struct SearchQuery {
    pub company: CompanyId,
    /// Words, numbers, Chinese words of any length; each has to be in the message, as it is written here.
    pub text: Box<str>,
    pub room: Option<RoomId>,
    pub sender: Option<(Side, AccountId)>,
    pub kind: Option<Kind>,
    /// Sent at or after.
    pub from: Option<Time>,
    /// Sent before.
    pub to: Option<Time>,
    pub order: SearchOrder,
    pub limit: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchOrder {
    /// The newest first, behind the mark of the last one that was shown.
    Newest { before: Option<i64> },
    /// Those that are most about it first, of the newest that fit; `skip` of them were shown.
    Ranked { skip: usize },
}

/// A message that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Where it stands among all; the order of times.
    pub mark: i64,
    pub room: RoomId,
    pub message: Message,
}

/// What one question has found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    pub hits: Vec<Hit>,
    /// The mark before which looking goes on, when it stopped before it had found as many as were asked for: one
    /// question looks through a bounded part of the history.
    pub rest: Option<i64>,
}

/// What one piece of indexing has done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Indexed {
    pub messages: u64,
    /// Rooms of which more is to be indexed.
    pub unfinished: Vec<RoomId>,
}
