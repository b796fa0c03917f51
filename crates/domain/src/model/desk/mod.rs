//! A company's desk: who waits, who serves whom, who is there. The snapshot that routing decides over; it holds
//! nothing that is over, except what a command asked to see.

mod agent;
mod command;
mod consultation;
mod happening;

use std::collections::{BTreeMap, BTreeSet, HashSet};

pub use agent::{DeskAgent, Status};
pub use command::{About, Command, DeskAnswer, Placement, Queued, Standing, Wants, Wish};
pub use consultation::{
    Consultation, Contact, EndedBy, Handed, Left, LeftMessage, Order, Past, Rate, RateWay, Rating, Serving,
    State, Transfer, Waiting,
};
pub use happening::{Happening, What};

use crate::model::{AccountId, ChatId, CompanyId, GroupId, Member, MessageId, Name, RoomId, Side, Time};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    pub company: CompanyId,
    /// Number of the last happening.
    pub seq: i64,
    /// Mean of the last service times, the latest counting most; none before the first.
    pub service_ms: Option<i64>,
    pub settings: DeskSettings,
    /// Whether it is within the company's business hours.
    pub open: bool,
    /// All that are not over.
    pub consultations: BTreeMap<ChatId, Consultation>,
    /// All who are present, in their grace, or have a consultation, and whom a command has named.
    pub agents: BTreeMap<AccountId, DeskAgent>,
    pub groups: BTreeMap<GroupId, DeskGroup>,
    /// What is over and was asked for: by its name, or as the latest of its room.
    pub past: BTreeMap<ChatId, Past>,
    /// The messages that were asked for and were left before.
    pub left: BTreeMap<MessageId, LeftMessage>,
    /// The rooms that were asked for and exist.
    pub rooms: BTreeMap<RoomId, RoomFacts>,
    /// What has to be written.
    pub touched: Touched,
}

/// What differs from what is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// Open or over, by now.
    pub chats: BTreeSet<ChatId>,
    pub agents: BTreeSet<AccountId>,
    /// Those whose agent is another one now: the room waits for a first answer.
    pub asked: BTreeSet<ChatId>,
    /// Messages that were left only now.
    pub left: BTreeSet<MessageId>,
}

/// How a company wants its desk run. Limits of 0 are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskSettings {
    /// How many consultations an agent may have at once of whom nothing else is known.
    pub cap: u32,
    /// How long an agent may be away before others get what it had.
    pub grace_ms: i64,
    /// After how long somebody who waits is offered to leave a message.
    pub wait_limit_ms: i64,
    /// Within which an agent has to accept or answer what it was given.
    pub answer_limit_ms: i64,
    /// Within which a transfer has to be accepted; never 0.
    pub transfer_limit_ms: i64,
    /// After how long without a word the end is announced.
    pub idle_ms: i64,
    /// How long after the announcement it ends.
    pub idle_notice_ms: i64,
    /// How long after its end a consultation can be reopened.
    pub reopen_ms: i64,
    /// Whether the visitor is asked for a rating at the end.
    pub ask_rating: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskGroup {
    /// Who serves when nobody of this group is there.
    pub fallback: Option<GroupId>,
}

/// What a new consultation takes over from its room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomFacts {
    pub visitor_nick: Name,
    pub last_message: Time,
    /// The consultation that ended last.
    pub latest: Option<ChatId>,
}

impl Default for DeskSettings {
    fn default() -> Self {
        const MINUTE: i64 = 60_000;
        Self {
            cap: 10,
            grace_ms: MINUTE,
            wait_limit_ms: 10 * MINUTE,
            answer_limit_ms: 0,
            transfer_limit_ms: MINUTE,
            idle_ms: 30 * MINUTE,
            idle_notice_ms: 2 * MINUTE,
            reopen_ms: 24 * 60 * MINUTE,
            ask_rating: true,
        }
    }
}

impl Desk {
    /// A desk at which nothing has happened yet.
    pub fn new(company: CompanyId, settings: DeskSettings) -> Self {
        Self {
            company,
            seq: 0,
            service_ms: None,
            settings,
            open: true,
            consultations: BTreeMap::new(),
            agents: BTreeMap::new(),
            groups: BTreeMap::new(),
            past: BTreeMap::new(),
            left: BTreeMap::new(),
            rooms: BTreeMap::new(),
            touched: Touched::default(),
        }
    }

    /// The consultation that runs in a room.
    pub fn in_room(&self, room: &RoomId) -> Option<&Consultation> {
        self.consultations.values().find(|consultation| consultation.room == *room)
    }

    /// Whether there is more than one in a room, which [`Command::Look`] puts right.
    pub fn is_doubled(&self) -> bool {
        let rooms: HashSet<_> = self.consultations.values().map(|running| &running.room).collect();
        rooms.len() < self.consultations.len()
    }

