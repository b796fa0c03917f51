//! A program of the platform, which speaks for no company and for each whose users are the platform's.

use std::net::IpAddr;

use super::{Actor, Caller, CompanyId, KeyId, Power, Scopes};
use crate::error::{Error, Result};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformCaller {
    pub key: KeyId,
    pub scopes: Scopes,
    pub address: Option<IpAddr>,
}

impl PlatformCaller {
    pub fn may_read(&self, noun: &str) -> Result<()> {
        if self.scopes.may_read(noun) { Ok(()) } else { Err(Error::Forbidden) }
    }

    pub fn may_write(&self, noun: &str) -> Result<()> {
        if self.scopes.may_write(noun) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// The same program where it administers this company, which is one of the platform's.
    pub fn about(&self, company: CompanyId) -> Caller {
        Caller { company, actor: self.actor(), address: self.address, power: Power::Scopes(self.scopes) }
    }

    pub fn actor(&self) -> Actor {
        Actor::Platform(self.key.to_string().into())
    }
}
