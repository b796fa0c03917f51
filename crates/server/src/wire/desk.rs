//! What people ask of the desk: events `user`, `mgr` and `list` with their types (contract B6, C1).

use nodechat_domain::app::{LeaveCommand, ListQuery, OrderFromRoom, View};
use nodechat_domain::limits;
use nodechat_domain::model::desk::{Rate, RateWay, Status};
use nodechat_domain::model::{
    AccountId, ChatId, GroupId, MessageId, Name, OrderKind, Position, RoomId, Tag, Text, Time, Words, no_nul,
};
use nodechat_domain::{Error, Result};
use serde::Deserialize;

use super::Params;

/// Event `user`, one call for each `type`.
#[derive(Debug, Deserialize)]
pub struct UserRequest {
    r#type: Option<String>,
    roomid: Option<String>,
    id: Option<String>,
    start: Option<Position>,
    limit: Option<Position>,
    chatid: Option<String>,
    groupid: Option<String>,
    csid: Option<String>,
    ratetype: Option<String>,
    rateresult: Option<String>,
    msg: Option<String>,
    contact: Option<String>,
}

/// What a visitor asks for; `viewchat` also what an agent does.
#[derive(Debug, PartialEq)]
pub enum UserCall {
    /// The room, the first position and how many.
    ViewChat {
        room: RoomId,
        start: Position,
        limit: usize,
    },
    Apply {
        room: RoomId,
        group: Option<GroupId>,
        agent: Option<AccountId>,
    },
    End {
        room: RoomId,
        chat: ChatId,
    },
    Rate(Rated),
    Reopen {
        room: RoomId,
        chat: ChatId,
    },
    LeaveMessage(LeaveCommand),
}

/// Event `mgr`, one call for each `type`.
#[derive(Debug, Deserialize)]
pub struct MgrRequest {
    r#type: Option<String>,
    roomid: Option<String>,
    chatid: Option<String>,
    status: Option<String>,
    c: Option<Count>,
    tocsid: Option<String>,
    togroupid: Option<String>,
    msg: Option<String>,
    on: Option<bool>,
    title: Option<String>,
    phone: Option<String>,
    describe: Option<String>,
    #[serde(rename = "businessType")]
    business_type: Option<String>,
}

/// What an agent asks for.
#[derive(Debug, PartialEq)]
pub enum MgrCall {
    SetStatus(Status),
    AllStatus,
    /// Accepted and recorded; the server computes positions by itself.
    SetWaitCount(u32),
    /// Whether this page shows how the desk stands.
    Wallboard(bool),
    /// A work order from what was said in a room.
    AddOrder(Box<OrderFromRoom>),
    Remove(RoomId),
    Accept {
        room: RoomId,
        chat: ChatId,
    },
    Serve {
        room: RoomId,
        chat: ChatId,
    },
    Transfer {
        room: RoomId,
        to: Receiver,
        note: Box<str>,
    },
    AcceptTransfer {
        room: RoomId,
        chat: ChatId,
    },
    RejectTransfer {
        room: RoomId,
        chat: ChatId,
    },
    End {
        room: RoomId,
        chat: ChatId,
    },
    TakeOver {
        room: RoomId,
        chat: ChatId,
    },
    Watch(RoomId),
    Unwatch(RoomId),
    /// What is known of a room's visitor.
    Card(RoomId),
}

/// Whom a transfer is meant for.
#[derive(Debug, PartialEq)]
pub enum Receiver {
    Agent(AccountId),
    /// Whoever of it is free, or will be.
    Group(GroupId),
}

/// A number as pages write it; some write it as a text.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Count {
    Number(serde_json::Number),
    Text(String),
}

/// Event `list`.
#[derive(Debug, Deserialize)]
pub struct ListRequest {
    r#type: Option<String>,
    view: Option<String>,
    groupid: Option<String>,
    csid: Option<String>,
    from: Option<Time>,
    to: Option<Time>,
    rating: Option<String>,
    tag: Option<String>,
    search: Option<String>,
    cursor: Option<String>,
    limit: Option<i64>,
}

