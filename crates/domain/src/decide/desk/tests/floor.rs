//! A company's desk with people at it, for cases to be told in few words.

use std::collections::BTreeSet;

use crate::decide::desk::route;
use crate::error::Result;
use crate::model::desk::{
    About, Command, Consultation, Desk, DeskAgent, DeskAnswer, DeskGroup, DeskSettings, Happening, Left,
    Placement, Rate, RateWay, RoomFacts, Standing, Status, What, Wish,
};
use crate::model::{
    AccountId, ChatId, CompanyId, GroupId, MessageId, Name, Person, Realm, RoomId, Side, Time,
};

pub struct Floor {
    pub desk: Desk,
    pub now: Time,
    /// Everything that has happened.
    pub told: Vec<Happening>,
    chats: u8,
    messages: u32,
}

pub const NODE: &str = "n1";
/// Nothing is due by itself, except that graces and transfers end.
pub const PATIENT: DeskSettings = DeskSettings {
    cap: 2,
    grace_ms: 60_000,
    wait_limit_ms: 0,
    answer_limit_ms: 0,
    transfer_limit_ms: 30_000,
    idle_ms: 0,
    idle_notice_ms: 0,
    reopen_ms: 600_000,
    ask_rating: true,
};

impl Floor {
    pub fn with(settings: DeskSettings) -> Self {
        let desk = Desk::new(CompanyId::parse("c1").unwrap(), settings);
        Self { desk, now: 1_000_000, told: Vec::new(), chats: 0, messages: 0 }
    }

    /// Agents of these names are there.
    pub fn with_agents(settings: DeskSettings, names: &[&str]) -> Self {
        let mut floor = Self::with(settings);
        names.iter().for_each(|name| floor.comes(name));
        floor
    }

    pub fn tries(&mut self, command: Command) -> Result<DeskAnswer> {
        let before = self.desk.clone();
        let routed = route(&mut self.desk, &command, self.now);
        match routed {
            Ok(routed) => {
                let numbered = routed.happenings.iter().zip(before.seq + 1..);
                assert!(numbered.clone().all(|(happening, seq)| happening.seq == seq), "not dense");
                assert_eq!(self.desk.seq, before.seq + routed.happenings.len() as i64);
                self.told.extend(routed.happenings);
                Ok(routed.answer)
            }
            Err(error) => {
                assert_eq!(self.desk, before, "what is refused changes nothing");
                Err(error)
            }
        }
    }

    pub fn does(&mut self, command: Command) -> DeskAnswer {
        self.tries(command).unwrap()
    }

    /// The code of a refusal.
    pub fn refuses(&mut self, command: Command) -> u16 {
        self.tries(command).unwrap_err().code() as u16
    }

    pub fn comes(&mut self, name: &str) {
        self.comes_at(name, NODE);
    }

    pub fn comes_at(&mut self, name: &str, node: &str) {
        self.does(Command::Came { agent: Box::new(person(name)), node: node.into() });
    }

    pub fn goes(&mut self, name: &str) {
        self.does(Command::Went { agent: aid(name), node: NODE.into() });
    }

    pub fn sets(&mut self, name: &str, status: Status) {
        self.does(Command::SetStatus { agent: aid(name), status });
    }

    pub fn agent(&mut self, name: &str) -> &mut DeskAgent {
        self.desk.agents.get_mut(&aid(name)).unwrap()
    }

    /// Makes groups of agents; each falls back to the next one.
    pub fn groups(&mut self, groups: &[&[&str]]) -> Vec<GroupId> {
        let ids: Vec<_> = (0..groups.len()).map(|number| GroupId::at(0, [number as u8; 10])).collect();
        for (at, names) in groups.iter().enumerate() {
            self.desk.groups.insert(ids[at], DeskGroup { fallback: ids.get(at + 1).copied() });
            for name in *names {
                self.agent(name).groups = BTreeSet::from([ids[at]]);
            }
        }
        ids
    }

    pub fn applies(&mut self, visitor: &str) -> Placement {
        self.applies_for(visitor, Wish::default())
    }

    pub fn applies_for(&mut self, visitor: &str, wish: Wish) -> Placement {
        let chat = self.new_chat();
        self.enters(visitor);
        match self.does(Command::Apply { room: room(visitor), chat, wish }) {
            DeskAnswer::Placed(placement) => placement,
            other => panic!("{other:?}"),
        }
    }

    pub fn leaves_message(&mut self, visitor: &str, text: &str) -> DeskAnswer {
        let message = self.new_message();
        self.leaves_again(visitor, message, text).unwrap()
    }

