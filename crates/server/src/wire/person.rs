//! People on the wire: what a host site tells of them, what they are told of themselves.

use nodechat_domain::app::NewPerson;
use nodechat_domain::limits;
use nodechat_domain::model::{AccountId, Atype, CompanyId, Name, Person, Secret, Side, Time};
use nodechat_domain::{Error, Result};
use serde::Serialize;

use super::Params;

/// `data` of a ticket.
#[derive(Serialize)]
pub struct PersonBody<'a> {
    pub aid: &'a str,
    pub mid: &'a str,
    pub account: &'a str,
    pub nick: &'a str,
}

/// Event `session`, right after a socket was let in; `datas` of the SDK's `connect`.
#[derive(Serialize)]
pub struct Session<'a> {
    #[serde(flatten)]
    pub person: PersonBody<'a>,
    pub r#type: &'static str,
    pub atype: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub companyid: Option<&'a str>,
    pub time: Time,
    pub epoch: &'a str,
}

impl<'a> From<&'a Person> for PersonBody<'a> {
    fn from(person: &'a Person) -> Self {
        Self {
            aid: person.aid.as_str(),
            mid: person.mid.as_str(),
            account: person.account.as_str(),
            nick: person.nick.as_str(),
        }
    }
}

impl<'a> Session<'a> {
    pub fn new(person: &'a Person, atype: Atype, time: Time, epoch: &'a str) -> Self {
        Self {
            person: person.into(),
            r#type: side_name(person.side),
            atype: atype_name(atype),
            companyid: person.company().map(CompanyId::as_str),
            time,
            epoch,
        }
    }
}

/// Whom the host site vouches for with `token`.
pub fn person_request(params: &Params) -> Result<NewPerson> {
    let aid = AccountId::parse(params.required("aid")?)?;
    let or_aid = |key: &'static str| Name::parse(key, params.text(key)?.unwrap_or(aid.as_str()));
    let attributes = params.object("attributes")?.map(attributes).transpose()?;
    Ok(NewPerson {
        side: side(params.required("type")?)?,
        mid: or_aid("mid")?,
        account: or_aid("account")?,
        nick: or_aid("nick")?,
        company: company(params)?,
        visitor: params.text("visitor")?.map(Secret::presented),
        attributes,
        aid,
    })
}

pub fn side(name: &str) -> Result<Side> {
    match name {
        "user" => Ok(Side::Visitor),
        "cs" => Ok(Side::Agent),
        _ => Err(Error::invalid("type", "user or cs")),
    }
}

pub fn side_name(side: Side) -> &'static str {
    match side {
        Side::Visitor => "user",
        Side::Agent => "cs",
    }
}

pub fn atype(name: &str) -> Result<Atype> {
    match name {
        "uweb" => Ok(Atype::Uweb),
        "uwap" => Ok(Atype::Uwap),
        "cweb" => Ok(Atype::Cweb),
        "cwap" => Ok(Atype::Cwap),
        "" => Err(Error::Missing("atype")),
        _ => Err(Error::invalid("atype", "uweb, uwap, cweb or cwap")),
    }
}

fn atype_name(atype: Atype) -> &'static str {
    match atype {
        Atype::Uweb => "uweb",
        Atype::Uwap => "uwap",
        Atype::Cweb => "cweb",
        Atype::Cwap => "cwap",
    }
}

/// `companyid`, or `shopid` as older pages say.
pub fn company(params: &Params) -> Result<Option<CompanyId>> {
    let named = params.text("companyid")?.or(params.text("shopid")?);
    named.map(CompanyId::parse).transpose()
}

fn attributes(text: String) -> Result<Box<str>> {
    if text.len() > limits::ATTRIBUTES_BYTES {
        return Err(Error::invalid("attributes", "at most 8,000 bytes of JSON"));
    }
    Ok(text.into())
}
