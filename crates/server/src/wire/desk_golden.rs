//! Every request and event of the desk, word for word as the contract spells it (B6, C1, C3).

use nodechat_domain::app::{LeaveCommand, ListQuery, Listed, ListedChat, Stage, View};
use nodechat_domain::model::desk::{Handed, Left, Queued, Rate, RateWay, Status};
use nodechat_domain::model::{
    AccountId, ChatId, GroupId, Member, MessageId, Name, Reads, Receipt as Stored, RoomHead, RoomId, Side,
    Tag, Text,
};
use serde::Serialize;
use serde_json::value::RawValue;

use super::*;

const ROOM: &str = "/U2S_ann#c1";
const CHAT: &str = "0191d8b0-7c1e-7aaa-8bbb-0123456789ab";

fn room() -> RoomId {
    RoomId::parse(ROOM).unwrap()
}

fn chat() -> ChatId {
    ChatId::parse(CHAT).unwrap()
}

fn group() -> GroupId {
    GroupId::parse("0191d8b0-7c1e-7aaa-8bbb-0123456789cd").unwrap()
}

fn message() -> MessageId {
    MessageId::parse("0191d8b0-7c1e-7aaa-8bbb-0123456789ef").unwrap()
}

fn left(id: Option<MessageId>) -> LeaveCommand {
    LeaveCommand { room: room(), id, text: Text::parse("请回电").unwrap(), contact: "138".into() }
}

