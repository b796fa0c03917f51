//! Nodes that serve one store together: what each tells the others through it. Only small things that may be
//! a second late; whatever has to be quick travels otherwise, and is found in the rooms when it was lost.

use super::Answer;
use crate::model::Person;

/// Provided by stores that several nodes share.
pub trait Nodes: Send + Sync {
    /// Says that this node lives and how it is, and asks how the others are, in one round trip.
    fn beat(&self, beat: Beat) -> Answer<'_, Round>;

    /// Takes this node off the list: it ends as it should and nobody has to look after what it leaves.
    fn leave(&self, node: &str) -> Answer<'_, ()>;
}

/// What one node says of itself.
#[derive(Debug, Clone)]
pub struct Beat {
    /// The name of this run of this node; another one after each start.
    pub node: Box<str>,
    /// How many of its commits it could not publish so far. Whoever sees the number grow reads the rooms it serves.
    pub unpublished: u64,
}

/// What the store says to that.
#[derive(Debug, Clone, Default)]
pub struct Round {
    /// The other nodes. One that has been silent for long is told as such for a while and then forgotten.
    pub others: Vec<Other>,
    /// Whose connections have to go, because a ticket was revoked or an anonymous visitor became somebody, within the
    /// last half minute, or since this node was heard last when that is longer ago (up to an hour). Told with every
    /// round: each node obeys each number once.
    pub endings: Vec<Ending>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    pub node: Box<str>,
    pub unpublished: u64,
    /// Milliseconds since it was last heard, by the store's clock.
    pub silent_ms: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Another one for each ending. No order may be read from it.
    pub number: i64,
    pub person: Person,
}
