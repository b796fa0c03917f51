//! An agent as the desk sees it: whether it is there, wants work, and how much of it.

use std::collections::BTreeSet;

use crate::model::{AccountId, GroupId, Member, Name, Side, Time};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskAgent {
    pub aid: AccountId,
    pub mid: Name,
    pub account: Name,
    pub nick: Name,
    pub status: Status,
    /// The runs of nodes that have a socket of it. Two tabs are one presence.
    pub nodes: BTreeSet<Box<str>>,
    /// Until when it may come back after its last socket went, and find everything as it was.
    pub grace: Option<Time>,
    /// How many consultations it may have at once.
    pub cap: u32,
    pub groups: BTreeSet<GroupId>,
    /// Whether it may take what others serve.
    pub supervisor: bool,
    /// Place in the order of happenings of when it last got or finished something: among those who are equally
    /// busy the smallest has been idle longest.
    pub last_busy: i64,
    /// How many wait, as its page has counted last. Noted down for whoever wants to know; nothing goes by it.
    pub wait_count: Option<u32>,
}

/// What an agent has set for itself (contract B1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    Online,
    Busy,
    Offline,
}

impl DeskAgent {
    /// Has a socket on some node.
    pub fn is_present(&self) -> bool {
        !self.nodes.is_empty()
    }

    /// Counts as somebody who is there, if not free now: present, or only just gone.
    pub fn is_here(&self) -> bool {
        self.status != Status::Offline && (self.is_present() || self.grace.is_some())
    }

    /// How it appears to others: who is gone is offline, whatever it has set.
    pub fn shown(&self) -> Status {
        if self.is_here() { self.status } else { Status::Offline }
    }

    /// Gets new consultations as long as it has a free seat.
    pub fn takes_new(&self) -> bool {
        self.is_present() && self.status == Status::Online
    }

    pub fn member(&self) -> Member {
        Member {
            side: Side::Agent,
            aid: self.aid.clone(),
            mid: self.mid.clone(),
            account: self.account.clone(),
            nick: self.nick.clone(),
        }
    }
}
