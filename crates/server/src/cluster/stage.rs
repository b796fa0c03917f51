//! What the tests of this folder share: rooms as a store would have them, and listeners that write down what they are told.

use std::sync::Mutex;

use nodechat_domain::model::{
    AccountId, Body, Message, MessageId, Name, Position, Reads, RoomHead, RoomId, RoomView, Sender, Side,
    Text, Time,
};
use nodechat_domain::port::{Answer, Change, Decide, HistoryQuery, Rooms, Scope, Since};

use super::cursor::{Mark, Tell};
use super::deliveries::Audience;

pub const ROOMS: usize = 3;

#[derive(Debug, Default)]
pub struct Heard {
    pub messages: Vec<Message>,
    pub marks: Vec<(Side, Position, Time)>,
    /// How many messages had been told when each mark was.
    pub told_before: Vec<usize>,
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
    }
}

/// Rooms as the store has them; nobody writes but the test itself.
pub struct Truth(Mutex<[(Position, [Position; 2]); ROOMS]>);

impl Default for Truth {
    fn default() -> Self {
        Self(Mutex::new([(0, [-1, -1]); ROOMS]))
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
        let (next_pos, [visitor, agent]) = self.0.lock().unwrap()[number];
        let reads = Reads { visitor, agent };
        RoomHead { id: room(number), visitor_nick: Name::default(), next_pos, last_time: 0, reads }
    }

    pub fn says(&self, number: usize) -> Change {
        let mut rooms = self.0.lock().unwrap();
        let pos = rooms[number].0;
        rooms[number].0 += 1;
        Change::Said(message(pos))
    }

    /// As a decision does it: only forward.
    pub fn reads(&self, number: usize, agent: bool) -> Option<Change> {
        let (next, marks) = &mut self.0.lock().unwrap()[number];
        let pos = *next - 1;
        let mark = &mut marks[usize::from(agent)];
        if pos <= *mark {
            return None;
        }
        *mark = pos;
        let side = if agent { Side::Agent } else { Side::Visitor };
        Some(Change::Read { side, by: AccountId::parse("bob").unwrap(), pos, time: message(pos).time })
    }
}

impl Rooms for Truth {
    fn page(&self, room: &RoomId, from: Position, to: Position) -> Answer<'_, Option<Vec<Message>>> {
        let next = self.0.lock().unwrap()[number(room)].0;
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
    pub from: Option<(Position, [Position; 2])>,
    pub positions: Vec<Position>,
    pub marks: [Vec<Position>; 2],
}

impl Audience for Told {
    fn said(&self, room: &RoomId, said: &Message) {
        assert_eq!(*said, message(said.pos));
        self.0.lock().unwrap()[number(room)].positions.push(said.pos);
    }

    fn read(&self, room: &RoomId, side: Side, _: Option<&AccountId>, pos: Position, time: Time) {
        assert_eq!(time, message(pos).time);
        let listener = &mut self.0.lock().unwrap()[number(room)];
        let next = listener.from.unwrap().0 + listener.positions.len() as i64;
        assert!(pos < next, "a mark is told after its message");
        listener.marks[usize::from(side == Side::Agent)].push(pos);
    }
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
