//! Socket requests as clients write them, and the commands they become.

use std::borrow::Cow;

use nodechat_domain::app::{Reference, SendCommand, Want};
use nodechat_domain::limits;
use nodechat_domain::model::{
    Body, CompanyId, Custom, FileId, ImagePath, Kind, MessageId, Position, RoomId, Text, Url,
};
use nodechat_domain::{Error, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

/// A socket request's payload. Nothing and `null` are an empty one, so that what is missing is
/// named; what is no object, or cannot be read, is 4002.
pub fn read<T: DeserializeOwned>(payload: Option<&RawValue>) -> Result<T> {
    let text = payload.map(RawValue::get).filter(|text| *text != "null").unwrap_or("{}");
    if !text.starts_with('{') {
        return Err(Error::invalid("payload", "it has to be an object"));
    }
    if too_deep(text) {
        return Err(Error::invalid("payload", "it is nested too deeply"));
    }
    serde_json::from_str(text).map_err(|error| Error::invalid("payload", error.to_string()))
}

/// Levels of arrays and objects in a payload. The parser has a limit as well, but not for what it
/// skips: fields that are not known.
const DEPTH_MAX: usize = 100;

/// `json` is known to be valid, so brackets outside of strings are all there is to count.
fn too_deep(json: &str) -> bool {
    if json.len() < 2 * DEPTH_MAX {
        return false;
    }
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest > DEPTH_MAX
}

#[derive(Debug, Deserialize)]
pub struct Join {
    roomid: Option<String>,
    companyid: Option<String>,
    shopid: Option<String>,
    since: Option<Position>,
    epoch: Option<Box<str>>,
    recalls: Option<i64>,
    page: Option<Value>,
    referrer: Option<Value>,
}

impl Join {
    /// The page on which the room is opened, and where that was come to from, as far as the client says so.
    pub fn opened_on(&mut self) -> (Option<String>, Option<String>) {
        let text = |value: Option<Value>| match value {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        (text(self.page.take()), text(self.referrer.take()))
    }

    /// Which room, whether it may be opened, and what the client has of it.
    pub fn command(self) -> Result<(Reference, Want)> {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let reference = match (given(self.roomid), given(self.companyid).or(given(self.shopid))) {
            (Some(room), _) => Reference::Room(RoomId::parse(&room)?),
            (None, Some(company)) => Reference::Company(CompanyId::parse(&company)?),
            (None, None) => return Err(Error::Missing("roomid")),
        };
        if self.since.is_some_and(|since| since < 0) {
            return Err(Error::invalid("since", "a position is not negative"));
        }
        if self.recalls.is_some_and(|recalls| recalls < 0) {
            return Err(Error::invalid("recalls", "a number of recalls is not negative"));
        }
        Ok((reference, Want { since: self.since, epoch: self.epoch, recalls: self.recalls }))
    }
}

/// `leave`.
#[derive(Debug, Deserialize)]
pub struct RoomOnly {
    roomid: Option<String>,
}

impl RoomOnly {
    pub fn room(&self) -> Result<RoomId> {
        room(self.roomid.as_deref())
    }
}

#[derive(Debug, Deserialize)]
pub struct MarkRead {
    roomid: Option<String>,
    pos: Option<Position>,
}

impl MarkRead {
    pub fn command(&self) -> Result<(RoomId, Option<Position>)> {
        if self.pos.is_some_and(|pos| pos < 0) {
            return Err(Error::invalid("pos", "a position is not negative"));
        }
        Ok((room(self.roomid.as_deref())?, self.pos))
    }
}

#[derive(Debug, Deserialize)]
pub struct Chat {
    roomid: Option<String>,
    r#type: Option<String>,
    mtype: Option<String>,
    msg: Option<Box<RawValue>>,
    id: Option<String>,
    quote: Option<String>,
}

impl Chat {
    pub fn command(self) -> Result<SendCommand> {
        let room = room(self.roomid.as_deref())?;
        let kind =
            self.mtype.or(self.r#type).filter(|kind| !kind.is_empty()).ok_or(Error::Missing("type"))?;
        let id = self.id.as_deref().map(MessageId::parse).transpose()?;
        let msg = self.msg.as_deref().map(RawValue::get).filter(|msg| *msg != "null");
        let body = body(Kind::parse(&kind)?, msg.ok_or(Error::Missing("msg"))?)?;
        let quote = self.quote.as_deref().map(quoted).transpose()?;
        Ok(SendCommand { room, id, body, quote })
    }
}

fn quoted(text: &str) -> Result<MessageId> {
    MessageId::parse(text).map_err(|_| Error::invalid("quote", "it is the id of a message"))
}

pub(super) fn room(text: Option<&str>) -> Result<RoomId> {
    RoomId::parse(text.unwrap_or_default())
}

/// `msg` by its kind (contract A3, B1).
fn body(kind: Kind, msg: &str) -> Result<Body> {
    Ok(match kind {
        Kind::Text => Body::Text(Text::parse(&string(msg)?)?),
        Kind::Image => Body::Image(ImagePath::parse(&string(msg)?)?),
        Kind::File => {
            let file: File = object(msg)?;
            let name = short("filename", file.filename)?;
            Body::File { id: FileId::parse(&file.fileid.unwrap_or_default())?, name, size_bytes: 0 }
        }
        Kind::Voice => {
            let voice: Voice = object(msg)?;
            let text = voice.val.unwrap_or_default();
            if !text.is_empty() {
                Text::parse(&text)?;
            }
            Body::Voice { text: text.into(), url: url(voice.url)?, seconds: seconds(voice.duration)? }
        }
        Kind::Video => {
            let video: Voice = object(msg)?;
            Body::Video { url: url(video.url)?, seconds: seconds(video.duration)? }
        }
        // `Kind::parse` knows none.
        Kind::Recalled => return Err(unreadable("nothing that was taken back can be said")),
        Kind::Custom => {
            if !msg.starts_with('{') {
                return Err(unreadable("a custom message is an object"));
            }
            // Parsed for its depth and its strings; kept as it was written.
            let value: Value = serde_json::from_str(msg).map_err(|_| unreadable("it cannot be read"))?;
            if has_nul(&value) {
                return Err(unreadable("it contains NUL"));
            }
            if msg.trim() == "{}" {
                return Err(Error::Missing("msg"));
            }
            Body::Custom(Custom::parse(msg)?)
        }
    })
}

#[derive(Deserialize)]
struct File {
    fileid: Option<String>,
    filename: Option<String>,
}

#[derive(Deserialize)]
struct Voice {
    val: Option<String>,
    url: Option<String>,
    duration: Option<Seconds>,
}

/// Documented as a string; clients also write a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Seconds {
    Text(String),
    Number(f64),
}

fn string(msg: &str) -> Result<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Borrowed<'a>(#[serde(borrow)] Cow<'a, str>);
    serde_json::from_str::<Borrowed<'_>>(msg)
        .map(|text| text.0)
        .map_err(|_| unreadable("it has to be a string"))
}

