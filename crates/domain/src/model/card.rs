//! What is known of a visitor besides the talk.

use super::{AccountId, Atype, CompanyId, Time};
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

/// An arrival, whose it is, and at which company: no other one hears of it, not even of a visitor of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    pub company: CompanyId,
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

    /// The same for an address: without what stands behind `#`, and without tokens and tickets, which open something.
    pub fn shortened_address(text: Option<&str>) -> Option<Box<str>> {
        let address = text?.split('#').next().unwrap_or_default();
        let Some((path, query)) = address.split_once('?') else { return Self::shortened(Some(address)) };
        let opens = |part: &&str| {
            let name = part.split('=').next().unwrap_or_default();
            !["token", "ticket"].iter().any(|secret| name.to_ascii_lowercase().contains(secret))
        };
        let kept: Vec<&str> = query.split('&').filter(opens).collect();
        let kept = if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) };
        Self::shortened(Some(&kept))
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
    fn an_address_opens_nothing() {
        let kept = |text: &str| Arrival::shortened_address(Some(text)).map(String::from);
        assert_eq!(kept("https://shop.example/a?b=1&c#d").as_deref(), Some("https://shop.example/a?b=1&c"));
        assert_eq!(kept("https://shop.example/a?token=x").as_deref(), Some("https://shop.example/a"));
        let address = "https://shop.example/a?x=1&access_token=y&Ticket=z&q=token";
        assert_eq!(kept(address).as_deref(), Some("https://shop.example/a?x=1&q=token"));
        assert_eq!(kept("#token=x"), None);
    }

    #[test]
    fn a_tag_is_a_short_word() {
        assert_eq!(Tag::parse(" 大客户 ").unwrap().as_str(), "大客户");
        assert!(Tag::parse(" ").is_err());
        assert!(Tag::parse("a\nb").is_err());
        assert!(Tag::parse(&"长".repeat(51)).is_err());
    }
}
