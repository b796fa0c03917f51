//! How values look in a column: the small numbers and the parts of a body, the same in every engine.

use nodechat_domain::error::{Error, Result};
use nodechat_domain::model::{
    AccountId, Body, ChatId, CompanyId, Custom, FileId, ImagePath, Kind, Member, Message, MessageId, Name,
    Note, Person, Position, Realm, Recall, RoomHead, Sender, Side, Text, Time, Upload, UploadKind, Url,
    Users,
};

/// A body spread over its columns.
#[derive(Debug, PartialEq, Eq)]
pub struct BodyColumns<'a> {
    pub kind: i64,
    pub body: &'a str,
    pub file: Option<&'a str>,
    pub size_bytes: Option<i64>,
    pub seconds: Option<&'a str>,
}

/// A room's head and what only a store wants to know of it.
#[derive(Debug, Clone)]
pub struct StoredHead {
    pub number: i64,
    pub head: RoomHead,
    pub in_time_order: bool,
}

impl StoredHead {
    /// What a message at the head's position does to the head.
    pub fn said(&mut self, message: &Message) -> Result<()> {
        if message.pos != self.head.next_pos {
            return Err(broken("a decision gave a message a position that is not the next"));
        }
        self.in_time_order &= message.pos == 0 || message.time >= self.head.last_time;
        self.head.next_pos += 1;
        self.head.last_time = message.time;
        Ok(())
    }

    pub fn read(&mut self, side: Side, pos: Position) {
        match side {
            Side::Visitor => self.head.reads.visitor = pos,
            Side::Agent => self.head.reads.agent = pos,
        }
    }

    pub fn recalled(&mut self, recall: &Recall) -> Result<()> {
        if recall.number != self.head.recalls || recall.pos >= self.head.next_pos {
            return Err(broken("a decision gave a recall a number that is not the next"));
        }
        self.head.recalls += 1;
        Ok(())
    }

    pub fn noted(&mut self, note: &Note) -> Result<()> {
        if note.number != self.head.notes {
            return Err(broken("a decision gave a note a number that is not the next"));
        }
        self.head.notes += 1;
        Ok(())
    }

    /// What an agent's first answer does to the head.
    pub fn answered(&mut self) {
        self.head.unanswered = false;
    }

    /// What a member who enters does to the head.
    pub fn entered(&mut self, member: &Member) {
        if member.side == Side::Visitor {
            self.head.visitor_nick = member.nick.clone();
        }
    }

    /// The head of this room after all messages of `other`, the first of which was sent at
    /// `first_time`, were put behind its own. A side that had read everything here has now read
    /// what it had read there.
    pub fn append(&mut self, other: &StoredHead, first_time: Time) {
        let shift = self.head.next_pos;
        for side in [Side::Visitor, Side::Agent] {
            let there = other.head.reads.of(side);
            if self.head.reads.of(side) == shift - 1 && there >= 0 {
                self.read(side, shift + there);
            }
        }
        self.in_time_order &= other.in_time_order && (shift == 0 || first_time >= self.head.last_time);
        self.head.next_pos += other.head.next_pos;
        self.head.last_time = other.head.last_time;
    }

    /// The same for what stands beside the messages.
    pub fn append_aside(&mut self, other: &StoredHead) {
        if self.head.consultation.is_none() {
            self.head.consultation = other.head.consultation;
            self.head.unanswered = other.head.unanswered;
        }
        self.head.recalls += other.head.recalls;
        self.head.notes += other.head.notes;
    }
}

pub const AGENT: i64 = 1;

pub fn side_number(side: Side) -> i64 {
    match side {
        Side::Visitor => 0,
        Side::Agent => AGENT,
    }
}

pub fn side(number: i64) -> Result<Side> {
    match number {
        0 => Ok(Side::Visitor),
        AGENT => Ok(Side::Agent),
        _ => Err(broken("a side in the database is unknown")),
    }
}

pub fn users_number(users: Users) -> i64 {
    match users {
        Users::Own => 0,
        Users::Platform => 1,
    }
}

pub fn users(number: i64) -> Result<Users> {
    match number {
        0 => Ok(Users::Own),
        1 => Ok(Users::Platform),
        _ => Err(broken("a kind of users in the database is unknown")),
    }
}

