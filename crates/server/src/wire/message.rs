//! A message on the wire (contract B1), borrowed from the domain's.

use nodechat_domain::model::{Body, Message as Said, RoomId, Side};
use serde::ser::{Error as _, SerializeMap};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::WireZone;

/// As sockets hear it.
pub struct Message<'a>(pub &'a Said);

/// As `msg/list` gives it: the sender kind is named `utype`, the time is text.
pub struct RecordedMessage<'a> {
    pub message: &'a Said,
    pub room: &'a RoomId,
    pub zone: &'a WireZone,
}

/// Event `chat`.
#[derive(Serialize)]
pub struct ChatEvent<'a> {
    pub roomid: &'a str,
    pub data: Message<'a>,
}

impl Serialize for Message<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        head(&mut map, self.0, "type")?;
        map.serialize_entry("time", &self.0.time)?;
        body(&mut map, &self.0.body)?;
        quote(&mut map, self.0)?;
        map.end()
    }
}

impl Serialize for RecordedMessage<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        head(&mut map, self.message, "utype")?;
        map.serialize_entry("roomid", self.room.as_str())?;
        map.serialize_entry("time", &self.zone.text(self.message.time))?;
        body(&mut map, &self.message.body)?;
        quote(&mut map, self.message)?;
        map.end()
    }
}

fn head<M: SerializeMap>(map: &mut M, message: &Said, kind_key: &str) -> Result<(), M::Error> {
    let sender = &message.sender;
    let mut id = uuid::Uuid::encode_buffer();
    map.serialize_entry("id", message.id.0.hyphenated().encode_lower(&mut id))?;
    map.serialize_entry("pos", &message.pos)?;
    map.serialize_entry(kind_key, sender_kind(sender.side))?;
    map.serialize_entry("mtype", message.body.kind().name())?;
    map.serialize_entry("aid", sender.aid.as_str())?;
    map.serialize_entry("mid", sender.mid.as_str())?;
    map.serialize_entry("nick", sender.nick.as_str())
}

/// The id of the message that this one answers to (contract C4).
fn quote<M: SerializeMap>(map: &mut M, said: &Said) -> Result<(), M::Error> {
    match &said.quote {
        Some(id) => map.serialize_entry("quote", &id.to_string()),
        None => Ok(()),
    }
}

fn body<M: SerializeMap>(map: &mut M, body: &Body) -> Result<(), M::Error> {
    match body {
        Body::Text(text) => map.serialize_entry("msg", text.as_str()),
        Body::Image(path) => map.serialize_entry("msg", path.as_str()),
        Body::File { id, name, size_bytes } => {
            map.serialize_entry("msg", &File { fileid: id.as_str(), filename: name, filesize: *size_bytes })
        }
        Body::Voice { text, url, seconds } => {
            map.serialize_entry("msg", &Voice { val: text, url: url.as_str(), duration: seconds })
        }
        Body::Video { url, seconds } => {
            map.serialize_entry("msg", &Video { url: url.as_str(), duration: seconds })
        }
        Body::Custom(json) => {
            let json: &RawValue = serde_json::from_str(json.as_str()).map_err(M::Error::custom)?;
            map.serialize_entry("msg", json)
        }
        Body::Recalled => map.serialize_entry("msg", &()),
    }
}

fn sender_kind(side: Side) -> &'static str {
    match side {
        Side::Visitor => "usermsg",
        Side::Agent => "csmsg",
    }
}

#[derive(Serialize)]
struct File<'a> {
    fileid: &'a str,
    filename: &'a str,
    filesize: u64,
}

#[derive(Serialize)]
struct Voice<'a> {
    val: &'a str,
    url: &'a str,
    duration: &'a str,
}

#[derive(Serialize)]
struct Video<'a> {
    url: &'a str,
    duration: &'a str,
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use nodechat_domain::model::{AccountId, Custom, FileId, ImagePath, MessageId, Name, Sender, Text, Url};

    use super::*;

    fn said(body: Body) -> Said {
        Said {
            id: MessageId::parse("0191d8b0-7c1e-7aaa-8bbb-0123456789ab").unwrap(),
            pos: 7,
            sender: Sender {
                side: Side::Visitor,
                aid: AccountId::parse("u1").unwrap(),
                mid: Name::parse("mid", "m1").unwrap(),
                nick: Name::parse("nick", "安").unwrap(),
            },
            time: 1_538_209_333_516,
            body,
            quote: None,
        }
    }

    fn msg_of(body: Body) -> String {
        let json = serde_json::to_value(Message(&said(body))).unwrap();
        format!("{} {}", json["mtype"].as_str().unwrap(), json["msg"])
    }

    #[test]
    fn a_message_has_the_documented_fields() {
        let said = said(Body::Text(Text::parse("你好").unwrap()));
        let json = serde_json::to_string(&ChatEvent { roomid: "/U2S_u1#c1", data: Message(&said) }).unwrap();
        assert_eq!(
            json,
            r#"{"roomid":"/U2S_u1#c1","data":{"id":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab","pos":7,"type":"usermsg","mtype":"text","aid":"u1","mid":"m1","nick":"安","time":1538209333516,"msg":"你好"}}"#
        );
    }

    #[test]
    fn a_quote_is_named_and_of_what_was_taken_back_only_the_place_is_left() {
        let quote = MessageId::parse("0191d8b0-7c1e-7aaa-8bbb-0123456789cd").unwrap();
        let said = Said { quote: Some(quote), ..said(Body::Text(Text::parse("hi").unwrap())) };
        let json = serde_json::to_value(Message(&said)).unwrap();
        assert_eq!(json["quote"], "0191d8b0-7c1e-7aaa-8bbb-0123456789cd");
        assert_eq!(msg_of(Body::Recalled), "recalled null");
    }

    #[test]
    fn a_recorded_message_says_utype_and_the_time_in_words() {
        let said = said(Body::Text(Text::parse("hi").unwrap()));
        let room = RoomId::parse("/U2S_u1#c1").unwrap();
        let zone = WireZone(TimeZone::get("Asia/Shanghai").unwrap());
        let json =
            serde_json::to_value(RecordedMessage { message: &said, room: &room, zone: &zone }).unwrap();
        assert_eq!(json["utype"], "usermsg");
        assert_eq!(json["time"], "2018-09-29 16:22:13");
        assert_eq!(json["roomid"], "/U2S_u1#c1");
        assert!(json.get("type").is_none());
    }

    #[test]
    fn each_kind_has_its_own_msg() {
        let path = "2018-11-08/onlinechat_0123456789abcdef0123456789abcdef.png";
        let id = "0123456789abcdef0123456789abcdef";
        assert_eq!(msg_of(Body::Image(ImagePath::parse(path).unwrap())), format!("image \"{path}\""));
        assert_eq!(
            msg_of(Body::File { id: FileId::parse(id).unwrap(), name: "a.pdf".into(), size_bytes: 9 }),
            format!(r#"file {{"fileid":"{id}","filename":"a.pdf","filesize":9}}"#)
        );
        assert_eq!(
            msg_of(Body::Voice { text: "字".into(), url: Url::parse(id).unwrap(), seconds: "7".into() }),
            format!(r#"voice {{"duration":"7","url":"{id}","val":"字"}}"#)
        );
        assert_eq!(
            msg_of(Body::Video { url: Url::parse(id).unwrap(), seconds: "7".into() }),
            format!(r#"video {{"duration":"7","url":"{id}"}}"#)
        );
        assert_eq!(msg_of(Body::Custom(Custom::parse(r#"{"a":[1]}"#).unwrap())), r#"custom {"a":[1]}"#);
    }
}
