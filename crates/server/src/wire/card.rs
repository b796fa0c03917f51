//! What a company knows of a visitor, as agents see it over a socket and programs over HTTP.

use nodechat_domain::app::FullCard;
use nodechat_domain::model::desk::{Consultation, Past, Rating};
use nodechat_domain::model::{AccountId, Arrival, Atype, GroupId, Note};
use serde::Serialize;
use utoipa::ToSchema;

use super::desk::rate_name;
use super::service::ended_by;

/// A visitor as agents see them. What their page told is shown as it came: nothing of it is proven.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitorCard {
    aid: String,
    mid: String,
    account: String,
    nick: String,
    roomid: String,
    /// What the host site told with the token.
    #[schema(value_type = Option<Object>)]
    attributes: Option<serde_json::Value>,
    tags: Vec<String>,
    /// How they came when last seen.
    arrival: Option<ArrivalBody>,
    /// The 20 latest ones, the latest first.
    consultations: Vec<ConsultationBody>,
    /// The 20 latest notes of agents, in their order.
    notes: Vec<NoteBody>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ArrivalBody {
    /// `uweb` or `uwap`.
    atype: &'static str,
    /// `User-Agent`.
    browser: Option<String>,
    /// The page that the chat was opened on.
    page: Option<String>,
    referrer: Option<String>,
    ip: String,
    time: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ConsultationBody {
    #[schema(format = Uuid)]
    chatid: String,
    /// `waiting`, `serving` or `closed`.
    status: &'static str,
    begun: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<i64>,
    /// `user`, `cs` or `idle`.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_by: Option<&'static str>,
    /// Who serves or has served.
    #[serde(skip_serializing_if = "Option::is_none")]
    csid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    groupid: Option<String>,
    /// `BEST`, `GOOD`, `JUSTSOSO`, `BAD` or `RUBBISH`.
    #[serde(skip_serializing_if = "Option::is_none")]
    rateresult: Option<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NoteBody {
    #[schema(format = Uuid)]
    id: String,
    /// The agent who made it.
    aid: String,
    nick: String,
    time: i64,
    msg: String,
}

impl From<FullCard> for VisitorCard {
    fn from(full: FullCard) -> Self {
        let FullCard { card, room, running, past, notes } = full;
        let running = running.iter().map(ConsultationBody::running);
        Self {
            roomid: room.to_string(),
            aid: card.person.aid.to_string(),
            mid: card.person.mid.to_string(),
            account: card.person.account.to_string(),
            nick: card.person.nick.to_string(),
            // An object when it came; kept as it was.
            attributes: card.person.attributes.as_deref().and_then(|json| serde_json::from_str(json).ok()),
            tags: card.tags.iter().map(|tag| tag.as_str().to_owned()).collect(),
            arrival: card.arrival.map(ArrivalBody::from),
            consultations: running.chain(past.iter().map(ConsultationBody::over)).collect(),
            notes: notes.iter().map(NoteBody::from).collect(),
        }
    }
}

impl From<Arrival> for ArrivalBody {
    fn from(arrival: Arrival) -> Self {
        Self {
            atype: match arrival.atype {
                Atype::Uwap | Atype::Cwap => "uwap",
                Atype::Uweb | Atype::Cweb => "uweb",
            },
            browser: arrival.browser.map(Into::into),
            page: arrival.page.map(Into::into),
            referrer: arrival.referrer.map(Into::into),
            ip: arrival.address.into(),
            time: arrival.time,
        }
    }
}

impl ConsultationBody {
    fn running(consultation: &Consultation) -> Self {
        let status = if consultation.serving().is_some() { "serving" } else { "waiting" };
        Self { status, ..Self::of(consultation, consultation.agent()) }
    }

    fn over(past: &Past) -> Self {
        let of = Self::of(&past.consultation, past.agent.as_ref());
        Self { ended: Some(past.ended), ended_by: Some(ended_by(Some(past.by.as_str()))), ..of }
    }

    fn of(consultation: &Consultation, agent: Option<&AccountId>) -> Self {
        Self {
            chatid: consultation.chat.to_string(),
            status: "closed",
            begun: consultation.applied,
            ended: None,
            ended_by: None,
            csid: agent.map(AccountId::to_string),
            groupid: consultation.group.as_ref().map(GroupId::to_string),
            rateresult: consultation.rating.as_ref().map(|Rating { rate, .. }| rate_name(*rate)),
        }
    }
}

impl From<&Note> for NoteBody {
    fn from(note: &Note) -> Self {
        let Note { id, author, time, text, number: _ } = note;
        Self {
            id: id.to_string(),
            aid: author.aid.to_string(),
            nick: author.nick.to_string(),
            time: *time,
            msg: text.as_str().to_owned(),
        }
    }
}
