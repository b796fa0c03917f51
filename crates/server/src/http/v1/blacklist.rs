//! `blacklist`: whom a company does not want to hear.

use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::model::{AccountId, Ban, BanId, Banned, Name, Network};
use nodechat_domain::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Caller, Data, Done, Json, NewId, Page, Paging, Path, Query, Reply};
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(get, put, remove))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BanBody {
    #[schema(format = Uuid)]
    id: String,
    /// A visitor’s account id; absent where an address is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    aid: Option<String>,
    /// An address or a network.
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<String>,
    reason: String,
    since: i64,
    /// Absent: for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<i64>,
}

/// Either `aid` or `ip`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct BanNew {
    /// A visitor's account id.
    #[schema(max_length = 128)]
    aid: Option<String>,
    /// An address, or a network such as `203.0.113.0/24`.
    ip: Option<String>,
    /// For the company's own people.
    #[serde(default)]
    #[schema(max_length = 200)]
    reason: String,
    /// A time to come; without it for ever.
    expires: Option<i64>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct BanText {
    #[serde(default)]
    #[schema(max_length = 200)]
    reason: String,
    /// A time to come; without it for ever.
    expires: Option<i64>,
}

/// All entries, expired ones as well
#[utoipa::path(get, path = "/blacklist", tag = "blacklist", params(Paging),
    responses((status = 200, body = Page<BanBody>)))]
pub async fn list(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Query(paging): Query<Paging>,
) -> Reply<Page<BanBody>> {
    let after = paging.after_parsed()?.map(BanId);
    let found = api.support.list_bans(&caller, after, paging.limit()? + 1).await?;
    Ok(paging.page(found, |ban| ban.id.0.to_string())?)
}

/// One entry
#[utoipa::path(get, path = "/blacklist/{id}", tag = "blacklist", params(("id" = String, Path)),
    responses((status = 200, body = Data<BanBody>)))]
pub async fn get(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Reply<Data<BanBody>> {
    Ok(Data::of(api.support.ban(&caller, BanId::parse(&id)?).await?))
}

/// Keep somebody out
///
/// Connections of whoever is meant end at once; on other nodes within seconds.
#[utoipa::path(post, path = "/blacklist", tag = "blacklist", request_body = BanNew,
    responses((status = 201, body = Data<BanBody>)))]
pub async fn add(
    State(api): State<Arc<Api>>,
    caller: Caller,
    NewId(id): NewId,
    Json(new): Json<BanNew>,
) -> Reply<impl IntoResponse> {
    let reason = Name::parse("reason", &new.reason)?;
    let ban = api.support.add_ban(&caller, BanId(id), new.whom()?, reason, new.expires).await?;
    api.noticed().await;
    Ok(Data::<BanBody>::made(ban))
}

/// Give an entry another reason and another end
#[utoipa::path(put, path = "/blacklist/{id}", tag = "blacklist", params(("id" = String, Path)),
    request_body = BanText, responses((status = 200, body = Data<BanBody>)))]
pub async fn put(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(said): Json<BanText>,
) -> Reply<Data<BanBody>> {
    let reason = Name::parse("reason", &said.reason)?;
    let ban = api.support.change_ban(&caller, BanId::parse(&id)?, reason, said.expires).await?;
    api.noticed().await;
    Ok(Data::of(ban))
}

/// Let somebody in again
#[utoipa::path(delete, path = "/blacklist/{id}", tag = "blacklist", params(("id" = String, Path)),
    responses((status = 200, body = Done)))]
pub async fn remove(State(api): State<Arc<Api>>, caller: Caller, Path(id): Path<String>) -> Reply<Done> {
    api.support.drop_ban(&caller, BanId::parse(&id)?).await?;
    api.noticed().await;
    Ok(Done::DONE)
}

impl BanNew {
    fn whom(&self) -> Result<Banned> {
        let said = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        match (said(&self.aid), said(&self.ip)) {
            (Some(aid), None) => Ok(Banned::Visitor(AccountId::parse(&aid)?)),
            (None, Some(ip)) => Ok(Banned::Network(Network::parse(&ip)?)),
            (None, None) => Err(Error::Missing("aid")),
            (Some(_), Some(_)) => Err(Error::invalid("ip", "either `aid` or `ip`, not both")),
        }
    }
}

impl From<Ban> for BanBody {
    fn from(ban: Ban) -> Self {
        let (aid, ip) = match ban.whom {
            Banned::Visitor(aid) => (Some(aid.as_str().to_owned()), None),
            Banned::Network(network) => (None, Some(network.to_string())),
        };
        Self {
            id: ban.id.0.to_string(),
            aid,
            ip,
            reason: ban.reason.as_str().to_owned(),
            since: ban.since,
            expires: ban.expires,
        }
    }
}
