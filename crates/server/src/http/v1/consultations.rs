//! `consultations`: human consultations, those that run and those that are over.

use std::sync::Arc;

use axum::extract::State;
use nodechat_domain::app::{ConsultationQuery, KnownConsultation};
use nodechat_domain::model::desk::{Consultation as Stored, EndedBy, RateWay, State as Stands};
use nodechat_domain::model::{AccountId, ChatId, GroupId, RoomId, Time};
use nodechat_domain::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Caller, Data, Page, Paging, Path, Query, Reply};
use crate::http::Api;
use crate::wire;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Consultation {
    #[schema(format = Uuid)]
    chatid: String,
    roomid: String,
    /// Account id of the user.
    aid: String,
    /// What the user is called.
    nick: String,
    /// `waiting`, `serving` or `closed`.
    state: &'static str,
    /// Absent: any agent would do.
    #[serde(skip_serializing_if = "Option::is_none")]
    groupid: Option<String>,
    /// Who serves, or did so at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    csid: Option<String>,
    vip: bool,
    /// When it was asked for.
    applied: i64,
    /// When an agent got it first.
    #[serde(skip_serializing_if = "Option::is_none")]
    served: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<i64>,
    /// `user`, `cs` or `idle`.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_by: Option<&'static str>,
    /// Its place in the queue, while it waits for an agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u32>,
    /// How often it was handed to another agent.
    transfers: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<RatingBody>,
    /// What was left when nobody was there.
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<LeftBody>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RatingBody {
    /// `BEST`, `GOOD`, `JUSTSOSO`, `BAD` or `RUBBISH`.
    rateresult: &'static str,
    /// `AUTO`: asked for at the end; `HAND`: given unasked.
    ratetype: &'static str,
    time: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LeftBody {
    msg: String,
    contact: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// `open`, which is usual: those that wait or are served, first come first; `closed`: the latest end first.
    state: Option<String>,
    roomid: Option<String>,
    /// Account id of the agent who serves, or did so at the end.
    csid: Option<String>,
    groupid: Option<String>,
    /// `BEST`, `GOOD`, `JUSTSOSO`, `BAD` or `RUBBISH`.
    rating: Option<String>,
    /// Asked for, or with `closed` ended, at or after, in milliseconds.
    from: Option<i64>,
    /// The same, before.
    to: Option<i64>,
}

/// Consultations
#[utoipa::path(get, path = "/consultations", tag = "consultations", params(Filter, Paging),
    responses((status = 200, body = Page<Consultation>)))]
pub async fn list(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Query(filter): Query<Filter>,
    Query(paging): Query<Paging>,
) -> Reply<Page<Consultation>> {
    let closed = filter.is_closed()?;
    let (query, limit) = (filter.parse()?, paging.limit()? + 1);
    let found = if closed {
        let after = paging.after()?.as_deref().map(ended).transpose()?;
        api.desk.over(&caller, &query, after, limit).await?
    } else {
        api.desk.running(&caller, &query, paging.after_parsed()?, limit).await?
    };
    Ok(paging.page(found, |known| match known {
        KnownConsultation::Running { consultation, .. } => consultation.order.to_string(),
        KnownConsultation::Over(past) => format!("{} {}", past.ended, past.consultation.chat),
    })?)
}

/// One consultation
#[utoipa::path(get, path = "/consultations/{chatid}", tag = "consultations", params(("chatid" = String, Path)),
    responses((status = 200, body = Data<Consultation>)))]
pub async fn get(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(chat): Path<String>,
) -> Reply<Data<Consultation>> {
    // What has not the form of an id is the id of nothing.
    let chat = ChatId::parse(&chat).map_err(|_| Error::NotFound("consultation"))?;
    Ok(Data::of(api.desk.consultation(&caller, chat).await?))
}

impl Filter {
    fn is_closed(&self) -> Result<bool> {
        match self.state.as_deref() {
            None | Some("" | "open") => Ok(false),
            Some("closed") => Ok(true),
            Some(_) => Err(Error::invalid("state", "open or closed")),
        }
    }

    fn parse(self) -> Result<ConsultationQuery> {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(ConsultationQuery {
            room: given(self.roomid).map(|room| RoomId::parse(&room)).transpose()?,
            agent: given(self.csid).map(|csid| AccountId::parse(&csid)).transpose()?,
            group: given(self.groupid).map(|group| GroupId::parse(&group)).transpose()?,
            rate: given(self.rating).map(|rating| wire::rate(&rating)).transpose()?,
            from: self.from,
            to: self.to,
        })
    }
}

/// The end of a page of those that are over.
fn ended(key: &str) -> Result<(Time, ChatId)> {
    let wrong = || Error::invalid("cursor", "take it from `next` of the page before");
    let (ended, chat) = key.split_once(' ').ok_or_else(wrong)?;
    Ok((ended.parse().map_err(|_| wrong())?, ChatId::parse(chat).map_err(|_| wrong())?))
}

impl From<KnownConsultation> for Consultation {
    fn from(known: KnownConsultation) -> Self {
        match known {
            KnownConsultation::Running { consultation, position } => {
                Self { position, ..Self::of(&consultation) }
            }
            KnownConsultation::Over(past) => Self {
                state: "closed",
                csid: past.agent.map(|agent| agent.to_string()),
                ended: Some(past.ended),
                ended_by: Some(match past.by {
                    EndedBy::Visitor => "user",
                    EndedBy::Agent => "cs",
                    EndedBy::Idle => "idle",
                }),
                ..Self::of(&past.consultation)
            },
        }
    }
}

impl Consultation {
    fn of(stored: &Stored) -> Self {
        Self {
            chatid: stored.chat.to_string(),
            roomid: stored.room.to_string(),
            aid: stored.room.aid().to_owned(),
            nick: stored.topic.to_string(),
            state: match stored.state {
                Stands::Waiting(_) => "waiting",
                Stands::Serving(_) => "serving",
            },
            groupid: stored.group.map(|group| group.to_string()),
            csid: stored.agent().map(|agent| agent.to_string()),
            vip: stored.vip,
            applied: stored.applied,
            served: stored.first_served,
            ended: None,
            ended_by: None,
            position: None,
            transfers: stored.transfers,
            rating: stored.rating.as_ref().map(|rating| RatingBody {
                rateresult: wire::rate_name(rating.rate),
                ratetype: match rating.way {
                    RateWay::Auto => "AUTO",
                    RateWay::Hand => "HAND",
                },
                time: rating.time,
            }),
            left: stored
                .left
                .as_ref()
                .map(|left| LeftBody { msg: left.text.to_string(), contact: left.contact.to_string() }),
        }
    }
}
