//! Where API keys are kept.

use super::Answer;
use crate::model::{ApiKey, AuditLine, Hash, KeyId, Realm, Time};

/// An act and its line in the audit are written together; the platform's keys have no company, and no line.
pub trait Keys: Send + Sync {
    fn find(&self, hash: Hash) -> Answer<'_, Option<ApiKey>>;

    /// All keys of a company or of the platform, the newest first.
    fn of(&self, owner: &Realm) -> Answer<'_, Vec<ApiKey>>;

    fn add(&self, key: ApiKey, line: Option<AuditLine>) -> Answer<'_, ()>;

    /// Whether there was one.
    fn revoke(&self, owner: &Realm, id: KeyId, line: Option<AuditLine>) -> Answer<'_, bool>;

    /// Remembers that the key was used. May be forgotten.
    fn used(&self, hash: Hash, now: Time) -> Answer<'_, ()>;
}
