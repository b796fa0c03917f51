//! `webhooks`: addresses of a company's own that are told what happens, and what was delivered there.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::app::{Doer, WebhookPatch};
use nodechat_domain::model::{Delivery, DeliveryState, Role, Topic, Topics, Webhook, WebhookId, WebhookUrl};
use nodechat_domain::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Caller, Data, Done, Json, NewId, Page, Paging, Path, Query, Reply, ShownOnce};
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, change, remove))
        .routes(routes!(renew_secret))
        .routes(routes!(test))
        .routes(routes!(deliveries))
        .routes(routes!(replay))
}

/// An address that is told what happens.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hook {
    id: String,
    url: String,
    /// What it is told of: `message`, `consultation`, `assignment`, `rating`, `order`, `status`.
    events: Vec<&'static str>,
    on: bool,
    /// Why the server has switched it off, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    off_because: Option<String>,
    /// Since when nothing could be delivered, although it was tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<i64>,
    created: i64,
    /// `whsec_…`, which signs what is delivered: shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// One notice on its way, or at its end.
#[derive(Debug, Serialize, ToSchema)]
pub struct HookDelivery {
    number: i64,
    /// `webhook-id`: the same for every attempt.
    id: String,
    /// Such as `order.created`.
    r#type: String,
    time: i64,
    /// `waiting`, `delivered` or `given_up`.
    state: &'static str,
    attempts: u32,
    /// When it is tried next, while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<i64>,
    /// When the last attempt ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    tried: Option<i64>,
    /// The status of the last answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Why there was no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewHook {
    url: String,
    /// `message`, `consultation`, `assignment`, `rating`, `order`, `status`.
    events: Vec<String>,
}

/// What is to be otherwise; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct HookChange {
    url: Option<String>,
    events: Option<Vec<String>>,
    on: Option<bool>,
}

/// All webhooks of the company
#[utoipa::path(get, path = "/webhooks", tag = "webhooks", responses((status = 200, body = Page<Hook>)))]
pub async fn list(State(api): State<Arc<Api>>, caller: Caller) -> Reply<Page<Hook>> {
    caller.may_read("webhooks", Role::Admin)?;
    let all = api.hooks.all(&caller.company.clone()).await?;
    Ok(Page::whole(all))
}

/// Makes one; its secret is in the answer and is not shown again
#[utoipa::path(post, path = "/webhooks", tag = "webhooks", request_body = NewHook, responses((status = 201, body = Data<Hook>)))]
pub async fn create(
    State(api): State<Arc<Api>>,
    caller: Caller,
    NewId(id): NewId,
    Json(new): Json<NewHook>,
) -> Reply<impl IntoResponse> {
    caller.may_write("webhooks", Role::Admin)?;
    let company = caller.company.clone();
    let (url, topics) = (WebhookUrl::parse(&new.url)?, topics(&new.events)?);
    let hook = api.hooks.add(doer(&caller), &company, WebhookId(id), url, topics).await?;
    Ok((Extension(ShownOnce), Data::<Hook>::made(Hook::with_secret(hook))))
}

/// One webhook
#[utoipa::path(get, path = "/webhooks/{id}", tag = "webhooks", params(("id" = String, Path)), responses((status = 200, body = Data<Hook>)))]
pub async fn get(State(api): State<Arc<Api>>, caller: Caller, Path(id): Path<String>) -> Reply<Data<Hook>> {
    caller.may_read("webhooks", Role::Admin)?;
    let company = caller.company.clone();
    Ok(Data::of(api.hooks.find(&company, WebhookId::parse(&id)?).await?))
}

/// Changes one, switches it on or off
#[utoipa::path(patch, path = "/webhooks/{id}", tag = "webhooks", params(("id" = String, Path)), request_body = HookChange, responses((status = 200, body = Data<Hook>)))]
pub async fn change(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(change): Json<HookChange>,
) -> Reply<Data<Hook>> {
    caller.may_write("webhooks", Role::Admin)?;
    let company = caller.company.clone();
    let patch = WebhookPatch {
        url: change.url.as_deref().map(WebhookUrl::parse).transpose()?,
        topics: change.events.as_deref().map(topics).transpose()?,
        on: change.on,
    };
    Ok(Data::of(api.hooks.change(doer(&caller), &company, WebhookId::parse(&id)?, patch).await?))
}

