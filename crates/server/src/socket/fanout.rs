//! Tells rooms what has happened in them. Encoded once for all who listen.

use std::sync::{Arc, OnceLock};

use nodechat_bot::{Listeners, Piece};
use nodechat_domain::model::{
    AccountId, CompanyId, Message as Said, Note, Position, Realm, Recall, RoomId, Side, Time,
};
use nodechat_domain::port::{Change, Feed};
use nodechat_sio::EncodeError;

use super::ChatIo;
use super::connected::personal_room;
use crate::cluster::{Aside, Audience};
use crate::metrics::Metrics;
use crate::wire::{
    self, ChatEvent, LookingEvent, MarkReadEvent, Message, NoteEvent, PresenceEvent, RecallEvent,
    StreamEvent, TypingEvent, event,
};

/// What has happened on its way to the sockets: straight from the feed of a store of our own, else by way of the cluster,
/// which puts it in order.
pub struct Fanout {
    /// Set once the transport is made, which itself needs the store that feeds this.
    io: OnceLock<ChatIo>,
    metrics: Arc<Metrics>,
}

impl Fanout {
    pub fn new(metrics: Arc<Metrics>) -> Self {
        Self { io: OnceLock::new(), metrics }
    }

    pub fn attach(&self, io: ChatIo) {
        let first = self.io.set(io).is_ok();
        assert!(first, "a fan-out has one transport");
    }
}

impl Feed for Fanout {
    /// Called in commit order, so every socket hears a room in the order of its positions.
    fn committed(&self, room: &RoomId, changes: &[Change]) {
        for change in changes {
            match change {
                Change::Said(message) => {
                    self.metrics.messages.inc();
                    self.said(room, message);
                }
                Change::Read { side, by, pos, time } => self.read(room, *side, Some(by), *pos, *time),
                Change::Recalled(recall) => self.recalled(room, recall),
                Change::Noted(note) => self.noted(room, note),
                Change::Opened { .. } | Change::Entered(_) | Change::Answered { .. } => {}
            }
        }
    }
}

impl Audience for Fanout {
    fn said(&self, room: &RoomId, message: &Said) {
        // Before the transport is there nobody listens.
        let Some(io) = self.io.get() else { return };
        let event = (ChatEvent { roomid: room.as_str(), data: Message(message) },);
        told(io.to(hearing(room)).emit(event::CHAT, &event));
    }

    fn read(&self, room: &RoomId, side: Side, by: Option<&AccountId>, pos: Position, time: Time) {
        let Some(io) = self.io.get() else { return };
        let event = (MarkReadEvent::new(room, side, time, pos),);
        let mut listeners = io.to(hearing(room));
        // For the others only. A room has one visitor, of its company or of the platform.
        for realm in realms(room) {
            if let Some(by) = by {
                listeners = listeners.except(&personal_room(&realm, side, by));
            }
        }
        told(listeners.emit(event::MARK_READ, &event));
    }

    fn recalled(&self, room: &RoomId, recall: &Recall) {
        let Some(io) = self.io.get() else { return };
        told(io.to(hearing(room)).emit(event::RECALL, &(RecallEvent::new(room, recall),)));
    }

    fn noted(&self, room: &RoomId, note: &Note) {
        let Some(io) = self.io.get() else { return };
        told(io.to(&noting(room)).emit(event::NOTE, &(NoteEvent::new(room, note),)));
    }

    fn aside(&self, room: &RoomId, aside: &Aside) {
        match aside {
            Aside::Typing { side, aid, text } => {
                let (Ok(side), Ok(aid)) = (wire::side(side), AccountId::parse(aid)) else { return };
                self.typing(room, side, &aid, text.as_deref());
            }
            Aside::Looking { aid, on } => {
                let Ok(aid) = AccountId::parse(aid) else { return };
                self.looking(room, &aid, *on);
            }
            Aside::Presence { online } => {
                let Some(io) = self.io.get() else { return };
                let aid = AccountId::parse(room.aid()).expect("a room id names a visitor");
                let event = (PresenceEvent::new(room, Side::Visitor, &aid, *online),);
                let [own, platform] = visitor_of(room);
                told(io.to(hearing(room)).except(&own).except(&platform).emit(event::PRESENCE, &event));
            }
        }
    }
}

/// An answer that grows is shown to whoever hears the room at this node; the others get the message at the end.
impl Listeners for Fanout {
    fn told(&self, room: &RoomId, piece: &Piece<'_>) {
        let Some(io) = self.io.get() else { return };
        let event = (StreamEvent::new(room, piece),);
        let listeners = io.to(hearing(room));
        // What is missed of an answer is in the message; that it has ended is told to everybody.
        told(match piece {
            Piece::More(..) => listeners.emit_volatile(event::STREAM, &event),
            Piece::Done(_) | Piece::Failed(_) => listeners.emit(event::STREAM, &event),
        });
    }
}

impl Fanout {
    /// Somebody is writing. What, only agents see. Left out for whoever does not keep up.
    pub fn typing(&self, room: &RoomId, side: Side, aid: &AccountId, text: Option<&str>) {
        let Some(io) = self.io.get() else { return };
        if side == Side::Agent {
            let event = (TypingEvent::new(room, side, aid, None),);
            for socket in io.to(hearing(room)).sockets() {
                if socket.data().person.side == Side::Visitor {
                    told(socket.emit_volatile(event::TYPING, &event));
                }
            }
        }
        let [company, _] = realms(room);
        let agents = io.to(&noting(room)).except(&personal_room(&company, side, aid));
        told(agents.emit_volatile(event::TYPING, &(TypingEvent::new(room, side, aid, text),)));
    }

    /// An agent has the room open, or not any more: for its colleagues there.
    pub fn looking(&self, room: &RoomId, aid: &AccountId, on: bool) {
        let Some(io) = self.io.get() else { return };
        let [company, _] = realms(room);
        let colleagues = io.to(&noting(room)).except(&personal_room(&company, Side::Agent, aid));
        let event = LookingEvent { roomid: room.as_str(), aid: aid.as_str(), on };
        told(colleagues.emit_volatile(event::LOOKING, &(event,)));
    }
}

fn visitor_of(room: &RoomId) -> [String; 2] {
    let aid = AccountId::parse(room.aid()).expect("a room id names a visitor");
    realms(room).map(|realm| personal_room(&realm, Side::Visitor, &aid))
}

/// The outcome of an emit: what cannot be written is a defect, and nobody else's.
pub fn told(told: Result<(), EncodeError>) {
    if let Err(error) = told {
        tracing::error!(%error, "an event could not be written as JSON; its readers find it in the history");
    }
}

/// The transport's room of those who hear a chat room.
pub fn hearing(room: &RoomId) -> &str {
    room.as_str()
}

/// That of the agents among them. No id of a chat room begins like this.
pub fn noting(room: &RoomId) -> String {
    format!("notes {room}")
}

/// Where this room's visitor may be from.
pub fn realms(room: &RoomId) -> [Realm; 2] {
    let company = CompanyId::parse(room.company()).expect("a room id names a company");
    [Realm::Company(company), Realm::Platform]
}
