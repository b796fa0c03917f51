//! Who calls `/api/v1`: a program with an API key, or an agent with a ticket. Both come as `Authorization: Bearer …`.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use nodechat_domain::model::{self, ApiKey, CompanyId, Name, Person, PlatformCaller, Realm, Secret, Side};
use nodechat_domain::{Error, Result, app};

use super::problem::Refusal;
use crate::http::Api;
use crate::http::caller::foreign_origin;
use crate::proxy::Peer;

/// Somebody who calls, for one company: its own, or the one that the query names as `companyid`. Functions of `app` take
/// it as it is.
#[derive(Debug, Clone)]
pub struct Caller {
    caller: model::Caller,
    shown: Shown,
}

/// What somebody has shown, before any company is named.
#[derive(Debug, Clone)]
pub enum Shown {
    /// A program's.
    Key(Arc<ApiKey>),
    /// An agent's ticket.
    Agent(Arc<Person>),
}

/// A program of the platform, where no company is meant.
#[derive(Debug, Clone)]
pub struct Platform(pub PlatformCaller);

/// Somebody who calls for one company, or the platform's program when it names none.
#[derive(Debug, Clone)]
pub enum CompanyOrPlatform {
    Company(Caller),
    Platform(PlatformCaller),
}

/// Prefixes of credentials tell which kind they are.
const TICKET: &str = "ncx_";

impl Caller {
    /// The agent in person, where only one can be meant.
    pub fn agent(&self) -> Result<&Person> {
        match &self.shown {
            Shown::Agent(person) => Ok(person),
            Shown::Key(_) => Err(Error::Forbidden),
        }
    }

    /// What an agent is called; what a key is called.
    pub fn nick(&self) -> &Name {
        match &self.shown {
            Shown::Agent(person) => &person.nick,
            Shown::Key(key) => &key.name,
        }
    }
}

impl Shown {
    /// A name that no other has, for what is kept for each.
    pub fn name(&self) -> String {
        match self {
            Shown::Key(key) => format!("key {}", key.id),
            Shown::Agent(person) => {
                let company = person.company().map(CompanyId::as_str).unwrap_or_default();
                format!("agent {company} {}", person.aid)
            }
        }
    }
}

impl Deref for Caller {
    type Target = model::Caller;

    fn deref(&self) -> &model::Caller {
        &self.caller
    }
}

impl FromRequestParts<Arc<Api>> for Shown {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Refusal> {
        // Asked for more than once in one request, looked up once.
        if let Some(known) = parts.extensions.get::<Shown>() {
            return Ok(known.clone());
        }
        let secret = parts.headers.get(header::AUTHORIZATION).and_then(bearer).ok_or(Error::BadKey)?;
        let origin = foreign_origin(&parts.headers);
        let ip = address(parts);
        // Guessing is slowed down by address.
        let shown = api.limits.guarded(ip, recognize(api, &secret, origin, ip)).await?;
        parts.extensions.insert(shown.clone());
        Ok(shown)
    }
}

impl FromRequestParts<Arc<Api>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Refusal> {
        let shown = Shown::from_request_parts(parts, api).await?;
        let named = named_company(parts)?;
        let caller = match &shown {
            Shown::Key(key) => api.admin.key_calls(key, named.as_ref()).await?,
            Shown::Agent(person) if named.is_none() || named.as_ref() == person.company() => {
                api.admin.agent_calls(person).await?
            }
            Shown::Agent(_) => return Err(Error::Forbidden.into()),
        };
        let caller = model::Caller { address: Some(address(parts)), ..caller };
        Ok(Caller { caller, shown })
    }
}

impl FromRequestParts<Arc<Api>> for Platform {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Refusal> {
        match Shown::from_request_parts(parts, api).await? {
            Shown::Key(key) => {
                let caller = app::Platform::calls(&key)?;
                Ok(Platform(PlatformCaller { address: Some(address(parts)), ..caller }))
            }
            Shown::Agent(_) => Err(Error::Forbidden.into()),
        }
    }
}

impl FromRequestParts<Arc<Api>> for CompanyOrPlatform {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Refusal> {
        let shown = Shown::from_request_parts(parts, api).await?;
        let is_platform = matches!(&shown, Shown::Key(key) if key.owner == Realm::Platform);
        if is_platform && named_company(parts)?.is_none() {
            return Ok(Self::Platform(Platform::from_request_parts(parts, api).await?.0));
        }
        Ok(Self::Company(Caller::from_request_parts(parts, api).await?))
    }
}

/// Where the request comes from.
#[derive(Debug, Clone, Copy)]
pub struct Address(pub IpAddr);

impl FromRequestParts<Arc<Api>> for Address {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _api: &Arc<Api>) -> Result<Self, Refusal> {
        Ok(Address(address(parts)))
    }
}

fn address(parts: &Parts) -> IpAddr {
    let peer = parts.extensions.get::<Peer>();
    peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.addr().ip())
}

async fn recognize(api: &Api, secret: &Secret, origin: Option<&str>, ip: IpAddr) -> Result<Shown> {
    if !secret.reveal().starts_with(TICKET) {
        return Ok(Shown::Key(Arc::new(api.access.key(secret).await?)));
    }
    let person = api.access.authenticate(secret, origin, ip).await?;
    match person.side {
        Side::Agent => Ok(Shown::Agent(Arc::new(person))),
        Side::Visitor => Err(Error::Forbidden),
    }
}

/// What an `Authorization` shows, if it is the way that we know.
pub fn bearer(shown: &HeaderValue) -> Option<Secret> {
    let (scheme, secret) = shown.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::presented(secret.trim()))
}

fn named_company(parts: &Parts) -> Result<Option<CompanyId>> {
    let query = parts.uri.query().unwrap_or_default();
    let named = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "companyid");
    named.filter(|(_, id)| !id.is_empty()).map(|(_, id)| CompanyId::parse(&id)).transpose()
}
