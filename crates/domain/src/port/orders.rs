//! Where work orders are kept, with their history.

use super::Answer;
use crate::error::Result;
use crate::model::{AccountId, Changed, CompanyId, Order, OrderId, OrderLine, OrderState, Time};

/// Nothing of one company is found with the name of another. Whatever changes is durable when it is answered, and the
/// notices about it ([`decide::notice::of_order`](crate::decide::notice::of_order)) are written with it, all or none.
pub trait Orders: Send + Sync {
    /// Keeps one that has just been opened; how it is then. None, and nothing has happened, when there is one of this
    /// id: the same call has come before.
    fn add(&self, opened: Changed) -> Answer<'_, Option<Order>>;

    fn find(&self, company: &CompanyId, id: OrderId) -> Answer<'_, Option<Order>>;

    /// Changes one as `decide` says, isolated from every other change to it; none when there is no such one. `decide` may
    /// be called more than once; only what it says last counts.
    fn change(&self, company: &CompanyId, id: OrderId, decide: DecideOrder) -> Answer<'_, Option<Changed>>;

    /// Lines of a history from a number on, the oldest first.
    fn lines(&self, company: &CompanyId, id: OrderId, from: i64, limit: usize) -> Answer<'_, Vec<OrderLine>>;

    /// Those that fit, the newest first.
    fn list(&self, query: OrderQuery) -> Answer<'_, Vec<Order>>;

    /// How many there are in each state, for a board.
    fn counts(&self, company: &CompanyId) -> Answer<'_, OrderCounts>;

    /// What visitors have to hear of, on whatever node it happened, in the order in which it was committed: whoever has
    /// seen a number never misses a smaller one.
    fn news(&self, after: i64, limit: usize) -> Answer<'_, Vec<OrderNews>>;

    /// The number of the latest of these; 0 when there was none yet.
    fn latest_news(&self) -> Answer<'_, i64>;

    /// Forgets news before this time; how many.
    fn forget_news(&self, before: Time) -> Answer<'_, u64>;
}

/// Hears that something was written that others have to be told; may be rung for nothing, and must not block.
pub trait Bell: Send + Sync {
    fn ring(&self);
}

pub type DecideOrder = Box<dyn FnMut(&Order) -> Result<Changed> + Send>;

/// Which work orders are wanted.
#[derive(Debug, Clone)]
pub struct OrderQuery {
    pub company: CompanyId,
    pub submitter: Option<AccountId>,
    pub owner: Option<AccountId>,
    pub state: Option<OrderState>,
    pub kind: Option<Box<str>>,
    /// Made at or after.
    pub from: Option<Time>,
    /// Made before.
    pub to: Option<Time>,
    /// Go on behind this one, the last of the page before.
    pub after: Option<(Time, OrderId)>,
    pub limit: usize,
}

/// In the order of [`OrderState::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OrderCounts {
    pub by_state: [i64; 5],
    /// Those that are not closed and that nobody looks after.
    pub unowned: i64,
}

/// A work order has changed for its visitor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderNews {
    pub number: i64,
    pub order: Order,
}

impl OrderQuery {
    pub fn of(company: CompanyId, limit: usize) -> Self {
        Self {
            company,
            submitter: None,
            owner: None,
            state: None,
            kind: None,
            from: None,
            to: None,
            after: None,
            limit,
        }
    }
}
