//! What nodes tell each other about a room: a hint. What of it cannot be understood is found in the room itself.

use nodechat_domain::Result;
use nodechat_domain::model::{
    AccountId, Body, Custom, FileId, ImagePath, Kind, Message, MessageId, Name, Note, Position, Recall,
    Sender, Side, Text, Time, Url,
};
use nodechat_domain::port::Change;
use serde::{Deserialize, Serialize};

use super::cursor::Mark;

/// The shape that this version writes, and understands. Another shape gets another number.
const VERSION: u32 = 1;

/// A message that takes more is not carried; the receivers read it.
const CARRIED_MAX_BYTES: usize = 64 * 1024;

/// What a node has read from another.
#[derive(Debug, PartialEq)]
pub enum News {
    /// Our own, which comes back to us.
    Own,
    Changes(Vec<Told>),
    /// Nothing that is stored.
    Aside(Aside),
    /// Something has changed there; what, was not understood.
    Unclear,
}

#[derive(Debug, PartialEq)]
pub enum Told {
    Said(Message),
    Read { mark: Mark, time: Time },
    Recalled(Recall),
    Noted(Note),
}

/// Whether listeners hear of it.
pub fn is_news(change: &Change) -> bool {
    Entry::of(change).is_some()
}

/// What is said beside a room's history: it is heard now, or never.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Aside {
    /// Somebody is writing; what, as far as agents may see it.
    Typing { side: Box<str>, aid: Box<str>, text: Option<Box<str>> },
    /// An agent has the room open on a page, or not any more.
    Looking { aid: Box<str>, on: bool },
    /// The visitor of this room is connected from now on, or not any more.
    Presence { online: bool },
}

/// The text for the other nodes. One of the version before looks into the room, and finds nothing new.
pub fn write_aside(node: &str, aside: &Aside) -> Vec<u8> {
    let envelope = Envelope { v: VERSION, node, changes: Vec::new(), aside: Some(aside) };
    serde_json::to_vec(&envelope).expect("plain texts and numbers")
}

/// The text for the other nodes; none when there is nothing in it for listeners.
pub fn write(node: &str, changes: &[Change]) -> Option<Vec<u8>> {
    let changes: Vec<Entry<'_>> = changes.iter().filter_map(Entry::of).collect();
    if changes.is_empty() {
        return None;
    }
    let json = serde_json::to_vec(&Envelope { v: VERSION, node, changes, aside: None })
        .expect("plain texts and numbers");
    if json.len() <= CARRIED_MAX_BYTES {
        return Some(json);
    }
    Some(
        serde_json::to_vec(&Envelope { v: VERSION, node, changes: Vec::new(), aside: None })
            .expect("as above"),
    )
}

/// Understands what a node of this or of a neighbouring version has written.
pub fn read(node: &str, json: &[u8]) -> News {
    let Ok(head) = serde_json::from_slice::<Head<'_>>(json) else { return News::Unclear };
    if head.node == node {
        return News::Own;
    }
    if head.v != VERSION {
        return News::Unclear;
    }
    let received = serde_json::from_slice::<Received<'_>>(json).ok();
    if let Some(aside) = received.as_ref().and_then(|received| received.aside.clone()) {
        return News::Aside(aside);
    }
    let changes = received.and_then(Received::changes);
    changes.filter(|changes| !changes.is_empty()).map_or(News::Unclear, News::Changes)
}

#[derive(Serialize)]
struct Envelope<'a> {
    v: u32,
    node: &'a str,
    changes: Vec<Entry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aside: Option<&'a Aside>,
}

/// What every version has.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(default)]
    v: u32,
    #[serde(default, borrow)]
    node: std::borrow::Cow<'a, str>,
}

#[derive(Deserialize)]
struct Received<'a> {
    #[serde(borrow)]
    changes: Vec<Entry<'a>>,
    #[serde(default)]
    aside: Option<Aside>,
}

type Part<'a> = std::borrow::Cow<'a, str>;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Entry<'a> {
    Said {
        #[serde(borrow)]
        id: Part<'a>,
        pos: Position,
        time: Time,
        #[serde(borrow)]
        side: Part<'a>,
        #[serde(borrow)]
        aid: Part<'a>,
        #[serde(borrow)]
        mid: Part<'a>,
        #[serde(borrow)]
        nick: Part<'a>,
        #[serde(borrow)]
        kind: Part<'a>,
        /// The text, the JSON of a custom message, the name of a file.
        #[serde(borrow, default, skip_serializing_if = "str::is_empty")]
        body: Part<'a>,
        /// Path or id of an upload.
        #[serde(borrow, default, skip_serializing_if = "str::is_empty")]
        file: Part<'a>,
        #[serde(borrow, default, skip_serializing_if = "str::is_empty")]
        seconds: Part<'a>,
        #[serde(default, skip_serializing_if = "is_zero")]
        size_bytes: u64,
        #[serde(borrow, default, skip_serializing_if = "str::is_empty")]
        quote: Part<'a>,
    },
    Recalled {
        #[serde(borrow)]
        id: Part<'a>,
        pos: Position,
        number: i64,
    },
    Noted {
        #[serde(borrow)]
        id: Part<'a>,
        number: i64,
        time: Time,
        #[serde(borrow)]
        aid: Part<'a>,
        #[serde(borrow)]
        mid: Part<'a>,
        #[serde(borrow)]
        nick: Part<'a>,
        #[serde(borrow)]
        body: Part<'a>,
    },
    Read {
        #[serde(borrow)]
        side: Part<'a>,
        #[serde(borrow)]
        by: Part<'a>,
        pos: Position,
        time: Time,
    },
}

