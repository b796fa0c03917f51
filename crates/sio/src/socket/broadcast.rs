//! To many sockets at once.

use std::sync::Arc;

use serde::Serialize;
use tokio::runtime::Handle;

use super::encode::{EncodeError, Encoded, Head};
use super::handler::Handler;
use super::hub::Hub;
use super::namespace::{Namespace, Room};
use super::socket::Socket;
use crate::engine::Link;

/// Sockets that one task writes to: enough to be worth a task, few enough for others to have their turn.
const FLUSHED_AT_ONCE: usize = 64;

/// Whom to send to: everybody of a namespace, or those in any of some rooms, except some. Nobody gets it twice.
#[must_use = "nothing is sent before `emit`"]
pub struct Broadcast<H: Handler> {
    namespace: Option<Arc<Namespace<H>>>,
    /// Where others are let write; broadcasts may come from any thread.
    runtime: Option<Handle>,
    /// Empty: everybody.
    rooms: Vec<Box<str>>,
    except_rooms: Vec<Box<str>>,
    except_sockets: Vec<Box<str>>,
}

impl<H: Handler> Broadcast<H> {
    pub(crate) fn new(hub: &Hub<H>, namespace: &str) -> Self {
        let namespace = hub.namespace(namespace);
        let runtime = hub.runtime().cloned();
        Self { namespace, runtime, rooms: Vec::new(), except_rooms: Vec::new(), except_sockets: Vec::new() }
    }

    /// Those in this room, too.
    pub fn to(mut self, room: &str) -> Self {
        self.rooms.push(room.into());
        self
    }

    /// Not those in this room.
    pub fn except(mut self, room: &str) -> Self {
        self.except_rooms.push(room.into());
        self
    }

    /// Not the socket with this id.
    pub fn except_socket(mut self, id: &str) -> Self {
        self.except_sockets.push(id.into());
        self
    }

    /// Sends an event to all of them; it is encoded once. An array or a tuple is the list of arguments; anything else
    /// is one argument.
    ///
    /// # Errors
    /// When the arguments cannot be written as JSON.
    pub fn emit<T: Serialize + ?Sized>(&self, event: &str, args: &T) -> Result<(), EncodeError> {
        let Some(namespace) = &self.namespace else { return Ok(()) };
        let encoded = Encoded::new(namespace.name(), Head::Event { name: event, id: None }, args)?;
        let mut unflushed = Vec::new();
        self.for_each(|socket| unflushed.extend(socket.deliver_unflushed(&encoded)));
        self.flush(unflushed);
        Ok(())
    }

    /// Like [`Broadcast::emit`], left out for those who do not keep up.
    ///
    /// # Errors
    /// As [`Broadcast::emit`].
    pub fn emit_volatile<T: Serialize + ?Sized>(&self, event: &str, args: &T) -> Result<(), EncodeError> {
        let Some(namespace) = &self.namespace else { return Ok(()) };
        let encoded = Encoded::new(namespace.name(), Head::Event { name: event, id: None }, args)?;
        self.for_each(|socket| socket.deliver_volatile(&encoded));
        Ok(())
    }

    /// All of them, as they are now.
    #[must_use]
    pub fn sockets(&self) -> Vec<Socket<H>> {
        let mut sockets = Vec::new();
        self.for_each(|socket| sockets.push(socket.clone()));
        sockets
    }

    /// Ends all of them ([`Socket::disconnect`]).
    pub fn disconnect(&self) {
        self.sockets().iter().for_each(Socket::disconnect);
    }

    /// Not here: the caller may have better things to do than to write to each of many sockets.
    fn flush(&self, mut links: Vec<Arc<Link>>) {
        if let [one] = links.as_slice() {
            return one.wake();
        }
        let Some(runtime) = &self.runtime else { return links.iter().for_each(|link| link.flush()) };
        while !links.is_empty() {
            let part = links.split_off(links.len().saturating_sub(FLUSHED_AT_ONCE));
            runtime.spawn(async move { part.iter().for_each(|link| link.flush()) });
        }
    }

    fn for_each(&self, mut each: impl FnMut(&Socket<H>)) {
        let Some(namespace) = &self.namespace else { return };
        let excluded: Vec<Arc<Room<H>>> =
            self.except_rooms.iter().filter_map(|room| namespace.room(room)).collect();
        let mut visit = |socket: &Socket<H>, before: &[Arc<Room<H>>]| {
            let seen = before.iter().chain(&excluded).any(|room| room.has(socket.0.key));
            if !seen && !self.except_sockets.iter().any(|id| **id == *socket.id()) {
                each(socket);
            }
        };
        match self.rooms.as_slice() {
            [] => namespace.everybody().for_each(|socket| visit(socket, &[])),
            [one] => {
                if let Some(room) = namespace.room(one) {
                    room.for_each(|socket| visit(socket, &[]));
                }
            }
            many => {
                let mut rooms: Vec<Arc<Room<H>>> = Vec::new();
                for room in many.iter().filter_map(|room| namespace.room(room)) {
                    if !rooms.iter().any(|known| Arc::ptr_eq(known, &room)) {
                        room.for_each(|socket| visit(socket, &rooms));
                        rooms.push(room);
                    }
                }
            }
        }
    }
}

impl<H: Handler> Clone for Broadcast<H> {
    fn clone(&self) -> Self {
        Self {
            namespace: self.namespace.clone(),
            runtime: self.runtime.clone(),
            rooms: self.rooms.clone(),
            except_rooms: self.except_rooms.clone(),
            except_sockets: self.except_sockets.clone(),
        }
    }
}
