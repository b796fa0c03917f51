//! Where questions and the rules of the bots are kept.

use super::Answer;
use crate::model::{AuditLine, BotRules, CompanyId, Question, QuestionId, QuestionItem};

/// Nothing of one company is found with the name of another. Whatever is answered is durable, an act and its line
/// in the audit together. Each change is a
/// [`Revision`](super::Revision) of the topic `questions`.
pub trait Questions: Send + Sync {
    /// All of a company, in their order.
    fn all(&self, company: &CompanyId) -> Answer<'_, Vec<Question>>;

    /// Those behind the one of this rank and id, in their order.
    fn page(
        &self,
        company: &CompanyId,
        after: Option<(i64, QuestionId)>,
        limit: usize,
    ) -> Answer<'_, Vec<Question>>;

    fn find(&self, company: &CompanyId, id: QuestionId) -> Answer<'_, Option<Question>>;

    /// These of the company's items that are enabled, in any order.
    fn items(&self, company: &CompanyId, ids: &[QuestionId]) -> Answer<'_, Vec<QuestionItem>>;

    /// Keeps a question in the place of the one with its id, or as a new one. `Conflict` when the company would have (by much) more
    /// than [`limits::QUESTIONS`](crate::limits::QUESTIONS) items, or when another question has an item of the same id.
    fn put(&self, company: &CompanyId, question: Question, line: AuditLine) -> Answer<'_, ()>;

    /// Keeps these in the place of all there are; the same limits.
    fn replace(&self, company: &CompanyId, questions: Vec<Question>, line: AuditLine) -> Answer<'_, ()>;

    /// Whether it was there.
    fn remove(&self, company: &CompanyId, id: QuestionId, line: AuditLine) -> Answer<'_, bool>;

    /// The usual ones when the company has not said anything.
    fn rules(&self, company: &CompanyId) -> Answer<'_, BotRules>;

    fn set_rules(&self, company: &CompanyId, rules: BotRules, line: AuditLine) -> Answer<'_, ()>;

    /// Companies that have questions.
    fn companies(&self) -> Answer<'_, Vec<CompanyId>>;

    /// Whether this company has questions.
    fn has_any(&self, company: &CompanyId) -> Answer<'_, bool>;
}
