//! A WebSocket to hold in the hand: receive, send, close. Engine.IO sessions do not use it once they are open.

use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Incoming, Opcode, Reader, Violation, close_frame, frame};

/// How long a closing connection waits for the peer to close too, so that the close frame is not lost to a reset.
const LINGER: Duration = Duration::from_secs(2);

/// A whole message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Text.
    Text(String),
    /// Bytes.
    Binary(Vec<u8>),
}

/// Why a WebSocket ended other than by the close handshake.
#[derive(Debug, thiserror::Error)]
pub enum WsError {
    /// The peer broke the protocol; it was told so.
    #[error("the peer sent {0}")]
    Violation(#[from] Violation),
    /// The connection broke.
    #[error("the connection broke")]
    Io(#[from] std::io::Error),
}

/// An open WebSocket, server side.
pub struct WebSocket {
    io: TcpStream,
    reader: Reader,
    /// What was read, and how much of it the reader has had.
    buffer: Vec<u8>,
    used: usize,
}

/// A WebSocket taken apart, nothing lost: see [`WebSocket::into_parts`].
pub struct Parts {
    /// The stream.
    pub io: TcpStream,
    /// Holds what is incomplete.
    pub reader: Reader,
    /// Read, and not looked at yet.
    pub rest: Vec<u8>,
}

impl WebSocket {
    pub(crate) fn new(io: TcpStream, reader: Reader, rest: Bytes) -> Self {
        Self { io, reader, buffer: rest.into(), used: 0 }
    }

    /// The next message; `None` once the peer has closed and was answered. Pings are answered on the way.
    ///
    /// # Errors
    /// [`WsError::Violation`] after the peer was sent the close code that fits, [`WsError::Io`] when it is gone.
    pub async fn recv(&mut self) -> Result<Option<Message>, WsError> {
        loop {
            let mut input = &mut self.buffer[self.used..];
            let before = input.len();
            let next = self.reader.next(&mut input);
            let left = input.len();
            let answer = match next {
                Ok(Some(Incoming::Text(text))) => Ok(Message::Text(text.into_owned())),
                Ok(Some(Incoming::Binary(bytes))) => Ok(Message::Binary(bytes.into_owned())),
                Ok(Some(Incoming::Ping(payload))) => Err(Some(frame(Opcode::Pong, &payload))),
                Ok(Some(Incoming::Pong(_))) => Err(Some(Bytes::new())),
                Ok(Some(Incoming::Close(code))) => {
                    self.shut(code, "").await;
                    return Ok(None);
                }
                Ok(None) => Err(None),
                Err(violation) => {
                    self.shut(Some(violation.code()), &violation.to_string()).await;
                    return Err(violation.into());
                }
            };
            self.used += before - left;
            match answer {
                Ok(message) => return Ok(Some(message)),
                Err(Some(reply)) => self.io.write_all(&reply).await?,
                Err(None) => {
                    self.buffer.clear();
                    self.used = 0;
                    self.buffer.reserve(16 * 1024);
                    if self.io.read_buf(&mut self.buffer).await? == 0 {
                        return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
                    }
                }
            }
        }
    }

    /// Sends one message in one frame.
    ///
    /// # Errors
    /// When the peer is gone.
    pub async fn send(&mut self, message: &Message) -> std::io::Result<()> {
        let frame = match message {
            Message::Text(text) => frame(Opcode::Text, text.as_bytes()),
            Message::Binary(bytes) => frame(Opcode::Binary, bytes),
        };
        self.io.write_all(&frame).await
    }

    /// Closes with a code and a reason and waits a moment for the peer to do the same.
    pub async fn close(mut self, code: Option<u16>, reason: &str) {
        self.shut(code, reason).await;
    }

    /// Gives everything back, for somebody else to go on with.
    #[must_use]
    pub fn into_parts(mut self) -> Parts {
        let rest = self.buffer.split_off(self.used);
        Parts { io: self.io, reader: self.reader, rest }
    }

    async fn shut(&mut self, code: Option<u16>, reason: &str) {
        let goodbye = async {
            self.io.write_all(&close_frame(code, reason)).await?;
            self.io.shutdown().await?;
            let mut sink = [0; 4096];
            while self.io.read(&mut sink).await? > 0 {}
            std::io::Result::Ok(())
        };
        // Whether the peer hears it or not, it is over.
        let _ = tokio::time::timeout(LINGER, goodbye).await;
    }
}
