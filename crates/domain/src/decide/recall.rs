//! Taking back what one has said: the body goes, the position stays (contract C4).

use crate::error::{Error, Result};
use crate::limits;
use crate::model::{Body, Position, Recall, RoomId, Sender, Side, Time};
use crate::port::{Change, Decision, Snapshot};

/// The sender takes back the message that the snapshot was asked for: a visitor for a short time, an agent at any. Once
/// it is done, doing it again is fine.
pub fn recall(snapshot: &Snapshot, room: &RoomId, caller: &Sender, now: Time) -> Result<Decision<Position>> {
    let head = snapshot.head.as_ref().ok_or(Error::NotFound("room"))?;
    let known = snapshot.known.as_ref().filter(|known| known.room == *room);
    let message = &known.ok_or(Error::NotFound("message"))?.message;
    if !message.sender.is(caller) {
        return Err(Error::Forbidden);
    }
    if message.body == Body::Recalled {
        return Ok(Decision::nothing(message.pos));
    }
    if caller.side == Side::Visitor && now - message.time > limits::RECALL_MS {
        return Err(Error::conflict("a message can be recalled within two minutes"));
    }
    let recall = Recall { number: head.recalls, id: message.id, pos: message.pos };
    Ok(Decision::one(Change::Recalled(recall), message.pos))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AccountId, Message, MessageId, Name, RoomHead, Text};
    use crate::port::Known;

    fn room() -> RoomId {
        RoomId::parse("/U2S_ann#c1").unwrap()
    }

    fn sender(side: Side, aid: &str) -> Sender {
        Sender { side, aid: AccountId::parse(aid).unwrap(), mid: Name::default(), nick: Name::default() }
    }

    /// Somebody has said something at 1000, the fourth of the room, in which two were recalled before.
    fn after(side: Side, body: Body) -> Snapshot {
        let message = Message {
            id: MessageId::at(0, [1; 10]),
            pos: 3,
            sender: sender(side, "ann"),
            time: 1000,
            body,
            quote: None,
        };
        let head = RoomHead { next_pos: 4, recalls: 2, ..RoomHead::new(room(), Name::default(), 1000) };
        let known = Some(Known { room: room(), message });
        Snapshot { head: Some(head), known, ..Snapshot::default() }
    }

    fn words() -> Body {
        Body::Text(Text::parse("oh").unwrap())
    }

    #[rstest::rstest]
    #[case::at_once(Side::Visitor, "ann", 1000, Ok(true))]
    #[case::just_in_time(Side::Visitor, "ann", 121_000, Ok(true))]
    #[case::too_late(Side::Visitor, "ann", 121_001, Err(4009))]
    #[case::an_agent_at_any_time(Side::Agent, "ann", 999_999_999, Ok(true))]
    #[case::somebody_elses(Side::Agent, "bob", 1000, Err(4003))]
    #[case::a_clock_that_was_set_back(Side::Visitor, "ann", 0, Ok(true))]
    fn the_sender_alone_takes_back_and_a_visitor_soon(
        #[case] side: Side,
        #[case] aid: &str,
        #[case] now: Time,
        #[case] expected: Result<bool, u16>,
    ) {
        let decided = recall(&after(side, words()), &room(), &sender(side, aid), now);
        let decided = decided.map_err(|error| error.code() as u16);
        let recalled = |decision: &Decision<Position>| {
            matches!(&decision.changes[..], [Change::Recalled(Recall { number: 2, pos: 3, .. })])
        };
        assert_eq!(decided.as_ref().map(recalled).map_err(|code| *code), expected);
    }

    #[test]
    fn the_other_side_of_the_same_name_is_somebody_else() {
        let refused = recall(&after(Side::Visitor, words()), &room(), &sender(Side::Agent, "ann"), 1000);
        assert_eq!(refused.unwrap_err().code() as u16, 4003);
    }

    #[test]
    fn once_is_enough_however_late_one_asks_again() {
        let snapshot = after(Side::Visitor, Body::Recalled);
        let decision = recall(&snapshot, &room(), &sender(Side::Visitor, "ann"), 999_999).unwrap();
        assert_eq!((decision.answer, decision.changes.len()), (3, 0));
    }

    #[test]
    fn what_is_not_in_this_room_is_not_there() {
        let other = RoomId::parse("/U2S_ann#c2").unwrap();
        let refused = recall(&after(Side::Visitor, words()), &other, &sender(Side::Visitor, "ann"), 1000);
        assert_eq!(refused.unwrap_err().code() as u16, 4004);
        let nothing = Snapshot { known: None, ..after(Side::Visitor, words()) };
        let refused = recall(&nothing, &room(), &sender(Side::Visitor, "ann"), 1000);
        assert_eq!(refused.unwrap_err().code() as u16, 4004);
    }
}
