//! The first minutes of a server: whoever has the token that it prints makes the first company, and owns it.

use std::net::IpAddr;
use std::sync::Arc;

use super::access::{Access, Admitted};
use super::admin::{NewAgent, account};
use crate::decide::admin as decide;
use crate::error::{Error, Result};
use crate::model::{Agent, AuditLine, Caller, Company, Secret, Time};
use crate::port::{Clock, Entropy, Passwords, SetUps};

/// How long a token is good: a day for whoever has started the server.
const TOKEN_MS: Time = 86_400_000;

pub struct SetUp {
    pub access: Arc<Access>,
    pub set_ups: Arc<dyn SetUps>,
    pub passwords: Arc<dyn Passwords>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

impl SetUp {
    /// A token for whoever starts a node; none when somebody owns a company already. Those of other nodes stay good.
    pub async fn offer(&self) -> Result<Option<Secret>> {
        let (token, now) = (Secret::new("ncs_", &*self.entropy), self.clock.now());
        let is_open = self.set_ups.offer(token.hash(), now + TOKEN_MS, now).await?;
        Ok(is_open.then_some(token))
    }

    pub async fn is_open(&self) -> Result<bool> {
        self.set_ups.is_open().await
    }

    /// The first company with its owner, who is logged in.
    pub async fn begin(
        &self,
        token: &Secret,
        company: Company,
        owner: NewAgent,
        from: IpAddr,
    ) -> Result<(Admitted, Agent)> {
        let now = self.clock.now();
        let (owner, password) = account(company.id.clone(), owner, now)?;
        decide::set_up(&company, &owner)?;
        // Asked first, so that nobody without a token can keep the server busy with passwords.
        if !self.set_ups.admits(token.hash(), now).await? {
            return Err(Error::BadToken);
        }
        let password = self.passwords.hash(password).await?;
        let line = AuditLine {
            note: company.name.as_str().into(),
            address: Some(from),
            ..Caller::operator(company.id.clone()).line(now, "company.create", company.id.as_str())
        };
        self.set_ups.set_up(token.hash(), company, owner.clone(), password, line).await?;
        let person = owner.person();
        let ticket = self.access.admit(person.clone()).await?;
        Ok((Admitted { ticket, person }, owner))
    }
}