impl<'a> Entry<'a> {
    fn of(change: &'a Change) -> Option<Self> {
        match change {
            Change::Said(message) => Some(Self::said(message)),
            Change::Read { side, by, pos, time } => Some(Entry::Read {
                side: side_name(*side).into(),
                by: by.as_str().into(),
                pos: *pos,
                time: *time,
            }),
            Change::Recalled(Recall { id, pos, number }) => {
                Some(Entry::Recalled { id: id.to_string().into(), pos: *pos, number: *number })
            }
            Change::Noted(note) => Some(Self::noted(note)),
            Change::Opened { .. } | Change::Entered(_) | Change::Answered { .. } => None,
        }
    }

    fn said(message: &'a Message) -> Self {
        let Message { id, pos, sender, time, body, quote } = message;
        let (text, file, length, size_bytes) = match body {
            Body::Text(text) => (text.as_str(), "", "", 0),
            Body::Image(path) => ("", path.as_str(), "", 0),
            Body::File { id, name, size_bytes } => (&**name, id.as_str(), "", *size_bytes),
            Body::Voice { text, url, seconds } => (&**text, url.as_str(), &**seconds, 0),
            Body::Video { url, seconds } => ("", url.as_str(), &**seconds, 0),
            Body::Custom(json) => (json.as_str(), "", "", 0),
            Body::Recalled => ("", "", "", 0),
        };
        Entry::Said {
            id: id.to_string().into(),
            pos: *pos,
            time: *time,
            side: side_name(sender.side).into(),
            aid: sender.aid.as_str().into(),
            mid: sender.mid.as_str().into(),
            nick: sender.nick.as_str().into(),
            kind: body.kind().name().into(),
            body: text.into(),
            file: file.into(),
            seconds: length.into(),
            size_bytes,
            quote: quote.map(|id| id.to_string()).unwrap_or_default().into(),
        }
    }

    fn noted(note: &'a Note) -> Self {
        let Note { number, id, author, time, text } = note;
        Entry::Noted {
            id: id.to_string().into(),
            number: *number,
            time: *time,
            aid: author.aid.as_str().into(),
            mid: author.mid.as_str().into(),
            nick: author.nick.as_str().into(),
            body: text.as_str().into(),
        }
    }

    fn told(self) -> Result<Told> {
        match self {
            Entry::Said {
                id,
                pos,
                time,
                side,
                aid,
                mid,
                nick,
                kind,
                body,
                file,
                seconds,
                size_bytes,
                quote,
            } => {
                let sender = Sender {
                    side: parse_side(&side)?,
                    aid: AccountId::parse(&aid)?,
                    mid: Name::parse("mid", &mid)?,
                    nick: Name::parse("nick", &nick)?,
                };
                let (text, seconds) = (body.as_ref(), seconds.as_ref().into());
                let body = match Kind::parse(&kind)? {
                    Kind::Text => Body::Text(Text::parse(text)?),
                    Kind::Image => Body::Image(ImagePath::parse(&file)?),
                    Kind::File => Body::File { id: FileId::parse(&file)?, name: text.into(), size_bytes },
                    Kind::Voice => Body::Voice { text: text.into(), url: Url::parse(&file)?, seconds },
                    Kind::Video => Body::Video { url: Url::parse(&file)?, seconds },
                    Kind::Custom => Body::Custom(Custom::parse(text)?),
                    Kind::Recalled => Body::Recalled,
                };
                let quote = if quote.is_empty() { None } else { Some(MessageId::parse(&quote)?) };
                Ok(Told::Said(Message { id: MessageId::parse(&id)?, pos, sender, time, body, quote }))
            }
            Entry::Read { side, by, pos, time } => {
                let mark = Mark { side: parse_side(&side)?, pos, by: Some(AccountId::parse(&by)?) };
                Ok(Told::Read { mark, time })
            }
            Entry::Recalled { id, pos, number } => {
                Ok(Told::Recalled(Recall { number, id: MessageId::parse(&id)?, pos }))
            }
            Entry::Noted { id, number, time, aid, mid, nick, body } => {
                let author = Sender {
                    side: Side::Agent,
                    aid: AccountId::parse(&aid)?,
                    mid: Name::parse("mid", &mid)?,
                    nick: Name::parse("nick", &nick)?,
                };
                let text = Text::parse(&body)?;
                Ok(Told::Noted(Note { number, id: MessageId::parse(&id)?, author, time, text }))
            }
        }
    }
}

