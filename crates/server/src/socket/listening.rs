//! Hearing a room: from before it is looked at, so that nothing is missed in between, until the socket leaves or goes.

use nodechat_domain::model::{CompanyId, Realm, RoomHead, RoomId, Side};
use nodechat_sio::Socket;

use super::{Chat, fanout};

/// A socket that is about to hear a room. Unless it has seen the room in the end, it goes on as before.
pub struct Listening<'a> {
    chat: &'a Chat,
    socket: &'a Socket<Chat>,
    room: &'a RoomId,
    /// It does not lose what it had.
    was_in: bool,
}

impl<'a> Listening<'a> {
    /// What is said from here on comes at least once, on whichever node it is said.
    pub async fn begin(chat: &'a Chat, socket: &'a Socket<Chat>, room: &'a RoomId) -> Self {
        let was_in = hears(socket, room);
        if !was_in {
            enter(chat, socket, room);
        }
        // From here on: waiting may be cut off.
        let listening = Self { chat, socket, room, was_in };
        if let Some(cluster) = &chat.cluster {
            cluster.hears(room).await;
            if !was_in && is_of_the_platform(socket) {
                cluster.board().follow(&company(room)).await;
            }
        }
        listening
    }

    /// It has seen the room as it was with this head, and stays in it. `false`: something is missing in between, and
    /// is in whatever is read from here on.
    pub fn has_seen(&mut self, head: &RoomHead) -> bool {
        self.was_in = true;
        self.chat.cluster.as_ref().is_none_or(|cluster| cluster.seen(head))
    }
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        if !self.was_in {
            leave(self.chat, self.socket, self.room);
        }
    }
}

pub fn hears(socket: &Socket<Chat>, room: &RoomId) -> bool {
    socket.in_room(fanout::hearing(room))
}

/// Hears a room silently: is no member of it, and says nothing there.
pub fn watches(socket: &Socket<Chat>, room: &RoomId) -> bool {
    socket.in_room(&watching(room))
}

/// From now on, or not any more.
pub fn set_watching(socket: &Socket<Chat>, room: &RoomId, watches: bool) {
    if watches { socket.join(&watching(room)) } else { socket.leave(&watching(room)) }
}

/// Leaving a room one is not in is fine.
pub fn leave(chat: &Chat, socket: &Socket<Chat>, room: &RoomId) {
    if !hears(socket, room) {
        return;
    }
    socket.leave(fanout::hearing(room));
    if socket.data().person.side == Side::Agent {
        socket.leave(&fanout::noting(room));
    }
    set_watching(socket, room, false);
    if let Some(cluster) = &chat.cluster {
        cluster.unlisten(room);
        if is_of_the_platform(socket) {
            cluster.board().unfollow(&company(room));
        }
    }
}

/// The socket has gone; it is still in its rooms.
pub fn gone(chat: &Chat, socket: &Socket<Chat>) {
    let Some(cluster) = &chat.cluster else { return };
    // Others than chat rooms are a person's own.
    for room in socket.joined().iter().filter_map(|name| RoomId::parse(name).ok()) {
        cluster.unlisten(&room);
        if is_of_the_platform(socket) {
            cluster.board().unfollow(&company(&room));
        }
    }
}

/// Belongs to no company, and has to do with each of whose rooms it hears one.
fn is_of_the_platform(socket: &Socket<Chat>) -> bool {
    socket.data().person.realm == Realm::Platform
}

fn company(room: &RoomId) -> CompanyId {
    CompanyId::parse(room.company()).expect("a room id names a company")
}

/// The transport's room of those who watch a chat room. No chat room is called so: those begin with `/`.
fn watching(room: &RoomId) -> String {
    format!("watching{room}")
}

fn enter(chat: &Chat, socket: &Socket<Chat>, room: &RoomId) {
    if let Some(cluster) = &chat.cluster {
        // Before anything can be told to it.
        cluster.listen(room);
    }
    if socket.data().person.side == Side::Agent {
        socket.join(&fanout::noting(room));
    }
    socket.join(fanout::hearing(room));
    if let Some(cluster) = chat.cluster.as_ref().filter(|_| !hears(socket, room)) {
        // It has gone meanwhile and enters nothing any more.
        cluster.unlisten(room);
    }
}
