//! Tells people of their work orders: whoever it is for, and the agent who looks after it.

use nodechat_domain::model::{Order, Realm, Side};

use super::ChatIo;
use super::connected::personal_room;
use crate::wire::{OrderEvent, event};

/// To the connections that these people have on this node; other nodes tell theirs.
pub fn tell(io: &ChatIo, order: &Order) {
    let event = (OrderEvent::from(order),);
    let company = Realm::Company(order.company.clone());
    // The visitor is one of the company or of the platform; nobody else has such a room.
    let mut people = io.to(&personal_room(&company, Side::Visitor, &order.submitter)).to(&personal_room(
        &Realm::Platform,
        Side::Visitor,
        &order.submitter,
    ));
    if let Some(owner) = &order.owner {
        people = people.to(&personal_room(&company, Side::Agent, owner));
    }
    if let Err(error) = people.emit(event::ORDER, &event) {
        tracing::error!(%error, "an event could not be written as JSON; whoever asks for the list finds it");
    }
}