/// An object, or a string with the JSON of one, as the documented clients send it.
fn object<T: DeserializeOwned>(msg: &str) -> Result<T> {
    let inner = if msg.starts_with('"') { string(msg)? } else { Cow::Borrowed(msg) };
    if inner.is_empty() {
        return Err(Error::Missing("msg"));
    }
    serde_json::from_str(&inner).map_err(|_| unreadable("it has to be an object with the documented fields"))
}

/// Not every store and client can carry NUL. The parser has bounded the depth.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        _ => false,
    }
}

fn url(text: Option<String>) -> Result<Url> {
    Url::parse(&text.unwrap_or_default())
}

fn seconds(given: Option<Seconds>) -> Result<Box<str>> {
    let text = match given {
        None => return Ok("".into()),
        Some(Seconds::Text(text)) => text,
        Some(Seconds::Number(number)) => number.to_string(),
    };
    let fits =
        text.is_empty() || (text.len() <= 16 && text.parse::<f64>().is_ok_and(|s| s.is_finite() && s >= 0.0));
    if fits { Ok(text.into()) } else { Err(Error::invalid("duration", "seconds, as a number")) }
}

/// A file's name as it will be shown: its last part, without control characters.
fn short(field: &'static str, text: Option<String>) -> Result<Box<str>> {
    let text = text.unwrap_or_default();
    nodechat_domain::model::no_nul(field, &text)?;
    let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(limits::FILE_NAME_CHARS).collect();
    Ok(clean.into())
}

