//! Where it is kept what a company knows of its visitors besides the talk.

use super::Answer;
use crate::model::{AccountId, Arrived, AuditLine, Card, CompanyId, Tag};

/// Nothing of one company is found with the name of another.
pub trait Cards: Send + Sync {
    /// None when nobody of this name ever had a ticket or a token for the company or, where the visitors are the
    /// platform's, has ever been in a room of the company.
    fn find(&self, company: &CompanyId, visitor: &AccountId) -> Answer<'_, Option<Card>>;

    /// Keeps how people came, in the place of the last time.
    fn arrived(&self, people: Vec<Arrived>) -> Answer<'_, ()>;

    /// Keeps these tags in the place of those there are; an act and its line in the audit are written together.
    fn set_tags(
        &self,
        company: &CompanyId,
        visitor: &AccountId,
        tags: Vec<Tag>,
        line: AuditLine,
    ) -> Answer<'_, ()>;
}
