//! The people who work for a company: agents with their accounts, and groups of them.

use std::collections::BTreeSet;
use std::fmt;

use super::{AccountId, CompanyId, GroupId, Name, Person, Realm, Role, Side, Time};
use crate::error::{Error, Result};

/// Somebody who answers visitors: with an account of its own here, or known from the tokens of the host site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    pub company: CompanyId,
    pub aid: AccountId,
    pub mid: Name,
    pub account: Name,
    pub nick: Name,
    pub role: Role,
    /// How many consultations it may have at once; none: as the company has set it.
    pub cap: Option<u32>,
    /// What it logs in with; none: comes by tokens.
    pub login: Option<Login>,
    /// One that is not active opens nothing and gets nothing.
    pub active: bool,
    pub created: Time,
}

/// What somebody types to log in: 1 to 64 characters without spaces. Capital letters mean the same as small ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Login(Box<str>);

/// What somebody types to log in, never shown and never stored: 8 to 200 characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Box<str>);

/// An argon2id hash in its text form, which names its own cost.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub Box<str>);

/// Agents who know something: a visitor may ask for one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub company: CompanyId,
    pub id: GroupId,
    pub name: Name,
    /// Who serves when nobody of this group is there.
    pub fallback: Option<GroupId>,
    pub members: BTreeSet<AccountId>,
    pub created: Time,
}

impl Agent {
    /// An agent as it is entered when it is first seen.
    pub fn seen(company: CompanyId, person: &Person, now: Time) -> Self {
        Self {
            company,
            aid: person.aid.clone(),
            mid: person.mid.clone(),
            account: person.account.clone(),
            nick: person.nick.clone(),
            role: Role::Agent,
            cap: None,
            login: None,
            active: true,
            created: now,
        }
    }

    pub fn person(&self) -> Person {
        Person {
            side: Side::Agent,
            realm: Realm::Company(self.company.clone()),
            aid: self.aid.clone(),
            mid: self.mid.clone(),
            account: self.account.clone(),
            nick: self.nick.clone(),
            attributes: None,
        }
    }
}

impl Login {
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Error::Missing("login"));
        }
        let odd = |letter: char| letter.is_whitespace() || letter.is_control();
        if text.chars().count() > 64 || text.chars().any(odd) {
            return Err(Error::invalid("login", "at most 64 characters, no spaces"));
        }
        Ok(Self(text.to_lowercase().into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Password {
    pub fn parse(text: &str) -> Result<Self> {
        match text.chars().count() {
            0 => Err(Error::Missing("password")),
            8..=200 => Ok(Self(text.into())),
            _ => Err(Error::invalid("password", "8 to 200 characters")),
        }
    }

    /// What somebody presents. Anything may come here.
    pub fn presented(text: &str) -> Self {
        Self(text.chars().take(200).collect::<String>().into())
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_one_word_in_any_case() {
        assert_eq!(Login::parse(" Ann.Lee ").unwrap().as_str(), "ann.lee");
        assert!(Login::parse("ann lee").is_err() && Login::parse("").is_err());
        assert!(Login::parse(&"a".repeat(65)).is_err());
    }

    #[test]
    fn a_password_is_never_shown() {
        let password = Password::parse("correct horse").unwrap();
        assert!(!format!("{password:?} {:?}", PasswordHash("$argon2id$".into())).contains("horse"));
        assert!(Password::parse("short").is_err() && Password::parse(&"x".repeat(201)).is_err());
    }
}
