//! `visitors`: what a company knows of somebody besides the talk.

mod export;

use std::sync::Arc;

use axum::extract::State;
use nodechat_domain::Result;
use nodechat_domain::model::{AccountId, Role, Tag};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Caller, Data, Json, Path, Reply};
use super::webhooks::doer;
use crate::http::Api;
use crate::wire::VisitorCard;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(get)).routes(routes!(tag)).routes(routes!(export::export))
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
    Ok(Data::of(card))
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
    Ok(Data::of(card))
}
