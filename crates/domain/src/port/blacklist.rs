//! Where the blacklists are kept.

use super::Answer;
use crate::model::{AuditLine, Ban, BanId, CompanyId, Time};

/// Nothing of one company is found with the name of another. An act and its line in the audit are written together, and
/// [`Revisions`](super::Revisions) tell of it.
pub trait Blacklist: Send + Sync {
    /// Entries, expired ones as well, the latest ids last; behind `after`.
    fn page(&self, company: &CompanyId, after: Option<BanId>, limit: usize) -> Answer<'_, Vec<Ban>>;

    /// All that count at `now`.
    fn of(&self, company: &CompanyId, now: Time) -> Answer<'_, Vec<Ban>>;

    fn find(&self, company: &CompanyId, id: BanId) -> Answer<'_, Option<Ban>>;

    /// `Conflict` when somebody is on the list already, under another id, and the entry has not expired by `ban.since`;
    /// one that has makes way. Also when there are too many. The same entry again is fine.
    fn add(&self, ban: Ban, line: AuditLine) -> Answer<'_, ()>;

    /// Another reason or another end for an entry; whether there was one.
    fn change(&self, ban: Ban, line: AuditLine) -> Answer<'_, bool>;

    /// Whether there was one.
    fn remove(&self, company: &CompanyId, id: BanId, line: AuditLine) -> Answer<'_, bool>;
}
