//! Socket.IO 4 and 5 (docs/socket.io-protocol of the socket.io repository): namespaces, events, acks, attachments,
//! rooms, on top of [`crate::engine`].

mod args;
mod binary;
mod broadcast;
mod client;
mod encode;
mod event;
mod handler;
mod hub;
mod io;
mod namespace;
mod packet;
#[allow(clippy::module_inception, reason = "the one thing that this module is named for")]
mod socket;

pub use args::{Args, ArgsError};
pub use binary::Binary;
pub use broadcast::Broadcast;
pub use encode::EncodeError;
pub use event::{Ack, Event};
pub use handler::{Connect, ConnectError, Handler};
pub use io::Io;
pub use packet::{Malformed, PacketKind, RawPacket};
pub use socket::{AckError, Socket};
