//! Why a connection, or a socket on it, ended.

use std::fmt;

/// Why it ended. The words of [`Reason::as_str`] are those of the reference server where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The client closed the connection, or it broke, or a poll was cancelled.
    TransportClose,
    /// The connection failed, or the client broke the rules of its transport (two polls at once, a bad frame).
    TransportError,
    /// No heartbeat in time.
    PingTimeout,
    /// The client left this namespace.
    ClientDisconnect,
    /// The application called `disconnect`.
    ServerDisconnect,
    /// A packet that could not be read.
    ParseError,
    /// A message over `max_payload`.
    TooLarge,
    /// Text that is not UTF-8.
    InvalidUtf8,
    /// The client did not read as fast as it was sent to: its queue was full. Nothing was left out before.
    SlowConsumer,
    /// No namespace joined, or announced attachments missing, within `connect_timeout`.
    ConnectTimeout,
    /// The server stops.
    Shutdown,
}

impl Reason {
    /// In words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TransportClose => "transport close",
            Self::TransportError => "transport error",
            Self::PingTimeout => "ping timeout",
            Self::ClientDisconnect => "client namespace disconnect",
            Self::ServerDisconnect => "server namespace disconnect",
            Self::ParseError => "parse error",
            Self::TooLarge => "payload too large",
            Self::InvalidUtf8 => "invalid utf-8",
            Self::SlowConsumer => "slow consumer",
            Self::ConnectTimeout => "connect timeout",
            Self::Shutdown => "server shutting down",
        }
    }

    /// The WebSocket close code that tells the client (RFC 6455 section 7.4.1 and the IANA registry).
    #[must_use]
    pub fn close_code(self) -> u16 {
        match self {
            Self::TransportClose | Self::ClientDisconnect | Self::ServerDisconnect | Self::PingTimeout => {
                1000
            }
            Self::TransportError | Self::ParseError => 1002,
            Self::TooLarge => 1009,
            Self::InvalidUtf8 => 1007,
            Self::SlowConsumer => 1013,
            Self::ConnectTimeout => 1008,
            Self::Shutdown => 1001,
        }
    }

    /// Whether what is queued still goes out before the connection closes.
    pub(crate) fn drains(self) -> bool {
        !matches!(self, Self::TransportClose | Self::PingTimeout | Self::SlowConsumer)
    }

    /// Whether a polling session whose client has no poll waiting still waits for one, to hand out what is queued.
    /// One that broke the rules is unknown at once.
    pub(crate) fn awaits_poll(self) -> bool {
        matches!(self, Self::ServerDisconnect | Self::ConnectTimeout | Self::Shutdown)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
