//! Reading a company's messages from the beginning to the end, a page at a time, so that any number of them can be handed
//! out in bounded memory.

use super::Answer;
use crate::model::{CompanyId, Message, Position, RoomId, Time};

pub trait Exports: Send + Sync {
    /// The page that begins at this place: room by room, each in the order of its positions.
    fn page(&self, wanted: ExportQuery, at: ExportPlace) -> Answer<'_, ExportPage>;
}

/// What is handed out.
#[derive(Debug, Clone)]
pub struct ExportQuery {
    pub company: CompanyId,
    /// One room; else all of the company.
    pub room: Option<RoomId>,
    /// Sent at or after.
    pub from: Time,
    /// Sent before.
    pub to: Time,
}

/// Where a page begins: a room's number, and a position in it. Both 0: at the beginning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExportPlace {
    pub room: i64,
    pub pos: Position,
}

#[derive(Debug, Clone, Default)]
pub struct ExportPage {
    /// May be empty in the middle, where nothing fits.
    pub messages: Vec<(RoomId, Message)>,
    /// None at the end.
    pub next: Option<ExportPlace>,
}
