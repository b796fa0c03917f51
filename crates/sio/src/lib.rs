//! A Socket.IO server: Engine.IO 3 and 4, Socket.IO protocols 4 and 5, over WebSocket and long polling and with the
//! upgrade from one to the other.
//!
//! - [`Io`] is the server, [`Handler`] what an application is to it, [`Socket`] one client in one namespace.
//! - [`engine`] is Engine.IO alone, for a protocol of one's own on top of it.
//! - [`ws`] is WebSocket alone.
//! - [`serve`] is the accept loop that the three of them need: a connection becomes one task that owns the TCP stream.
//!
//! Three promises: the events of one connection are handled one after the other in the order they came; nothing is
//! left out in silence (a client that does not read is cut off with [`Reason::SlowConsumer`]); whatever a client
//! controls has a limit in [`Config`].

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod config;
pub mod engine;
mod reason;
mod serve;
mod socket;
pub mod ws;

pub use config::{Config, Origins, Transports};
pub use reason::Reason;
pub use serve::{Peer, ServeOptions, serve};
pub use socket::{
    Ack, AckError, Args, ArgsError, Binary, Broadcast, Connect, ConnectError, EncodeError, Event, Handler,
    Io, Malformed, PacketKind, RawPacket, Socket,
};
