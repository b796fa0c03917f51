//! What goes over the wire: the only place that knows the wire's words and their JSON
//! (the contract's parts A and B). Parsed here once, trusted further in.

mod aside;
mod bot;
mod card;
mod desk;
#[cfg(test)]
mod desk_golden;
mod error;
#[cfg(test)]
mod golden;
mod hook;
mod message;
mod order;
mod params;
mod person;
mod request;
mod room;
mod service;
mod statement;
mod time;
mod wallboard;

pub use aside::{
    MakeNote, NoteEvent, NoteReceipt, Notes, NotesAnswer, RecallAnswer, RecallEvent, RecallRequest,
};
pub use bot::{BotReceipt, Query, QueryAnswer, StreamEvent, Welcome};
pub use card::VisitorCard;
pub use desk::{
    ListCall, ListRequest, Looking, MgrCall, MgrRequest, Rated, Receiver, Typing, UserCall, UserRequest,
    rate, rate_name, rated,
};
pub use error::{ErrorBody, http_status};
pub use hook::HookWording;
pub use message::{ChatEvent, Message, RecordedMessage};
pub use order::{Fault, OrderEvent, fault};
pub use params::Params;
pub use person::{PersonBody, Session, atype, company, person_request, side, side_name};
pub use request::{Chat, Join, MarkRead, RoomOnly, read};
pub use room::{JoinAnswer, JoinContext, MarkReadEvent, MemberBody, Page, Receipt, Success};
pub use service::{
    AllStatus, AssignEvent, DeskNews, HandedBody, LeftAnswer, LookingEvent, News, PresenceEvent, RoomList,
    RoomRow, ServiceEvent, ServiceState, Standing, StatusNumber, TypingEvent, Unreads, agent, ended_by,
    status_letter,
};
pub use statement::statement;
pub use time::WireZone;
pub use wallboard::{Now, WallboardEvent};

/// Names of the socket events (contract A and our `session`).
pub mod event {
    pub const ASSIGN: &str = "assign";
    pub const CHAT: &str = "chat";
    pub const MARK_READ: &str = "mkread";
    pub const NOTE: &str = "note";
    pub const RECALL: &str = "recall";
    pub const PRESENCE: &str = "presence";
    pub const SERVICE: &str = "service";
    pub const ORDER: &str = "order";
    pub const SESSION: &str = "session";
    pub const STREAM: &str = "stream";
    pub const LOOKING: &str = "looking";
    pub const TYPING: &str = "typing";
    pub const WALLBOARD: &str = "wallboard";
}
