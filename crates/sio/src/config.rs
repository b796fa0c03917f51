//! What an operator may set; everything a client controls is bounded here.

use std::time::Duration;

/// Settings of an Engine.IO or Socket.IO endpoint.
#[derive(Clone, Debug)]
pub struct Config {
    /// Path of the endpoint, with or without a slash at its end.
    pub path: String,
    /// Engine.IO 4: how often the server pings. Engine.IO 3: how often the client is told to.
    pub ping_interval: Duration,
    /// How long the other side's answer to a ping may take.
    pub ping_timeout: Duration,
    /// A session that is in no namespace for this long is closed; announced attachments must arrive within it, too.
    pub connect_timeout: Duration,
    /// How long the upgrade to WebSocket may take, from handshake to `upgrade` packet.
    pub upgrade_timeout: Duration,
    /// How long the body of one POST may take.
    pub body_timeout: Duration,
    /// How long a closing connection may take to send what is queued and to say goodbye.
    pub close_timeout: Duration,
    /// The largest packet and the largest polling body, in bytes; also the limit for an event with all its
    /// attachments. Told to clients as `maxPayload`.
    pub max_payload: usize,
    /// How many bytes may wait for one client before it is cut off as a slow consumer. One packet that is larger
    /// is allowed when nothing else waits.
    pub max_queue_bytes: usize,
    /// Volatile events are left out while more than this waits for a client.
    pub volatile_mark_bytes: usize,
    /// How many decoded events of one connection may wait for their turn before its socket is read no further.
    pub max_waiting_events: usize,
    /// How many namespaces one connection may be in.
    pub max_namespaces: usize,
    /// How many attachments one packet may announce.
    pub max_attachments: usize,
    /// How many answers the server may wait for from one socket (`emit_with_ack`).
    pub max_pending_acks: usize,
    /// How many sessions there may be; further ones are refused with 503.
    pub max_sessions: usize,
    /// Whether Engine.IO 3 (Socket.IO clients 1.x and 2.x) is spoken.
    pub allow_eio3: bool,
    /// Which transports are open.
    pub transports: Transports,
    /// Which pages may connect; holds for polling and WebSocket alike.
    pub origins: Origins,
    /// What every session id begins with, so that a balancer can tell from it which of several servers has the session.
    /// Characters that need no escape in a query; the random part behind it stays as long as without.
    pub sid_prefix: String,
}

/// Which transports an endpoint offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transports {
    /// Polling, WebSocket, and the upgrade from one to the other.
    All,
    /// WebSocket alone.
    WebSocketOnly,
    /// Polling alone.
    PollingOnly,
}

/// Which origins may connect. A request without `Origin`, which no browser page sends across origins, is let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    /// Every page.
    Any,
    /// These, each as a browser writes it: `https://shop.example`.
    List(Vec<String>),
}

impl Default for Config {
    fn default() -> Self {
        Self {
            path: "/socket.io".into(),
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(10),
            upgrade_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
            close_timeout: Duration::from_secs(5),
            max_payload: 1_000_000,
            max_queue_bytes: 4 << 20,
            volatile_mark_bytes: 64 << 10,
            max_waiting_events: 32,
            max_namespaces: 8,
            max_attachments: 16,
            max_pending_acks: 256,
            max_sessions: 1_000_000,
            allow_eio3: true,
            transports: Transports::All,
            origins: Origins::Any,
            sid_prefix: String::new(),
        }
    }
}

impl Transports {
    pub(crate) fn websocket(self) -> bool {
        self != Self::PollingOnly
    }

    pub(crate) fn polling(self) -> bool {
        self != Self::WebSocketOnly
    }
}
