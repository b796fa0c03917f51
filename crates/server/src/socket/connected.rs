//! Who is connected to this server right now: each person's sockets share a room of their own.

use std::sync::OnceLock;

use nodechat_domain::model::{AccountId, Person, Realm, Side};
use nodechat_domain::port::Connected;
use nodechat_sio::{Reason, Socket};

use super::{Chat, ChatIo};

/// The transport's view of people.
#[derive(Default)]
pub struct Sockets {
    /// Set once the transport is made, which itself needs this.
    io: OnceLock<ChatIo>,
}

impl Sockets {
    pub fn attach(&self, io: ChatIo) {
        let first = self.io.set(io).is_ok();
        assert!(first, "there is one transport");
    }

    fn of(&self, realm: &Realm, side: Side, aid: &AccountId) -> Vec<Socket<Chat>> {
        self.io.get().map(|io| io.to(&personal_room(realm, side, aid)).sockets()).unwrap_or_default()
    }
}

impl Connected for Sockets {
    fn end_all(&self, person: &Person) {
        for socket in self.of(&person.realm, person.side, &person.aid) {
            // Closed, not told to stay away: who still has a good ticket comes back, and who has not is told so.
            socket.close(Reason::ServerDisconnect);
        }
    }

    fn is_online(&self, realm: &Realm, side: Side, aid: &AccountId) -> bool {
        !self.of(realm, side, aid).is_empty()
    }
}

/// The transport's room of one person. No chat room is called so: those begin with `/`.
pub fn personal_room(realm: &Realm, side: Side, aid: &AccountId) -> String {
    let realm = match realm {
        Realm::Company(company) => company.as_str(),
        Realm::Platform => "",
    };
    let side = match side {
        Side::Visitor => "visitor",
        Side::Agent => "agent",
    };
    format!("{side}#{realm}#{aid}")
}
