//! What the tests of this folder share: messages, and a listener that writes down what it is told.

use nodechat_domain::model::{AccountId, Body, Message, MessageId, Name, Position, Sender, Side, Text, Time};

use super::cursor::{Mark, Tell};

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