/// A company's id is never empty, so the empty text is free for the platform.
pub fn realm_text(realm: &Realm) -> &str {
    match realm {
        Realm::Company(company) => company.as_str(),
        Realm::Platform => "",
    }
}

pub fn realm(text: &str) -> Result<Realm> {
    match text {
        "" => Ok(Realm::Platform),
        company => CompanyId::parse(company).map(Realm::Company).map_err(unreadable),
    }
}

/// Also in the statements that empty a message.
const RECALLED: i64 = 6;

pub fn kind_number(kind: Kind) -> i64 {
    match kind {
        Kind::Text => 0,
        Kind::Image => 1,
        Kind::File => 2,
        Kind::Voice => 3,
        Kind::Video => 4,
        Kind::Custom => 5,
        Kind::Recalled => RECALLED,
    }
}

pub fn body_columns(body: &Body) -> BodyColumns<'_> {
    let kind = kind_number(body.kind());
    let plain = BodyColumns { kind, body: "", file: None, size_bytes: None, seconds: None };
    match body {
        Body::Text(text) => BodyColumns { body: text.as_str(), ..plain },
        Body::Image(path) => BodyColumns { file: Some(path.as_str()), ..plain },
        Body::File { id, name, size_bytes } => BodyColumns {
            body: name,
            file: Some(id.as_str()),
            // No file has 2^63 bytes.
            size_bytes: Some(*size_bytes as i64),
            ..plain
        },
        Body::Voice { text, url, seconds } => {
            BodyColumns { body: text, file: Some(url.as_str()), seconds: Some(seconds), ..plain }
        }
        Body::Video { url, seconds } => {
            BodyColumns { file: Some(url.as_str()), seconds: Some(seconds), ..plain }
        }
        Body::Custom(json) => BodyColumns { body: json.as_str(), ..plain },
        Body::Recalled => plain,
    }
}

pub fn body(columns: BodyColumns<'_>) -> Result<Body> {
    let file = || columns.file.ok_or_else(|| broken("a message in the database names no file"));
    let seconds = || columns.seconds.unwrap_or_default().into();
    let body = match columns.kind {
        0 => Text::parse(columns.body).map(Body::Text),
        1 => ImagePath::parse(file()?).map(Body::Image),
        2 => FileId::parse(file()?).map(|id| Body::File {
            id,
            name: columns.body.into(),
            size_bytes: columns.size_bytes.unwrap_or_default() as u64,
        }),
        3 => {
            Url::parse(file()?).map(|url| Body::Voice { text: columns.body.into(), url, seconds: seconds() })
        }
        4 => Url::parse(file()?).map(|url| Body::Video { url, seconds: seconds() }),
        5 => Custom::parse(columns.body).map(Body::Custom),
        RECALLED => Ok(Body::Recalled),
        _ => return Err(broken("a kind of message in the database is unknown")),
    };
    body.map_err(unreadable)
}

/// The columns of a person, in the order of the statements that ask for one.
pub struct PersonColumns<'a> {
    pub realm: &'a str,
    pub side: i64,
    pub aid: &'a str,
    pub mid: &'a str,
    pub account: &'a str,
    pub nick: &'a str,
    pub attributes: Option<&'a str>,
}

pub fn person(columns: PersonColumns<'_>) -> Result<Person> {
    Ok(Person {
        side: side(columns.side)?,
        realm: realm(columns.realm)?,
        aid: aid(columns.aid)?,
        mid: name(columns.mid)?,
        account: name(columns.account)?,
        nick: name(columns.nick)?,
        attributes: columns.attributes.map(Into::into),
    })
}

/// An upload spread over its columns, in the order of the statements.
pub struct UploadColumns<'a> {
    pub key: &'a str,
    pub kind: i64,
    pub realm: &'a str,
    pub uploader: &'a str,
    pub name: &'a str,
    pub size_bytes: i64,
    pub media_type: &'a str,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub time: Time,
}

pub const IMAGE: i64 = 0;
const FILE: i64 = 1;

pub fn upload_columns(upload: &Upload) -> UploadColumns<'_> {
    let (kind, width, height) = match &upload.kind {
        UploadKind::Image { width, height, .. } => (IMAGE, Some((*width).into()), Some((*height).into())),
        UploadKind::File { .. } => (FILE, None, None),
    };
    UploadColumns {
        key: upload.key(),
        kind,
        realm: realm_text(&upload.realm),
        uploader: upload.by.as_str(),
        name: &upload.name,
        // No file has 2^63 bytes.
        size_bytes: upload.size_bytes as i64,
        media_type: &upload.media_type,
        width,
        height,
        time: upload.time,
    }
}

