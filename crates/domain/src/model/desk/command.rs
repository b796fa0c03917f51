//! What can be asked of a company's desk, and what is answered.

use super::{Left, Rate, RateWay, Status};
use crate::model::{AccountId, ChatId, GroupId, Member, MessageId, Person, RoomId, Time};

#[derive(Debug, Clone)]
pub enum Command {
    /// A visitor asks for an agent. `chat` is the name of the consultation if there is none yet.
    Apply {
        room: RoomId,
        chat: ChatId,
        wish: Wish,
    },
    /// A visitor leaves a message for when somebody is there. Left again, it changes nothing.
    LeaveMessage {
        room: RoomId,
        chat: ChatId,
        message: MessageId,
        left: Left,
    },
    /// The agent who has it says that it will answer.
    Accept {
        agent: AccountId,
        about: About,
    },
    /// An agent takes somebody who waits.
    Serve {
        agent: AccountId,
        about: About,
    },
    /// An agent has said something while this consultation ran; the first time it counts.
    Answered {
        agent: AccountId,
        about: About,
        said: Time,
        /// It was said a while ago and is only told now, because whoever should have told it died before.
        late: bool,
    },
    Transfer {
        agent: AccountId,
        about: About,
        to: AccountId,
        note: Box<str>,
    },
    /// Rather than to one agent, to whoever of a group is free, or will be.
    TransferToGroup {
        agent: AccountId,
        about: About,
        group: GroupId,
        note: Box<str>,
    },
    AcceptTransfer {
        agent: AccountId,
        about: About,
    },
    RejectTransfer {
        agent: AccountId,
        about: About,
    },
    /// A supervisor takes what another serves.
    TakeOver {
        agent: AccountId,
        about: About,
    },
    /// `agent`: who ends it, none when it is the visitor.
    End {
        about: About,
        agent: Option<AccountId>,
    },
    Rate {
        about: About,
        rate: Rate,
        way: RateWay,
    },
    /// What ended in this room a while ago goes on.
    Reopen {
        about: About,
    },
    SetStatus {
        agent: AccountId,
        status: Status,
    },
    /// How many wait, as the agent's page has counted; nothing goes by it.
    SetWaitCount {
        agent: AccountId,
        count: u32,
    },
    /// Off the agent's list: what it serves there is ended.
    Remove {
        agent: AccountId,
        room: RoomId,
    },
    /// The first socket of an agent at a node.
    Came {
        agent: Box<Person>,
        node: Box<str>,
    },
    /// The last one.
    Went {
        agent: AccountId,
        node: Box<str>,
    },
    /// Nothing is connected to this run of a node any more.
    NodeGone {
        node: Box<str>,
    },
    /// Something that the desk does not own has changed, such as a cap or a group: whoever waits may be served now.
    Look,
    /// Does what is due.
    Tick,
}

/// Which consultation is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pub room: RoomId,
    /// None: the one that runs there.
    pub chat: Option<ChatId>,
}

/// What a visitor would like.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    pub group: Option<GroupId>,
    pub agent: Option<AccountId>,
    pub vip: bool,
}

/// What a command looks at besides what is open and who is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wants<'a> {
    pub room: Option<&'a RoomId>,
    pub chat: Option<ChatId>,
    pub message: Option<MessageId>,
    pub agents: Vec<&'a AccountId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskAnswer {
    Done,
    /// It is about this consultation.
    Chat(ChatId),
    Placed(Placement),
}

/// What a visitor is told who asks for an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// None when nobody is there and there is no consultation.
    pub chat: Option<ChatId>,
    pub standing: Standing,
}

/// Where somebody stands who asked for an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    Serving(Member),
    Waiting(Queued),
    /// A message was left and waits for an owner.
    Left,
    /// Nobody is there; a message can be left.
    Offline,
}

/// A place in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queued {
    /// From 1, among those who wait for the same group.
    pub position: u32,
    /// How long it will take, as far as the last consultations tell.
    pub wait_ms: Option<i64>,
}

impl Command {
    pub fn wants(&self) -> Wants<'_> {
        use Command::*;
        let (room, chat, agents) = match self {
            Apply { room, wish, .. } => (Some(room), None, wish.agent.iter().collect()),
            LeaveMessage { room, .. } => (Some(room), None, vec![]),
            Reopen { about } | Rate { about, .. } => (Some(&about.room), about.chat, vec![]),
            Accept { agent, about }
            | Answered { agent, about, .. }
            | Serve { agent, about }
            | AcceptTransfer { agent, about }
            | RejectTransfer { agent, about }
            | TransferToGroup { agent, about, .. }
            | TakeOver { agent, about } => (None, about.chat, vec![agent]),
            Transfer { agent, about, to, .. } => (None, about.chat, vec![agent, to]),
            End { about, agent, .. } => (None, about.chat, agent.iter().collect()),
            SetStatus { agent, .. }
            | SetWaitCount { agent, .. }
            | Remove { agent, .. }
            | Went { agent, .. } => (None, None, vec![agent]),
            Came { agent, .. } => (None, None, vec![&agent.aid]),
            NodeGone { .. } | Look | Tick => (None, None, vec![]),
        };
        let message = match self {
            LeaveMessage { message, .. } => Some(*message),
            _ => None,
        };
        Wants { room, chat, message, agents }
    }
}
