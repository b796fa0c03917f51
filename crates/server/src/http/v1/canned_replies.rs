//! `canned-replies`: sentences that agents say often.

use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::app::ReplyText;
use nodechat_domain::model::{CannedId, CannedReply, Name, RoomId, Shortcut, Template};
use nodechat_domain::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Caller, Data, Done, Json, NewId, Page, Paging, Path, Query, Reply};
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(get, put, remove)).routes(routes!(filled))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CannedReplyBody {
    #[schema(format = Uuid)]
    id: String,
    /// The caller's own, which nobody else sees; otherwise everybody's.
    personal: bool,
    shortcut: String,
    title: String,
    /// In it `{{visitor}}`, `{{agent}}` and `{{company}}` stand for names.
    text: String,
    updated: i64,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct CannedReplyText {
    /// What is typed to find it: 1 to 32 characters, none of them blank.
    #[schema(max_length = 32)]
    shortcut: String,
    #[serde(default)]
    #[schema(max_length = 200)]
    title: String,
    /// In it `{{visitor}}`, `{{agent}}` and `{{company}}` stand for names.
    #[schema(max_length = 4000)]
    text: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct CannedReplyNew {
    #[serde(flatten)]
    said: CannedReplyText,
    /// The caller's own; otherwise everybody's, which takes a supervisor.
    #[serde(default)]
    personal: bool,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CannedFilter {
    /// What shortcut or title has in it.
    q: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InRoom {
    roomid: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Filled {
    text: String,
}

/// Everybody's and one's own, by shortcut
#[utoipa::path(get, path = "/canned-replies", tag = "canned replies", params(CannedFilter, Paging),
    responses((status = 200, body = Page<CannedReplyBody>)))]
pub async fn list(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Query(filter): Query<CannedFilter>,
    Query(paging): Query<Paging>,
) -> Reply<Page<CannedReplyBody>> {
    let text = filter.q.filter(|text| !text.is_empty()).map(String::into_boxed_str);
    let after = paging.after()?.as_deref().map(behind).transpose()?;
    let found = api.support.list_replies(&caller, text, after, paging.limit()? + 1).await?;
    Ok(paging.page(found, |reply| format!("{} {}", reply.id.0, reply.shortcut.as_str()))?)
}

/// One canned reply
#[utoipa::path(get, path = "/canned-replies/{id}", tag = "canned replies", params(("id" = String, Path)),
    responses((status = 200, body = Data<CannedReplyBody>)))]
pub async fn get(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Reply<Data<CannedReplyBody>> {
    Ok(Data::of(api.support.reply(&caller, CannedId::parse(&id)?).await?))
}

/// The text as it would be said in a room
#[utoipa::path(get, path = "/canned-replies/{id}/text", tag = "canned replies",
    params(("id" = String, Path), InRoom), responses((status = 200, body = Data<Filled>)))]
pub async fn filled(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(place): Query<InRoom>,
) -> Reply<Data<Filled>> {
    let room = RoomId::parse(&place.roomid)?;
    let text = api.support.filled_reply(&caller, CannedId::parse(&id)?, &room, caller.nick()).await?;
    Ok(Data::of(Filled { text }))
}

/// Make a canned reply
#[utoipa::path(post, path = "/canned-replies", tag = "canned replies", request_body = CannedReplyNew,
    responses((status = 201, body = Data<CannedReplyBody>)))]
pub async fn add(
    State(api): State<Arc<Api>>,
    caller: Caller,
    NewId(id): NewId,
    Json(new): Json<CannedReplyNew>,
) -> Reply<impl IntoResponse> {
    let made = api.support.new_reply(&caller, CannedId(id), new.personal, new.said.parse()?).await?;
    Ok(Data::<CannedReplyBody>::made(made))
}

/// Say a canned reply anew
#[utoipa::path(put, path = "/canned-replies/{id}", tag = "canned replies", params(("id" = String, Path)),
    request_body = CannedReplyText, responses((status = 200, body = Data<CannedReplyBody>)))]
pub async fn put(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(said): Json<CannedReplyText>,
) -> Reply<Data<CannedReplyBody>> {
    Ok(Data::of(api.support.change_reply(&caller, CannedId::parse(&id)?, said.parse()?).await?))
}

/// Remove a canned reply
#[utoipa::path(delete, path = "/canned-replies/{id}", tag = "canned replies", params(("id" = String, Path)),
    responses((status = 200, body = Done)))]
pub async fn remove(State(api): State<Arc<Api>>, caller: Caller, Path(id): Path<String>) -> Reply<Done> {
    api.support.drop_reply(&caller, CannedId::parse(&id)?).await?;
    Ok(Done::DONE)
}

fn behind(key: &str) -> Result<(Shortcut, CannedId)> {
    let wrong = || Error::invalid("cursor", "take it from `next` of the page before");
    let (id, shortcut) = key.split_once(' ').ok_or_else(wrong)?;
    let parsed = Shortcut::parse(shortcut).and_then(|shortcut| Ok((shortcut, CannedId::parse(id)?)));
    parsed.map_err(|_| wrong())
}

impl CannedReplyText {
    fn parse(&self) -> Result<ReplyText> {
        Ok(ReplyText {
            shortcut: Shortcut::parse(&self.shortcut)?,
            title: Name::parse("title", &self.title)?,
            text: Template::parse(&self.text)?,
        })
    }
}

impl From<CannedReply> for CannedReplyBody {
    fn from(reply: CannedReply) -> Self {
        Self {
            id: reply.id.0.to_string(),
            personal: reply.owner.is_some(),
            shortcut: reply.shortcut.as_str().to_owned(),
            title: reply.title.as_str().to_owned(),
            text: reply.text.as_str().to_owned(),
            updated: reply.updated,
        }
    }
}
