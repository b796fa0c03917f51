//! Visitors' cards, for agents and programs of the company.

use std::sync::Arc;

use super::Doer;
use crate::error::{Error, Result};
use crate::limits;
use crate::model::desk::{Consultation, Past};
use crate::model::{AccountId, Card, CompanyId, Note, Person, Realm, RoomId, Side, Tag};
use crate::port::{Cards, Clock, Desks, PastQuery, Rooms};

pub struct VisitorCards {
    pub cards: Arc<dyn Cards>,
    pub desks: Arc<dyn Desks>,
    pub rooms: Arc<dyn Rooms>,
    pub clock: Arc<dyn Clock>,
}

/// What a company knows of one of its visitors, and what it has had to do with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullCard {
    pub card: Card,
    pub room: RoomId,
    /// The one that is not over.
    pub running: Option<Consultation>,
    /// Those that are, the latest first.
    pub past: Vec<Past>,
    /// The latest ones, in their order.
    pub notes: Vec<Note>,
}

/// Earlier consultations, and notes, that a card shows.
const SHOWN: usize = 20;

impl VisitorCards {
    pub async fn find(&self, company: &CompanyId, visitor: &AccountId) -> Result<FullCard> {
        let card = self.cards.find(company, visitor).await?.ok_or(Error::NotFound("visitor"))?;
        let room = RoomId::between(visitor, company);
        let past = PastQuery { room: Some(room.clone()), ..PastQuery::of(company.clone(), SHOWN) };
        let past = self.desks.past(past).await?;
        let mut notes = Vec::new();
        let mut running = None;
        if let Some(head) = self.rooms.heads(std::slice::from_ref(&room)).await?.pop() {
            notes = self.rooms.notes(&room, (head.notes - SHOWN as i64).max(0), SHOWN).await?;
            running = self.desks.look(company, self.clock.now()).await?.in_room(&room).cloned();
        }
        Ok(FullCard { card, room, running, past, notes })
    }

    /// The card of a room's visitor, for an agent of the room's company.
    pub async fn of_room(&self, agent: &Person, room: &RoomId) -> Result<FullCard> {
        match (agent.side, &agent.realm) {
            (Side::Agent, Realm::Company(company)) if company.as_str() == room.company() => {
                self.find(company, &AccountId::parse(room.aid())?).await
            }
            _ => Err(Error::Forbidden),
        }
    }

    /// Sticks these tags to the visitor and no others; the card with them.
    pub async fn tag(
        &self,
        company: &CompanyId,
        visitor: &AccountId,
        tags: Vec<Tag>,
        doer: Doer,
    ) -> Result<FullCard> {
        if tags.len() > limits::TAGS {
            return Err(Error::invalid("tags", "at most 50"));
        }
        self.find(company, visitor).await?;
        let line = doer.line(company, self.clock.now(), "visitor.tag", visitor.as_str());
        self.cards.set_tags(company, visitor, tags, line).await?;
        self.find(company, visitor).await
    }
}
