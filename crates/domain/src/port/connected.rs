//! Who is connected right now.

use crate::model::{AccountId, Person, Realm, Side};

pub trait Connected: Send + Sync {
    /// Ends every connection of this person, because what opened them does not hold any more.
    fn end_all(&self, person: &Person);

    /// Whether this person has a connection.
    fn is_online(&self, realm: &Realm, side: Side, aid: &AccountId) -> bool;
}
