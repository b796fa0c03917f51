//! Tells rooms what has happened in them. Encoded once for all who listen.

use std::sync::{Arc, OnceLock};

use nodechat_domain::model::{CompanyId, Realm, RoomId};
use nodechat_domain::port::{Change, Feed};

use super::ChatIo;
use super::connected::personal_room;
use crate::metrics::Metrics;
use crate::wire::{ChatEvent, MarkReadEvent, Message, event};

/// The store's feed on its way to the sockets.
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
        // Before the transport is there nobody listens.
        let Some(io) = self.io.get() else { return };
        for change in changes {
            let told = match change {
                Change::Said(message) => {
                    self.metrics.messages.inc();
                    let event = (ChatEvent { roomid: room.as_str(), data: Message(message) },);
                    io.to(hearing(room)).emit(event::CHAT, &event)
                }
                Change::Read { side, by, pos, time } => {
                    let event = (MarkReadEvent::new(room, *side, *time, *pos),);
                    // For the others only. A room has one visitor, of its company or of the platform.
                    let [own, platform] = realms(room).map(|realm| personal_room(&realm, *side, by));
                    io.to(hearing(room)).except(&own).except(&platform).emit(event::MARK_READ, &event)
                }
                Change::Opened { .. } | Change::Entered(_) => Ok(()),
            };
            if let Err(error) = told {
                tracing::error!(%error, "an event could not be written as JSON; its readers find it in the history");
            }
        }
    }
}

/// The transport's room of those who hear a chat room.
pub fn hearing(room: &RoomId) -> &str {
    room.as_str()
}

fn realms(room: &RoomId) -> [Realm; 2] {
    let company = CompanyId::parse(room.company()).expect("a room id names a company");
    [Realm::Company(company), Realm::Platform]
}
