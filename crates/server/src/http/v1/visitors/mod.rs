//! `visitors`: what a company knows of somebody besides the talk.

mod export;

use std::sync::Arc;

use axum::extract::State;
use nodechat_domain::Result;
use nodechat_domain::model::{AccountId, Atype, Card, Role, Tag};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Caller, Data, Json, Path, Reply};
use super::webhooks::doer;
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(get)).routes(routes!(tag)).routes(routes!(export::export))
}

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

#[derive(Debug, Deserialize, ToSchema)]
pub struct Tags {
    /// At most 50, of 1 to 50 characters each.
    tags: Vec<String>,
}

/// One visitor
#[utoipa::path(get, path = "/visitors/{aid}", tag = "visitors", params(("aid" = String, Path)), responses((status = 200, body = Data<VisitorCard>)))]
pub async fn get(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(aid): Path<String>,
) -> Reply<Data<VisitorCard>> {
    caller.may_read("visitors", Role::Agent)?;
    let company = caller.company.clone();
    let card = api.cards.find(&company, &AccountId::parse(&aid)?).await?;
    Ok(Data::of(shown(card, company.as_str())))
}

/// Sticks these tags to a visitor and no others
#[utoipa::path(put, path = "/visitors/{aid}/tags", tag = "visitors", params(("aid" = String, Path)), request_body = Tags, responses((status = 200, body = Data<VisitorCard>)))]
pub async fn tag(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(aid): Path<String>,
    Json(new): Json<Tags>,
) -> Reply<Data<VisitorCard>> {
    caller.may_write("visitors", Role::Agent)?;
    let company = caller.company.clone();
    let tags = new.tags.iter().map(|tag| Tag::parse(tag)).collect::<Result<Vec<_>>>()?;
    let card = api.cards.tag(&company, &AccountId::parse(&aid)?, tags, doer(&caller)).await?;
    Ok(Data::of(shown(card, company.as_str())))
}

fn shown(card: Card, company: &str) -> VisitorCard {
    let Card { person, arrival, tags } = card;
    VisitorCard {
        roomid: format!("/U2S_{}#{company}", person.aid),
        aid: person.aid.to_string(),
        mid: person.mid.to_string(),
        account: person.account.to_string(),
        nick: person.nick.to_string(),
        // An object when it came; kept as it was.
        attributes: person.attributes.as_deref().and_then(|json| serde_json::from_str(json).ok()),
        tags: tags.iter().map(|tag| tag.as_str().to_owned()).collect(),
        arrival: arrival.map(|arrival| ArrivalBody {
            atype: match arrival.atype {
                Atype::Uwap | Atype::Cwap => "uwap",
                Atype::Uweb | Atype::Cweb => "uweb",
            },
            browser: arrival.browser.map(Into::into),
            page: arrival.page.map(Into::into),
            referrer: arrival.referrer.map(Into::into),
            ip: arrival.address.into(),
            time: arrival.time,
        }),
    }
}