    /// A message that has a name already.
    pub fn leaves_again(&mut self, visitor: &str, message: MessageId, text: &str) -> Result<DeskAnswer> {
        let chat = self.new_chat();
        self.enters(visitor);
        self.tries(Command::LeaveMessage { room: room(visitor), chat, message, left: left(text) })
    }

    pub fn new_message(&mut self) -> MessageId {
        self.messages += 1;
        let mut random = [0; 10];
        random[..4].copy_from_slice(&self.messages.to_be_bytes());
        MessageId::at(0, random)
    }

    pub fn ends(&mut self, visitor: &str) {
        let about = self.about(visitor);
        self.does(Command::End { about, agent: None });
    }

    pub fn rates(&mut self, about: About, rate: Rate) {
        self.does(Command::Rate { about, rate, way: RateWay::Hand });
    }

    /// What runs in the visitor's room.
    pub fn about(&self, visitor: &str) -> About {
        About { room: room(visitor), chat: Some(self.of(visitor).chat) }
    }

    pub fn of(&self, visitor: &str) -> &Consultation {
        self.desk.in_room(&room(visitor)).unwrap_or_else(|| panic!("nothing runs for {visitor}"))
    }

    /// Who serves the visitor.
    pub fn agent_of(&self, visitor: &str) -> Option<&str> {
        self.of(visitor).agent().map(AccountId::as_str)
    }

    /// Who waits, in order.
    pub fn queue(&self) -> Vec<&str> {
        self.desk.queue().into_iter().map(|waits| waits.room.aid()).collect()
    }

    /// Time passes, and what is due in it is done at its moment.
    pub fn waits(&mut self, ms: i64) {
        let until = self.now + ms;
        while let Some(due) = self.desk.next_due().filter(|due| *due <= until) {
            self.now = due.max(self.now);
            self.does(Command::Tick);
        }
        self.now = until;
    }

    /// The visitor or an agent says something in the visitor's room.
    pub fn is_spoken_in(&mut self, visitor: &str, by: Option<&str>) {
        let now = self.now;
        let chat = self.of(visitor).chat;
        let running = self.desk.consultations.get_mut(&chat).unwrap();
        running.last_message = now;
        let answers = by.is_some_and(|agent| running.agent() == Some(&aid(agent)));
        running.unanswered &= !answers;
        if let Some(agent) = by {
            let about = About { room: room(visitor), chat: Some(chat) };
            self.does(Command::Answered { agent: aid(agent), about, said: now, late: false });
        }
    }

    /// What was told since the last time this was asked.
    pub fn news(&mut self) -> Vec<What> {
        std::mem::take(&mut self.told).into_iter().map(|happening| happening.what).collect()
    }

    fn enters(&mut self, visitor: &str) {
        let (room, now) = (room(visitor), self.now);
        let ended = self.desk.past.values().filter(|past| past.consultation.room == room);
        let latest = ended.max_by_key(|past| past.ended).map(|past| past.consultation.chat);
        self.desk.rooms.insert(room, RoomFacts { visitor_nick: name(visitor), last_message: now, latest });
    }

    fn new_chat(&mut self) -> ChatId {
        self.chats += 1;
        // Later ones come first in the order of names: the queue must not depend on it.
        ChatId::at(0, [255 - self.chats; 10])
    }
}

pub fn serving(placement: &Placement) -> &str {
    match &placement.standing {
        Standing::Serving(agent) => agent.aid.as_str(),
        other => panic!("{other:?}"),
    }
}

pub fn position(placement: &Placement) -> u32 {
    match &placement.standing {
        Standing::Waiting(queued) => queued.position,
        other => panic!("{other:?}"),
    }
}

pub fn aid(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

pub fn room(visitor: &str) -> RoomId {
    RoomId::between(&aid(visitor), &CompanyId::parse("c1").unwrap())
}

pub fn left(text: &str) -> Left {
    Left { contact: "12345".into(), text: text.into() }
}

pub fn vip() -> Wish {
    Wish { vip: true, ..Wish::default() }
}

pub fn by_group(group: GroupId) -> Wish {
    Wish { group: Some(group), ..Wish::default() }
}

fn person(agent: &str) -> Person {
    Person {
        side: Side::Agent,
        realm: Realm::Company(CompanyId::parse("c1").unwrap()),
        aid: aid(agent),
        mid: Name::default(),
        account: Name::default(),
        nick: name(agent),
        attributes: None,
    }
}

fn name(text: &str) -> Name {
    Name::parse("nick", text).unwrap()
}
