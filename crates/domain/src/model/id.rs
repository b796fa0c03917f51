//! Names of things. Each is checked where it enters and trusted from then on.

use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

use crate::error::{Error, Result};
use crate::limits;

/// A company (merchant): `[A-Za-z0-9_-]`, 1 to 64 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CompanyId(Arc<str>);

impl CompanyId {
    pub fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::Missing("companyid"));
        }
        let fits = text.len() <= limits::COMPANY_ID_CHARS
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if !fits {
            return Err(Error::invalid("companyid", "letters, digits, `_` and `-`, at most 64"));
        }
        Ok(Self(text.into()))
    }

    /// An id for a company of this name: its words in small ASCII letters with `-` between them, or `main`.
    pub fn named(name: &Name) -> Self {
        let letters = name.as_str().to_ascii_lowercase();
        let words =
            letters.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let id = words.collect::<Vec<_>>().join("-");
        let id = id.get(..limits::COMPANY_ID_CHARS).unwrap_or(&id).trim_end_matches('-');
        Self(if id.is_empty() { "main" } else { id }.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A person's id on the host site: 1 to 128 characters, none of them a control character.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(Arc<str>);

impl AccountId {
    pub fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::Missing("aid"));
        }
        if text.chars().count() > limits::ACCOUNT_ID_CHARS || text.chars().any(char::is_control) {
            return Err(Error::invalid("aid", "at most 128 characters, no control characters"));
        }
        Ok(Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A short text for people to read: a nick, an account, a company's name. At most 200 characters,
/// no control characters; may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Name(Box<str>);

impl Name {
    pub fn parse(field: &'static str, text: &str) -> Result<Self> {
        if text.chars().count() > limits::NAME_CHARS || text.chars().any(char::is_control) {
            return Err(Error::invalid(field, "at most 200 characters, no control characters"));
        }
        Ok(Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The room between one visitor and one company: `/U2S_<aid>#<companyid>` (contract A2).
///
/// The id says who may enter, so that most strangers are turned away without a look at the store.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoomId(Arc<str>);

const ROOM_PREFIX: &str = "/U2S_";

impl RoomId {
    pub fn between(visitor: &AccountId, company: &CompanyId) -> Self {
        Self(format!("{ROOM_PREFIX}{}#{}", visitor.as_str(), company.as_str()).into())
    }

    pub fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::Missing("roomid"));
        }
        let id = Self(text.into());
        let (aid, company) = id.parts().ok_or_else(|| Error::invalid("roomid", "it names no room"))?;
        AccountId::parse(aid)
            .and_then(|_| CompanyId::parse(company))
            .map_err(|_| Error::invalid("roomid", "it names no room"))?;
        Ok(id)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn aid(&self) -> &str {
        self.parts().expect("checked by both constructors").0
    }

    pub fn company(&self) -> &str {
        self.parts().expect("checked by both constructors").1
    }

    /// A company id has no `#`, so the last one divides, whatever the visitor is called.
    fn parts(&self) -> Option<(&str, &str)> {
        self.0.strip_prefix(ROOM_PREFIX)?.rsplit_once('#')
    }
}

/// The name of a message, made by the client that sends it (contract C2) or by the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(pub Uuid);

impl MessageId {
    pub fn parse(text: &str) -> Result<Self> {
        Uuid::parse_str(text).map(Self).map_err(|_| Error::invalid("id", "it is not a uuid"))
    }

    /// A version 7 uuid (RFC 9562, section 5.7) for a message whose client made none.
    pub fn at(time_ms: i64, random: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(time_ms.max(0) as u64, &random).into_uuid())
    }
}

/// The name of one human consultation inside a room (contract: `chatid`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChatId(pub Uuid);

impl ChatId {
    pub fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::Missing("chatid"));
        }
        Uuid::parse_str(text).map(Self).map_err(|_| Error::invalid("chatid", "it is not a uuid"))
    }

    /// A version 7 uuid (RFC 9562, section 5.7).
    pub fn at(time_ms: i64, random: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(time_ms.max(0) as u64, &random).into_uuid())
    }
}

/// A group (skill) of a company's agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupId(pub Uuid);

impl GroupId {
    pub fn parse(text: &str) -> Result<Self> {
        Uuid::parse_str(text).map(Self).map_err(|_| Error::invalid("groupid", "it is not a uuid"))
    }

    /// A version 7 uuid (RFC 9562, section 5.7).
    pub fn at(time_ms: i64, random: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(time_ms.max(0) as u64, &random).into_uuid())
    }
}

macro_rules! shows_itself {
    ($($name:ty),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}
shows_itself!(CompanyId, AccountId, Name, RoomId, MessageId, ChatId, GroupId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_id_tells_its_two_sides_whatever_the_visitor_is_called() {
        let aid = AccountId::parse("a#c1").unwrap();
        let company = CompanyId::parse("c2").unwrap();
        let room = RoomId::between(&aid, &company);
        assert_eq!(room.as_str(), "/U2S_a#c1#c2");
        assert_eq!((room.aid(), room.company()), ("a#c1", "c2"));
        assert_eq!(RoomId::parse(room.as_str()).unwrap(), room);
    }

    #[test]
    fn what_names_no_room_is_refused() {
        for text in
            ["x", "/U2S_", "/U2S_a", "/U2S_#c1", "/U2S_a#", "/U2S_a#c/1", "/U2S_a\u{0}#c1", "U2S_a#c1"]
        {
            assert_eq!(RoomId::parse(text).unwrap_err().code(), crate::Code::Invalid, "{text:?}");
        }
        assert_eq!(RoomId::parse("").unwrap_err().code(), crate::Code::Missing);
    }

    #[test]
    fn an_id_is_made_from_a_companys_name() {
        let id = |name: &str| CompanyId::named(&Name::parse("name", name).unwrap());
        assert_eq!(id(" Mountain & Valley 2 ").as_str(), "mountain-valley-2");
        assert_eq!(id("岭上户外 Outdoor").as_str(), "outdoor");
        assert_eq!(id("岭上户外").as_str(), "main");
        let long = id(&"shop ".repeat(40));
        assert_eq!(CompanyId::parse(long.as_str()).unwrap(), long);
    }

    #[test]
    fn ids_have_their_limits() {
        assert!(CompanyId::parse(&"c".repeat(64)).is_ok());
        assert!(CompanyId::parse(&"c".repeat(65)).is_err());
        assert!(CompanyId::parse("c#1").is_err());
        assert!(AccountId::parse(&"客".repeat(128)).is_ok());
        assert!(AccountId::parse(&"客".repeat(129)).is_err());
        assert!(AccountId::parse("a\nb").is_err());
    }
}
