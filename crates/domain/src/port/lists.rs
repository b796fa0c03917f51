//! Which rooms there are: for the lists of agents.

use super::Answer;
use crate::model::{AccountId, CompanyId, RoomHead, RoomId, Tag};

pub trait Lists: Send + Sync {
    /// Rooms of the company, those opened last first, behind the one of this number. `search`: only those whose
    /// visitor's nick or account has this in it; `tag`: only those whose visitor has this tag. Touches as many rows as it
    /// answers, without a search and a tag; with a tag, rooms of those who have it.
    fn rooms(
        &self,
        company: &CompanyId,
        before: Option<i64>,
        search: Option<&str>,
        tag: Option<&Tag>,
        limit: usize,
    ) -> Answer<'_, Vec<Numbered>>;

    /// Those of the rooms with a consultation that is not over whose visitor has this tag.
    fn tagged(&self, company: &CompanyId, tag: &Tag) -> Answer<'_, Vec<RoomId>>;

    /// Everybody who may answer for this company, by account id.
    fn staff(&self, company: &CompanyId, limit: usize) -> Answer<'_, Vec<AccountId>>;

    /// Rooms of the company that this agent has entered at some time, those opened last first.
    fn entered(&self, company: &CompanyId, agent: &AccountId, limit: usize) -> Answer<'_, Vec<RoomHead>>;
}

/// A room and its place among all of its company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    /// Larger for each room that is opened.
    pub number: i64,
    pub head: RoomHead,
}
