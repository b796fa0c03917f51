//! Answers, events and errors of the chat channel, word for word as the contract spells them (A, B1, B2, B5, C2, C4).

use jiff::tz::TimeZone;
use nodechat_domain::Error;
use nodechat_domain::app::Joined;
use nodechat_domain::model::desk::{Queued, Status};
use nodechat_domain::model::{
    AccountId, Atype, Body, ChatId, CompanyId, FileId, Member, Message as Said, MessageId, Name, Note,
    NoteReceipt as Noted, Person, Realm, Recall, Receipt as Stored, RoomHead, RoomId, RoomView, Sender, Side,
    Text,
};
use serde::Serialize;

use super::aside::{NotesAnswer, RecallAnswer};
use super::*;

const ROOM: &str = "/U2S_ann#c1";
const ID: &str = "0191d8b0-7c1e-7aaa-8bbb-0123456789ab";
const ANN: &str = r#"{"type":"user","aid":"ann","mid":"m-ann","account":"ann@site","nick":"安"}"#;

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

fn room() -> RoomId {
    RoomId::parse(ROOM).unwrap()
}

fn aid(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

fn name(text: &str) -> Name {
    Name::parse("nick", text).unwrap()
}

fn ann() -> Member {
    Member {
        side: Side::Visitor,
        aid: aid("ann"),
        mid: name("m-ann"),
        account: name("ann@site"),
        nick: name("安"),
    }
}

fn bob() -> Member {
    Member {
        side: Side::Agent,
        aid: aid("bob"),
        mid: name("m-bob"),
        account: name("bob@shop"),
        nick: name("客服一"),
    }
}

fn said(pos: i64, body: Body) -> Said {
    let Member { side, aid, mid, nick, .. } = ann();
    let sender = Sender { side, aid, mid, nick };
    Said { id: MessageId::parse(ID).unwrap(), pos, sender, time: 5, body, quote: None }
}

/// How it is written, by position.
fn written(pos: i64) -> String {
    format!(
        r#"{{"id":"{ID}","pos":{pos},"type":"usermsg","mtype":"text","aid":"ann","mid":"m-ann","nick":"安","time":5,"msg":"hi"}}"#
    )
}

fn text() -> Body {
    Body::Text(Text::parse("hi").unwrap())
}

fn joined() -> Joined {
    Joined {
        room: room(),
        topic: "Shop One".into(),
        view: RoomView {
            head: RoomHead { next_pos: 2, recalls: 1, notes: 3, ..RoomHead::new(room(), name("安"), 5) },
            members: vec![ann(), bob()],
            newest: vec![said(0, text()), said(1, text())],
            missed: vec![said(1, text())],
        },
        epoch: "e1".into(),
        gap: false,
        resumed: false,
        recalled: None,
    }
}

fn answer(joined: &Joined, side: Side, status: Status, service: Option<ServiceState<'_>>) -> String {
    let status = |_: &Member| status;
    json(&JoinAnswer::new(joined, JoinContext { side, status: &status, service, welcome: None }))
}

#[test]
fn whoever_joins_sees_the_room_in_the_contracts_words() {
    let whole = |letter: &str, rest: &str| {
        format!(
            r#"{{"roomid":"{ROOM}","data":{{"roomid":"{ROOM}","chat_msgs":[{},{}],"msg_pos":0,"topic":"Shop One","lsttime":5,"members":[{ANN},{{"type":"cs","aid":"bob","mid":"m-bob","account":"bob@shop","nick":"客服一","status":"{letter}"}}],"epoch":"e1","reads":{{"user":-1,"cs":-1}},"next_pos":2,"recalls":1{rest}}}}}"#,
            written(0),
            written(1),
        )
    };
    assert_eq!(answer(&joined(), Side::Visitor, Status::Online, None), whole("O", ""));
    assert_eq!(answer(&joined(), Side::Agent, Status::Busy, None), whole("B", r#","notes":3"#));
    let chat = ChatId::parse(ID).unwrap();
    let queued = Queued { position: 2, wait_ms: None };
    let service = ServiceState { chatid: Some(chat), standing: Standing::Waiting(queued.into()) };
    assert_eq!(
        answer(&joined(), Side::Visitor, Status::Offline, Some(service)),
        whole("F", &format!(r#","service":{{"chatid":"{ID}","status":"waiting","position":2}}"#))
    );
}

#[test]
fn whoever_comes_back_gets_what_was_missed() {
    let recall = Recall { number: 0, id: MessageId::parse(ID).unwrap(), pos: 0 };
    let back = Joined { gap: true, resumed: true, recalled: Some(vec![recall]), ..joined() };
    let told = answer(&back, Side::Visitor, Status::Online, None);
    let end = format!(
        r#""recalls":1,"recalled":[{{"id":"{ID}","pos":0}}],"missed":[{}],"gap":true}}}}"#,
        written(1)
    );
    assert!(told.ends_with(&end), "{told}");
}

#[test]
fn an_empty_room_begins_at_nought() {
    let head = RoomHead::new(room(), name("安"), 5);
    let view = RoomView { head, members: Vec::new(), newest: Vec::new(), missed: Vec::new() };
    let empty = Joined { view, ..joined() };
    assert_eq!(
        answer(&empty, Side::Visitor, Status::Online, None),
        format!(
            r#"{{"roomid":"{ROOM}","data":{{"roomid":"{ROOM}","chat_msgs":[],"msg_pos":0,"topic":"Shop One","lsttime":5,"members":[],"epoch":"e1","reads":{{"user":-1,"cs":-1}},"next_pos":0,"recalls":0}}}}"#
        )
    );
}

#[test]
fn what_was_asked_of_a_room_is_answered_in_the_contracts_words() {
    let receipt = |dup| Stored {
        id: MessageId::parse(ID).unwrap(),
        pos: 7,
        time: 5,
        dup,
        consultation: None,
        answers: false,
    };
    assert_eq!(
        json(&Receipt::from(receipt(false))),
        format!(r#"{{"success":true,"id":"{ID}","pos":7,"time":5}}"#)
    );
    assert_eq!(
        json(&Receipt::from(receipt(true))),
        format!(r#"{{"success":true,"id":"{ID}","pos":7,"time":5,"dup":true}}"#)
    );
    assert_eq!(json(&Success::YES), r#"{"success":true}"#);
    assert_eq!(
        json(&Page::new(&room(), &[said(3, text())])),
        format!(r#"{{"roomid":"{ROOM}","chat_msgs":[{}]}}"#, written(3))
    );
    assert_eq!(json(&Page::new(&room(), &[])), format!(r#"{{"roomid":"{ROOM}","chat_msgs":[]}}"#));
    assert_eq!(
        json(&MarkReadEvent::new(&room(), Side::Agent, 5, 7)),
        format!(r#"{{"roomid":"{ROOM}","type":"cs","time":5,"pos":7}}"#)
    );
    assert_eq!(
        json(&QueryAnswer::new(&room(), &said(1, text()))),
        format!(r#"{{"roomid":"{ROOM}","data":{}}}"#, written(1))
    );
}

#[test]
fn what_stands_beside_a_room_is_answered_in_the_contracts_words() {
    assert_eq!(json(&RecallAnswer { success: true, pos: 7 }), r#"{"success":true,"pos":7}"#);
    let receipt = |dup| Noted { id: MessageId::parse(ID).unwrap(), number: 0, time: 5, dup };
    assert_eq!(
        json(&NoteReceipt::from(receipt(false))),
        format!(r#"{{"success":true,"id":"{ID}","number":0,"time":5}}"#)
    );
    assert_eq!(
        json(&NoteReceipt::from(receipt(true))),
        format!(r#"{{"success":true,"id":"{ID}","number":0,"time":5,"dup":true}}"#)
    );
    let Member { side, aid, mid, nick, .. } = bob();
    let note = Note {
        number: 0,
        id: MessageId::parse(ID).unwrap(),
        author: Sender { side, aid, mid, nick },
        time: 5,
        text: Text::parse("careful").unwrap(),
    };
    assert_eq!(
        json(&NotesAnswer::new(&room(), &[note])),
        format!(
            r#"{{"roomid":"{ROOM}","notes":[{{"number":0,"id":"{ID}","aid":"bob","mid":"m-bob","nick":"客服一","time":5,"msg":"careful"}}]}}"#
        )
    );
}

#[test]
fn a_recorded_message_has_the_documented_fields() {
    let zone = WireZone(TimeZone::get("Asia/Shanghai").unwrap());
    let file = Body::File {
        id: FileId::parse("0123456789abcdef0123456789abcdef").unwrap(),
        name: "a.pdf".into(),
        size_bytes: 9,
    };
    let message = Said { time: 1_538_209_333_516, ..said(7, file) };
    assert_eq!(
        json(&RecordedMessage { message: &message, room: &room(), zone: &zone }),
        format!(
            r#"{{"id":"{ID}","pos":7,"utype":"usermsg","mtype":"file","aid":"ann","mid":"m-ann","nick":"安","roomid":"{ROOM}","time":"2018-09-29 16:22:13","msg":{{"fileid":"0123456789abcdef0123456789abcdef","filename":"a.pdf","filesize":9}}}}"#
        )
    );
}

#[test]
fn a_session_says_who_one_is() {
    let person = |side| Person {
        side,
        realm: Realm::Company(CompanyId::parse("c1").unwrap()),
        aid: aid("ann"),
        mid: name("m-ann"),
        account: name("ann@site"),
        nick: name("安"),
        attributes: None,
    };
    assert_eq!(
        json(&Session::new(&person(Side::Visitor), Atype::Uwap, 5, "e1")),
        r#"{"aid":"ann","mid":"m-ann","account":"ann@site","nick":"安","type":"user","atype":"uwap","companyid":"c1","time":5,"epoch":"e1"}"#
    );
    let buyer = Person { realm: Realm::Platform, ..person(Side::Visitor) };
    assert_eq!(
        json(&Session::new(&buyer, Atype::Uweb, 5, "e1")),
        r#"{"aid":"ann","mid":"m-ann","account":"ann@site","nick":"安","type":"user","atype":"uweb","time":5,"epoch":"e1"}"#
    );
}

#[rstest::rstest]
#[case(Error::UnknownCall, r#"{"errcode":3100,"errmsg":"there is no such call"}"#)]
#[case(Error::Missing("roomid"), r#"{"errcode":4001,"errmsg":"`roomid` is missing or empty"}"#)]
#[case(
    Error::invalid("id", "it is not a uuid"),
    r#"{"errcode":4002,"errmsg":"`id` is not valid: it is not a uuid"}"#
)]
#[case(Error::Forbidden, r#"{"errcode":4003,"errmsg":"this is not allowed"}"#)]
#[case(Error::BadTicket, r#"{"errcode":4003,"errmsg":"the ticket is missing, invalid or expired"}"#)]
#[case(Error::BadToken, r#"{"errcode":4003,"errmsg":"the token is unknown, used or expired"}"#)]
#[case(Error::BadKey, r#"{"errcode":4003,"errmsg":"the API key is missing or unknown"}"#)]
#[case(Error::NotFound("room"), r#"{"errcode":4004,"errmsg":"there is no such room"}"#)]
#[case(Error::conflict("客服一 has it"), r#"{"errcode":4009,"errmsg":"客服一 has it"}"#)]
#[case(
    Error::TooMany { retry_after_ms: 900 },
    r#"{"errcode":4029,"errmsg":"too many requests, try again later","retry_after":900}"#
)]
#[case(
    Error::unavailable("the store"),
    r#"{"errcode":5003,"errmsg":"temporarily unavailable, try again","retry_after":1000}"#
)]
#[case(Error::Json, r#"{"errcode":5009,"errmsg":"the JSON cannot be parsed"}"#)]
#[case(Error::EmptyFile, r#"{"errcode":5400,"errmsg":"the file is empty"}"#)]
#[case(Error::FileKind, r#"{"errcode":5401,"errmsg":"this kind of file is not allowed"}"#)]
#[case(
    Error::FileTooLarge { limit_bytes: 9 },
    r#"{"errcode":5402,"errmsg":"the file is too large, the limit is 9 bytes"}"#
)]
fn an_error_has_its_code_and_its_sentence(#[case] error: Error, #[case] expected: &str) {
    assert_eq!(json(&ErrorBody::of(&error)), expected);
}
