//! Entering a room.

use crate::error::{Error, Result};
use crate::model::{Member, Person, Side, Time};
use crate::port::{Change, Decision, Snapshot};

/// The person becomes a member. A visitor that names the company opens the room when it is not
/// there yet (`may_open`); whoever names a room must find it.
pub fn enter(snapshot: &Snapshot, person: &Person, may_open: bool, now: Time) -> Result<Decision<()>> {
    let mut changes = Vec::new();
    if snapshot.head.is_none() {
        if !may_open || person.side != Side::Visitor {
            return Err(Error::NotFound("room"));
        }
        if snapshot.adopted {
            // A last request of the former visitor: a room of its own would be one that nobody finds again.
            return Err(Error::Forbidden);
        }
        changes.push(Change::Opened { visitor_nick: person.nick.clone(), time: now });
    }
    let member = Member::from(person);
    if snapshot.member.as_ref() != Some(&member) {
        changes.push(Change::Entered(member));
    }
    Ok(Decision { changes, answer: () })
}
