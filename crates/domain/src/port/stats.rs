//! A company's numbers. They are written by whoever keeps its desk, in the transaction of what they count.

use super::Answer;
use crate::model::{AccountId, CompanyId, Day, GroupId, Pace, StatsRow, Time};

pub trait Stats: Send + Sync {
    /// The rows that fit, by day, group and agent.
    fn rows(&self, query: StatsQuery) -> Answer<'_, Vec<StatsRow>>;

    /// The steps from this one on in which something changed, in their order, behind the last one before. What is older
    /// than a day may be forgotten.
    fn paces(&self, company: &CompanyId, from: Time) -> Answer<'_, Vec<Pace>>;
}

#[derive(Debug, Clone)]
pub struct StatsQuery {
    pub company: CompanyId,
    /// The first and the last day.
    pub from: Day,
    pub to: Day,
    pub agent: Option<AccountId>,
    pub group: Option<GroupId>,
}
