//! A company and what it allows.

use std::sync::Arc;

use super::{CompanyId, Name, Secret, Settings};
use crate::error::{Error, Result};

/// Origins that a company may list.
const ORIGINS: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    pub id: CompanyId,
    pub name: Name,
    pub users: Users,
    /// Whether people who are not logged in anywhere may chat (contract C5).
    pub anonymous: bool,
    /// Whether image paths and file ids need a ticket besides being unguessable (contract B4).
    pub private_files: bool,
    /// Made by `--demo`; says so wherever it is shown.
    pub demo: bool,
    /// Origins of the pages that may connect, such as `https://shop.example`; empty: any.
    pub origins: Vec<String>,
    /// With what its site signs who its users are; kept as it is, because signatures are checked with it.
    pub identity: Option<Secret>,
    /// Shared, because whoever asks for a company gets one of its own.
    pub settings: Arc<Settings>,
}

/// Scheme and host, and nothing behind them.
pub(super) fn is_origin(text: &str) -> bool {
    let host = text.split_once("://").filter(|(scheme, _)| ["http", "https"].contains(scheme));
    host.is_some_and(|(_, host)| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ', '\n']))
        && text.len() <= 300
}

/// Whose people a company's visitors are; never both, so that an account id always means one
/// person in a room id (contract B3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Users {
    /// Named by the company's own key.
    Own,
    /// Named by the platform's key; the same person may consult every such company.
    Platform,
}

impl Company {
    pub fn new(id: CompanyId, name: Name) -> Self {
        Self {
            id,
            name,
            users: Users::Own,
            anonymous: false,
            private_files: false,
            demo: false,
            origins: Vec::new(),
            identity: None,
            settings: Arc::default(),
        }
    }

    /// Whether it may be stored as it is; whoever has changed fields by itself asks this.
    pub fn check(&self) -> Result<()> {
        if self.name.as_str().trim().is_empty() {
            return Err(Error::Missing("name"));
        }
        if self.origins.len() > ORIGINS || !self.origins.iter().all(|origin| is_origin(origin)) {
            return Err(Error::invalid("origins", "at most 100, each like `https://shop.example`"));
        }
        self.settings.check()
    }

    /// The names of what differs, settings included.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let own = [
            ("name", self.name != other.name),
            ("users", self.users != other.users),
            ("anonymous", self.anonymous != other.anonymous),
            ("private_files", self.private_files != other.private_files),
            ("origins", self.origins != other.origins),
            ("identity", self.identity != other.identity),
        ];
        let own = own.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name);
        own.chain(self.settings.differences(&other.settings)).collect()
    }

    /// Whether a page of this origin may connect. What is no browser page sends no origin and
    /// has to show a ticket like everybody else.
    pub fn admits_origin(&self, origin: Option<&str>) -> bool {
        self.origins.is_empty()
            || origin
                .is_none_or(|origin| self.origins.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin)))
    }
}
