//! Reading a company's messages from the beginning to the end, a page at a time, so that any number of them can be handed
//! out in bounded memory.

use super::Answer;
use crate::model::{CompanyId, Message, Note, Position, RoomId, Time};

pub trait Exports: Send + Sync {
    /// The page that begins at this place: room by room, each in the order of its positions. Notes stand among the
    /// messages by their times.
    fn page(&self, wanted: ExportQuery, at: ExportPlace) -> Answer<'_, ExportPage>;
}

/// What is handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportQuery {
    pub company: CompanyId,
    /// One room; else all of the company.
    pub room: Option<RoomId>,
    /// Sent at or after.
    pub from: Time,
    /// Sent before.
    pub to: Time,
    /// Whether agents' notes are handed out, too.
    pub notes: bool,
}

/// Where a page begins: a room's number, a position in it, the number of a note in it. All 0: at the beginning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExportPlace {
    pub room: i64,
    pub pos: Position,
    pub note: i64,
}

#[derive(Debug, Clone, Default)]
pub struct ExportPage {
    /// May be empty in the middle, where nothing fits.
    pub rows: Vec<(RoomId, Exported)>,
    /// None at the end.
    pub next: Option<ExportPlace>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exported {
    Said(Message),
    Noted(Note),
}
