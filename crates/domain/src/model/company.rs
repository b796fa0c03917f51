//! A company and what it allows.

use super::{CompanyId, Name};

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
        }
    }

    /// Whether a page of this origin may connect. What is no browser page sends no origin and
    /// has to show a ticket like everybody else.
    pub fn admits_origin(&self, origin: Option<&str>) -> bool {
        self.origins.is_empty()
            || origin
                .is_none_or(|origin| self.origins.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin)))
    }
}
