//! What was written about administrative acts, to be read; whoever makes an act durable writes its line.

use super::Answer;
use crate::model::{AuditEntry, AuditLine, CompanyId, Time};

pub trait Audit: Send + Sync {
    /// A line about an act that changes nothing: somebody was shown something.
    fn note(&self, line: AuditLine) -> Answer<'_, ()>;

    /// Lines of one company that fit, the latest first.
    fn page(&self, query: AuditQuery) -> Answer<'_, Vec<AuditEntry>>;
}

#[derive(Debug, Clone)]
pub struct AuditQuery {
    pub company: CompanyId,
    /// Acts that begin so: `agent.` or `agent.create`.
    pub act: Option<Box<str>>,
    /// Acts on this.
    pub subject: Option<Box<str>>,
    /// By whoever has this name.
    pub actor: Option<Box<str>>,
    pub from: Option<Time>,
    pub to: Option<Time>,
    /// Go on behind this one, the last of the page before.
    pub before: Option<i64>,
    pub limit: usize,
}

impl AuditQuery {
    pub fn of(company: CompanyId, limit: usize) -> Self {
        Self { company, act: None, subject: None, actor: None, from: None, to: None, before: None, limit }
    }
}
