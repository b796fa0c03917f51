//! What a company's bot says: a question with its answer in one step, or an answer alone.

use crate::error::{Error, Result};
use crate::model::{Body, Message, MessageId, Position, RoomId, Sender, Time};
use crate::port::{Change, Decision, Snapshot};

/// What becomes of a question that a visitor has picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Question and answer are part of the history now.
    Answered(Message),
    /// They were before: the answer stands at this position.
    Before(Position),
}

/// A message as it will be said, but for its place.
#[derive(Debug, Clone)]
pub struct Line {
    pub id: MessageId,
    pub sender: Sender,
    pub body: Body,
}

/// The visitor asks and the bot answers: two messages, both or none. A retry with the same id finds the answer of the
/// first time. The bot's words are nobody's answer in a human consultation.
pub fn ask(
    snapshot: &Snapshot,
    room: &RoomId,
    question: &Line,
    answer: &Line,
    now: Time,
) -> Result<Decision<Asked>> {
    if let Some(known) = &snapshot.known {
        let earlier = &known.message;
        if !earlier.sender.is(&question.sender) {
            return Err(Error::invalid("id", "make a new one for each message"));
        }
        if known.room != *room || earlier.body != question.body {
            return Err(Error::conflict("another message was sent with this id"));
        }
        return Ok(Decision::nothing(Asked::Before(earlier.pos + 1)));
    }
    let head = snapshot.head.as_ref().ok_or(Error::NotFound("room"))?;
    let time = now.max(head.last_time);
    let said = |line: &Line, pos| Message {
        id: line.id,
        pos,
        sender: line.sender.clone(),
        time,
        body: line.body.clone(),
        quote: None,
    };
    let answer = said(answer, head.next_pos + 1);
    let changes = vec![Change::Said(said(question, head.next_pos)), Change::Said(answer.clone())];
    Ok(Decision { changes, answer: Asked::Answered(answer) })
}

/// The bot says something by itself, once under one id.
pub fn say(snapshot: &Snapshot, line: &Line, now: Time) -> Result<Decision<()>> {
    if snapshot.known.is_some() {
        return Ok(Decision::nothing(()));
    }
    let head = snapshot.head.as_ref().ok_or(Error::NotFound("room"))?;
    let Line { id, sender, body } = line.clone();
    let time = now.max(head.last_time);
    Ok(Decision::one(Change::Said(Message { id, pos: head.next_pos, sender, time, body, quote: None }), ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AccountId, ChatId, Name, RoomHead, Side, Text};
    use crate::port::Known;

    fn room() -> RoomId {
        RoomId::parse("/U2S_ann#c1").unwrap()
    }

    fn line(number: u8, side: Side, aid: &str, text: &str) -> Line {
        let name = Name::default();
        let sender = Sender { side, aid: AccountId::parse(aid).unwrap(), mid: name.clone(), nick: name };
        Line { id: MessageId::at(0, [number; 10]), sender, body: Body::Text(Text::parse(text).unwrap()) }
    }

    fn question() -> Line {
        line(1, Side::Visitor, "ann", "怎么退款")
    }

    fn answer() -> Line {
        line(2, Side::Agent, "c1", "在订单里点退款")
    }

    fn head() -> RoomHead {
        RoomHead { next_pos: 7, ..RoomHead::new(room(), Name::default(), 100) }
    }

    fn after(sender: Line) -> Snapshot {
        let Line { id, sender, body } = sender;
        let message = Message { id, pos: 3, sender, time: 5, body, quote: None };
        Snapshot { head: Some(head()), known: Some(Known { room: room(), message }), ..Snapshot::default() }
    }

    #[test]
    fn question_and_answer_stand_side_by_side() {
        let consultation = Some(ChatId::at(1, [1; 10]));
        let head = RoomHead { consultation, unanswered: true, ..head() };
        let snapshot = Snapshot { head: Some(head), ..Snapshot::default() };
        let decision = ask(&snapshot, &room(), &question(), &answer(), 50).unwrap();
        let [Change::Said(asked), Change::Said(said)] = &decision.changes[..] else {
            panic!("two messages, and nothing about the consultation: {:?}", decision.changes)
        };
        assert_eq!((asked.pos, said.pos, asked.time, said.time), (7, 8, 100, 100));
        assert_eq!((asked.id, said.id), (question().id, answer().id));
        assert_eq!(decision.answer, Asked::Answered(said.clone()));
    }

    #[test]
    fn a_retry_finds_the_answer_of_the_first_time() {
        let decision = ask(&after(question()), &room(), &question(), &answer(), 50).unwrap();
        assert!(decision.changes.is_empty());
        assert_eq!(decision.answer, Asked::Before(4));
        let code =
            |earlier| ask(&after(earlier), &room(), &question(), &answer(), 50).unwrap_err().code() as u16;
        assert_eq!(code(line(1, Side::Visitor, "ann", "something else")), 4009);
        assert_eq!(code(line(1, Side::Visitor, "bob", "怎么退款")), 4002);
    }

    #[test]
    fn the_bot_says_a_thing_once() {
        let snapshot = Snapshot { head: Some(head()), ..Snapshot::default() };
        assert_eq!(say(&snapshot, &answer(), 200).unwrap().changes.len(), 1);
        assert!(say(&after(answer()), &answer(), 200).unwrap().changes.is_empty());
        assert_eq!(say(&Snapshot::default(), &answer(), 200).unwrap_err().code() as u16, 4004);
    }
}
