//! What is known of a visitor besides the talk.

use super::{AccountId, Atype, Realm, Time};
use crate::error::{Error, Result};
use crate::limits;

/// How somebody came when last seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    pub atype: Atype,
    /// `User-Agent`.
    pub browser: Option<Box<str>>,
    /// The page that the chat was opened on.
    pub page: Option<Box<str>>,
    /// Where that page was come to from.
    pub referrer: Option<Box<str>>,
    /// Of the network.
    pub address: Box<str>,
    pub time: Time,
}

/// An arrival and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    pub realm: Realm,
    pub aid: AccountId,
    pub arrival: Arrival,
}

/// A word that agents stick to a visitor: 1 to 50 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag(Box<str>);

/// What a company knows of one of its visitors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    pub person: super::Person,
    pub arrival: Option<Arrival>,
    /// In the order of their letters.
    pub tags: Vec<Tag>,
}

impl Arrival {
    /// The beginning of what a page tells of itself; nothing of it is believed, all of it is bounded.
    pub fn shortened(text: Option<&str>) -> Option<Box<str>> {
        let text = text?.trim();
        let clean: String = text.chars().filter(|c| !c.is_control()).take(limits::ARRIVAL_CHARS).collect();
        (!clean.is_empty()).then(|| clean.into())
    }
}

impl Tag {
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Error::Missing("tags"));
        }
        if text.chars().count() > limits::TAG_CHARS || text.chars().any(char::is_control) {
            return Err(Error::invalid("tags", "at most 50 characters each, no control characters"));
        }
        Ok(Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_tells_is_bounded_and_clean() {
        assert_eq!(Arrival::shortened(Some(" a\u{0}\nb ")).as_deref(), Some("ab"));
        assert_eq!(Arrival::shortened(Some(" \n")), None);
        assert_eq!(Arrival::shortened(Some(&"x".repeat(9_999))).unwrap().len(), limits::ARRIVAL_CHARS);
    }

    #[test]
    fn a_tag_is_a_short_word() {
        assert_eq!(Tag::parse(" 大客户 ").unwrap().as_str(), "大客户");
        assert!(Tag::parse(" ").is_err());
        assert!(Tag::parse("a\nb").is_err());
        assert!(Tag::parse(&"长".repeat(51)).is_err());
    }
}
