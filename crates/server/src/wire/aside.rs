//! What stands beside a room's messages, on the wire (contract C4): recalls, and the agents' notes.

use nodechat_domain::app::NoteCommand;
use nodechat_domain::limits;
use nodechat_domain::model::{MessageId, Note, NoteReceipt as Stored, Recall, RoomId, Text};
use nodechat_domain::{Error, Result};
use serde::{Deserialize, Serialize};

use super::request::room;

/// `recall`.
#[derive(Debug, Deserialize)]
pub struct RecallRequest {
    roomid: Option<String>,
    id: Option<String>,
}

impl RecallRequest {
    pub fn command(&self) -> Result<(RoomId, MessageId)> {
        let room = room(self.roomid.as_deref())?;
        let id = self.id.as_deref().filter(|id| !id.is_empty()).ok_or(Error::Missing("id"))?;
        Ok((room, MessageId::parse(id)?))
    }
}

/// `note`.
#[derive(Debug, Deserialize)]
pub struct MakeNote {
    roomid: Option<String>,
    id: Option<String>,
    msg: Option<String>,
}

impl MakeNote {
    pub fn command(self) -> Result<NoteCommand> {
        let room = room(self.roomid.as_deref())?;
        let id = self.id.as_deref().map(MessageId::parse).transpose()?;
        Ok(NoteCommand { room, id, text: Text::parse(&self.msg.unwrap_or_default())? })
    }
}

/// `notes`: from a number on.
#[derive(Debug, Deserialize)]
pub struct Notes {
    roomid: Option<String>,
    from: Option<i64>,
    limit: Option<i64>,
}

impl Notes {
    pub fn command(&self) -> Result<(RoomId, i64, usize)> {
        let room = room(self.roomid.as_deref())?;
        let from = self.from.unwrap_or(0);
        if from < 0 {
            return Err(Error::invalid("from", "a number is not negative"));
        }
        let limit = self.limit.unwrap_or(limits::PAGE_MAX as i64);
        if !(1..=limits::ASIDES_MAX as i64).contains(&limit) {
            return Err(Error::invalid("limit", "a whole number from 1 to 500"));
        }
        Ok((room, from, limit as usize))
    }
}

/// Answer to `recall`.
#[derive(Serialize)]
pub struct RecallAnswer {
    pub success: bool,
    pub pos: i64,
}

/// Answer to `note`.
#[derive(Serialize)]
pub struct NoteReceipt {
    success: bool,
    id: String,
    number: i64,
    time: i64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    dup: bool,
}

impl From<Stored> for NoteReceipt {
    fn from(receipt: Stored) -> Self {
        let Stored { id, number, time, dup } = receipt;
        Self { success: true, id: id.to_string(), number, time, dup }
    }
}

/// In the answer to `join`.
#[derive(Serialize)]
pub struct Recalled {
    id: String,
    pos: i64,
}

impl From<&Recall> for Recalled {
    fn from(recall: &Recall) -> Self {
        Self { id: recall.id.to_string(), pos: recall.pos }
    }
}

/// Event `recall`. `recalls`: how many there are with this one.
#[derive(Serialize)]
pub struct RecallEvent<'a> {
    roomid: &'a str,
    id: String,
    pos: i64,
    recalls: i64,
}

impl<'a> RecallEvent<'a> {
    pub fn new(room: &'a RoomId, recall: &Recall) -> Self {
        let Recall { number, id, pos } = recall;
        Self { roomid: room.as_str(), id: id.to_string(), pos: *pos, recalls: number + 1 }
    }
}

/// Event `note`.
#[derive(Serialize)]
pub struct NoteEvent<'a> {
    roomid: &'a str,
    data: NoteBody<'a>,
}

impl<'a> NoteEvent<'a> {
    pub fn new(room: &'a RoomId, note: &'a Note) -> Self {
        Self { roomid: room.as_str(), data: NoteBody::from(note) }
    }
}

/// Answer to `notes`.
#[derive(Serialize)]
pub struct NotesAnswer<'a> {
    roomid: &'a str,
    notes: Vec<NoteBody<'a>>,
}

impl<'a> NotesAnswer<'a> {
    pub fn new(room: &'a RoomId, notes: &'a [Note]) -> Self {
        Self { roomid: room.as_str(), notes: notes.iter().map(NoteBody::from).collect() }
    }
}

#[derive(Serialize)]
struct NoteBody<'a> {
    number: i64,
    id: String,
    aid: &'a str,
    mid: &'a str,
    nick: &'a str,
    time: i64,
    msg: &'a str,
}

impl<'a> From<&'a Note> for NoteBody<'a> {
    fn from(note: &'a Note) -> Self {
        let Note { number, id, author, time, text } = note;
        Self {
            number: *number,
            id: id.to_string(),
            aid: author.aid.as_str(),
            mid: author.mid.as_str(),
            nick: author.nick.as_str(),
            time: *time,
            msg: text.as_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use nodechat_domain::model::{AccountId, Name, Sender, Side};

    use super::*;

    const ID: &str = "0191d8b0-7c1e-7aaa-8bbb-0123456789ab";

    #[test]
    fn the_events_have_the_documented_fields() {
        let room = RoomId::parse("/U2S_u1#c1").unwrap();
        let recall = Recall { number: 2, id: MessageId::parse(ID).unwrap(), pos: 7 };
        let json = serde_json::to_string(&RecallEvent::new(&room, &recall)).unwrap();
        assert_eq!(json, format!(r#"{{"roomid":"/U2S_u1#c1","id":"{ID}","pos":7,"recalls":3}}"#));
        let note = Note {
            number: 0,
            id: MessageId::parse(ID).unwrap(),
            author: Sender {
                side: Side::Agent,
                aid: AccountId::parse("a1").unwrap(),
                mid: Name::parse("mid", "m1").unwrap(),
                nick: Name::parse("nick", "Bo").unwrap(),
            },
            time: 5,
            text: Text::parse("careful").unwrap(),
        };
        let json = serde_json::to_string(&NoteEvent::new(&room, &note)).unwrap();
        let data = format!(
            r#"{{"number":0,"id":"{ID}","aid":"a1","mid":"m1","nick":"Bo","time":5,"msg":"careful"}}"#
        );
        assert_eq!(json, format!(r#"{{"roomid":"/U2S_u1#c1","data":{data}}}"#));
    }

    #[rstest::rstest]
    #[case::no_room(r#"{"id":"x"}"#, 4001)]
    #[case::no_id(r#"{"roomid":"/U2S_u#c"}"#, 4001)]
    #[case::no_uuid(r#"{"roomid":"/U2S_u#c","id":"7"}"#, 4002)]
    fn what_cannot_be_taken_back_has_its_code(#[case] payload: &str, #[case] code: u16) {
        let request: RecallRequest = serde_json::from_str(payload).unwrap();
        assert_eq!(request.command().unwrap_err().code() as u16, code);
    }

    #[rstest::rstest]
    #[case::no_text(r#"{"roomid":"/U2S_u#c"}"#, 4001)]
    #[case::nul(r#"{"roomid":"/U2S_u#c","msg":"a\u0000"}"#, 4002)]
    #[case::no_uuid(r#"{"roomid":"/U2S_u#c","msg":"a","id":"7"}"#, 4002)]
    fn what_cannot_be_noted_has_its_code(#[case] payload: &str, #[case] code: u16) {
        let request: MakeNote = serde_json::from_str(payload).unwrap();
        assert_eq!(request.command().unwrap_err().code() as u16, code);
    }
}
