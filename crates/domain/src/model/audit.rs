//! The audit: who has changed what, one line for each administrative act.

use std::net::IpAddr;

use super::{AccountId, CompanyId, Time};

/// Written in the transaction of the act itself, never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    pub company: CompanyId,
    pub time: Time,
    pub actor: Actor,
    /// What was done: `blacklist.add`, `agent.change` …
    pub act: &'static str,
    /// To what: an id.
    pub subject: Box<str>,
    /// What else somebody who looks into it wants to know. Never a secret.
    pub note: Box<str>,
    /// From where; none: from the machine itself.
    pub address: Option<IpAddr>,
}

/// A line as it is found again. Those of a company are in the order of their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    pub number: i64,
    pub time: Time,
    pub actor: Actor,
    pub act: Box<str>,
    pub subject: Box<str>,
    pub note: Box<str>,
    pub address: Option<IpAddr>,
}

/// Who does something that is administration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    Agent(AccountId),
    /// A program with an API key, by the first digits of the key's hash.
    Key(Box<str>),
    /// The platform's key.
    Platform(Box<str>),
    /// Whoever sits at the server's command line.
    Operator,
}

impl Actor {
    pub fn name(&self) -> &str {
        match self {
            Actor::Agent(aid) => aid.as_str(),
            Actor::Key(begin) | Actor::Platform(begin) => begin,
            Actor::Operator => "",
        }
    }
}
