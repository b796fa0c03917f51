//! Where companies and their settings are kept.

use super::Answer;
use crate::error::Result;
use crate::model::{AuditLine, Company, CompanyId, Time};

/// An act and its line in the audit are written together, and [`Revisions`](super::Revisions) tell of it.
pub trait Companies: Send + Sync {
    /// With its settings.
    fn find(&self, id: &CompanyId) -> Answer<'_, Option<Company>>;

    /// `Conflict` when the id is taken. Made by the server itself or from its command line.
    fn add(&self, company: Company, now: Time) -> Answer<'_, ()>;

    /// Puts what `decide` makes of the company in its place; as it is then. `decide` may be called more than once; no two
    /// of these acts on one company happen at once. Id and users stay as they are. `NotFound` when there is no such
    /// company. The names of what has changed become the note of the line; where nothing has, there is no line.
    fn change(&self, id: &CompanyId, decide: DecideCompany, line: AuditLine) -> Answer<'_, Company>;

    /// All companies, by id.
    fn all(&self) -> Answer<'_, Vec<Company>>;
}

/// What becomes of a company.
pub type DecideCompany = Box<dyn FnMut(&Company) -> Result<Company> + Send>;
