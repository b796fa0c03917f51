//! Where the words are kept that companies do not want to see.

use super::Answer;
use crate::model::{AuditLine, CompanyId, SensitiveWord, Word};

/// Nothing of one company is found with the name of another. An act and its line in the audit are written together, and
/// [`Revisions`](super::Revisions) tell of it.
pub trait SensitiveWords: Send + Sync {
    /// By word, behind `after`.
    fn page(&self, company: &CompanyId, after: Option<Word>, limit: usize) -> Answer<'_, Vec<SensitiveWord>>;

    fn all(&self, company: &CompanyId) -> Answer<'_, Vec<SensitiveWord>>;

    fn find(&self, company: &CompanyId, word: &Word) -> Answer<'_, Option<SensitiveWord>>;

    /// Adds them, or treats those that are there in the new way. `Conflict` when there are too many.
    fn put(&self, company: &CompanyId, words: Vec<SensitiveWord>, line: AuditLine) -> Answer<'_, ()>;

    /// Whether it was there.
    fn remove(&self, company: &CompanyId, word: &Word, line: AuditLine) -> Answer<'_, bool>;
}
