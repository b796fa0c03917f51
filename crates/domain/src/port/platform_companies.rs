//! The companies whose users are the platform's, as the platform's programs make and see them.

use super::Answer;
use crate::model::{Agent, AuditLine, Company, CompanyId, PasswordHash};

pub trait PlatformCompanies: Send + Sync {
    /// The company and the first who logs in there, both or neither, each with its line in the audit. `Conflict` when the
    /// id is taken, by whichever company. The line is that of the company.
    fn found(
        &self,
        company: Company,
        owner: Agent,
        password: PasswordHash,
        line: AuditLine,
    ) -> Answer<'_, ()>;

    /// Those behind this one, by id, with their settings.
    fn page(&self, after: Option<CompanyId>, limit: usize) -> Answer<'_, Vec<Company>>;
}
