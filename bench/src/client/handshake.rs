//! How a client of the generator gets from a TCP connection to a Socket.IO one.

use super::packet::excerpt;
use crate::error::{Doing as _, Error, Result};
use memchr::memmem;
use rustix::net::{AddressFamily, SocketType, bind, connect as connect_socket, socket, sockopt};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpStream};
use std::time::Duration;

/// The key of RFC 6455's own example; its answer is known, so that it can be checked without SHA-1.
pub const REQUEST: &[u8] = b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n\
    Host: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
pub const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// Below the number of ports that one source address has by default (28,232).
const PORTS_PER_ADDRESS: usize = 20_000;

/// Where a connection is on its way in; what it authenticates with travels along until it is sent.
#[derive(Debug)]
pub enum Stage {
    Upgrading(String),
    Opening(String),
    Connecting,
    Ready,
}

impl Stage {
    /// The next stage; returns the auth payload on the step that sends it.
    pub fn advance(&mut self) -> String {
        let (next, auth) = match std::mem::replace(self, Self::Ready) {
            Self::Upgrading(auth) => (Self::Opening(auth), String::new()),
            Self::Opening(auth) => (Self::Connecting, auth),
            Self::Connecting | Self::Ready => (Self::Ready, String::new()),
        };
        *self = next;
        auth
    }
}

/// A non-blocking connection; from the 20,001st on with another source address of the loopback network.
pub fn connect(server: SocketAddr, index: usize) -> Result<TcpStream> {
    let doing = || format!("connecting client {index}");
    let socket = socket(AddressFamily::INET, SocketType::STREAM, None).doing(doing)?;
    let block = index / PORTS_PER_ADDRESS;
    if block > 0 {
        let last = u8::try_from(block + 1).map_err(|_| Error::Unusable("too many connections".into()))?;
        bind(&socket, &SocketAddrV4::new(Ipv4Addr::new(127, 0, 0, last), 0)).doing(doing)?;
    }
    connect_socket(&socket, &server).doing(doing)?;
    // Closing resets, so that thousands of connections leave no ports waiting for the next measurement.
    sockopt::set_socket_linger(&socket, Some(Duration::ZERO)).doing(doing)?;
    let stream = TcpStream::from(socket);
    stream.set_nodelay(true).doing(doing)?;
    stream.set_nonblocking(true).doing(doing)?;
    Ok(stream)
}

/// Where the frames begin behind the server's answer; `None` while it is incomplete.
pub fn upgraded(client: usize, bytes: &[u8]) -> Result<Option<usize>> {
    let Some(end) = memmem::find(bytes, b"\r\n\r\n") else { return Ok(None) };
    let head = &bytes[..end];
    if !head.starts_with(b"HTTP/1.1 101 ") || memmem::find(head, ACCEPT.as_bytes()).is_none() {
        return Err(Error::Refused { client, reason: excerpt(head) });
    }
    Ok(Some(end + 4))
}
