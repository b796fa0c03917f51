//! What was changed last, for those who keep something of it in memory.

use super::Answer;
use crate::model::CompanyId;

pub trait Revisions: Send + Sync {
    /// What has been changed since `after`, in the order of the numbers. Each company's topic is told once, with the
    /// number of its last change. Whoever has seen a number never misses a smaller one.
    fn changed(&self, after: i64) -> Answer<'_, Vec<Revision>>;

    /// The number of the last change; 0 when there was none.
    fn latest(&self) -> Answer<'_, i64>;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    pub company: CompanyId,
    pub topic: Box<str>,
    pub number: i64,
}

/// The topics, as they are stored.
pub mod revised {
    pub const CANNED_REPLIES: &str = "canned";
    pub const COMPANY: &str = "company";
    pub const BLACKLIST: &str = "blacklist";
    pub const QUESTIONS: &str = "questions";
    pub const SENSITIVE_WORDS: &str = "words";
}
