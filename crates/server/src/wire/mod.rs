//! What goes over the wire: the only place that knows the wire's words and their JSON
//! (the contract's parts A and B). Parsed here once, trusted further in.

mod aside;
mod error;
mod message;
mod params;
mod person;
mod request;
mod room;
mod time;

pub use aside::{MakeNote, NoteEvent, NoteReceipt, Notes, NotesAnswer, RecallAnswer, RecallEvent, RecallRequest};
pub use error::{ErrorBody, http_status};
pub use message::{ChatEvent, Message, RecordedMessage};
pub use params::Params;
pub use person::{PersonBody, Session, atype, company, person_request};
pub use request::{Chat, Join, MarkRead, RoomOnly, UserCall, read};
pub use room::{JoinAnswer, JoinContext, MarkReadEvent, Page, Receipt, Success};
pub use time::WireZone;

/// Names of the socket events (contract A and our `session`).
pub mod event {
    pub const CHAT: &str = "chat";
    pub const MARK_READ: &str = "mkread";
    pub const NOTE: &str = "note";
    pub const RECALL: &str = "recall";
    pub const SESSION: &str = "session";
}
