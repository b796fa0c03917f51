//! What happened at a company's desk: flat, so that a store keeps it as it is, and every node can tell it.

use crate::model::{AccountId, ChatId, GroupId, RoomId, Time};

/// One line of the desk's ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// Dense for each company, from 1.
    pub seq: i64,
    pub time: Time,
    pub what: What,
    pub chat: Option<ChatId>,
    pub room: Option<RoomId>,
    /// The group that was asked for.
    pub group: Option<GroupId>,
    /// The agent it is about.
    pub agent: Option<AccountId>,
    /// Another agent who has to do with it.
    pub other: Option<AccountId>,
    pub note: Option<Box<str>>,
    pub number: Option<i64>,
}

/// What the columns besides chat, room and group mean is said for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum What {
    /// Somebody asks for an agent and is in the queue from now on; `Assigned` may follow at once.
    Applied,
    /// `agent` has it from now on. `number`: how long it had waited, in milliseconds.
    /// `note`: `wanted`, `free` (the least busy one), `taken` (by the agent's own act), `next` (the one before,
    /// `other`, did not answer).
    Assigned,
    /// `agent` says that it will answer. `number`: milliseconds since it was assigned.
    Accepted,
    /// `agent` has answered for the first time. `number`: milliseconds since it was assigned.
    Answered,
    /// `agent` did not answer in time and loses it; `Assigned` follows.
    Passed,
    /// It is in the queue again, before all others, because `agent` is gone.
    Returned,
    /// `agent` offers it to `other`. `note`: what it says about it. `number`: until when.
    Offered,
    /// `other` has it from now on; `agent` gave it. None: `agent` gave it to `group`, and it is in that queue;
    /// `Assigned` may follow at once. `note`: what it said about it then. `number`: milliseconds that it had it.
    Transferred,
    /// `other` did not want it: `agent` has it as before. `note`: `rejected`, `late` or `gone`.
    Declined,
    /// `agent`, a supervisor, has it from now on; `other` had it.
    TakenOver,
    /// It has waited as long as the company wants anybody to: a message may be left instead. `number`: how long.
    Unserved,
    /// A message was left and waits for an owner. What it says is in the room.
    Left,
    /// It will end unless something is said. `number`: when.
    IdleSoon,
    /// It is over. `agent`: who had it. `note`: `visitor`, `agent`, `idle`. `number`: milliseconds of service, or, when
    /// it was never served, of waiting. `other`: the agent who ended it.
    Ended,
    /// The visitor is asked how it was, after `Ended`.
    RateAsked,
    /// The visitor has said how `agent` was. `number`: 0 (best) to 4. `note`: `auto` or `hand`, and behind a
    /// blank the number that it replaces, if any; and behind another one `elsewhere` when that one counted for `other`,
    /// or for nobody when there is none, and for the group whose id follows, or for none at `-`.
    Rated,
    /// What was over goes on, in the queue; `Assigned` may follow at once.
    Reopened,
    /// `agent` is connected, after it was not. `number`: 0 when it came back within its grace, else 1.
    Came,
    /// The last connection of `agent` is gone. `number`: until when it may come back.
    Went,
    /// `agent` did not come back.
    Gone,
    /// `agent` is called, or busy, otherwise. `number`: 0 online, 1 busy, 2 offline.
    StatusSet,
    /// Somebody asked when nobody was there; there is no consultation.
    Missed,
}

impl What {
    pub const ALL: [What; 22] = [
        What::Applied,
        What::Assigned,
        What::Accepted,
        What::Answered,
        What::Passed,
        What::Returned,
        What::Offered,
        What::Transferred,
        What::Declined,
        What::TakenOver,
        What::Unserved,
        What::Left,
        What::IdleSoon,
        What::Ended,
        What::RateAsked,
        What::Rated,
        What::Reopened,
        What::Came,
        What::Went,
        What::Gone,
        What::StatusSet,
        What::Missed,
    ];
}
