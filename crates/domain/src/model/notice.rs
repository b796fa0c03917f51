//! Something that has happened, as a company's own systems are told of it.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{CompanyId, Time};

/// Written in the same transaction as what it tells of, for each webhook that wants its topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The same for every attempt to deliver it.
    pub id: NoticeId,
    pub company: CompanyId,
    pub topic: Topic,
    /// What exactly, such as `order.created`.
    pub kind: &'static str,
    /// Notices of one thread are delivered in their order: a room's id, a work order's.
    pub thread: Box<str>,
    pub time: Time,
    pub facts: Facts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NoticeId(pub Uuid);

/// What a webhook can ask for. The numbers are single bits: a set of topics is one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(i64)]
pub enum Topic {
    Message = 1,
    Consultation = 2,
    Assignment = 4,
    Rating = 8,
    Order = 16,
    Status = 32,
}

/// A set of topics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Topics(i64);

/// Named texts and numbers as the text of a flat JSON object, in the domain's words; the network layer puts the wire's
/// words in their place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts(String);

impl NoticeId {
    /// Made from what it tells of and nothing else, so that a transaction that runs again makes the same one.
    pub fn of(time: Time, parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let mut random = [0; 10];
        random.copy_from_slice(&hash.finalize()[..10]);
        Self(uuid::Builder::from_unix_timestamp_millis(time.max(0) as u64, &random).into_uuid())
    }
}

impl Topic {
    pub const ALL: [Topic; 6] =
        [Topic::Message, Topic::Consultation, Topic::Assignment, Topic::Rating, Topic::Order, Topic::Status];

    pub fn name(self) -> &'static str {
        match self {
            Topic::Message => "message",
            Topic::Consultation => "consultation",
            Topic::Assignment => "assignment",
            Topic::Rating => "rating",
            Topic::Order => "order",
            Topic::Status => "status",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Topic::ALL.into_iter().find(|topic| topic.name() == name)
    }

    pub fn bit(self) -> i64 {
        self as i64
    }
}

impl Topics {
    pub fn from_bits(bits: i64) -> Self {
        Self(bits & Topic::ALL.into_iter().map(Topic::bit).sum::<i64>())
    }

    pub fn bits(self) -> i64 {
        self.0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn has(self, topic: Topic) -> bool {
        self.0 & topic.bit() != 0
    }

    pub fn iter(self) -> impl Iterator<Item = Topic> {
        Topic::ALL.into_iter().filter(move |topic| self.has(*topic))
    }
}

impl FromIterator<Topic> for Topics {
    fn from_iter<I: IntoIterator<Item = Topic>>(topics: I) -> Self {
        Self(topics.into_iter().fold(0, |bits, topic| bits | topic.bit()))
    }
}

impl Facts {
    #[must_use]
    pub fn text(mut self, key: &'static str, text: &str) -> Self {
        self.key(key);
        quote(&mut self.0, text);
        self
    }

    /// Left out when there is none.
    #[must_use]
    pub fn maybe(self, key: &'static str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(key, text),
            None => self,
        }
    }

    #[must_use]
    pub fn number(mut self, key: &'static str, number: i64) -> Self {
        self.key(key);
        // Writing to a string cannot fail.
        let _ = write!(self.0, "{number}");
        self
    }

    #[must_use]
    pub fn flag(mut self, key: &'static str, flag: bool) -> Self {
        self.key(key);
        self.0.push_str(if flag { "true" } else { "false" });
        self
    }

    pub fn json(&self) -> String {
        format!("{{{}}}", self.0)
    }

    fn key(&mut self, key: &str) {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        quote(&mut self.0, key);
        self.0.push(':');
    }
}

/// A JSON string (RFC 8259, section 7).
fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c < ' ' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_of_the_same_thing_has_the_same_id() {
        assert_eq!(NoticeId::of(5, &["c1", "o1"]), NoticeId::of(5, &["c1", "o1"]));
        for other in
            [NoticeId::of(6, &["c1", "o1"]), NoticeId::of(5, &["c1o", "1"]), NoticeId::of(5, &["c1"])]
        {
            assert_ne!(NoticeId::of(5, &["c1", "o1"]), other);
        }
    }

    #[test]
    fn facts_are_one_flat_object_whatever_they_say() {
        let facts =
            Facts::default().text("a", "安 \"\\\n\u{1}").number("b", -7).maybe("c", None).flag("d", true);
        assert_eq!(facts.json(), r#"{"a":"安 \"\\\u000a\u0001","b":-7,"d":true}"#);
        assert_eq!(Facts::default().json(), "{}");
    }

    #[test]
    fn a_set_of_topics_is_one_number() {
        let topics: Topics = [Topic::Order, Topic::Message, Topic::Order].into_iter().collect();
        assert_eq!(topics.bits(), 17);
        assert_eq!(Topics::from_bits(17 | 1 << 40), topics);
        assert_eq!(topics.iter().map(Topic::name).collect::<Vec<_>>(), ["message", "order"]);
        assert!(topics.has(Topic::Message) && !topics.has(Topic::Status));
    }
}
