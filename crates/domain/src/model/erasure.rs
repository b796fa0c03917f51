//! What is erased: everything of one person when that is asked for, and what is older than a company keeps it.

use super::{AccountId, FileId, ImagePath, Time};

/// Everything of one visitor is to go, or has gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    pub number: i64,
    pub aid: AccountId,
    pub asked: Time,
    /// None while it goes on.
    pub finished: Option<Time>,
    /// So many messages have lost their bodies by now.
    pub messages: i64,
    pub files: i64,
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
