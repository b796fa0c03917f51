//! The one write verb: a pure decision, run inside the store's transaction.

use std::sync::{Arc, Mutex};

use super::rooms::{Change, Rooms, Scope, Snapshot};
use crate::error::Result;

/// A decision as a store sees it. It may be called more than once (a serialization failure, a lost
/// connection); only the changes of the last call are made.
pub type Decide = Box<dyn FnMut(&Snapshot) -> Result<Vec<Change>> + Send>;

/// What should happen, and what the caller is told when it has.
#[derive(Debug)]
pub struct Decision<T> {
    pub changes: Vec<Change>,
    pub answer: T,
}

impl<T> Decision<T> {
    pub fn nothing(answer: T) -> Self {
        Self { changes: Vec::new(), answer }
    }

    pub fn one(change: Change, answer: T) -> Self {
        Self { changes: vec![change], answer }
    }
}

/// Loads the scope's snapshot, lets `decide` look at it, makes its changes durable and only then
/// gives its answer. Nothing has happened when this fails with anything but `Unavailable`; after
/// that it may or may not have, and the same request can safely be made again.
pub async fn commit<T: Send + 'static>(
    rooms: &dyn Rooms,
    scope: Scope,
    mut decide: impl FnMut(&Snapshot) -> Result<Decision<T>> + Send + 'static,
) -> Result<T> {
    // `Rooms` is a trait object and cannot be generic over the answer, so the answer waits here.
    let answer = Arc::new(Mutex::new(None));
    let slot = Arc::clone(&answer);
    let decide: Decide = Box::new(move |snapshot| {
        let decision = decide(snapshot)?;
        *slot.lock().expect("no holder of this lock can panic") = Some(decision.answer);
        Ok(decision.changes)
    });
    rooms.apply(scope, decide).await?;
    let answer = answer.lock().expect("no holder of this lock can panic").take();
    Ok(answer.expect("a store answers only after it has called the decision"))
}