    /// How many seats an agent has taken, those held for a transfer included.
    pub fn load(&self, agent: &AccountId) -> u32 {
        self.consultations.values().flat_map(Consultation::seats).filter(|taken| *taken == agent).count()
            as u32
    }

    /// When something has to be done, if nothing happens before.
    pub fn next_due(&self) -> Option<Time> {
        let consultations = self.consultations.values().filter_map(Consultation::next_due);
        consultations.chain(self.agents.values().filter_map(|agent| agent.grace)).min()
    }

    /// Those who wait, first come first; those who wait for one group are not to be confused with the rest.
    pub fn queue(&self) -> Vec<&Consultation> {
        let mut queue: Vec<_> = self
            .consultations
            .values()
            .filter_map(|waits| waits.place().map(|place| (place, waits)))
            .collect();
        queue.sort_by_key(|(place, _)| *place);
        queue.into_iter().map(|(_, waits)| waits).collect()
    }

    /// The places of all who wait for an agent, in the order of the queue.
    pub fn places(&self) -> Vec<(&Consultation, Queued)> {
        let mut ahead: BTreeMap<Option<GroupId>, u32> = BTreeMap::new();
        let mut seats: BTreeMap<Option<GroupId>, u32> = BTreeMap::new();
        let queue = self.queue().into_iter().filter(|waits| waits.left.is_none());
        let placed = queue.map(|waits| {
            let position = ahead.entry(waits.group).or_default();
            *position += 1;
            let seats = *seats.entry(waits.group).or_insert_with(|| self.seats_for(waits.group));
            (waits, Queued { position: *position, wait_ms: self.estimate(*position, seats) })
        });
        placed.collect()
    }

    /// Where the consultation of this room stands; none when there is none.
    pub fn standing(&self, consultation: &Consultation) -> Standing {
        match &consultation.state {
            State::Serving(serving) => Standing::Serving(self.member(&serving.agent)),
            State::Waiting(_) if consultation.left.is_some() => Standing::Left,
            State::Waiting(_) => {
                let places = self.places();
                let own = places.iter().find(|(waits, _)| waits.chat == consultation.chat);
                Standing::Waiting(own.expect("whoever waits has a place").1)
            }
        }
    }

    /// Which agents serve those who ask for this group: its own, or, when none of them is there, those of the group
    /// that stands in for it, and so on. None: all agents.
    pub fn serving_group(&self, asked: Option<GroupId>) -> Option<GroupId> {
        let first = asked.filter(|group| self.groups.contains_key(group))?;
        let mut group = first;
        // As many steps as there are groups: a circle ends, too.
        for _ in 0..self.groups.len() {
            if self.is_staffed(Some(group), None) {
                return Some(group);
            }
            match self.groups.get(&group).and_then(|group| group.fallback) {
                Some(next) if self.groups.contains_key(&next) => group = next,
                _ => break,
            }
        }
        Some(first)
    }

    /// Whether the agent may be given it: is of the group that serves, and has not itself given it away. Only where
    /// nobody else is there it gets that back.
    pub fn suits(&self, agent: &DeskAgent, waits: &Consultation) -> bool {
        let group = self.serving_group(waits.group);
        is_of(agent, group) && self.shunned(waits, group) != Some(&agent.aid)
    }

    /// Who does not get what waits, though it is of `group`, which serves.
    pub fn shunned<'a>(&self, waits: &'a Consultation, group: Option<GroupId>) -> Option<&'a AccountId> {
        waits.giver().filter(|giver| self.is_staffed(group, Some(giver)))
    }

    /// Whether somebody of the group is there, if not free, besides this one.
    pub fn is_staffed(&self, group: Option<GroupId>, besides: Option<&AccountId>) -> bool {
        let agents = self.agents.values();
        agents.filter(|agent| is_of(agent, group)).any(|agent| agent.is_here() && Some(&agent.aid) != besides)
    }

    /// How the agent is called; known for everybody who has something.
    pub fn member(&self, agent: &AccountId) -> Member {
        match self.agents.get(agent) {
            Some(agent) => agent.member(),
            None => Member {
                side: Side::Agent,
                aid: agent.clone(),
                mid: Name::default(),
                account: Name::default(),
                nick: Name::default(),
            },
        }
    }

    fn seats_for(&self, asked: Option<GroupId>) -> u32 {
        let group = self.serving_group(asked);
        let serves = |agent: &&DeskAgent| agent.takes_new() && is_of(agent, group);
        self.agents.values().filter(serves).map(|agent| agent.cap).sum()
    }

    /// A place that is the n-th is free when n seats became free; each does after the mean time of a service.
    fn estimate(&self, position: u32, seats: u32) -> Option<i64> {
        let service_ms = self.service_ms?;
        (seats > 0).then(|| service_ms.saturating_mul(i64::from(position)) / i64::from(seats))
    }
}

/// None: any group will do.
pub fn is_of(agent: &DeskAgent, group: Option<GroupId>) -> bool {
    group.is_none_or(|group| agent.groups.contains(&group))
}
