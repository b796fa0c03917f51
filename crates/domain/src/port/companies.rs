//! Where companies are kept.

use super::Answer;
use crate::model::{Company, CompanyId, Time};

pub trait Companies: Send + Sync {
    fn find(&self, id: &CompanyId) -> Answer<'_, Option<Company>>;

    /// `Conflict` when the id is taken.
    fn add(&self, company: Company, now: Time) -> Answer<'_, ()>;

    /// All companies, by id.
    fn all(&self) -> Answer<'_, Vec<Company>>;
}
