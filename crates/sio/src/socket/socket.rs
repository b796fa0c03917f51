//! One client in one namespace.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::oneshot;

use super::args::Args;
use super::broadcast::Broadcast;
use super::encode::{EncodeError, Encoded, Head, control};
use super::handler::Handler;
use super::hub::Hub;
use super::namespace::{Namespace, Room};
use crate::engine::{Link, Protocol};
use crate::reason::Reason;

/// A client in a namespace. Cheap to clone; may be kept after the client has gone, then nothing arrives.
pub struct Socket<H: Handler>(pub(crate) Arc<Inner<H>>);

pub(crate) struct Inner<H: Handler> {
    /// Tells sockets of one server apart faster than their ids do.
    pub key: u64,
    id: Box<str>,
    pub link: Arc<Link>,
    pub hub: Arc<Hub<H>>,
    pub namespace: Arc<Namespace<H>>,
    /// Cleared once: the packet that ends it is sent once.
    open: AtomicBool,
    /// `None` after it was taken out of all rooms: nobody may put it into one any more.
    rooms: Mutex<Option<Vec<Arc<Room<H>>>>>,
    acks: Mutex<Option<Box<PendingAcks>>>,
    data: H::Data,
}

#[derive(Default)]
pub(crate) struct PendingAcks {
    next: u64,
    waiting: HashMap<u64, oneshot::Sender<Args>>,
}

/// Why there is no answer to [`Socket::emit_with_ack`].
#[derive(Debug, thiserror::Error)]
pub enum AckError {
    /// Not in time.
    #[error("no answer in time")]
    Timeout,
    /// The client has gone.
    #[error("the client has gone")]
    Disconnected,
    /// More answers are waited for than `max_pending_acks`.
    #[error("too many answers are waited for")]
    TooMany,
    /// It could not be sent.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

impl<H: Handler> Socket<H> {
    pub(crate) fn new(
        hub: &Arc<Hub<H>>,
        link: &Arc<Link>,
        namespace: Arc<Namespace<H>>,
        data: H::Data,
    ) -> Self {
        // Clients of protocol 3 derive the id from that of the session, later ones are told.
        let id = match (link.protocol(), namespace.name()) {
            (Protocol::V3, "/") => link.sid().into(),
            (Protocol::V3, name) => format!("{name}#{}", link.sid()).into(),
            (Protocol::V4, _) => crate::engine::random_id(),
        };
        Self(Arc::new(Inner {
            key: hub.next_key(),
            id,
            link: Arc::clone(link),
            hub: Arc::clone(hub),
            namespace,
            open: AtomicBool::new(true),
            rooms: Mutex::new(Some(Vec::new())),
            acks: Mutex::new(None),
            data,
        }))
    }

    /// The id that the client knows as `socket.id`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// What the application keeps with it.
    #[must_use]
    pub fn data(&self) -> &H::Data {
        &self.0.data
    }

    /// The application.
    #[must_use]
    pub fn handler(&self) -> &H {
        self.0.hub.handler()
    }

    /// Its namespace.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.0.namespace.name()
    }

    /// Address of the client, or of the proxy in front.
    #[must_use]
    pub fn remote(&self) -> IpAddr {
        self.0.link.remote()
    }

