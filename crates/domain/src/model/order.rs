//! A work order: something that a visitor wants to have done, beyond the chat.

use uuid::Uuid;

use super::{AccountId, CompanyId, ImagePath, Name, RoomId, Time, no_nul};
use crate::error::{Error, Result};
use crate::limits;

/// A version 7 uuid, so that ids lie in the order of their making.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrderId(pub Uuid);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub id: OrderId,
    pub company: CompanyId,
    pub details: Details,
    /// The visitor for whom it is; sees it, whoever has written it down.
    pub submitter: AccountId,
    /// The room that it was made from, if it was.
    pub room: Option<RoomId>,
    /// The consultation that it was made from, if one was running.
    pub chat: Option<Box<str>>,
    pub state: OrderState,
    /// The agent who looks after it.
    pub owner: Option<AccountId>,
    /// What the visitor was answered: the public comments, the oldest first, one below the other.
    pub feedback: Box<str>,
    pub created: Time,
    pub updated: Time,
    /// How many lines its history has; another number after each change.
    pub lines: i64,
}

/// What somebody wrote about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    pub title: Name,
    pub phone: Name,
    pub describe: Words,
    pub kind: OrderKind,
    /// When the matter was noticed.
    pub discovered: Option<Time>,
    /// At most [`limits::ORDER_PICTURES`], all uploaded for the company or by its submitter.
    pub pictures: Vec<ImagePath>,
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OrderState {
    New,
    Accepted,
    InProgress,
    Solved,
    Closed,
}

/// The key of a kind that the company has named; 1 to 64 characters without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OrderKind(Box<str>);

/// A longer text: 1 to 5,000 characters without NUL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(Box<str>);

/// One line of a work order's history: dense numbers from 0, comments among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    pub number: i64,
    pub time: Time,
    pub by: Author,
    pub what: OrderEvent,
}

/// Who has done something to a work order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author {
    Visitor(AccountId),
    Agent(AccountId),
    /// A program with one of the company's API keys.
    Key(Box<str>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderEvent {
    Created,
    Moved {
        from: OrderState,
        to: OrderState,
    },
    Owned {
        from: Option<AccountId>,
        to: Option<AccountId>,
    },
    /// What the visitor reads.
    Answered(Words),
    /// What only agents read.
    Noted(Words),
    /// Which fields were written anew.
    Edited(Vec<OrderField>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderField {
    Title,
    Phone,
    Describe,
    Kind,
    Discovered,
    Pictures,
}

/// What somebody wants to do to a work order; several things at once are one change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderChange {
    pub state: Option<OrderState>,
    /// `Some(None)` takes the owner away.
    pub owner: Option<Option<AccountId>>,
    pub details: Option<Details>,
    pub comment: Option<Comment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub words: Words,
    /// Whether the visitor reads it.
    pub public: bool,
}

/// A work order after a change, and what its history says of it; no lines when nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub order: Order,
    pub lines: Vec<OrderLine>,
}

impl OrderId {
    pub fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::Missing("faultId"));
        }
        Uuid::parse_str(text).map(Self).map_err(|_| Error::invalid("faultId", "it is not a uuid"))
    }

    pub fn at(time_ms: Time, random: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(time_ms.max(0) as u64, &random).into_uuid())
    }
}

impl std::fmt::Display for OrderId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl OrderState {
    pub const ALL: [OrderState; 5] = [
        OrderState::New,
        OrderState::Accepted,
        OrderState::InProgress,
        OrderState::Solved,
        OrderState::Closed,
    ];

    pub fn name(self) -> &'static str {
        match self {
            OrderState::New => "new",
            OrderState::Accepted => "accepted",
            OrderState::InProgress => "in_progress",
            OrderState::Solved => "solved",
            OrderState::Closed => "closed",
        }
    }

    pub fn parse(name: &str) -> Result<Self> {
        OrderState::ALL
            .into_iter()
            .find(|state| state.name() == name)
            .ok_or_else(|| Error::invalid("state", "new, accepted, in_progress, solved or closed"))
    }
}

impl OrderKind {
    pub fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::Missing("businessType"));
        }
        if text.chars().count() > limits::ORDER_KIND_CHARS || text.chars().any(char::is_control) {
            return Err(Error::invalid("businessType", "at most 64 characters, no control characters"));
        }
        Ok(Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Words {
    pub fn parse(field: &'static str, text: &str) -> Result<Self> {
        if text.trim().is_empty() {
            return Err(Error::Missing(field));
        }
        no_nul(field, text)?;
        if text.chars().count() > limits::ORDER_TEXT_CHARS {
            return Err(Error::invalid(field, "at most 5,000 characters"));
        }
        Ok(Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Details {
    pub fn new(title: Name, describe: Words, kind: OrderKind) -> Self {
        Self { title, phone: Name::default(), describe, kind, discovered: None, pictures: Vec::new() }
    }

    /// A title is not empty, a phone is short, there are not too many pictures.
    pub fn checked(self) -> Result<Self> {
        if self.title.as_str().trim().is_empty() {
            return Err(Error::Missing("title"));
        }
        if self.phone.as_str().chars().count() > limits::PHONE_CHARS {
            return Err(Error::invalid("phone", "at most 64 characters"));
        }
        if self.pictures.len() > limits::ORDER_PICTURES {
            return Err(Error::invalid("pictures", "at most 4"));
        }
        Ok(self)
    }
}

impl Author {
    pub fn id(&self) -> &str {
        match self {
            Author::Visitor(aid) | Author::Agent(aid) => aid.as_str(),
            Author::Key(name) => name,
        }
    }
}

impl OrderField {
    pub const ALL: [OrderField; 6] = [
        OrderField::Title,
        OrderField::Phone,
        OrderField::Describe,
        OrderField::Kind,
        OrderField::Discovered,
        OrderField::Pictures,
    ];

    pub fn name(self) -> &'static str {
        match self {
            OrderField::Title => "title",
            OrderField::Phone => "phone",
            OrderField::Describe => "describe",
            OrderField::Kind => "kind",
            OrderField::Discovered => "discovered",
            OrderField::Pictures => "pictures",
        }
    }
}

impl Changed {
    /// Whether the visitor sees any of it.
    pub fn concerns_visitor(&self) -> bool {
        self.lines.iter().any(|line| match &line.what {
            OrderEvent::Created | OrderEvent::Moved { .. } | OrderEvent::Answered(_) => true,
            OrderEvent::Edited(_) => true,
            OrderEvent::Owned { .. } | OrderEvent::Noted(_) => false,
        })
    }
}
