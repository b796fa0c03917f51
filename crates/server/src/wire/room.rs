//! Rooms on the wire: the answer to `join`, a page of history, read marks.

use nodechat_domain::app::Joined;
use nodechat_domain::model::desk::Status;
use nodechat_domain::model::{Member, Message as Said, Reads, Receipt as Stored, RoomId, Side};
use serde::Serialize;

use super::aside::Recalled;
use super::person::side_name;
use super::service::{ServiceState, status_letter};
use super::{Message, Welcome};

/// `{success: true}`.
#[derive(Serialize)]
pub struct Success {
    success: bool,
}

impl Success {
    pub const YES: Success = Success { success: true };
}

/// Answer to `chat` (contract C2).
#[derive(Serialize)]
pub struct Receipt {
    success: bool,
    id: String,
    pos: i64,
    time: i64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    dup: bool,
}

impl From<Stored> for Receipt {
    fn from(receipt: Stored) -> Self {
        let Stored { id, pos, time, dup, consultation: _, answers: _ } = receipt;
        Self { success: true, id: id.to_string(), pos, time, dup }
    }
}

/// A message that was said, or what the bot shows.
#[derive(Serialize)]
#[serde(untagged)]
enum Shown<'a> {
    Said(Message<'a>),
    Bot(&'a Welcome),
}

/// Answer to `join`.
#[derive(Serialize)]
pub struct JoinAnswer<'a> {
    roomid: &'a str,
    data: Room<'a>,
}

/// What the answer to `join` needs besides what the store knows.
pub struct JoinContext<'a> {
    /// Of whoever joins.
    pub side: Side,
    /// How an agent is right now.
    pub status: &'a dyn Fn(&Member) -> Status,
    /// How the consultation stands that runs here.
    pub service: Option<ServiceState<'a>>,
    /// What the bot shows behind the newest messages.
    pub welcome: Option<&'a Welcome>,
}

#[derive(Serialize)]
struct Room<'a> {
    roomid: &'a str,
    chat_msgs: Vec<Shown<'a>>,
    msg_pos: i64,
    topic: &'a str,
    lsttime: i64,
    members: Vec<MemberBody<'a>>,
    epoch: &'a str,
    reads: ReadsBody,
    next_pos: i64,
    recalls: i64,
    /// How many notes there are; never for visitors.
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recalled: Option<Vec<Recalled>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missed: Option<Vec<Message<'a>>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    gap: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<ServiceState<'a>>,
}

/// A member of a room (contract B1).
#[derive(Serialize)]
pub struct MemberBody<'a> {
    r#type: &'static str,
    aid: &'a str,
    mid: &'a str,
    account: &'a str,
    nick: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
}

#[derive(Serialize)]
struct ReadsBody {
    user: i64,
    cs: i64,
}

impl<'a> JoinAnswer<'a> {
    pub fn new(joined: &'a Joined, context: JoinContext<'a>) -> Self {
        let view = &joined.view;
        let Reads { visitor, agent } = joined.reads();
        let welcome = context.welcome.map(Shown::Bot);
        let members = view.members.iter().map(|member| MemberBody::new(member, &context)).collect();
        Self {
            roomid: joined.room.as_str(),
            data: Room {
                roomid: joined.room.as_str(),
                chat_msgs: view.newest.iter().map(|said| Shown::Said(Message(said))).chain(welcome).collect(),
                msg_pos: joined.first_pos(),
                topic: &joined.topic,
                lsttime: view.head.last_time,
                members,
                epoch: &joined.epoch,
                reads: ReadsBody { user: visitor, cs: agent },
                next_pos: view.head.next_pos,
                recalls: view.head.recalls,
                notes: (context.side == Side::Agent).then_some(view.head.notes),
                recalled: joined.recalled.as_ref().map(|all| all.iter().map(Recalled::from).collect()),
                missed: joined.resumed.then(|| view.missed.iter().map(Message).collect()),
                gap: joined.gap,
                service: context.service,
            },
        }
    }
}

impl<'a> MemberBody<'a> {
    fn new(member: &'a Member, context: &JoinContext<'_>) -> Self {
        let status = match member.side {
            Side::Visitor => None,
            Side::Agent => Some(status_letter((context.status)(member))),
        };
        Self::with_status(member, status)
    }

    pub fn with_status(member: &'a Member, status: Option<&'static str>) -> Self {
        Self {
            r#type: side_name(member.side),
            aid: member.aid.as_str(),
            mid: member.mid.as_str(),
            account: member.account.as_str(),
            nick: member.nick.as_str(),
            status,
        }
    }
}

/// Answer to `user {type: 'viewchat'}`.
#[derive(Serialize)]
pub struct Page<'a> {
    roomid: &'a str,
    chat_msgs: Vec<Message<'a>>,
}

impl<'a> Page<'a> {
    pub fn new(room: &'a RoomId, messages: &'a [Said]) -> Self {
        Self { roomid: room.as_str(), chat_msgs: messages.iter().map(Message).collect() }
    }
}

/// Event `mkread`.
#[derive(Serialize)]
pub struct MarkReadEvent<'a> {
    roomid: &'a str,
    r#type: &'static str,
    time: i64,
    pos: i64,
}

impl<'a> MarkReadEvent<'a> {
    pub fn new(room: &'a RoomId, side: Side, time: i64, pos: i64) -> Self {
        Self { roomid: room.as_str(), r#type: side_name(side), time, pos }
    }
}