pub fn upload(columns: UploadColumns<'_>) -> Result<Upload> {
    let pixels = |number: Option<i64>| {
        let number = number.and_then(|number| u32::try_from(number).ok());
        number.ok_or_else(|| broken("an image in the database has no size"))
    };
    let kind = match columns.kind {
        IMAGE => UploadKind::Image {
            path: ImagePath::parse(columns.key).map_err(unreadable)?,
            width: pixels(columns.width)?,
            height: pixels(columns.height)?,
        },
        FILE => UploadKind::File { id: FileId::parse(columns.key).map_err(unreadable)? },
        _ => return Err(broken("a kind of upload in the database is unknown")),
    };
    Ok(Upload {
        kind,
        realm: realm(columns.realm)?,
        by: aid(columns.uploader)?,
        name: columns.name.into(),
        size_bytes: columns.size_bytes as u64,
        media_type: columns.media_type.into(),
        time: columns.time,
    })
}

pub fn sender(side_number: i64, aid_text: &str, mid: &str, nick: &str) -> Result<Sender> {
    Ok(Sender { side: side(side_number)?, aid: aid(aid_text)?, mid: name(mid)?, nick: name(nick)? })
}

pub fn chat_id(bytes: &[u8]) -> Result<ChatId> {
    uuid::Uuid::from_slice(bytes)
        .map(ChatId)
        .map_err(|error| Error::internal(format!("a consultation in the database has no id: {error}")))
}

/// The columns of a note, in the order of the statements.
pub struct NoteColumns<'a> {
    pub number: i64,
    pub id: &'a [u8],
    pub aid: &'a str,
    pub mid: &'a str,
    pub nick: &'a str,
    pub time: Time,
    pub body: &'a str,
}

pub fn note(columns: NoteColumns<'_>) -> Result<Note> {
    let NoteColumns { number, id, aid, mid, nick, time, body } = columns;
    Ok(Note {
        number,
        id: message_id(id)?,
        author: sender(side_number(Side::Agent), aid, mid, nick)?,
        time,
        text: Text::parse(body).map_err(unreadable)?,
    })
}

pub fn recall(number: i64, pos: Position, id: &[u8]) -> Result<Recall> {
    Ok(Recall { number, id: message_id(id)?, pos })
}

pub fn aid(text: &str) -> Result<AccountId> {
    AccountId::parse(text).map_err(unreadable)
}

pub fn name(text: &str) -> Result<Name> {
    Name::parse("name", text).map_err(unreadable)
}

pub fn message_id(bytes: &[u8]) -> Result<MessageId> {
    uuid::Uuid::from_slice(bytes)
        .map(MessageId)
        .map_err(|error| Error::internal(format!("a message in the database has no id: {error}")))
}

/// Something stands in the database, or is to be put there, that cannot be: a defect.
pub fn broken(what: &'static str) -> Error {
    Error::internal(what)
}

/// What was checked when it was stored does not pass the same check any more: a defect, not the
/// caller's mistake.
pub fn unreadable(error: Error) -> Error {
    Error::internal(format!("the database holds what is not valid: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_body_comes_back_from_its_columns() {
        let path = "2018-11-08/onlinechat_0123456789abcdef0123456789abcdef.png";
        let id = "0123456789abcdef0123456789abcdef";
        let bodies = [
            Body::Text(Text::parse("你好 👋").unwrap()),
            Body::Image(ImagePath::parse(path).unwrap()),
            Body::File { id: FileId::parse(id).unwrap(), name: "a.pdf".into(), size_bytes: 7 },
            Body::Voice { text: "hello".into(), url: Url::parse(id).unwrap(), seconds: "3".into() },
            Body::Video { url: Url::parse(path).unwrap(), seconds: "3.5".into() },
            Body::Custom(Custom::parse("{\"a\":1}").unwrap()),
        ];
        for (expected, kind) in bodies.iter().zip(Kind::ALL) {
            assert_eq!(expected.kind(), kind);
            assert_eq!(&body(body_columns(expected)).unwrap(), expected);
        }
    }
}
