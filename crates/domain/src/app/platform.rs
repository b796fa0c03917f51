//! The platform's own administration: its companies are made, listed and looked at. Companies with users of their own
//! are none of its business, and as unknown to it as those that nobody has made.

use std::sync::Arc;

use super::NewAgent;
use super::admin::account;
use crate::decide::admin as decide;
use crate::error::{Error, Result};
use crate::model::{Agent, ApiKey, Company, CompanyId, PlatformCaller, Realm, Users};
use crate::port::{Agents, Clock, Companies, Passwords, PlatformCompanies};

pub struct Platform {
    pub founded: Arc<dyn PlatformCompanies>,
    pub companies: Arc<dyn Companies>,
    pub agents: Arc<dyn Agents>,
    pub passwords: Arc<dyn Passwords>,
    pub clock: Arc<dyn Clock>,
}

impl Platform {
    /// What a program with this key may do for the platform; nothing with a company's.
    pub fn calls(key: &ApiKey) -> Result<PlatformCaller> {
        match key.owner {
            Realm::Platform => Ok(PlatformCaller { key: key.id, scopes: key.scopes, address: None }),
            Realm::Company(_) => Err(Error::Forbidden),
        }
    }

    /// The platform's companies behind this one, by id.
    pub async fn list(
        &self,
        caller: &PlatformCaller,
        after: Option<CompanyId>,
        limit: usize,
    ) -> Result<Vec<Company>> {
        caller.may_read(COMPANIES)?;
        self.founded.page(after, limit).await
    }

    pub async fn company(&self, caller: &PlatformCaller, id: &CompanyId) -> Result<Company> {
        caller.may_read(COMPANIES)?;
        let company = self.companies.find(id).await?;
        company.filter(|company| company.users == Users::Platform).ok_or(Error::NotFound("company"))
    }

    /// A new company with its first owner. Made again by the same call (the owner's account id follows from it), it is the
    /// one that is there.
    pub async fn found(
        &self,
        caller: &PlatformCaller,
        company: Company,
        owner: NewAgent,
    ) -> Result<(Company, Agent)> {
        let now = self.clock.now();
        let (owner, password) = account(company.id.clone(), owner, now)?;
        decide::found(caller, &company, &owner)?;
        if let Some(made) = self.made_before(&company, &owner).await? {
            return Ok(made);
        }
        let password = self.passwords.hash(password).await?;
        let mut line = caller.about(company.id.clone()).line(now, "company.create", company.id.as_str());
        line.note = company.name.as_str().into();
        self.founded.found(company.clone(), owner.clone(), password, line).await?;
        Ok((company, owner))
    }

    async fn made_before(&self, company: &Company, owner: &Agent) -> Result<Option<(Company, Agent)>> {
        let Some(known) = self.companies.find(&company.id).await? else { return Ok(None) };
        let there = self.agents.find(&known.id, &owner.aid).await?;
        let there = there.filter(|there| there.login == owner.login && known.users == company.users);
        let there = there.ok_or_else(|| Error::conflict("there is a company of this id already"))?;
        Ok(Some((known, there)))
    }
}

const COMPANIES: &str = "companies";
