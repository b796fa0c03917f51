//! A company's numbers. They are written by whoever keeps its desk, in the transaction of what they count.

use super::Answer;
use crate::model::{AccountId, CompanyId, Day, GroupId, StatsRow};

pub trait Stats: Send + Sync {
    /// The rows that fit, by day, group and agent.
    fn rows(&self, query: StatsQuery) -> Answer<'_, Vec<StatsRow>>;
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
