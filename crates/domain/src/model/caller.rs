//! Somebody who administers a company, as far as that has been shown, and what it may do.

use std::net::IpAddr;

use super::{Actor, AuditLine, CompanyId, Role, Scopes, Time};
use crate::error::{Error, Result};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The company that the call is about.
    pub company: CompanyId,
    pub actor: Actor,
    pub address: Option<IpAddr>,
    pub power: Power,
}

/// What a caller may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// An agent's.
    Role(Role),
    /// A program's.
    Scopes(Scopes),
    /// Whoever has the machine has everything.
    All,
}

impl Caller {
    /// Whoever sits at the machine.
    pub fn operator(company: CompanyId) -> Self {
        Self { company, actor: Actor::Operator, address: None, power: Power::All }
    }

    /// Whether the caller may look at things of this kind: an agent from this role on, a key with the scope `noun:read`.
    pub fn may_read(&self, noun: &str, least: Role) -> Result<()> {
        self.may(least, |scopes| scopes.may_read(noun))
    }

    /// Whether the caller may change things of this kind: an agent from this role on, a key with `noun:write`.
    pub fn may_write(&self, noun: &str, least: Role) -> Result<()> {
        self.may(least, |scopes| scopes.may_write(noun))
    }

    /// The role of an agent. A program that does not open everything administers, and owns nothing.
    pub fn role(&self) -> Role {
        match self.power {
            Power::Role(role) => role,
            Power::Scopes(scopes) if scopes != Scopes::ALL => Role::Admin,
            Power::Scopes(_) | Power::All => Role::Owner,
        }
    }

    /// The line that an act of this caller leaves.
    pub fn line(&self, time: Time, act: &'static str, subject: impl Into<Box<str>>) -> AuditLine {
        AuditLine {
            company: self.company.clone(),
            time,
            actor: self.actor.clone(),
            act,
            subject: subject.into(),
            note: "".into(),
            address: self.address,
        }
    }

    fn may(&self, least: Role, scope: impl Fn(Scopes) -> bool) -> Result<()> {
        let may = match self.power {
            Power::Role(role) => role >= least,
            Power::Scopes(scopes) => scope(scopes),
            Power::All => true,
        };
        if may { Ok(()) } else { Err(Error::Forbidden) }
    }
}
