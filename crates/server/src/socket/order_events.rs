//! Work orders over sockets: an agent makes one from a room; whoever it is for is told of it, and who looks after it.

use nodechat_domain::app::OrderFromRoom;
use nodechat_domain::model::{Author, Order, Person, Realm, Side};
use nodechat_domain::{Error, Result};
use serde::Serialize;

use super::calls::{Answer, answer};
use super::connected::personal_room;
use super::{Chat, ChatIo};
use crate::wire::{OrderEvent, event};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Added {
    success: bool,
    fault_id: String,
}

/// `mgr` with `addOrder`: one call makes it from what was said there.
pub async fn add(chat: &Chat, agent: &Person, wanted: OrderFromRoom) -> Result<Answer> {
    let company = agent.company().ok_or(Error::Forbidden)?;
    let (id, by) = (chat.orders.new_id(), Author::Agent(agent.aid.clone()));
    let order = chat.orders.make_from_room(id, company, by, wanted).await?;
    answer(&Added { success: true, fault_id: order.id.to_string() })
}

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