/// Removes one with its log
#[utoipa::path(delete, path = "/webhooks/{id}", tag = "webhooks", params(("id" = String, Path)), responses((status = 200, body = Done)))]
pub async fn remove(State(api): State<Arc<Api>>, caller: Caller, Path(id): Path<String>) -> Reply<Done> {
    caller.may_write("webhooks", Role::Admin)?;
    let company = caller.company.clone();
    api.hooks.remove(doer(&caller), &company, WebhookId::parse(&id)?).await?;
    Ok(Done::DONE)
}

/// Gives it a new secret; for a day the former one signs as well
#[utoipa::path(post, path = "/webhooks/{id}/secret", tag = "webhooks", params(("id" = String, Path)), responses((status = 201, body = Data<Hook>)))]
pub async fn renew_secret(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Reply<impl IntoResponse> {
    caller.may_write("webhooks", Role::Admin)?;
    let company = caller.company.clone();
    let hook = api.hooks.renew_secret(doer(&caller), &company, WebhookId::parse(&id)?).await?;
    Ok((Extension(ShownOnce), Data::<Hook>::made(Hook::with_secret(hook))))
}

/// Sends it a `webhook.test`
#[utoipa::path(post, path = "/webhooks/{id}/test", tag = "webhooks", params(("id" = String, Path)), responses((status = 200, body = Done)))]
pub async fn test(State(api): State<Arc<Api>>, caller: Caller, Path(id): Path<String>) -> Reply<Done> {
    caller.may_write("webhooks", Role::Admin)?;
    let company = caller.company.clone();
    api.hooks.test(&company, WebhookId::parse(&id)?).await?;
    Ok(Done::DONE)
}

/// What was and is to be delivered, the newest first
#[utoipa::path(get, path = "/webhooks/{id}/deliveries", tag = "webhooks", params(("id" = String, Path), Paging), responses((status = 200, body = Page<HookDelivery>)))]
pub async fn deliveries(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
) -> Reply<Page<HookDelivery>> {
    caller.may_read("webhooks", Role::Admin)?;
    let company = caller.company.clone();
    let below = paging.after_parsed::<i64>()?;
    let found = api.hooks.log(&company, WebhookId::parse(&id)?, below, paging.limit()? + 1).await?;
    Ok(paging.page(found, |last| last.number.to_string())?)
}

/// Delivers one once more
#[utoipa::path(post, path = "/webhooks/{id}/deliveries/{number}/replay", tag = "webhooks", params(("id" = String, Path), ("number" = i64, Path)), responses((status = 200, body = Done)))]
pub async fn replay(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path((id, number)): Path<(String, i64)>,
) -> Reply<Done> {
    caller.may_write("webhooks", Role::Admin)?;
    let company = caller.company.clone();
    api.hooks.replay(&company, WebhookId::parse(&id)?, number).await?;
    Ok(Done::DONE)
}

fn topics(names: &[String]) -> Result<Topics> {
    let topic = |name: &String| {
        let why = "message, consultation, assignment, rating, order or status";
        Topic::parse(name).ok_or_else(|| Error::invalid("events", why))
    };
    let topics: Topics = names.iter().map(topic).collect::<Result<_>>()?;
    if topics.is_empty() { Err(Error::Missing("events")) } else { Ok(topics) }
}

pub(super) fn doer(caller: &Caller) -> Doer {
    Doer { actor: caller.actor.clone(), address: caller.address }
}

impl Hook {
    fn with_secret(webhook: Webhook) -> Self {
        let secret = Some(webhook.secret.reveal());
        Self { secret, ..Self::from(webhook) }
    }
}

impl From<Webhook> for Hook {
    fn from(webhook: Webhook) -> Self {
        Self {
            id: webhook.id.0.to_string(),
            url: webhook.url.as_str().into(),
            events: webhook.topics.iter().map(Topic::name).collect(),
            on: webhook.on,
            off_because: webhook.off_because.as_deref().map(Into::into),
            failing_since: webhook.failing_since,
            created: webhook.created,
            secret: None,
        }
    }
}

impl From<Delivery> for HookDelivery {
    fn from(delivery: Delivery) -> Self {
        let state = match delivery.state {
            DeliveryState::Waiting => "waiting",
            DeliveryState::Delivered => "delivered",
            DeliveryState::GivenUp => "given_up",
        };
        Self {
            number: delivery.number,
            id: delivery.notice.0.to_string(),
            r#type: delivery.kind.into(),
            time: delivery.time,
            state,
            attempts: delivery.attempts,
            due: (delivery.state == DeliveryState::Waiting).then_some(delivery.due),
            tried: delivery.tried,
            status: delivery.status,
            failure: delivery.failure.map(Into::into),
        }
    }
}
