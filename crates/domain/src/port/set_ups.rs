//! The set-up of a server that nobody owns yet.

use super::Answer;
use crate::model::{Agent, AuditLine, Company, Hash, PasswordHash, Time};

pub trait SetUps: Send + Sync {
    /// Whether no company but the demo has an active owner with a password.
    fn is_open(&self) -> Answer<'_, bool>;

    /// Keeps a token until `expires` if that is so, and forgets those that have expired at `now`; whether it is so.
    fn offer(&self, token: Hash, expires: Time, now: Time) -> Answer<'_, bool>;

    /// Whether it is so and the token good at `now`.
    fn admits(&self, token: Hash, now: Time) -> Answer<'_, bool>;

    /// The first company and its owner, and the end of every token, all or nothing. The line is that of the company; the
    /// owner has its own. Of any number of simultaneous calls, with whichever tokens, on any number of nodes, one is made;
    /// the others, and whoever [is not admitted](Self::admits), get `BadToken`. `Conflict` when the company's id is
    /// taken: the token is as good as before.
    fn set_up(
        &self,
        token: Hash,
        company: Company,
        owner: Agent,
        password: PasswordHash,
        line: AuditLine,
    ) -> Answer<'_, ()>;
}
