//! Erasing: bodies, names, files and notes go, positions stay. In pieces of bounded size, each one transaction, so that a
//! restart in the middle costs nothing and nobody waits long.

use super::Answer;
use crate::error::Result;
use crate::model::{
    AccountId, Agent, AgentsWords, AuditLine, CompanyId, Doomed, Erasure, PlatformCaller, Realm, Time,
};

/// Asked for again while it goes on, an erasure is the same.
pub trait Erasures: Send + Sync {
    /// Notes down that everything of this visitor of the company is to go, with its line in the audit. What a person of
    /// the platform said to other companies stays, and so does what the platform knows of it.
    fn ask(&self, aid: AccountId, line: AuditLine) -> Answer<'_, Erasure>;

    /// The same for an agent. If the company has such an account, `decide` is asked; no two such acts in one company happen
    /// at once. It opens nothing any more from then on. `decide` may be called more than once.
    fn ask_of_agent(
        &self,
        aid: AccountId,
        words: AgentsWords,
        decide: DecideErasure,
        line: AuditLine,
    ) -> Answer<'_, Erasure>;

    /// The same for a person of the platform, at every company. Each company that has known it finds a line in its audit
    /// when its turn has come.
    fn ask_everywhere(&self, aid: AccountId, by: &PlatformCaller, now: Time) -> Answer<'_, Erasure>;

    /// One that a company, or the platform, has asked for.
    fn find(&self, realm: &Realm, number: i64) -> Answer<'_, Option<Erasure>>;

    /// The next piece of whatever is asked for. False: there is nothing.
    fn erase_some(&self, now: Time) -> Answer<'_, bool>;

    /// Erases messages of the company that were sent before this time, and its uploads, in rooms with numbers from
    /// `room` on. Where to go on; none when that was all.
    fn expire_some(&self, company: &CompanyId, before: Time, room: i64) -> Answer<'_, Option<i64>>;

    /// Files whose bytes have to go, at most `limit`.
    fn doomed(&self, limit: usize) -> Answer<'_, Vec<Doomed>>;

    /// The bytes of these files are gone.
    fn removed(&self, files: Vec<Doomed>) -> Answer<'_, ()>;
}

/// Whether this agent may be erased. The number: other active owners of its company.
pub type DecideErasure = Box<dyn FnMut(&Agent, u32) -> Result<()> + Send>;
