//! What an application is to the transport.

use std::borrow::Cow;
use std::future::Future;
use std::net::IpAddr;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::event::Event;
use super::socket::Socket;
use crate::engine::{Link, Protocol};
use crate::reason::Reason;

/// What happens with sockets and their events.
///
/// For one connection everything here runs strictly one after the other, in the order in which the packets came:
/// `connect`, `connected`, each `event`, `disconnected`. Different connections run at the same time. A future that
/// has begun is never dropped before its end, even when its connection dies meanwhile.
pub trait Handler: Send + Sync + Sized + 'static {
    /// What the application keeps with each socket.
    type Data: Send + Sync + 'static;

    /// Somebody wants into a namespace: gives what is kept with the socket, or refuses.
    fn connect(&self, request: &Connect<'_>)
    -> impl Future<Output = Result<Self::Data, ConnectError>> + Send;

    /// The socket is in: its CONNECT packet is queued, no event of it was handled yet.
    fn connected(&self, _socket: &Socket<Self>) -> impl Future<Output = ()> + Send {
        async {}
    }

    /// An event. The next one of this connection waits until this is done.
    fn event(&self, socket: &Socket<Self>, event: Event) -> impl Future<Output = ()> + Send;

    /// The socket is gone; it is still in its rooms, nothing can be sent to it. Called exactly once for each socket
    /// that was let in, after everything else about it.
    fn disconnected(&self, _socket: &Socket<Self>, _reason: Reason) {}
}

/// A request to enter a namespace.
pub struct Connect<'a> {
    pub(crate) link: &'a Link,
    pub(crate) namespace: &'a str,
    pub(crate) auth: Option<&'a RawValue>,
}

/// Refuses a connect.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectError {
    /// For people.
    pub message: String,
    /// For programs: `data` of the error in protocol 5; in protocol 4 it is sent in place of the message.
    pub data: Option<serde_json::Value>,
}

impl<'a> Connect<'a> {
    /// The namespace, `/` by default.
    #[must_use]
    pub fn namespace(&self) -> &'a str {
        self.namespace
    }

    /// The auth payload as JSON (clients 3.x and 4.x).
    #[must_use]
    pub fn auth_json(&self) -> Option<&'a RawValue> {
        self.auth
    }

    /// The auth payload; `None` when there is none, or it is not a `T`.
    #[must_use]
    pub fn auth<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.auth?.get()).ok()
    }

    /// A parameter of the connection's query string (how clients 1.x and 2.x authenticate).
    #[must_use]
    pub fn query(&self, name: &str) -> Option<Cow<'a, str>> {
        self.link.query(name)
    }

    /// The page's origin, unless it is the one of this very host.
    #[must_use]
    pub fn origin(&self) -> Option<&'a str> {
        self.link.origin()
    }

    /// What the client calls itself: the beginning of its `User-Agent`.
    #[must_use]
    pub fn user_agent(&self) -> Option<&'a str> {
        self.link.user_agent()
    }

    /// Address of the client, or of the proxy in front.
    #[must_use]
    pub fn remote(&self) -> IpAddr {
        self.link.remote()
    }

    /// Revision of the Engine.IO protocol.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.link.protocol()
    }
}

impl ConnectError {
    /// A message alone.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), data: None }
    }

    /// A message with data for programs.
    pub fn with_data(message: impl Into<String>, data: serde_json::Value) -> Self {
        Self { message: message.into(), data: Some(data) }
    }

    /// The payload of the packet that refuses.
    pub(crate) fn to_json(&self, protocol: Protocol) -> String {
        match (protocol, &self.data) {
            (Protocol::V3, Some(data)) => data.to_string(),
            (Protocol::V3, None) => serde_json::Value::from(self.message.as_str()).to_string(),
            (Protocol::V4, Some(data)) => {
                serde_json::json!({"message": self.message, "data": data}).to_string()
            }
            (Protocol::V4, None) => serde_json::json!({"message": self.message}).to_string(),
        }
    }
}
