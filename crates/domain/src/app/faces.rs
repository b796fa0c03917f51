//! Faces: what anybody may see of a company before a word is said.

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::model::{Company, CompanyId};
use crate::port::{Clock, Companies};

pub struct Faces {
    pub companies: Arc<dyn Companies>,
    pub clock: Arc<dyn Clock>,
}

/// A company, and whether it is within its business hours.
pub struct Face {
    pub company: Company,
    pub open: bool,
}

impl Faces {
    /// Shown to whoever asks. A company that is not there is refused as it is to an anonymous visitor.
    pub async fn face(&self, company: &CompanyId) -> Result<Face> {
        let company = self.companies.find(company).await?.ok_or(Error::Forbidden)?;
        let open = company.settings.open_at(self.clock.now());
        Ok(Face { company, open })
    }
}
