//! Noting something down beside a room: for agents alone, numbered by itself (contract C4).

use crate::error::{Error, Result};
use crate::model::{MessageId, Note, NoteReceipt, RoomId, Sender, Side, Text, Time};
use crate::port::{Change, Decision, Snapshot};

/// The same id from the same agent is the same note.
pub fn note(
    snapshot: &Snapshot,
    room: &RoomId,
    author: &Sender,
    id: MessageId,
    text: &Text,
    now: Time,
) -> Result<Decision<NoteReceipt>> {
    if author.side != Side::Agent {
        return Err(Error::Forbidden);
    }
    if let Some(noted) = &snapshot.noted {
        let earlier = &noted.note;
        if !earlier.author.is(author) {
            return Err(Error::invalid("id", "make a new one for each note"));
        }
        if noted.room != *room || earlier.text != *text {
            return Err(Error::conflict("another note was made with this id"));
        }
        let receipt = NoteReceipt { id, number: earlier.number, time: earlier.time, dup: true };
        return Ok(Decision::nothing(receipt));
    }
    let head = snapshot.head.as_ref().ok_or(Error::NotFound("room"))?;
    let number = head.notes;
    let note = Note { number, id, author: author.clone(), time: now, text: text.clone() };
    Ok(Decision::one(Change::Noted(note), NoteReceipt { id, number, time: now, dup: false }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AccountId, Name, RoomHead};
    use crate::port::Noted;

    fn room() -> RoomId {
        RoomId::parse("/U2S_ann#c1").unwrap()
    }

    fn by(side: Side, aid: &str) -> Sender {
        Sender { side, aid: AccountId::parse(aid).unwrap(), mid: Name::default(), nick: Name::default() }
    }

    fn text(words: &str) -> Text {
        Text::parse(words).unwrap()
    }

    fn id() -> MessageId {
        MessageId::at(0, [1; 10])
    }

    fn room_with_two_notes() -> Snapshot {
        let head = RoomHead { notes: 2, ..RoomHead::new(room(), Name::default(), 5) };
        Snapshot { head: Some(head), ..Snapshot::default() }
    }

    fn again() -> Snapshot {
        let note =
            Note { number: 1, id: id(), author: by(Side::Agent, "bob"), time: 7, text: text("careful") };
        Snapshot { noted: Some(Noted { room: room(), note }), ..room_with_two_notes() }
    }

    #[test]
    fn a_note_gets_the_next_number_and_is_no_message() {
        let decision =
            note(&room_with_two_notes(), &room(), &by(Side::Agent, "bob"), id(), &text("careful"), 9)
                .unwrap();
        assert_eq!(decision.answer, NoteReceipt { id: id(), number: 2, time: 9, dup: false });
        assert!(matches!(&decision.changes[..], [Change::Noted(note)] if note.number == 2));
    }

    #[test]
    fn a_visitor_notes_nothing() {
        for snapshot in [room_with_two_notes(), again(), Snapshot::default()] {
            let refused = note(&snapshot, &room(), &by(Side::Visitor, "ann"), id(), &text("careful"), 9);
            assert_eq!(refused.unwrap_err().code() as u16, 4003);
        }
    }

    #[test]
    fn a_retry_gets_the_first_receipt_and_an_id_means_one_note() {
        let noted = |aid: &str, words: &str| {
            note(&again(), &room(), &by(Side::Agent, aid), id(), &text(words), 99)
                .map(|decision| (decision.changes.len(), decision.answer))
                .map_err(|error| error.code() as u16)
        };
        assert_eq!(noted("bob", "careful"), Ok((0, NoteReceipt { id: id(), number: 1, time: 7, dup: true })));
        assert_eq!(noted("bob", "other"), Err(4009));
        assert_eq!(noted("eve", "careful"), Err(4002));
    }
}