fn unreadable(why: &'static str) -> Error {
    Error::invalid("msg", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Box<RawValue> {
        serde_json::from_str(text).expect("the test writes JSON")
    }

    fn chat(text: &str) -> Result<Body, u16> {
        let request: Result<Chat> = read(Some(&raw(text)));
        request.and_then(Chat::command).map(|command| command.body).map_err(|error| error.code() as u16)
    }

    const FILE: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn the_documented_forms_of_a_message_are_understood() {
        let text = Body::Text(Text::parse("hi").unwrap());
        assert_eq!(chat(r#"{"roomid":"/U2S_u#c","type":"text","msg":"hi"}"#), Ok(text.clone()));
        assert_eq!(chat(r#"{"roomid":"/U2S_u#c","mtype":"text","type":"nonsense","msg":"hi"}"#), Ok(text));
        let file = Body::File { id: FileId::parse(FILE).unwrap(), name: "a.pdf".into(), size_bytes: 0 };
        let as_object = format!(
            r#"{{"roomid":"/U2S_u#c","type":"file","msg":{{"fileid":"{FILE}","filename":"a.pdf"}}}}"#
        );
        let as_string = format!(
            r#"{{"roomid":"/U2S_u#c","type":"file","msg":"{{\"fileid\":\"{FILE}\",\"filename\":\"../a.pdf\"}}"}}"#
        );
        assert_eq!(chat(&as_object), Ok(file.clone()));
        assert_eq!(chat(&as_string), Ok(file));
        assert!(
            chat(&format!(
                r#"{{"roomid":"/U2S_u#c","type":"voice","msg":{{"val":"字","url":"{FILE}","duration":7}}}}"#
            ))
            .is_ok()
        );
        assert!(chat(r#"{"roomid":"/U2S_u#c","type":"custom","msg":{"subType":"x"}}"#).is_ok());
    }

    #[rstest::rstest]
    #[case::no_room(r#"{"type":"text","msg":"hi"}"#, 4001)]
    #[case::no_type(r#"{"roomid":"/U2S_u#c","msg":"hi"}"#, 4001)]
    #[case::no_msg(r#"{"roomid":"/U2S_u#c","type":"text"}"#, 4001)]
    #[case::null_msg(r#"{"roomid":"/U2S_u#c","type":"text","msg":null}"#, 4001)]
    #[case::empty_msg(r#"{"roomid":"/U2S_u#c","type":"text","msg":""}"#, 4001)]
    #[case::unknown_type(r#"{"roomid":"/U2S_u#c","type":"smell","msg":"hi"}"#, 4002)]
    #[case::number_as_text(r#"{"roomid":"/U2S_u#c","type":"text","msg":7}"#, 4002)]
    #[case::object_as_text(r#"{"roomid":"/U2S_u#c","type":"text","msg":{}}"#, 4002)]
    #[case::number_as_room(r#"{"roomid":7,"type":"text","msg":"hi"}"#, 4002)]
    #[case::array_as_type(r#"{"roomid":"/U2S_u#c","type":[],"msg":"hi"}"#, 4002)]
    #[case::nul(r#"{"roomid":"/U2S_u#c","type":"text","msg":"a\u0000b"}"#, 4002)]
    #[case::nul_in_custom(r#"{"roomid":"/U2S_u#c","type":"custom","msg":{"a":"\u0000"}}"#, 4002)]
    #[case::lone_surrogate(r#"{"roomid":"/U2S_u#c","type":"text","msg":"\ud800"}"#, 4002)]
    #[case::id_is_no_uuid(r#"{"roomid":"/U2S_u#c","type":"text","msg":"hi","id":"1"}"#, 4002)]
    #[case::strange_path(r#"{"roomid":"/U2S_u#c","type":"image","msg":"../../etc/passwd"}"#, 4002)]
    #[case::file_without_id(r#"{"roomid":"/U2S_u#c","type":"file","msg":{"filename":"a"}}"#, 4001)]
    #[case::custom_array(r#"{"roomid":"/U2S_u#c","type":"custom","msg":[1]}"#, 4002)]
    #[case::payload_array(r#"["text"]"#, 4002)]
    #[case::payload_string(r#""text""#, 4002)]
    fn what_cannot_be_said_has_its_code(#[case] payload: &str, #[case] code: u16) {
        assert_eq!(chat(payload), Err(code));
    }

    #[test]
    fn deep_nesting_is_refused_and_not_followed() {
        let deep = format!(
            r#"{{"roomid":"/U2S_u#c","type":"custom","msg":{{"a":{}{}}}}}"#,
            "[".repeat(10_000),
            "]".repeat(10_000)
        );
        assert_eq!(chat(&deep), Err(4002));
        let unknown = format!(r#"{{"a":{}1{}}}"#, r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
        assert_eq!(read::<Join>(Some(&raw(&unknown))).unwrap_err().code() as u16, 4002);
    }

    #[test]
    fn brackets_in_a_text_are_no_nesting() {
        let text = format!(
            r#"{{"roomid":"/U2S_u#c","type":"text","msg":"{}\" {}"}}"#,
            "[".repeat(500),
            "{".repeat(500)
        );
        assert!(chat(&text).is_ok());
    }

    #[test]
    fn nothing_is_an_empty_payload() {
        let code = |payload: Option<&RawValue>| {
            read::<Join>(payload).and_then(Join::command).map(|_| ()).unwrap_err().code() as u16
        };
        assert_eq!(code(None), 4001);
        assert_eq!(code(Some(&raw("null"))), 4001);
        assert_eq!(code(Some(&raw("[]"))), 4002);
        assert_eq!(code(Some(&raw(r#"{"companyid":7}"#))), 4002);
        assert_eq!(code(Some(&raw(r#"{"companyid":"c1","since":-1}"#))), 4002);
    }
}
