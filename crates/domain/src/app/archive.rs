//! A company's whole history: looked through, handed out, erased.

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::model::{AccountId, Caller, Erasure, Hit, Role, SearchQuery};
use crate::port::{Clock, Erasures, ExportPage, ExportPlace, ExportQuery, Exports, Search};

pub struct Archive {
    pub search: Arc<dyn Search>,
    pub exports: Arc<dyn Exports>,
    pub erasures: Arc<dyn Erasures>,
    pub clock: Arc<dyn Clock>,
}

impl Archive {
    /// Messages of the caller's company; every agent may look.
    pub async fn find(&self, caller: &Caller, query: SearchQuery) -> Result<Vec<Hit>> {
        caller.may_read("messages", Role::Agent)?;
        own(caller, &query.company)?;
        self.search.find(query).await
    }

    /// Whether the caller may have them all at once.
    pub fn may_export(&self, caller: &Caller) -> Result<()> {
        caller.may_read("exports", Role::Supervisor)
    }

    /// The part of an export that begins at this place.
    pub async fn export(&self, caller: &Caller, wanted: &ExportQuery, at: ExportPlace) -> Result<ExportPage> {
        self.may_export(caller)?;
        own(caller, &wanted.company)?;
        self.exports.page(wanted.clone(), at).await
    }

    /// Everything of this visitor is to go; a job does it, whatever happens to this server meanwhile.
    pub async fn erase(&self, caller: &Caller, aid: AccountId) -> Result<Erasure> {
        caller.may_write("persons", Role::Admin)?;
        let line = caller.line(self.clock.now(), "person.erase", aid.as_str());
        self.erasures.ask(aid, line).await
    }

    pub async fn erasure(&self, caller: &Caller, number: i64) -> Result<Erasure> {
        caller.may_read("persons", Role::Admin)?;
        let erasure = self.erasures.find(&caller.company, number).await?;
        erasure.ok_or(Error::NotFound("erasure"))
    }
}

fn own(caller: &Caller, company: &crate::model::CompanyId) -> Result<()> {
    if caller.company == *company { Ok(()) } else { Err(Error::Forbidden) }
}
