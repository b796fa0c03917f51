//! Gives a room of a stopped server its history, through the store: over a socket, whose requests are handled one
//! after another, each message would wait for a sync of its own.

use crate::error::{Error, Result};
use nodechat_domain::model::{AccountId, Body, Message, MessageId, Name, RoomId, Sender, Side, Text};
use nodechat_domain::port::{Change, Decide, Entropy, Feed, Rooms as _, Scope};
use nodechat_store::sqlite::{Options, Store};
use std::path::Path;
use std::sync::Arc;

/// Messages in one commit: few syncs, and nothing that does not fit into memory.
const AT_ONCE: u64 = 10_000;
const TEXT: &str = "Hello, is the blue one still there in size 42?";

/// Lets the visitor of each room say as many texts as stand beside it. The rooms are there already.
pub fn fill(database: &Path, rooms: &[(String, u64)]) -> Result<()> {
    let store = Store::open(Options::new(database), Arc::new(Deaf), &Random)
        .map_err(|error| Error::Unusable(error.to_string()))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(|error| Error::Io("making a runtime".into(), error))?;
    runtime
        .block_on(async {
            for (room, count) in rooms {
                let room = RoomId::parse(room)?;
                let visitor = AccountId::parse(room.aid())?;
                for said in (0..*count).step_by(AT_ONCE as usize) {
                    let texts = texts(visitor.clone(), AT_ONCE.min(count - said));
                    store.apply(Scope::room(room.clone()), texts).await?;
                }
            }
            store.close().await;
            Ok(())
        })
        .map_err(|error: nodechat_domain::Error| Error::Unusable(format!("filling a room: {error}")))
}

/// The next `count` messages of a visitor, one millisecond after the other.
fn texts(visitor: AccountId, count: u64) -> Decide {
    Box::new(move |snapshot| {
        let head = snapshot.head.as_ref().ok_or(nodechat_domain::Error::NotFound("room"))?;
        let sender =
            Sender { side: Side::Visitor, aid: visitor.clone(), mid: Name::default(), nick: Name::default() };
        (0..count as i64)
            .map(|offset| {
                Ok(Change::Said(Message {
                    // Scattered as clients make them: an index of ids costs less when they come in order.
                    id: MessageId(uuid::Uuid::new_v4()),
                    pos: head.next_pos + offset,
                    sender: sender.clone(),
                    time: head.last_time + 1 + offset,
                    body: Body::Text(Text::parse(TEXT)?),
                    quote: None,
                }))
            })
            .collect()
    })
}

pub struct Deaf;

impl Feed for Deaf {
    fn committed(&self, _room: &RoomId, _changes: &[Change]) {}
}

pub struct Random;

impl Entropy for Random {
    fn fill(&self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(16) {
            part.copy_from_slice(&uuid::Uuid::new_v4().into_bytes()[..part.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_gets_as_many_messages_as_were_asked_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("nodechat.db");
        let room = RoomId::parse("/U2S_ann#shop").expect("a room");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        {
            let store = Store::open(Options::new(&database), Arc::new(Deaf), &Random).expect("a store");
            let open: Decide =
                Box::new(|_| Ok(vec![Change::Opened { visitor_nick: Name::default(), time: 5 }]));
            runtime.block_on(store.apply(Scope::room(room.clone()), open)).expect("a room");
        }
        let count = AT_ONCE + 7;
        fill(&database, &[(room.as_str().into(), count)]).expect("filled");
        let store = Store::open(Options::new(&database), Arc::new(Deaf), &Random).expect("a store");
        let view = runtime.block_on(store.view(&room, 10, None)).expect("read").expect("there");
        assert_eq!(view.head.next_pos, count as i64);
        assert_eq!(view.newest.last().map(|message| message.pos), Some(count as i64 - 1));
    }
}