impl Received<'_> {
    /// All or nothing: half a publication would be told in the wrong order.
    fn changes(self) -> Option<Vec<Told>> {
        self.changes.into_iter().map(|entry| entry.told().ok()).collect()
    }
}

fn side_name(side: Side) -> &'static str {
    match side {
        Side::Visitor => "visitor",
        Side::Agent => "agent",
    }
}

fn parse_side(name: &str) -> Result<Side> {
    match name {
        "visitor" => Ok(Side::Visitor),
        "agent" => Ok(Side::Agent),
        _ => Err(nodechat_domain::Error::invalid("side", "visitor or agent")),
    }
}

fn is_zero(size: &u64) -> bool {
    *size == 0
}

#[cfg(test)]
mod tests {
    use super::super::stage::{message, note};
    use super::*;

    const FILE: &str = "0123456789abcdef0123456789abcdef";

    fn bodies() -> Vec<Body> {
        let path = format!("2018-11-08/onlinechat_{FILE}.png");
        let url = || Url::parse(FILE).unwrap();
        vec![
            Body::Text(Text::parse("退款 \"now\"\n").unwrap()),
            Body::Image(ImagePath::parse(&path).unwrap()),
            Body::File { id: FileId::parse(FILE).unwrap(), name: "a.pdf".into(), size_bytes: 9 },
            Body::Voice { text: "字".into(), url: url(), seconds: "7".into() },
            Body::Video { url: url(), seconds: "8".into() },
            Body::Custom(Custom::parse(r#"{"a":[1,"二"]}"#).unwrap()),
        ]
    }

    #[test]
    fn every_kind_of_news_arrives_as_it_was_sent() {
        for body in bodies() {
            let message = Message { body, ..message(3) };
            let json = write("a", &[Change::Said(message.clone())]).unwrap();
            assert_eq!(read("b", &json), News::Changes(vec![Told::Said(message)]));
        }
        let by = AccountId::parse("bob").unwrap();
        let json =
            write("a", &[Change::Read { side: Side::Agent, by: by.clone(), pos: 4, time: 9 }]).unwrap();
        let mark = Mark { side: Side::Agent, pos: 4, by: Some(by) };
        assert_eq!(read("b", &json), News::Changes(vec![Told::Read { mark, time: 9 }]));
        assert_eq!(read("a", &json), News::Own);
        let said = Message { quote: Some(message(2).id), ..message(3) };
        let recall = Recall { number: 1, id: message(4).id, pos: 4 };
        let changes = [Change::Said(said.clone()), Change::Recalled(recall), Change::Noted(note(6))];
        let told = vec![Told::Said(said), Told::Recalled(recall), Told::Noted(note(6))];
        assert_eq!(read("b", &write("a", &changes).unwrap()), News::Changes(told));
    }

    #[test]
    fn what_is_said_aside_arrives_and_is_no_change() {
        for aside in [
            Aside::Typing { side: "user".into(), aid: "ann".into(), text: Some("我想".into()) },
            Aside::Presence { online: true },
        ] {
            let json = write_aside("a", &aside);
            assert_eq!(read("b", &json), News::Aside(aside));
            assert_eq!(read("a", &json), News::Own);
        }
    }

    #[test]
    fn what_nobody_listens_to_is_not_published() {
        assert_eq!(write("a", &[Change::Opened { visitor_nick: Name::default(), time: 1 }]), None);
    }

    #[test]
    fn news_of_a_later_version_are_read_as_far_as_they_are_known() {
        let later = br#"{"v":1,"node":"a","trace":"x","changes":[{"read":{"side":"agent","by":"bob","pos":4,"time":9,"device":"pc"}}]}"#;
        assert!(matches!(read("b", later), News::Changes(_)));
        for unclear in [
            &br#"{"v":2,"node":"a","what":[]}"#[..],
            br#"{"v":1,"node":"a","changes":[{"shouted":{"pos":4}}]}"#,
            br#"{"v":1,"node":"a","changes":[{"read":{"side":"bot","by":"bob","pos":4,"time":9}}]}"#,
            br#"{"v":1,"node":"a","changes":[]}"#,
            b"not json",
            b"",
        ] {
            assert_eq!(read("b", unclear), News::Unclear, "{}", String::from_utf8_lossy(unclear));
        }
    }

    #[test]
    fn what_is_too_large_to_carry_is_only_hinted_at() {
        let said: Vec<Change> = (0..20)
            .map(|pos| {
                Change::Said(Message {
                    body: Body::Text(Text::parse(&"x".repeat(9000)).unwrap()),
                    ..message(pos)
                })
            })
            .collect();
        let json = write("a", &said).unwrap();
        assert!(json.len() < 100);
        assert_eq!(read("b", &json), News::Unclear);
    }
}