    /// Revision of the Engine.IO protocol that the client speaks.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.0.link.protocol()
    }

    /// Whether it can still be sent to.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.0.open.load(Ordering::Relaxed) && !self.0.link.is_closed()
    }

    /// Enters a room; being there already is fine. A socket that has gone enters nothing.
    pub fn join(&self, room: &str) {
        let mut rooms = self.rooms();
        if let Some(rooms) = rooms.as_mut()
            && !rooms.iter().any(|joined| joined.name() == room)
        {
            rooms.push(self.0.namespace.join(room, self));
            rooms.shrink_to(rooms.len() + 1);
        }
    }

    /// Leaves a room; not being there is fine.
    pub fn leave(&self, room: &str) {
        let mut rooms = self.rooms();
        if let Some(rooms) = rooms.as_mut()
            && let Some(at) = rooms.iter().position(|joined| joined.name() == room)
        {
            let room = rooms.swap_remove(at);
            self.0.namespace.leave(&room, self.0.key);
        }
    }

    /// Whether it is in a room.
    #[must_use]
    pub fn in_room(&self, room: &str) -> bool {
        self.rooms().as_ref().is_some_and(|rooms| rooms.iter().any(|joined| joined.name() == room))
    }

    /// Names of all rooms that it is in.
    #[must_use]
    pub fn joined(&self) -> Vec<String> {
        self.rooms().iter().flatten().map(|room| room.name().to_owned()).collect()
    }

    /// Sends an event. An array or a tuple is the list of arguments; anything else is one argument.
    ///
    /// Never waits: it is queued, and a client whose queue is full is cut off ([`Reason::SlowConsumer`]).
    ///
    /// # Errors
    /// When the arguments cannot be written as JSON. A client that has gone is no error.
    pub fn emit<T: Serialize + ?Sized>(&self, event: &str, args: &T) -> Result<(), EncodeError> {
        let encoded = Encoded::new(self.namespace(), Head::Event { name: event, id: None }, args)?;
        self.deliver(&encoded);
        Ok(())
    }

    /// Like [`Socket::emit`], for what is worth nothing later: left out when the client does not keep up.
    ///
    /// # Errors
    /// As [`Socket::emit`].
    pub fn emit_volatile<T: Serialize + ?Sized>(&self, event: &str, args: &T) -> Result<(), EncodeError> {
        let encoded = Encoded::new(self.namespace(), Head::Event { name: event, id: None }, args)?;
        self.deliver_volatile(&encoded);
        Ok(())
    }

    /// Sends an event and waits for its answer.
    ///
    /// Inside a handler of the same connection its further events wait meanwhile; the answer does come through
    /// unless more than `max_waiting_events` of them are in front of it.
    ///
    /// # Errors
    /// See [`AckError`].
    pub async fn emit_with_ack<T: Serialize + ?Sized>(
        &self,
        event: &str,
        args: &T,
        within: Duration,
    ) -> Result<Args, AckError> {
        let (id, answer) = self.expect_ack()?;
        let _forget = Forget { socket: self, id };
        let encoded = Encoded::new(self.namespace(), Head::Event { name: event, id: Some(id) }, args)?;
        self.deliver(&encoded);
        match tokio::time::timeout(within, answer).await {
            Ok(Ok(args)) => Ok(args),
            Ok(Err(_)) => Err(AckError::Disconnected),
            Err(_) => Err(AckError::Timeout),
        }
    }

    /// To everybody in a room except this socket.
    pub fn to(&self, room: &str) -> Broadcast<H> {
        Broadcast::new(&self.0.hub, self.namespace()).to(room).except_socket(self.id())
    }

    /// Ends it: the client is told, and does not connect again by itself. What was sent before still arrives. When
    /// it was the connection's last namespace the connection closes, too.
    pub fn disconnect(&self) {
        if self.0.open.swap(false, Ordering::AcqRel) {
            self.0.link.push(control('1', self.namespace(), ""));
            self.0.link.nudge();
        }
    }

    /// Cuts the connection with all its namespaces, without telling the client not to come back.
    pub fn close(&self, reason: Reason) {
        self.0.link.close(reason);
    }

    pub(crate) fn deliver(&self, encoded: &Encoded) {
        if self.0.open.load(Ordering::Relaxed) {
            encoded.send(&self.0.link);
        }
    }

    /// The link, when the caller has to flush it.
    pub(crate) fn deliver_unflushed(&self, encoded: &Encoded) -> Option<Arc<Link>> {
        let open = self.0.open.load(Ordering::Relaxed);
        (open && encoded.send_unflushed(&self.0.link)).then(|| Arc::clone(&self.0.link))
    }

    pub(crate) fn deliver_volatile(&self, encoded: &Encoded) {
        if self.0.open.load(Ordering::Relaxed) {
            encoded.send_volatile(&self.0.link, self.0.hub.config().volatile_mark_bytes);
        }
    }

    /// Nothing is sent from here on.
    pub(crate) fn shut(&self) {
        self.0.open.store(false, Ordering::Release);
        self.fail_acks();
    }

    /// Whoever waits for an answer hears that there will be none.
    pub(crate) fn fail_acks(&self) {
        *self.acks() = None;
    }

    pub(crate) fn is_open(&self) -> bool {
        self.0.open.load(Ordering::Acquire)
    }

    /// Out of all rooms, for good.
    pub(crate) fn leave_all(&self) {
        for room in self.rooms().take().into_iter().flatten() {
            self.0.namespace.leave(&room, self.0.key);
        }
    }

    /// An answer came. One that nobody waits for (any more) is no error.
    pub(crate) fn resolve_ack(&self, id: u64, args: Args) {
        let mut acks = self.acks();
        let waiting = acks.as_mut().and_then(|acks| acks.waiting.remove(&id));
        drop(acks);
        if let Some(waiting) = waiting {
            // It may have run out of time this very moment.
            let _ = waiting.send(args);
        }
    }

    fn expect_ack(&self) -> Result<(u64, oneshot::Receiver<Args>), AckError> {
        let mut acks = self.acks();
        if !self.is_connected() {
            return Err(AckError::Disconnected);
        }
        let acks = acks.get_or_insert_default();
        if acks.waiting.len() >= self.0.hub.config().max_pending_acks {
            return Err(AckError::TooMany);
        }
        let id = acks.next;
        acks.next += 1;
        let (sender, receiver) = oneshot::channel();
        acks.waiting.insert(id, sender);
        Ok((id, receiver))
    }

    fn rooms(&self) -> MutexGuard<'_, Option<Vec<Arc<Room<H>>>>> {
        self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn acks(&self) -> MutexGuard<'_, Option<Box<PendingAcks>>> {
        self.0.acks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An answer that is not waited for any more takes no room.
struct Forget<'a, H: Handler> {
    socket: &'a Socket<H>,
    id: u64,
}

impl<H: Handler> Drop for Forget<'_, H> {
    fn drop(&mut self) {
        if let Some(acks) = self.socket.acks().as_mut() {
            acks.waiting.remove(&self.id);
        }
    }
}

impl<H: Handler> Clone for Socket<H> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<H: Handler> fmt::Debug for Socket<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("namespace", &self.namespace()).field("link", &self.0.link).finish()
    }
}
