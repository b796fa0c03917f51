//! Answers that are kept for those who ask the same again under the same name (`Idempotency-Key`).

use super::Answer;
use crate::model::{Hash, Time};

pub trait KeptAnswers: Send + Sync {
    /// Takes the name for this asker, so that of any number of simultaneous calls, on any number of nodes, one is made.
    /// A call that has begun before `stale` and has no answer counts as given up. What is older than `expired` is
    /// nobody's any more.
    fn claim(&self, claim: Claim) -> Answer<'_, Repetition>;

    /// The answer of the call that has claimed the name.
    fn keep(&self, asker: &str, name: &str, answer: KeptAnswer) -> Answer<'_, ()>;

    /// The call has come to nothing, and may be made again.
    fn release(&self, asker: &str, name: &str) -> Answer<'_, ()>;

    /// Forgets what has begun before `expired`; how many.
    fn forget(&self, expired: Time) -> Answer<'_, u64>;
}

#[derive(Debug, Clone)]
pub struct Claim {
    pub asker: Box<str>,
    pub name: Box<str>,
    /// What is asked.
    pub asked: Hash,
    pub now: Time,
    pub stale: Time,
    pub expired: Time,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repetition {
    /// Nobody has asked this before: make the call.
    First,
    /// The call was made, and this was the answer.
    Answered(KeptAnswer),
    /// The call is being made.
    Running,
    /// The name was used for another call.
    Another,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    pub status: u16,
    pub media_type: Box<str>,
    pub body: Box<[u8]>,
}
