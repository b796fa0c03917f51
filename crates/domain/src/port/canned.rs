//! Where canned replies are kept.

use super::Answer;
use crate::model::{AccountId, AuditLine, CannedId, CannedReply, CompanyId, Shortcut};

/// Nothing of one company is found with the name of another. An act and its line in the audit are written together.
pub trait CannedReplies: Send + Sync {
    /// Those that fit, by shortcut.
    fn list(&self, query: CannedQuery) -> Answer<'_, Vec<CannedReply>>;

    fn find(&self, company: &CompanyId, id: CannedId) -> Answer<'_, Option<CannedReply>>;

    /// Adds it, or puts it in the place of the one with its id. `Conflict` when its owner has another one with the
    /// shortcut, or when there are too many.
    fn put(&self, reply: CannedReply, line: AuditLine) -> Answer<'_, ()>;

    /// Whether there was one.
    fn remove(&self, company: &CompanyId, id: CannedId, line: AuditLine) -> Answer<'_, bool>;
}

#[derive(Debug, Clone)]
pub struct CannedQuery {
    pub company: CompanyId,
    /// Also those of this agent; none: everybody's only.
    pub reader: Option<AccountId>,
    /// Those whose shortcut or title begins so, or has it in it.
    pub text: Option<Box<str>>,
    /// Behind this one.
    pub after: Option<(Shortcut, CannedId)>,
    pub limit: usize,
}
