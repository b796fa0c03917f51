//! What people are told of consultations: answers, and the events `service`, `assign`, `typing`, `looking`, `presence`.

use std::collections::BTreeMap;

use nodechat_domain::app::{Listed, ListedChat, Stage};
use nodechat_domain::model::desk::{self, Handed, Queued, Status};
use nodechat_domain::model::{AccountId, ChatId, Member, Position, RoomId, Side, Time};
use serde::{Serialize, Serializer};

use super::desk::rate_name;
use super::person::side_name;
use super::room::{MemberBody, Receipt};

/// Answer to `user {type: 'applycs'}`, and `data.service` of `join`: how a consultation stands.
#[derive(Serialize)]
pub struct ServiceState<'a> {
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "maybe_chat")]
    pub chatid: Option<ChatId>,
    #[serde(flatten)]
    pub standing: Standing<'a>,
}

#[derive(Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum Standing<'a> {
    Serving {
        cs: MemberBody<'a>,
    },
    Waiting(PlaceBody),
    /// A message was left, and waits for somebody to care for it.
    Left,
    /// Nobody is there; `msg` is what the company says then.
    Offline {
        #[serde(skip_serializing_if = "str::is_empty")]
        msg: &'a str,
    },
}

impl<'a> Standing<'a> {
    /// `status`: of the agent who serves; `offline`: what the company says when nobody is there.
    pub fn of(standing: &'a desk::Standing, status: Status, offline: &'a str) -> Self {
        match standing {
            desk::Standing::Serving(member) => Standing::Serving { cs: agent(member, status) },
            desk::Standing::Waiting(queued) => Standing::Waiting((*queued).into()),
            desk::Standing::Left => Standing::Left,
            desk::Standing::Offline => Standing::Offline { msg: offline },
        }
    }
}

/// A place in the queue.
#[derive(Serialize)]
pub struct PlaceBody {
    /// 1 is the next one.
    position: u32,
    /// How long it will take; not before anybody was served.
    #[serde(skip_serializing_if = "Option::is_none")]
    wait_ms: Option<i64>,
}

impl From<Queued> for PlaceBody {
    fn from(queued: Queued) -> Self {
        Self { position: queued.position, wait_ms: queued.wait_ms }
    }
}

/// Event `service`, to the visitor and the agents concerned.
#[derive(Serialize)]
pub struct ServiceEvent<'a> {
    pub roomid: &'a str,
    #[serde(serialize_with = "chat")]
    pub chatid: ChatId,
    #[serde(flatten)]
    pub news: News<'a>,
}

/// What has become of a consultation.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum News<'a> {
    Waiting(PlaceBody),
    /// It has waited for long: a message may be left instead.
    Unserved,
    Serving {
        cs: MemberBody<'a>,
    },
    /// Another agent serves from now on.
    Transferred {
        /// None, and only to the agent who gave it away: it waits in a queue.
        #[serde(skip_serializing_if = "Option::is_none")]
        cs: Option<MemberBody<'a>>,
        /// The group it was given to.
        #[serde(skip_serializing_if = "Option::is_none")]
        groupid: Option<String>,
    },
    /// Not this agent's any more, who did not answer or is away; to the agent alone.
    Lost,
    /// Offered to a colleague who has not answered yet; to the agents alone.
    Offered {
        csid: &'a str,
    },
    /// The offer came to nothing; the consultation stays where it was. To the agents alone.
    Rejected {
        csid: &'a str,
        reason: &'a str,
    },
    /// It ends at this time unless something is said.
    Idle {
        at: Time,
    },
    Ended {
        by: &'static str,
        /// Whether the visitor is asked for a rating.
        rate: bool,
    },
    Reopened,
    /// The visitor has rated; to the agent alone.
    Rated {
        rateresult: &'static str,
    },
}

/// Event `service` to all agents of a company: how its desk is.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum DeskNews<'a> {
    /// How many wait and how many are served.
    Queue { waiting: usize, serving: usize },
    /// How an agent is from now on.
    Status { csid: &'a str, status: StatusNumber },
}

/// Who ended it, as the wire says it.
pub fn ended_by(note: Option<&str>) -> &'static str {
    match note {
        Some("visitor") => "user",
        Some("agent") => "cs",
        _ => "idle",
    }
}

/// Event `assign`, to the agent who is given a visitor, or offered one by a colleague.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum AssignEvent<'a> {
    Assign {
        roomid: &'a str,
        userid: &'a str,
        topic: &'a str,
        lsttime: Time,
        #[serde(serialize_with = "chat")]
        chatid: ChatId,
        /// What the colleague said who gave it to the group, and who that was.
        #[serde(flatten)]
        transfer: Option<HandedBody<'a>>,
    },
    Transfer {
        roomid: &'a str,
        topic: &'a str,
        lsttime: Time,
        msg: &'a str,
        #[serde(serialize_with = "chat")]
        chatid: ChatId,
        from: &'a str,
    },
}

/// Answer to `mgr {type: 'allStatus'}`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AllStatus<'a> {
    all_cs: BTreeMap<&'a str, StatusNumber>,
}

impl<'a> AllStatus<'a> {
    pub fn new(agents: impl Iterator<Item = (&'a AccountId, Status)>) -> Self {
        Self { all_cs: agents.map(|(agent, status)| (agent.as_str(), StatusNumber(status))).collect() }
    }
}

/// 0 online, 1 busy, 2 offline, as `allStatus` gives it.
pub struct StatusNumber(pub Status);

impl Serialize for StatusNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(match self.0 {
            Status::Online => 0,
            Status::Busy => 1,
            Status::Offline => 2,
        })
    }
}

