//! Somebody who talks: a visitor or an agent.

use super::{AccountId, CompanyId, Name};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub side: Side,
    pub realm: Realm,
    pub aid: AccountId,
    /// Member id on the host site.
    pub mid: Name,
    pub account: Name,
    pub nick: Name,
    /// A JSON object with what the host site tells about this person, kept as it came.
    pub attributes: Option<Box<str>>,
}

/// Within which an account id means one person. An agent's realm is always its company.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Realm {
    Company(CompanyId),
    Platform,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Visitor,
    Agent,
}

/// Which page somebody came by: PC or H5, visitor or agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Atype {
    Uweb,
    Uwap,
    Cweb,
    Cwap,
}

impl Person {
    /// The company this person belongs to, none for a person of the platform.
    pub fn company(&self) -> Option<&CompanyId> {
        match &self.realm {
            Realm::Company(company) => Some(company),
            Realm::Platform => None,
        }
    }

    /// Whether both mean the same person; names may have changed in between.
    pub fn is(&self, other: &Person) -> bool {
        self.side == other.side && self.realm == other.realm && self.aid == other.aid
    }
}

impl Atype {
    pub fn side(self) -> Side {
        match self {
            Atype::Uweb | Atype::Uwap => Side::Visitor,
            Atype::Cweb | Atype::Cwap => Side::Agent,
        }
    }
}
