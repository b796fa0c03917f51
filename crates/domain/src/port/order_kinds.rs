//! Where the kinds of work orders are kept that each company has named.

use super::Answer;
use crate::model::{AuditLine, CompanyId, NamedOrderKind, OrderKind};

/// Nothing of one company is found with the name of another. An act and its line in the audit are written together.
pub trait OrderKinds: Send + Sync {
    /// All of a company, in the order in which they are shown.
    fn all(&self, company: &CompanyId) -> Answer<'_, Vec<NamedOrderKind>>;

    /// Adds it, or puts it in the place of the one with its key. `Conflict` when there are too many.
    fn put(&self, kind: NamedOrderKind, line: AuditLine) -> Answer<'_, ()>;

    /// Whether there was one. Work orders of this kind keep it.
    fn remove(&self, company: &CompanyId, kind: &OrderKind, line: AuditLine) -> Answer<'_, bool>;
}
