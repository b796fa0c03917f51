//! One human consultation: who asked, where it stands, what is due.

use std::collections::BTreeSet;

use crate::model::{AccountId, ChatId, GroupId, MessageId, Name, RoomId, Time};

/// A consultation that is not over. There is at most one in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consultation {
    pub chat: ChatId,
    pub room: RoomId,
    /// What the room is called by agents: the visitor's nick.
    pub topic: Name,
    /// The group that was asked for; none: any agent will do.
    pub group: Option<GroupId>,
    pub vip: bool,
    /// Who should have it if possible: the agent asked for, else the one of last time.
    pub wanted: Option<AccountId>,
    /// The place in the order of all applications of the company. No clock decides who came first.
    pub order: i64,
    pub applied: Time,
    /// When it was first given to an agent.
    pub first_served: Option<Time>,
    /// What was written when nobody was there; the item waits for an owner.
    pub left: Option<Left>,
    /// Who had it and did not answer in time, the latest last.
    pub passed: Vec<AccountId>,
    pub rating: Option<Rating>,
    /// Whether the visitor was asked for a rating already, at an earlier end.
    pub rate_asked: bool,
    /// How often it was handed to another agent.
    pub transfers: u32,
    /// Who gave it away last, and what was said about it.
    pub handed: Option<Handed>,
    pub state: State,
    /// Time of the room's last message, as of the last look.
    pub last_message: Time,
    /// Whether the agent who has it has still said nothing, as of the last look.
    pub unanswered: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Waiting(Waiting),
    Serving(Serving),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub since: Time,
    /// It lost its agent and goes before all who were never served.
    pub returned: bool,
    /// When the visitor is told that a message can be left instead.
    pub offer_at: Option<Time>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serving {
    /// Exactly one; the giver as long as a transfer is not accepted.
    pub agent: AccountId,
    pub since: Time,
    /// By when the agent must have accepted or answered; none: has done so, or there is no limit.
    pub answer_by: Option<Time>,
    /// When it ends, or its end is announced, unless something is said before.
    pub idle_at: Option<Time>,
    /// The end by idleness was announced; the time of the room's last message then.
    pub idle_warned: Option<Time>,
    /// Whether its first answer has been noticed.
    pub answered: bool,
    pub transfer: Option<Transfer>,
}

/// Offered to another agent, whose seat is held meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    pub to: AccountId,
    pub note: Box<str>,
    pub until: Time,
}

/// Given to another agent, or to a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    pub by: AccountId,
    pub note: Box<str>,
}

/// A message that was left when nobody was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    pub contact: Contact,
    /// What is to be said in the room, on its way to the desk. Of what the desk keeps: what the version before has kept here.
    pub text: Box<str>,
}

/// A message that was left, as the desk remembers it: whoever leaves it again has left it once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftMessage {
    pub id: MessageId,
    pub room: RoomId,
    pub chat: ChatId,
    /// What is still to be said in the room; none: it was said.
    pub unsaid: Option<Box<str>>,
    pub time: Time,
    /// Number of the happening with which it was left.
    pub seq: i64,
}

/// How somebody wants to be answered: a telephone number, an address.
pub type Contact = Box<str>;

/// Where a waiting consultation stands among the others of its group: returned ones first, then VIPs, then
/// everybody, then messages that were left; within each in the order of application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order(u8, i64);

/// A consultation that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    pub consultation: Consultation,
    /// Who had it when it ended; none: it was never served, or had lost its agent.
    pub agent: Option<AccountId>,
    pub ended: Time,
    pub by: EndedBy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedBy {
    Visitor,
    Agent,
    Idle,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    pub rate: Rate,
    pub way: RateWay,
    pub time: Time,
    /// Whom it counts for: whoever had the consultation at that time, or last.
    pub agent: Option<AccountId>,
    /// And the group that it was in.
    pub group: Option<GroupId>,
}

/// From best to worst (contract B1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rate {
    Best,
    Good,
    JustSoSo,
    Bad,
    Rubbish,
}

/// Asked for at the end, or given unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateWay {
    Auto,
    Hand,
}

impl Consultation {
    pub fn waiting(&self) -> Option<&Waiting> {
        match &self.state {
            State::Waiting(waiting) => Some(waiting),
            State::Serving(_) => None,
        }
    }

    pub fn serving(&self) -> Option<&Serving> {
        match &self.state {
            State::Waiting(_) => None,
            State::Serving(serving) => Some(serving),
        }
    }

    /// A message that was left and waits for an owner; nobody waits for an agent.
    pub fn is_left(&self) -> bool {
        self.left.is_some() && self.waiting().is_some()
    }

    pub fn agent(&self) -> Option<&AccountId> {
        self.serving().map(|serving| &serving.agent)
    }

    /// Whose seats it takes: the agent's, and that of whom it is offered to.
    pub fn seats(&self) -> impl Iterator<Item = &AccountId> {
        let serving = self.serving();
        let offered = serving.and_then(|serving| serving.transfer.as_ref()).map(|transfer| &transfer.to);
        serving.map(|serving| &serving.agent).into_iter().chain(offered)
    }

    /// Its place in the queue, while it waits.
    pub fn place(&self) -> Option<Order> {
        let waiting = self.waiting()?;
        let rank = match (self.left.is_some(), waiting.returned, self.vip) {
            (true, _, _) => 3,
            (false, true, _) => 0,
            (false, false, true) => 1,
            (false, false, false) => 2,
        };
        Some(Order(rank, self.order))
    }

    /// Who gave it to a group and does not want it back; whoever lost it afterwards is gone, and begins anew.
    pub fn giver(&self) -> Option<&AccountId> {
        let begins_anew = self.waiting().is_some_and(|waiting| waiting.returned);
        self.handed.as_ref().filter(|_| !begins_anew).map(|handed| &handed.by)
    }

    /// Whether somebody expects an agent now, which makes the bot silent: not so while only a message was left.
    pub fn is_live(&self) -> bool {
        self.left.is_none() || self.serving().is_some()
    }

    /// When something has to be done about it.
    pub fn next_due(&self) -> Option<Time> {
        match &self.state {
            State::Waiting(waiting) => waiting.offer_at,
            State::Serving(serving) => {
                let transfer = serving.transfer.as_ref().map(|transfer| transfer.until);
                [serving.answer_by, serving.idle_at, transfer].into_iter().flatten().min()
            }
        }
    }

    /// Everybody of the company it concerns.
    pub fn concerned(&self) -> BTreeSet<&AccountId> {
        self.seats().collect()
    }
}

impl Rate {
    pub const ALL: [Rate; 5] = [Rate::Best, Rate::Good, Rate::JustSoSo, Rate::Bad, Rate::Rubbish];
}