#[derive(Debug, PartialEq)]
pub enum ListCall {
    /// Rooms of the company.
    AllUser,
    /// Rooms that the asking agent serves.
    SelfUser,
    /// Unread messages by room.
    Unreads,
    /// One page of rooms that fit all filters.
    Rooms(ListQuery),
}

/// Event `typing` (contract C3).
#[derive(Debug, Deserialize)]
pub struct Typing {
    roomid: Option<String>,
    text: Option<String>,
}

/// Event `looking`: whether an agent has this room open on a page.
#[derive(Debug, Deserialize)]
pub struct Looking {
    roomid: Option<String>,
    on: Option<bool>,
}

/// Characters of a preview that travel; it is only a preview.
const PREVIEW_CHARS: usize = 500;
/// Characters in the note of a transfer, a contact, a search.
const NOTE_CHARS: usize = 2_000;
const CONTACT_CHARS: usize = 200;
const SEARCH_CHARS: usize = 100;
/// Rooms on one page of a list.
const LIST_PAGE: i64 = 50;
const LIST_PAGE_MAX: i64 = 200;
/// As many as wait, a page may have counted.
const WAIT_COUNT_MAX: u64 = 1_000_000;

impl UserRequest {
    pub fn call(self) -> Result<UserCall> {
        let kind = kind(self.r#type.as_deref())?;
        Ok(match kind {
            "viewchat" => {
                let room = room(self.roomid.as_deref())?;
                let start = self.start.ok_or(Error::Missing("start"))?;
                let limit = self.limit.unwrap_or(limits::PAGE as Position);
                if !(1..=limits::PAGE_MAX as Position).contains(&limit) {
                    return Err(Error::invalid("limit", "a whole number from 1 to 100"));
                }
                UserCall::ViewChat { room, start, limit: limit as usize }
            }
            "applycs" => UserCall::Apply {
                room: room(self.roomid.as_deref())?,
                group: given(self.groupid).map(|id| GroupId::parse(&id)).transpose()?,
                agent: given(self.csid).map(|csid| AccountId::parse(&csid)).transpose()?,
            },
            "endcs" => UserCall::End { room: room(self.roomid.as_deref())?, chat: chat(self.chatid)? },
            "rate" => UserCall::Rate(Rated {
                room: room(self.roomid.as_deref())?,
                chat: chat(self.chatid)?,
                way: rate_way(self.ratetype.as_deref().unwrap_or("HAND"))?,
                rate: rate(self.rateresult.as_deref().unwrap_or_default())?,
            }),
            "reopen" => UserCall::Reopen { room: room(self.roomid.as_deref())?, chat: chat(self.chatid)? },
            "leavemsg" => UserCall::LeaveMessage(LeaveCommand {
                room: room(self.roomid.as_deref())?,
                id: given(self.id).map(|id| MessageId::parse(&id)).transpose()?,
                text: Text::parse(self.msg.as_deref().unwrap_or_default())?,
                contact: at_most(CONTACT_CHARS, "contact", self.contact.unwrap_or_default())?,
            }),
            _ => return Err(Error::UnknownCall),
        })
    }
}

impl MgrRequest {
    pub fn call(self) -> Result<MgrCall> {
        let kind = kind(self.r#type.as_deref())?;
        let room = || room(self.roomid.as_deref());
        let chat = || chat(self.chatid.clone());
        Ok(match kind {
            "setStatus" => MgrCall::SetStatus(status(self.status.as_deref().unwrap_or_default())?),
            "allStatus" => MgrCall::AllStatus,
            "setWaitCount" => MgrCall::SetWaitCount(self.c.as_ref().ok_or(Error::Missing("c"))?.count()?),
            "wallboard" => MgrCall::Wallboard(self.on.unwrap_or(true)),
            "addOrder" => MgrCall::AddOrder(Box::new(self.order()?)),
            "remove" => MgrCall::Remove(room()?),
            "acceptChat" => MgrCall::Accept { room: room()?, chat: chat()? },
            "serveChat" => MgrCall::Serve { room: room()?, chat: chat()? },
            "transfer" => MgrCall::Transfer {
                room: room()?,
                to: self.receiver()?,
                note: at_most(NOTE_CHARS, "msg", self.msg.clone().unwrap_or_default())?,
            },
            "acceptTransfer" => MgrCall::AcceptTransfer { room: room()?, chat: chat()? },
            "rejectTransfer" => MgrCall::RejectTransfer { room: room()?, chat: chat()? },
            "endChat" => MgrCall::End { room: room()?, chat: chat()? },
            "takeOver" => MgrCall::TakeOver { room: room()?, chat: chat()? },
            "watch" => MgrCall::Watch(room()?),
            "unwatch" => MgrCall::Unwatch(room()?),
            "card" => MgrCall::Card(room()?),
            _ => return Err(Error::UnknownCall),
        })
    }
}

impl MgrRequest {
    fn receiver(&self) -> Result<Receiver> {
        match (given(self.tocsid.clone()), given(self.togroupid.clone())) {
            (Some(agent), None) => AccountId::parse(&agent).map(Receiver::Agent),
            (None, Some(group)) => GroupId::parse(&group).map(Receiver::Group),
            (None, None) => Err(Error::Missing("tocsid")),
            (Some(_), Some(_)) => Err(Error::invalid("togroupid", "either an agent or a group gets it")),
        }
    }

