//! What the tests of this folder share: rooms as a store would have them, and listeners that write down what they are told.

use std::sync::Mutex;

use nodechat_domain::model::desk::{Desk, Happening};
use nodechat_domain::model::{
    AccountId, Body, CompanyId, Message, MessageId, Name, Note, Position, Reads, Recall, RoomHead, RoomId,
    RoomView, Sender, Side, Text, Time,
};
use nodechat_domain::port::{Answer, Change, Decide, HistoryQuery, Rooms, Scope, Since};

use super::board::{DeskAudience, Who};
use super::cursor::{Mark, Reach, Tell};
use super::deliveries::Audience;
use super::publication::Aside;

pub const ROOMS: usize = 3;

#[derive(Debug, Default)]
pub struct Heard {
    pub messages: Vec<Message>,
    pub marks: Vec<(Side, Position, Time)>,
    /// How many messages had been told when each mark was.
    pub told_before: Vec<usize>,
    pub recalls: Vec<Recall>,
    /// Their numbers.
    pub notes: Vec<i64>,
}

impl Heard {
    pub fn positions(&self) -> Vec<Position> {
        self.messages.iter().map(|message| message.pos).collect()
    }
}

impl Tell for Heard {
    fn said(&mut self, message: &Message) {
        self.messages.push(message.clone());
    }

    fn read(&mut self, mark: &Mark, time: Time) {
        self.marks.push((mark.side, mark.pos, time));
        self.told_before.push(self.messages.len());
    }

    fn recalled(&mut self, recall: &Recall) {
        self.recalls.push(*recall);
    }

    fn noted(&mut self, told: &Note) {
        assert_eq!(*told, note(told.number));
        self.notes.push(told.number);
    }
}

/// The message at this position, always the same.
pub fn message(pos: Position) -> Message {
    let name = |text| Name::parse("name", text).unwrap();
    Message {
        id: MessageId::at(pos, [7; 10]),
        pos,
        sender: Sender {
            side: Side::Visitor,
            aid: AccountId::parse("ann").unwrap(),
            mid: name("m-ann"),
            nick: name("Ann"),
        },
        time: 1000 + pos,
        body: Body::Text(Text::parse(&format!("message {pos}")).unwrap()),
        quote: None,
    }
}

/// The recall with this number, always the same: of the first message.
pub fn recall(number: i64) -> Recall {
    Recall { number, id: message(0).id, pos: 0 }
}

/// The note with this number, always the same.
pub fn note(number: i64) -> Note {
    let Message { id, sender, time, .. } = message(number);
    let author = Sender { side: Side::Agent, ..sender };
    Note { number, id, author, time, text: Text::parse(&format!("note {number}")).unwrap() }
}

/// Rooms as the store has them; nobody writes but the test itself.
#[derive(Default)]
pub struct Truth(Mutex<[Kept; ROOMS]>);

#[derive(Debug, Clone, Copy)]
struct Kept {
    next: Position,
    marks: [Position; 2],
    recalls: i64,
    notes: i64,
}

impl Default for Kept {
    fn default() -> Self {
        Self { next: 0, marks: [-1, -1], recalls: 0, notes: 0 }
    }
}

pub fn room(number: usize) -> RoomId {
    RoomId::parse(&format!("/U2S_ann{number}#c1")).unwrap()
}

pub fn number(room: &RoomId) -> usize {
    room.aid().trim_start_matches("ann").parse().unwrap()
}

impl Truth {
    pub fn head(&self, number: usize) -> RoomHead {
        let Kept { next, marks: [visitor, agent], recalls, notes } = self.0.lock().unwrap()[number];
        let reads = Reads { visitor, agent };
        RoomHead { next_pos: next, reads, recalls, notes, ..RoomHead::new(room(number), Name::default(), 0) }
    }

    pub fn says(&self, number: usize) -> Change {
        let kept = &mut self.0.lock().unwrap()[number];
        kept.next += 1;
        Change::Said(message(kept.next - 1))
    }

    /// As a decision does it: only forward.
    pub fn reads(&self, number: usize, agent: bool) -> Option<Change> {
        let Kept { next, marks, .. } = &mut self.0.lock().unwrap()[number];
        let pos = *next - 1;
        let mark = &mut marks[usize::from(agent)];
        if pos <= *mark {
            return None;
        }
        *mark = pos;
        let side = if agent { Side::Agent } else { Side::Visitor };
        Some(Change::Read { side, by: AccountId::parse("bob").unwrap(), pos, time: message(pos).time })
    }

    /// Somebody takes back the first message, if there is one; here that can be done again and again.
    pub fn recalls_one(&self, number: usize) -> Option<Change> {
        let kept = &mut self.0.lock().unwrap()[number];
        if kept.next == 0 {
            return None;
        }
        kept.recalls += 1;
        Some(Change::Recalled(recall(kept.recalls - 1)))
    }

