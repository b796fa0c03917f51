//! Saying something: the next dense position, or the receipt of last time.

use crate::error::{Error, Result};
use crate::model::{Body, Message, MessageId, Receipt, RoomHead, RoomId, Sender, Side, Time};
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
    send_quoting(snapshot, room, sender, id, body, None, now)
}

/// As [`send`], answering to another message of the room, which the snapshot was asked for.
pub fn send_quoting(
    snapshot: &Snapshot,
    room: &RoomId,
    sender: &Sender,
    id: MessageId,
    body: &Body,
    quote: Option<MessageId>,
    now: Time,
) -> Result<Decision<Receipt>> {
    if let Some(known) = &snapshot.known {
        let earlier = &known.message;
        if !earlier.sender.is(sender) {
            return Err(Error::invalid("id", "make a new one for each message"));
        }
        // Of what was taken back nobody knows any more what it said.
        let same = earlier.body == Body::Recalled || (earlier.body == *body && earlier.quote == quote);
        if known.room != *room || !same {
            return Err(Error::conflict("another message was sent with this id"));
        }
        let consultation = snapshot.head.as_ref().and_then(|head| head.consultation);
        let (pos, time) = (earlier.pos, earlier.time);
        return Ok(Decision::nothing(Receipt { id, pos, time, dup: true, consultation, answers: false }));
    }
    let head = snapshot.head.as_ref().ok_or(Error::NotFound("room"))?;
    if quote.is_some() && !snapshot.quoted {
        return Err(Error::invalid("quote", "there is no such message in this room"));
    }
    // A clock that was set back must not make a room's times run backwards.
    let time = now.max(head.last_time);
    let pos = head.next_pos;
    let message = Message { id, pos, sender: sender.clone(), time, body: body.clone(), quote };
    let answered = answered(head, sender, time);
    let (consultation, answers) = (head.consultation, answered.is_some());
    let changes = [Change::Said(message)].into_iter().chain(answered).collect();
    let answer = Receipt { id, pos, time, dup: false, consultation, answers };
    Ok(Decision { changes, answer })
}

/// The first thing that an agent says in a consultation is its answer.
fn answered(head: &RoomHead, sender: &Sender, time: Time) -> Option<Change> {
    let consultation = head.consultation.filter(|_| head.unanswered && sender.side == Side::Agent)?;
    Some(Change::Answered { consultation, time })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AccountId, ChatId, Name, Text};
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
        RoomHead { next_pos, ..RoomHead::new(room(), Name::default(), last_time) }
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
        Message { id: id(1), pos: 0, sender: sender("ann"), time: 5, body: says("hello"), quote: None }
    }

    #[test]
    fn a_message_gets_the_next_position() {
        let snapshot = Snapshot { head: Some(head(7, 100)), ..Snapshot::default() };
        let decision = send(&snapshot, &room(), &sender("ann"), id(1), &says("hi"), 200).unwrap();
        let receipt =
            Receipt { id: id(1), pos: 7, time: 200, dup: false, consultation: None, answers: false };
        assert_eq!(decision.answer, receipt);
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
        let receipt = Receipt { id: id(1), pos: 0, time: 5, dup: true, consultation: None, answers: false };
        assert_eq!(decision.answer, receipt);
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
    fn a_quote_names_a_message_of_the_room_and_belongs_to_the_message() {
        let other = Some(id(9));
        let code = |snapshot: &Snapshot, quote| {
            send_quoting(snapshot, &room(), &sender("ann"), id(1), &says("hello"), quote, 9)
                .map(|decision| decision.answer.dup)
                .map_err(|error| error.code() as u16)
        };
        let fresh = |quoted| Snapshot { head: Some(head(1, 5)), quoted, ..Snapshot::default() };
        assert_eq!(code(&fresh(true), other), Ok(false));
        assert_eq!(code(&fresh(false), other), Err(4002));
        assert_eq!(code(&after(hello(), room()), other), Err(4009));
        assert_eq!(code(&after(Message { quote: other, ..hello() }, room()), other), Ok(true));
    }

    #[test]
    fn a_retry_of_what_was_taken_back_meanwhile_says_nothing_anew() {
        let gone = after(Message { body: Body::Recalled, ..hello() }, room());
        let decision = send(&gone, &room(), &sender("ann"), id(1), &says("hello"), 900).unwrap();
        assert!(decision.answer.dup && decision.changes.is_empty());
    }

    #[test]
    fn the_first_answer_of_an_agent_is_told_once() {
        let consultation = ChatId::at(1, [1; 10]);
        let head = |unanswered| RoomHead { consultation: Some(consultation), unanswered, ..head(0, 5) };
        let says = |side: Side, unanswered: bool| {
            let snapshot = Snapshot { head: Some(head(unanswered)), ..Snapshot::default() };
            let who = Sender { side, ..sender("ann") };
            send(&snapshot, &room(), &who, id(1), &says("hi"), 9).unwrap()
        };
        let first = says(Side::Agent, true);
        assert_eq!(first.changes[1..], [Change::Answered { consultation, time: 9 }]);
        assert_eq!((first.answer.consultation, first.answer.answers), (Some(consultation), true));
        assert!(!says(Side::Agent, false).answer.answers);
        assert!(!says(Side::Visitor, true).answer.answers);
        assert_eq!(says(Side::Agent, false).changes.len(), 1);
        assert_eq!(says(Side::Visitor, true).changes.len(), 1);
    }

    #[test]
    fn there_is_nothing_to_say_in_a_room_that_is_not_there() {
        let refused = send(&Snapshot::default(), &room(), &sender("ann"), id(1), &says("hi"), 1);
        assert_eq!(refused.unwrap_err().code() as u16, 4004);
    }
}