    /// Whatever is left out is taken from what was said in the room.
    fn order(&self) -> Result<OrderFromRoom> {
        let chat = given(self.chatid.clone()).map(|id| ChatId::parse(&id)).transpose()?;
        let name = |field, text: &Option<String>| {
            given(text.clone()).map(|text| Name::parse(field, &text)).transpose()
        };
        Ok(OrderFromRoom {
            room: room(self.roomid.as_deref())?,
            chat: chat.map(|chat| chat.0.to_string().into()),
            title: name("title", &self.title)?,
            phone: name("phone", &self.phone)?,
            describe: given(self.describe.clone()).map(|text| Words::parse("describe", &text)).transpose()?,
            kind: given(self.business_type.clone()).map(|key| OrderKind::parse(&key)).transpose()?,
            discovered: None,
            pictures: None,
        })
    }
}

impl ListRequest {
    pub fn call(self) -> Result<ListCall> {
        Ok(match kind(self.r#type.as_deref())? {
            "allUser" => ListCall::AllUser,
            "selfUser" => ListCall::SelfUser,
            "unreads" => ListCall::Unreads,
            "rooms" => ListCall::Rooms(self.filter()?),
            _ => return Err(Error::UnknownCall),
        })
    }

    fn filter(self) -> Result<ListQuery> {
        let limit = self.limit.unwrap_or(LIST_PAGE);
        if !(1..=LIST_PAGE_MAX).contains(&limit) {
            return Err(Error::invalid("limit", "a whole number from 1 to 200"));
        }
        Ok(ListQuery {
            view: match self.view.as_deref() {
                None | Some("" | "all") => View::All,
                Some("mine") => View::Mine,
                Some("waiting") => View::Waiting,
                Some("closed") => View::Closed,
                Some(_) => return Err(Error::invalid("view", "mine, waiting, all or closed")),
            },
            group: given(self.groupid).map(|id| GroupId::parse(&id)).transpose()?,
            agent: given(self.csid).map(|csid| AccountId::parse(&csid)).transpose()?,
            from: self.from,
            to: self.to,
            tag: given(self.tag).map(|text| Tag::parse(&text)).transpose()?,
            rate: given(self.rating).map(|rating| rate(&rating)).transpose()?,
            search: given(self.search)
                .map(|text| at_most(SEARCH_CHARS, "search", text.into()))
                .transpose()?,
            cursor: given(self.cursor),
            limit: limit as usize,
        })
    }
}

impl Count {
    fn count(&self) -> Result<u32> {
        let count = match self {
            // `3.0` is how some languages write a whole number.
            Count::Number(number) => number.as_u64().or_else(|| {
                let float = number.as_f64().filter(|float| float.fract() == 0.0 && *float >= 0.0);
                float.map(|float| float as u64)
            }),
            Count::Text(text) => text.trim().parse().ok(),
        };
        let count =
            count.filter(|count| *count <= WAIT_COUNT_MAX).and_then(|count| u32::try_from(count).ok());
        count.ok_or_else(|| Error::invalid("c", "a whole number from 0 to 1000000"))
    }
}

impl Looking {
    pub fn command(self) -> Result<(RoomId, bool)> {
        Ok((room(self.roomid.as_deref())?, self.on.unwrap_or(true)))
    }
}

impl Typing {
    /// The room and the preview, cut to what is shown.
    pub fn command(self) -> Result<(RoomId, Option<String>)> {
        let text = self.text.map(|text| text.chars().take(PREVIEW_CHARS).collect());
        Ok((room(self.roomid.as_deref())?, text))
    }
}

/// One rating, as it comes over a socket or over HTTP.
#[derive(Debug, PartialEq)]
pub struct Rated {
    pub room: RoomId,
    pub chat: ChatId,
    pub way: RateWay,
    pub rate: Rate,
}

/// `userChat/saveRate` (contract B4).
pub fn rated(params: &Params) -> Result<Rated> {
    Ok(Rated {
        room: RoomId::parse(params.required("roomid")?)?,
        chat: ChatId::parse(params.required("chatid")?)?,
        way: rate_way(params.text("ratetype")?.unwrap_or("HAND"))?,
        rate: rate(params.required("rateresult")?)?,
    })
}

const RATES: [(Rate, &str); 5] = [
    (Rate::Best, "BEST"),
    (Rate::Good, "GOOD"),
    (Rate::JustSoSo, "JUSTSOSO"),
    (Rate::Bad, "BAD"),
    (Rate::Rubbish, "RUBBISH"),
];

/// A rating's name (contract B1).
pub fn rate_name(rate: Rate) -> &'static str {
    RATES.iter().find(|(of, _)| *of == rate).map(|(_, name)| *name).expect("each has one")
}

/// The rating of this name.
pub fn rate(text: &str) -> Result<Rate> {
    if text.is_empty() {
        return Err(Error::Missing("rateresult"));
    }
    let found = RATES.iter().find(|(_, name)| *name == text);
    found
        .map(|(rate, _)| *rate)
        .ok_or_else(|| Error::invalid("rateresult", "BEST, GOOD, JUSTSOSO, BAD or RUBBISH"))
}

fn rate_way(text: &str) -> Result<RateWay> {
    match text {
        "AUTO" => Ok(RateWay::Auto),
        "HAND" => Ok(RateWay::Hand),
        "" => Err(Error::Missing("ratetype")),
        _ => Err(Error::invalid("ratetype", "AUTO or HAND")),
    }
}

fn status(text: &str) -> Result<Status> {
    match text {
        "O" => Ok(Status::Online),
        "B" => Ok(Status::Busy),
        "F" => Ok(Status::Offline),
        "" => Err(Error::Missing("status")),
        _ => Err(Error::invalid("status", "O, B or F")),
    }
}

fn kind(text: Option<&str>) -> Result<&str> {
    text.filter(|kind| !kind.is_empty()).ok_or(Error::Missing("type"))
}

fn room(text: Option<&str>) -> Result<RoomId> {
    RoomId::parse(text.unwrap_or_default())
}

fn chat(text: Option<String>) -> Result<ChatId> {
    ChatId::parse(text.as_deref().unwrap_or_default())
}

fn given(text: Option<String>) -> Option<Box<str>> {
    text.filter(|text| !text.is_empty()).map(Into::into)
}

fn at_most(chars: usize, field: &'static str, text: String) -> Result<Box<str>> {
    no_nul(field, &text)?;
    if text.chars().count() > chars {
        return Err(Error::invalid(field, format!("at most {chars} characters")));
    }
    Ok(text.into())
}
