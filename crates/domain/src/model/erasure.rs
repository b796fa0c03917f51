//! What is erased: everything of one person when that is asked for, and what is older than a company keeps it.

use super::{AccountId, FileId, ImagePath, Realm, Side, Time};

/// Everything of one person is to go, or has gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    pub number: i64,
    /// Whose it is: a company's, or the platform's, which is about everything that a person of the platform said to
    /// anybody.
    pub realm: Realm,
    pub side: Side,
    pub aid: AccountId,
    pub asked: Time,
    /// None while it goes on.
    pub finished: Option<Time>,
    /// So many messages have lost their bodies, or, where those stay, their sender's name by now.
    pub messages: i64,
    pub files: i64,
}

/// What becomes of an agent's words when the agent is erased. Its name goes in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentsWords {
    Erase,
    /// They stay as the company's.
    Keep,
}

/// A file that nothing names any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doomed {
    Image(ImagePath),
    File(FileId),
}

impl Doomed {
    pub fn key(&self) -> &str {
        match self {
            Doomed::Image(path) => path.as_str(),
            Doomed::File(id) => id.as_str(),
        }
    }
}
