//! The kinds of work orders that a company has named.

use super::{CompanyId, Name, OrderKind};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedOrderKind {
    pub company: CompanyId,
    pub kind: OrderKind,
    /// What people read.
    pub label: Name,
    /// They are shown in the order of these numbers.
    pub place: i64,
}
