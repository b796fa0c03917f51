//! Saying something: the next dense position, or the receipt of last time.

use crate::error::{Error, Result};
use crate::model::{Body, Message, MessageId, Receipt, RoomId, Sender, Time};
use crate::port::{Change, Decision, Snapshot};

/// The same id from the same sender is the same message (contract C2).
pub fn send(
    snapshot: &Snapshot,
    room: &RoomId,
    sender: &Sender,
    id: MessageId,
    body: &Body,
    now: Time,
) -> Result<Decision<Receipt>> {
    if let Some(known) = &snapshot.known {
        let earlier = &known.message;
        if !earlier.sender.is(sender) {
            return Err(Error::invalid("id", "make a new one for each message"));
        }
        if known.room != *room || earlier.body != *body {
            return Err(Error::conflict("another message was sent with this id"));
        }
        return Ok(Decision::nothing(Receipt { id, pos: earlier.pos, time: earlier.time, dup: true }));
    }
    let head = snapshot.head.as_ref().ok_or(Error::NotFound("room"))?;
    // A clock that was set back must not make a room's times run backwards.
    let time = now.max(head.last_time);
    let pos = head.next_pos;
    let message = Message { id, pos, sender: sender.clone(), time, body: body.clone() };
    Ok(Decision::one(Change::Said(message), Receipt { id, pos, time, dup: false }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AccountId, Name, Reads, RoomHead, Side, Text};
    use crate::port::Known;

    fn room() -> RoomId {
        RoomId::parse("/U2S_ann#c1").unwrap()
    }

    fn sender(aid: &str) -> Sender {
        Sender {
            side: Side::Visitor,
            aid: AccountId::parse(aid).unwrap(),
            mid: Name::default(),
            nick: Name::default(),
        }
    }

    fn says(text: &str) -> Body {
        Body::Text(Text::parse(text).unwrap())
    }

    fn head(next_pos: i64, last_time: Time) -> RoomHead {
        RoomHead { id: room(), visitor_nick: Name::default(), next_pos, last_time, reads: Reads::NONE }
    }

    fn id(n: u8) -> MessageId {
        MessageId::at(0, [n; 10])
    }

    fn after(earlier: Message, in_room: RoomId) -> Snapshot {
        Snapshot {
            head: Some(head(1, 5)),
            known: Some(Known { room: in_room, message: earlier }),
            ..Snapshot::default()
        }
    }

    fn hello() -> Message {
        Message { id: id(1), pos: 0, sender: sender("ann"), time: 5, body: says("hello") }
    }

    #[test]
    fn a_message_gets_the_next_position() {
        let snapshot = Snapshot { head: Some(head(7, 100)), ..Snapshot::default() };
        let decision = send(&snapshot, &room(), &sender("ann"), id(1), &says("hi"), 200).unwrap();
        assert_eq!(decision.answer, Receipt { id: id(1), pos: 7, time: 200, dup: false });
        assert!(matches!(&decision.changes[..], [Change::Said(m)] if m.pos == 7 && m.time == 200));
    }

    #[test]
    fn times_never_run_backwards_in_a_room() {
        let snapshot = Snapshot { head: Some(head(7, 100)), ..Snapshot::default() };
        let decision = send(&snapshot, &room(), &sender("ann"), id(1), &says("hi"), 50).unwrap();
        assert_eq!(decision.answer.time, 100);
    }

    #[test]
    fn a_retry_gets_the_first_receipt_and_changes_nothing() {
        let decision =
            send(&after(hello(), room()), &room(), &sender("ann"), id(1), &says("hello"), 900).unwrap();
        assert_eq!(decision.answer, Receipt { id: id(1), pos: 0, time: 5, dup: true });
        assert!(decision.changes.is_empty());
    }

    #[test]
    fn an_id_cannot_be_used_for_something_else() {
        let code = |snapshot: &Snapshot, who: &str, text: &str| {
            send(snapshot, &room(), &sender(who), id(1), &says(text), 9).unwrap_err().code() as u16
        };
        assert_eq!(code(&after(hello(), room()), "ann", "other words"), 4009);
        assert_eq!(code(&after(hello(), RoomId::parse("/U2S_ann#c2").unwrap()), "ann", "hello"), 4009);
        assert_eq!(code(&after(hello(), room()), "bob", "hello"), 4002);
    }

    #[test]
    fn there_is_nothing_to_say_in_a_room_that_is_not_there() {
        let refused = send(&Snapshot::default(), &room(), &sender("ann"), id(1), &says("hi"), 1);
        assert_eq!(refused.unwrap_err().code() as u16, 4004);
    }
}
