//! Who calls `/api/v1`: a program with an API key, or an agent with a ticket. Both come as `Authorization: Bearer …`.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use nodechat_domain::model::{CompanyId, Hash, Person, Realm, Role, Secret, Side};
use nodechat_domain::{Error, Result};

use super::problem::Refusal;
use crate::http::Api;
use crate::http::caller::text;
use crate::proxy::Peer;

/// Somebody who has shown who it is.
#[derive(Debug, Clone)]
pub enum Caller {
    /// A company's program, or the platform's.
    Key {
        hash: Hash,
        owner: Realm,
    },
    Agent {
        person: Arc<Person>,
        role: Role,
    },
}

/// Prefixes of credentials tell which kind they are.
const TICKET: &str = "ncx_";

impl Caller {
    /// The company that the call is about. The platform's key has to name one; whoever belongs to a company cannot
    /// name another.
    pub fn company(&self, named: Option<&str>) -> Result<CompanyId> {
        let named = named.filter(|named| !named.is_empty()).map(CompanyId::parse).transpose()?;
        let own = match self {
            Caller::Key { owner: Realm::Platform, .. } => return named.ok_or(Error::Missing("companyid")),
            Caller::Key { owner: Realm::Company(own), .. } => own,
            Caller::Agent { person, .. } => person.company().ok_or(Error::Forbidden)?,
        };
        if named.is_some_and(|named| named != *own) { Err(Error::Forbidden) } else { Ok(own.clone()) }
    }

    /// Whether the caller may look at `noun`: an agent from this role on, a key with the scope `noun:read`.
    pub fn may_read(&self, noun: &'static str, least: Role) -> Result<()> {
        self.may(noun, "read", least)
    }

    /// Whether the caller may change `noun`: an agent from this role on, a key with the scope `noun:write`.
    pub fn may_write(&self, noun: &'static str, least: Role) -> Result<()> {
        self.may(noun, "write", least)
    }

    /// The agent, where only one can be meant.
    pub fn agent(&self) -> Result<&Person> {
        match self {
            Caller::Agent { person, .. } => Ok(person),
            Caller::Key { .. } => Err(Error::Forbidden),
        }
    }

    /// A name that no other caller has, for what is kept for each: `Idempotency-Key` and the audit.
    pub fn name(&self) -> String {
        match self {
            Caller::Key { hash, .. } => {
                let begin = hash.0[..8].iter().map(|byte| format!("{byte:02x}")).collect::<String>();
                format!("key {begin}")
            }
            Caller::Agent { person, .. } => {
                let company = person.company().map(CompanyId::as_str).unwrap_or_default();
                format!("agent {company} {}", person.aid)
            }
        }
    }

    fn may(&self, _noun: &'static str, _what: &'static str, least: Role) -> Result<()> {
        match self {
            Caller::Key { .. } => Ok(()),
            Caller::Agent { role, .. } if *role >= least => Ok(()),
            Caller::Agent { .. } => Err(Error::Forbidden),
        }
    }
}

impl FromRequestParts<Arc<Api>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Refusal> {
        // Asked for more than once in one request, looked up once.
        if let Some(known) = parts.extensions.get::<Caller>() {
            return Ok(known.clone());
        }
        let secret = bearer(parts).ok_or(Error::BadKey)?;
        let peer = parts.extensions.get::<Peer>();
        let ip = peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.addr().ip());
        let origin = text(&parts.headers, header::ORIGIN.as_str());
        // Guessing is slowed down by address.
        let caller = api.limits.guarded(ip, recognize(api, &secret, origin)).await?;
        parts.extensions.insert(caller.clone());
        Ok(caller)
    }
}

async fn recognize(api: &Api, secret: &Secret, origin: Option<&str>) -> Result<Caller> {
    if !secret.reveal().starts_with(TICKET) {
        let owner = api.access.credentials.key_owner(secret.hash()).await?.ok_or(Error::BadKey)?;
        return Ok(Caller::Key { hash: secret.hash(), owner });
    }
    let person = api.access.authenticate(secret, origin).await?;
    match person.side {
        Side::Agent => Ok(Caller::Agent { person: Arc::new(person), role: Role::Agent }),
        Side::Visitor => Err(Error::Forbidden),
    }
}

fn bearer(parts: &Parts) -> Option<Secret> {
    let value = text(&parts.headers, header::AUTHORIZATION.as_str())?;
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::presented(secret.trim()))
}
