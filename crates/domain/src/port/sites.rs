//! Where is kept on which pages a company shows itself.

use super::Answer;
use crate::model::{CompanyId, Origin, Site, Time};

pub trait Sites: Send + Sync {
    /// A page of this origin was there at `now`. Of a company the [`SITES`](crate::limits::SITES) that were there last are
    /// kept.
    fn saw(&self, company: &CompanyId, origin: &Origin, now: Time) -> Answer<'_, ()>;

    /// Those of a company, whichever was there last first.
    fn of(&self, company: &CompanyId) -> Answer<'_, Vec<Site>>;
}
