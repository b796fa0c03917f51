//! Visitors' cards, for agents and programs of the company.

use std::sync::Arc;

use super::Doer;
use crate::error::{Error, Result};
use crate::limits;
use crate::model::{AccountId, Card, CompanyId, Tag};
use crate::port::{Cards, Clock};

pub struct VisitorCards {
    pub cards: Arc<dyn Cards>,
    pub clock: Arc<dyn Clock>,
}

impl VisitorCards {
    pub async fn find(&self, company: &CompanyId, visitor: &AccountId) -> Result<Card> {
        self.cards.find(company, visitor).await?.ok_or(Error::NotFound("visitor"))
    }

    /// Sticks these tags to the visitor and no others; the card with them.
    pub async fn tag(
        &self,
        company: &CompanyId,
        visitor: &AccountId,
        tags: Vec<Tag>,
        doer: Doer,
    ) -> Result<Card> {
        if tags.len() > limits::TAGS {
            return Err(Error::invalid("tags", "at most 50"));
        }
        self.find(company, visitor).await?;
        let line = doer.line(company, self.clock.now(), "visitor.tag", visitor.as_str());
        self.cards.set_tags(company, visitor, tags, line).await?;
        self.find(company, visitor).await
    }
}
