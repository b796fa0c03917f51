//! WebSocket as RFC 6455 has it, server side: handshake, frames, messages.
//!
//! [`Reader`] turns bytes into messages without owning a read buffer, [`upgrade`] and [`WebSocket`] are a small
//! ready-made endpoint on top of it. No extension is ever offered, so the reserved bits must be zero.

mod frame;
mod handshake;
mod reader;
mod stream;

pub use frame::{Opcode, close_frame, frame};
pub use handshake::{Accepted, accept_key, upgrade};
pub use reader::{Incoming, Reader, Violation};
pub use stream::{Message, Parts, WebSocket, WsError};

pub(crate) use frame::{Frames, header_len, put_header};

/// Whether a peer may send this code in a close frame (RFC 6455 section 7.4 and the IANA registry).
#[must_use]
pub fn is_valid_close_code(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}