/// The letter that members carry (contract B1).
pub fn status_letter(status: Status) -> &'static str {
    match status {
        Status::Online => "O",
        Status::Busy => "B",
        Status::Offline => "F",
    }
}

/// Answer to `list`, but for the unread ones.
#[derive(Serialize)]
pub struct RoomList<'a> {
    pub rooms: Vec<RoomRow<'a>>,
    /// `cursor` of the page behind this one; only where lists have pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Serialize)]
pub struct RoomRow<'a> {
    pub roomid: &'a str,
    pub topic: &'a str,
    /// Unread messages.
    pub c: Position,
    pub lsttime: Time,
    pub userid: &'a str,
    #[serde(flatten)]
    pub chat: Option<ChatRow<'a>>,
}

/// The newest consultation of a room.
#[derive(Serialize)]
pub struct ChatRow<'a> {
    #[serde(serialize_with = "chat")]
    pub chatid: ChatId,
    pub status: &'static str,
    /// Who serves or has served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub csid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groupid: Option<String>,
    pub begun: Time,
    /// Its place in the queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<u32>,
    /// A colleague offers it to the asking agent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub offered: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rateresult: Option<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub vip: bool,
    /// What was written when nobody was there, and how to answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<LeftBody<'a>>,
    /// Who gives it, or gave it last, and what is said about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer: Option<HandedBody<'a>>,
}

impl<'a> RoomRow<'a> {
    pub fn new(listed: &'a Listed) -> Self {
        let head = &listed.head;
        Self {
            roomid: head.id.as_str(),
            topic: head.visitor_nick.as_str(),
            c: head.unread(),
            lsttime: head.last_time,
            userid: head.id.aid(),
            chat: listed.chat.as_ref().map(ChatRow::new),
        }
    }
}

impl<'a> ChatRow<'a> {
    fn new(chat: &'a ListedChat) -> Self {
        Self {
            chatid: chat.chat,
            status: match chat.stage {
                Stage::Waiting => "waiting",
                Stage::Serving => "serving",
                Stage::Closed => "closed",
            },
            csid: chat.agent.as_ref().map(AccountId::as_str),
            groupid: chat.group.map(|group| group.to_string()),
            begun: chat.begun,
            position: chat.position,
            offered: chat.offered,
            ended: chat.ended,
            rateresult: chat.rate.map(rate_name),
            vip: chat.vip,
            left: chat.left.as_ref().map(|left| LeftBody { msg: &left.text, contact: &left.contact }),
            transfer: chat.handed.as_ref().map(HandedBody::from),
        }
    }
}

#[derive(Serialize)]
pub struct HandedBody<'a> {
    pub msg: &'a str,
    pub from: &'a str,
}

impl<'a> From<&'a Handed> for HandedBody<'a> {
    fn from(handed: &'a Handed) -> Self {
        Self { msg: &handed.note, from: handed.by.as_str() }
    }
}

/// Answer to `user {type: 'leavemsg'}`: where it stands, and the receipt of the message in the room.
#[derive(Serialize)]
pub struct LeftAnswer<'a> {
    #[serde(flatten)]
    pub state: ServiceState<'a>,
    #[serde(flatten)]
    pub receipt: Receipt,
}

#[derive(Serialize)]
pub struct LeftBody<'a> {
    pub msg: &'a str,
    pub contact: &'a str,
}

/// Answer to `list {type: 'unreads'}`.
#[derive(Serialize)]
pub struct Unreads<'a> {
    rooms: BTreeMap<&'a str, Position>,
}

impl<'a> Unreads<'a> {
    pub fn new(rooms: impl Iterator<Item = (&'a RoomId, Position)>) -> Self {
        Self { rooms: rooms.filter(|(_, unread)| *unread > 0).map(|(room, n)| (room.as_str(), n)).collect() }
    }
}

/// Event `typing`.
#[derive(Serialize)]
pub struct TypingEvent<'a> {
    pub roomid: &'a str,
    pub aid: &'a str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<&'a str>,
}

/// Event `looking`.
#[derive(Serialize)]
pub struct LookingEvent<'a> {
    pub roomid: &'a str,
    pub aid: &'a str,
    pub on: bool,
}

/// Event `presence`.
#[derive(Serialize)]
pub struct PresenceEvent<'a> {
    pub roomid: &'a str,
    pub aid: &'a str,
    r#type: &'static str,
    pub online: bool,
}

impl<'a> TypingEvent<'a> {
    pub fn new(room: &'a RoomId, side: Side, aid: &'a AccountId, text: Option<&'a str>) -> Self {
        Self { roomid: room.as_str(), aid: aid.as_str(), r#type: side_name(side), text }
    }
}

impl<'a> PresenceEvent<'a> {
    pub fn new(room: &'a RoomId, side: Side, aid: &'a AccountId, online: bool) -> Self {
        Self { roomid: room.as_str(), aid: aid.as_str(), r#type: side_name(side), online }
    }
}

/// An agent as people see it, with its status.
pub fn agent(member: &Member, status: Status) -> MemberBody<'_> {
    MemberBody::with_status(member, Some(status_letter(status)))
}

fn chat<S: Serializer>(chat: &ChatId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(chat)
}

fn maybe_chat<S: Serializer>(chat: &Option<ChatId>, serializer: S) -> Result<S::Ok, S::Error> {
    match chat {
        Some(chat) => serializer.collect_str(chat),
        None => serializer.serialize_none(),
    }
}
