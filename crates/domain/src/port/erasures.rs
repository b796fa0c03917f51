//! Erasing: bodies, names, files and notes go, positions stay. In pieces of bounded size, each one transaction, so that a
//! restart in the middle costs nothing and nobody waits long.

use super::Answer;
use crate::model::{AccountId, AuditLine, CompanyId, Doomed, Erasure, Time};

pub trait Erasures: Send + Sync {
    /// Notes down that everything of this visitor of the company is to go, with its line in the audit. Asked again while
    /// it goes on, it is the same.
    fn ask(&self, aid: AccountId, line: AuditLine) -> Answer<'_, Erasure>;

    fn find(&self, company: &CompanyId, number: i64) -> Answer<'_, Option<Erasure>>;

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