fn aid(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

fn payload(json: &str) -> Box<RawValue> {
    serde_json::from_str(json).expect("the test writes JSON")
}

fn user(json: &str) -> Result<UserCall, u16> {
    let call = read::<UserRequest>(Some(&payload(json))).and_then(UserRequest::call);
    call.map_err(|error| error.code() as u16)
}

fn mgr(json: &str) -> Result<MgrCall, u16> {
    let call = read::<MgrRequest>(Some(&payload(json))).and_then(MgrRequest::call);
    call.map_err(|error| error.code() as u16)
}

fn list(json: &str) -> Result<ListCall, u16> {
    let call = read::<ListRequest>(Some(&payload(json))).and_then(ListRequest::call);
    call.map_err(|error| error.code() as u16)
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

fn bob() -> Member {
    let name = |text| Name::parse("nick", text).unwrap();
    Member {
        side: Side::Agent,
        aid: aid("bob"),
        mid: name("m-bob"),
        account: name("bob@shop"),
        nick: name("客服一"),
    }
}

const BOB: &str =
    r#"{"type":"cs","aid":"bob","mid":"m-bob","account":"bob@shop","nick":"客服一","status":"O"}"#;

#[test]
fn a_visitor_asks_in_the_contracts_words() {
    assert_eq!(
        user(
            r#"{"type":"applycs","roomid":"/U2S_ann#c1","groupid":"0191d8b0-7c1e-7aaa-8bbb-0123456789cd","csid":"bob"}"#
        ),
        Ok(UserCall::Apply { room: room(), group: Some(group()), agent: Some(aid("bob")) })
    );
    assert_eq!(
        user(r#"{"type":"applycs","roomid":"/U2S_ann#c1","groupid":""}"#),
        Ok(UserCall::Apply { room: room(), group: None, agent: None })
    );
    assert_eq!(
        user(r#"{"type":"endcs","roomid":"/U2S_ann#c1","chatid":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab"}"#),
        Ok(UserCall::End { room: room(), chat: chat() })
    );
    assert_eq!(
        user(
            r#"{"type":"rate","roomid":"/U2S_ann#c1","chatid":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab","ratetype":"AUTO","rateresult":"JUSTSOSO"}"#
        ),
        Ok(UserCall::Rate(Rated { room: room(), chat: chat(), way: RateWay::Auto, rate: Rate::JustSoSo }))
    );
    assert_eq!(
        user(r#"{"type":"leavemsg","roomid":"/U2S_ann#c1","msg":"请回电","contact":"138"}"#),
        Ok(UserCall::LeaveMessage(left(None)))
    );
    assert_eq!(
        user(
            r#"{"type":"leavemsg","roomid":"/U2S_ann#c1","msg":"请回电","contact":"138","id":"0191d8b0-7c1e-7aaa-8bbb-0123456789ef"}"#
        ),
        Ok(UserCall::LeaveMessage(left(Some(message()))))
    );
    assert_eq!(
        user(r#"{"type":"viewchat","roomid":"/U2S_ann#c1","start":-3}"#),
        Ok(UserCall::ViewChat { room: room(), start: -3, limit: 10 })
    );
}

#[test]
fn an_agent_asks_in_the_contracts_words() {
    assert_eq!(mgr(r#"{"type":"setStatus","status":"B"}"#), Ok(MgrCall::SetStatus(Status::Busy)));
    assert_eq!(mgr(r#"{"type":"allStatus"}"#), Ok(MgrCall::AllStatus));
    for c in ["3", "3.0", "\"3\""] {
        assert_eq!(mgr(&format!(r#"{{"type":"setWaitCount","c":{c}}}"#)), Ok(MgrCall::SetWaitCount(3)));
    }
    assert_eq!(mgr(r#"{"type":"card","roomid":"/U2S_ann#c1"}"#), Ok(MgrCall::Card(room())));
    assert_eq!(mgr(r#"{"type":"remove","roomid":"/U2S_ann#c1"}"#), Ok(MgrCall::Remove(room())));
    assert_eq!(
        mgr(r#"{"type":"serveChat","roomid":"/U2S_ann#c1","chatid":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab"}"#),
        Ok(MgrCall::Serve { room: room(), chat: chat() })
    );
    assert_eq!(
        mgr(r#"{"type":"transfer","roomid":"/U2S_ann#c1","tocsid":"bob","msg":"退款"}"#),
        Ok(MgrCall::Transfer { room: room(), to: Receiver::Agent(aid("bob")), note: "退款".into() })
    );
    assert_eq!(
        mgr(
            r#"{"type":"transfer","roomid":"/U2S_ann#c1","togroupid":"0191d8b0-7c1e-7aaa-8bbb-0123456789cd","tocsid":"","msg":"退款"}"#
        ),
        Ok(MgrCall::Transfer { room: room(), to: Receiver::Group(group()), note: "退款".into() })
    );
    assert_eq!(
        mgr(
            r#"{"type":"acceptTransfer","roomid":"/U2S_ann#c1","chatid":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab"}"#
        ),
        Ok(MgrCall::AcceptTransfer { room: room(), chat: chat() })
    );
    assert_eq!(
        mgr(
            r#"{"type":"rejectTransfer","roomid":"/U2S_ann#c1","chatid":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab"}"#
        ),
        Ok(MgrCall::RejectTransfer { room: room(), chat: chat() })
    );
    assert_eq!(
        mgr(r#"{"type":"endChat","roomid":"/U2S_ann#c1","chatid":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab"}"#),
        Ok(MgrCall::End { room: room(), chat: chat() })
    );
    assert_eq!(
        mgr(r#"{"type":"takeOver","roomid":"/U2S_ann#c1","chatid":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab"}"#),
        Ok(MgrCall::TakeOver { room: room(), chat: chat() })
    );
    assert_eq!(
        mgr(
            r#"{"type":"acceptChat","roomid":"/U2S_ann#c1","chatid":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab"}"#
        ),
        Ok(MgrCall::Accept { room: room(), chat: chat() })
    );
    assert_eq!(mgr(r#"{"type":"watch","roomid":"/U2S_ann#c1"}"#), Ok(MgrCall::Watch(room())));
    assert_eq!(mgr(r#"{"type":"unwatch","roomid":"/U2S_ann#c1"}"#), Ok(MgrCall::Unwatch(room())));
}

#[test]
fn lists_are_asked_for_in_the_contracts_words() {
    assert_eq!(list(r#"{"type":"allUser"}"#), Ok(ListCall::AllUser));
    assert_eq!(list(r#"{"type":"selfUser"}"#), Ok(ListCall::SelfUser));
    assert_eq!(list(r#"{"type":"unreads"}"#), Ok(ListCall::Unreads));
    assert_eq!(
        list(r#"{"type":"rooms"}"#),
        Ok(ListCall::Rooms(ListQuery { limit: 50, ..ListQuery::default() }))
    );
    assert_eq!(
        list(
            r#"{"type":"rooms","view":"closed","groupid":"0191d8b0-7c1e-7aaa-8bbb-0123456789cd","csid":"bob","from":1,"to":2,"rating":"BAD",
                "tag":"老客户","search":"安","cursor":"9","limit":200}"#
        ),
        Ok(ListCall::Rooms(ListQuery {
            view: View::Closed,
            group: Some(group()),
            agent: Some(aid("bob")),
            from: Some(1),
            to: Some(2),
            rate: Some(Rate::Bad),
            tag: Some(Tag::parse("老客户").unwrap()),
            search: Some("安".into()),
            cursor: Some("9".into()),
            limit: 200,
        }))
    );
}

#[rstest::rstest]
#[case::no_type(r#"{"roomid":"/U2S_ann#c1"}"#, 4001)]
#[case::unknown_type(r#"{"type":"fly"}"#, 3100)]
#[case::no_room(r#"{"type":"applycs"}"#, 4001)]
#[case::no_chat(r#"{"type":"endcs","roomid":"/U2S_ann#c1"}"#, 4001)]
#[case::strange_chat(r#"{"type":"endcs","roomid":"/U2S_ann#c1","chatid":"x"}"#, 4002)]
#[case::strange_room(r#"{"type":"applycs","roomid":"ann"}"#, 4002)]
#[case::number_as_chat(r#"{"type":"endcs","roomid":"/U2S_ann#c1","chatid":7}"#, 4002)]
#[case::no_result(
    r#"{"type":"rate","roomid":"/U2S_ann#c1","chatid":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab"}"#,
    4001
)]
#[case::strange_result(r#"{"type":"rate","roomid":"/U2S_ann#c1","chatid":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab","rateresult":"SUPER"}"#, 4002)]
#[case::strange_way(
    r#"{"type":"rate","roomid":"/U2S_ann#c1","chatid":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab","ratetype":"x","rateresult":"BAD"}"#,
    4002
)]
#[case::empty_message(r#"{"type":"leavemsg","roomid":"/U2S_ann#c1","msg":""}"#, 4001)]
#[case::strange_id(r#"{"type":"leavemsg","roomid":"/U2S_ann#c1","msg":"x","id":"7"}"#, 4002)]
#[case::no_start(r#"{"type":"viewchat","roomid":"/U2S_ann#c1"}"#, 4001)]
#[case::no_page(r#"{"type":"viewchat","roomid":"/U2S_ann#c1","start":0,"limit":101}"#, 4002)]
fn what_a_visitor_cannot_ask_has_its_code(#[case] payload: &str, #[case] code: u16) {
    assert_eq!(user(payload), Err(code));
}

#[rstest::rstest]
#[case::no_type(r#"{}"#, 4001)]
#[case::unknown_type(r#"{"type":"fly"}"#, 3100)]
#[case::no_status(r#"{"type":"setStatus"}"#, 4001)]
#[case::strange_status(r#"{"type":"setStatus","status":"X"}"#, 4002)]
#[case::no_count(r#"{"type":"setWaitCount"}"#, 4001)]
#[case::negative_count(r#"{"type":"setWaitCount","c":-1}"#, 4002)]
#[case::broken_count(r#"{"type":"setWaitCount","c":1.5}"#, 4002)]
#[case::count_in_words(r#"{"type":"setWaitCount","c":"many"}"#, 4002)]
#[case::no_number(r#"{"type":"setWaitCount","c":[3]}"#, 4002)]
#[case::more_than_there_are(r#"{"type":"setWaitCount","c":1000001}"#, 4002)]
#[case::far_more(r#"{"type":"setWaitCount","c":1e30}"#, 4002)]
#[case::card_of_nobody(r#"{"type":"card"}"#, 4001)]
#[case::to_both(r#"{"type":"transfer","roomid":"/U2S_ann#c1","tocsid":"bob","togroupid":"0191d8b0-7c1e-7aaa-8bbb-0123456789cd"}"#, 4002)]
#[case::to_no_group(r#"{"type":"transfer","roomid":"/U2S_ann#c1","togroupid":"sales"}"#, 4002)]
#[case::no_chat(r#"{"type":"serveChat","roomid":"/U2S_ann#c1"}"#, 4001)]
#[case::to_nobody(r#"{"type":"transfer","roomid":"/U2S_ann#c1","msg":"x"}"#, 4001)]
fn what_an_agent_cannot_ask_has_its_code(#[case] payload: &str, #[case] code: u16) {
    assert_eq!(mgr(payload), Err(code));
}

#[test]
fn what_cannot_be_listed_has_its_code() {
    assert_eq!(list(r#"{"type":"x"}"#), Err(3100));
    assert_eq!(list(r#"{"type":"rooms","view":"x"}"#), Err(4002));
    assert_eq!(list(r#"{"type":"rooms","limit":0}"#), Err(4002));
    assert_eq!(list(r#"{"type":"rooms","rating":"x"}"#), Err(4002));
    assert_eq!(list(&format!(r#"{{"type":"rooms","tag":"{}"}}"#, "x".repeat(51))), Err(4002));
    assert_eq!(list(r#"{"type":"rooms","from":"yesterday"}"#), Err(4002));
}

#[test]
fn how_a_consultation_stands_is_told_in_the_contracts_words() {
    let bob = bob();
    let state = |standing| json(&ServiceState { chatid: Some(chat()), standing });
    assert_eq!(
        state(Standing::Waiting(Queued { position: 3, wait_ms: Some(60_000) }.into())),
        r#"{"chatid":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab","status":"waiting","position":3,"wait_ms":60000}"#
    );
    assert_eq!(
        state(Standing::Serving { cs: agent(&bob, Status::Online) }),
        format!(r#"{{"chatid":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab","status":"serving","cs":{BOB}}}"#)
    );
    assert_eq!(state(Standing::Left), format!(r#"{{"chatid":"{CHAT}","status":"left"}}"#));
    let said = Stored { id: message(), pos: 3, time: 9, dup: true, consultation: None, answers: false };
    let state_of_left = ServiceState { chatid: Some(chat()), standing: Standing::Left };
    assert_eq!(
        json(&LeftAnswer { state: state_of_left, receipt: said.into() }),
        format!(
            r#"{{"chatid":"{CHAT}","status":"left","success":true,"id":"0191d8b0-7c1e-7aaa-8bbb-0123456789ef","pos":3,"time":9,"dup":true}}"#
        )
    );
    let nobody = |msg| json(&ServiceState { chatid: None, standing: Standing::Offline { msg } });
    assert_eq!(nobody(""), r#"{"status":"offline"}"#);
    assert_eq!(nobody("打烊了"), r#"{"status":"offline","msg":"打烊了"}"#);
}

#[test]
fn a_service_event_has_the_contracts_words() {
    let event = |news| json(&ServiceEvent { roomid: ROOM, chatid: chat(), news });
    let told = |rest: &str| {
        format!(r#"{{"roomid":"{ROOM}","chatid":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab",{rest}}}"#)
    };
    assert_eq!(
        event(News::Waiting(Queued { position: 1, wait_ms: Some(0) }.into())),
        told(r#""type":"waiting","position":1,"wait_ms":0"#)
    );
    assert_eq!(event(News::Unserved), told(r#""type":"unserved""#));
    let bob = bob();
    let cs = || agent(&bob, Status::Online);
    assert_eq!(event(News::Serving { cs: cs() }), told(&format!(r#""type":"serving","cs":{BOB}"#)));
    assert_eq!(
        event(News::Transferred { cs: Some(cs()), groupid: None }),
        told(&format!(r#""type":"transferred","cs":{BOB}"#))
    );
    assert_eq!(
        event(News::Transferred { cs: None, groupid: Some(group().to_string()) }),
        told(r#""type":"transferred","groupid":"0191d8b0-7c1e-7aaa-8bbb-0123456789cd""#)
    );
    assert_eq!(
        event(News::Ended { by: ended_by(Some("visitor")), rate: true }),
        told(r#""type":"ended","by":"user","rate":true"#)
    );
    assert_eq!(
        event(News::Rejected { csid: "bob", reason: "late" }),
        told(r#""type":"rejected","csid":"bob","reason":"late""#)
    );
    assert_eq!(event(News::Offered { csid: "bob" }), told(r#""type":"offered","csid":"bob""#));
    assert_eq!(event(News::Lost), told(r#""type":"lost""#));
    assert_eq!(event(News::Idle { at: 9 }), told(r#""type":"idle","at":9"#));
    assert_eq!(event(News::Reopened), told(r#""type":"reopened""#));
    assert_eq!(event(News::Rated { rateresult: "BAD" }), told(r#""type":"rated","rateresult":"BAD""#));
}

#[test]
fn an_agent_is_given_a_visitor_in_the_contracts_words() {
    let assign = AssignEvent::Assign {
        roomid: ROOM,
        userid: "ann",
        topic: "安",
        lsttime: 1_538_209_333_516,
        chatid: chat(),
        transfer: None,
    };
    assert_eq!(
        json(&assign),
        r#"{"type":"assign","roomid":"/U2S_ann#c1","userid":"ann","topic":"安","lsttime":1538209333516,"chatid":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab"}"#
    );
    let given = AssignEvent::Assign {
        roomid: ROOM,
        userid: "ann",
        topic: "安",
        lsttime: 1,
        chatid: chat(),
        transfer: Some(HandedBody { msg: "退款", from: "eve" }),
    };
    assert_eq!(
        json(&given),
        r#"{"type":"assign","roomid":"/U2S_ann#c1","userid":"ann","topic":"安","lsttime":1,"chatid":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab","msg":"退款","from":"eve"}"#
    );
    let transfer = AssignEvent::Transfer {
        roomid: ROOM,
        topic: "安",
        lsttime: 1,
        msg: "退款",
        chatid: chat(),
        from: "eve",
    };
    assert_eq!(
        json(&transfer),
        r#"{"type":"transfer","roomid":"/U2S_ann#c1","topic":"安","lsttime":1,"msg":"退款","chatid":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab","from":"eve"}"#
    );
}

#[test]
fn statuses_and_lists_have_the_contracts_words() {
    let (bob, eve, tom) = (aid("bob"), aid("eve"), aid("tom"));
    let all = [(&tom, Status::Offline), (&bob, Status::Online), (&eve, Status::Busy)];
    assert_eq!(json(&AllStatus::new(all.into_iter())), r#"{"allCs":{"bob":0,"eve":1,"tom":2}}"#);
    let head = RoomHead {
        next_pos: 3,
        reads: Reads { visitor: 2, agent: 0 },
        ..RoomHead::new(room(), Name::parse("nick", "安").unwrap(), 5)
    };
    let plain = Listed { head, chat: None };
    assert_eq!(
        json(&RoomList { rooms: vec![RoomRow::new(&plain)], next: None }),
        r#"{"rooms":[{"roomid":"/U2S_ann#c1","topic":"安","c":2,"lsttime":5,"userid":"ann"}]}"#
    );
    let chat = ListedChat {
        chat: chat(),
        stage: Stage::Closed,
        agent: Some(aid("bob")),
        group: None,
        begun: 1,
        ended: Some(4),
        rate: Some(Rate::Best),
        vip: false,
        left: Some(Left { text: "请回电".into(), contact: "138".into() }),
        handed: Some(Handed { by: aid("eve"), note: "退款".into() }),
        position: None,
        offered: false,
    };
    let closed = Listed { chat: Some(chat), ..plain };
    assert_eq!(
        json(&RoomList { rooms: vec![RoomRow::new(&closed)], next: Some("9".into()) }),
        r#"{"rooms":[{"roomid":"/U2S_ann#c1","topic":"安","c":2,"lsttime":5,"userid":"ann","chatid":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab","status":"closed","csid":"bob","begun":1,"ended":4,"rateresult":"BEST","left":{"msg":"请回电","contact":"138"},"transfer":{"msg":"退款","from":"eve"}}],"next":"9"}"#
    );
    let queue = DeskNews::Queue { waiting: 3, serving: 2 };
    assert_eq!(json(&queue), r#"{"type":"queue","waiting":3,"serving":2}"#);
    let status = DeskNews::Status { csid: "bob", status: StatusNumber(Status::Busy) };
    assert_eq!(json(&status), r#"{"type":"status","csid":"bob","status":1}"#);
    let unread = room();
    let read = RoomId::parse("/U2S_tom#c1").unwrap();
    assert_eq!(json(&Unreads::new([(&unread, 2), (&read, 0)].into_iter())), r#"{"rooms":{"/U2S_ann#c1":2}}"#);
}

#[test]
fn typing_and_presence_have_the_contracts_words() {
    let typing = |text| json(&TypingEvent::new(&room(), Side::Visitor, &aid("ann"), text));
    assert_eq!(typing(None), r#"{"roomid":"/U2S_ann#c1","aid":"ann","type":"user"}"#);
    assert_eq!(typing(Some("我想")), r#"{"roomid":"/U2S_ann#c1","aid":"ann","type":"user","text":"我想"}"#);
    assert_eq!(
        json(&PresenceEvent::new(&room(), Side::Agent, &aid("bob"), true)),
        r#"{"roomid":"/U2S_ann#c1","aid":"bob","type":"cs","online":true}"#
    );
    let there = room();
    let looking = LookingEvent { roomid: there.as_str(), aid: "bob", on: false };
    assert_eq!(json(&looking), r#"{"roomid":"/U2S_ann#c1","aid":"bob","on":false}"#);
    let looks = read::<Looking>(Some(&payload(r#"{"roomid":"/U2S_ann#c1"}"#))).unwrap();
    assert_eq!(looks.command().unwrap(), (room(), true));
    let typed = read::<Typing>(Some(&payload(r#"{"roomid":"/U2S_ann#c1","text":"我"}"#))).unwrap();
    assert_eq!(typed.command().unwrap(), (room(), Some("我".to_owned())));
}
