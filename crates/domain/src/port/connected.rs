//! Who is connected right now.

use std::future::Future;
use std::pin::Pin;

use crate::model::{AccountId, Person, Realm, Side};

pub trait Connected: Send + Sync {
    /// Ends every connection of this person on this node, because what opened them does not hold any more. Other nodes
    /// hear of it through the store ([`Nodes`](super::Nodes)).
    fn end_all(&self, person: &Person);

    /// For each of these people of one side whether they have a connection, on any node, as far as it is known.
    fn online<'a>(
        &'a self,
        realm: &'a Realm,
        side: Side,
        aids: &'a [AccountId],
    ) -> Pin<Box<dyn Future<Output = Vec<bool>> + Send + 'a>>;
}