    pub fn notes_one(&self, number: usize) -> Change {
        let kept = &mut self.0.lock().unwrap()[number];
        kept.notes += 1;
        Change::Noted(note(kept.notes - 1))
    }
}

impl Rooms for Truth {
    fn page(&self, room: &RoomId, from: Position, to: Position) -> Answer<'_, Option<Vec<Message>>> {
        let next = self.0.lock().unwrap()[number(room)].next;
        Box::pin(async move {
            // As a database does it: others go on meanwhile.
            tokio::task::yield_now().await;
            Ok(Some((from..to.min(next)).map(message).collect()))
        })
    }

    fn heads(&self, rooms: &[RoomId]) -> Answer<'_, Vec<RoomHead>> {
        let heads = rooms.iter().map(|room| self.head(number(room))).collect();
        Box::pin(async move {
            tokio::task::yield_now().await;
            Ok(heads)
        })
    }

    fn recalls(&self, room: &RoomId, from: i64, limit: usize) -> Answer<'_, Vec<Recall>> {
        let end = self.0.lock().unwrap()[number(room)].recalls;
        Box::pin(async move {
            tokio::task::yield_now().await;
            Ok((from..end).take(limit).map(recall).collect())
        })
    }

    fn notes(&self, room: &RoomId, from: i64, limit: usize) -> Answer<'_, Vec<Note>> {
        let end = self.0.lock().unwrap()[number(room)].notes;
        Box::pin(async move {
            tokio::task::yield_now().await;
            Ok((from..end).take(limit).map(note).collect())
        })
    }

    fn apply(&self, _: Scope, _: Decide) -> Answer<'_, ()> {
        unreachable!("nothing here writes")
    }

    fn view(&self, _: &RoomId, _: usize, _: Option<Since>) -> Answer<'_, Option<RoomView>> {
        unreachable!("nothing here joins by itself")
    }

    fn history(&self, _: HistoryQuery) -> Answer<'_, Vec<Message>> {
        unreachable!("nothing here searches")
    }

    fn epoch(&self) -> &str {
        "truth"
    }

    fn check(&self) -> Answer<'_, ()> {
        unreachable!("nothing here asks")
    }
}

/// What listeners were told, room by room.
#[derive(Default)]
pub struct Told(pub Mutex<[Listener; ROOMS]>);

#[derive(Debug, Default, Clone)]
pub struct Listener {
    /// Where the first view ended, and the marks that it showed.
    pub from: Option<Reach>,
    pub positions: Vec<Position>,
    pub marks: [Vec<Position>; 2],
    /// Numbers.
    pub recalls: Vec<i64>,
    pub notes: Vec<i64>,
}

impl Audience for Told {
    fn said(&self, room: &RoomId, said: &Message) {
        assert_eq!(*said, message(said.pos));
        self.0.lock().unwrap()[number(room)].positions.push(said.pos);
    }

    fn read(&self, room: &RoomId, side: Side, _: Option<&AccountId>, pos: Position, time: Time) {
        assert_eq!(time, message(pos).time);
        let listener = &mut self.0.lock().unwrap()[number(room)];
        let next = listener.from.unwrap().next + listener.positions.len() as i64;
        assert!(pos < next, "a mark is told after its message");
        listener.marks[usize::from(side == Side::Agent)].push(pos);
    }

    fn recalled(&self, room: &RoomId, told: &Recall) {
        assert_eq!(*told, recall(told.number));
        let listener = &mut self.0.lock().unwrap()[number(room)];
        let next = listener.from.unwrap().next + listener.positions.len() as i64;
        assert!(told.pos < next, "a recall is told after its message");
        listener.recalls.push(told.number);
    }

    fn noted(&self, room: &RoomId, told: &Note) {
        assert_eq!(*told, note(told.number));
        self.0.lock().unwrap()[number(room)].notes.push(told.number);
    }

    fn aside(&self, _: &RoomId, _: &Aside) {
        unreachable!("nobody says anything aside in these tests");
    }
}

impl DeskAudience for Told {
    fn happened(&self, _: &CompanyId, _: &[Happening], _: &Desk) {
        unreachable!("no desk is followed in these tests");
    }

    fn presence(&self, _: &Who, _: bool) {
        unreachable!("nobody comes or goes in these tests");
    }

    fn forgotten(&self) {}
}

/// Waits until it is so.
pub async fn until(what: &str, condition: impl AsyncFn() -> bool) {
    let waiting = async {
        while !condition().await {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    let in_time = tokio::time::timeout(std::time::Duration::from_secs(30), waiting).await;
    assert!(in_time.is_ok(), "not within 30 seconds: {what}");
}
