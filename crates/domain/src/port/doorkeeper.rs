//! Whom a company does not want to hear and what it does not want to see, at hand for every connection and message.

use std::net::IpAddr;

use super::Answer;
use crate::decide::Found;
use crate::model::{AccountId, CompanyId, Text};

pub trait Doorkeeper: Send + Sync {
    /// Whether the company's blacklist keeps out the visitor `aid` who comes from `ip`. What was changed on another node
    /// is known within seconds.
    fn bars<'a>(&'a self, company: &'a CompanyId, aid: &'a AccountId, ip: IpAddr) -> Answer<'a, bool>;

    /// The company's words in a text that somebody wants to say.
    fn looks<'a>(&'a self, company: &'a CompanyId, text: &'a Text) -> Answer<'a, Found>;
}
