//! `work-order-kinds`: what a work order can be about.

use std::sync::Arc;

use axum::extract::State;
use nodechat_domain::model::{Name, NamedOrderKind, OrderKind};
use nodechat_domain::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Caller, Data, Done, Json, Page, Path, Reply};
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get, put, remove))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OrderKindBody {
    /// What work orders name it by.
    key: String,
    /// What people read.
    text: String,
    /// They are shown in the order of these numbers.
    place: i32,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct OrderKindText {
    #[schema(min_length = 1, max_length = 200)]
    text: String,
    #[serde(default)]
    place: i32,
}

/// All kinds, in the order in which they are shown
#[utoipa::path(get, path = "/work-order-kinds", tag = "work-order kinds",
    responses((status = 200, body = Page<OrderKindBody>)))]
pub async fn list(State(api): State<Arc<Api>>, caller: Caller) -> Reply<Page<OrderKindBody>> {
    Ok(Page::whole(api.support.list_kinds(&caller).await?))
}

/// One kind
#[utoipa::path(get, path = "/work-order-kinds/{key}", tag = "work-order kinds", params(("key" = String, Path)),
    responses((status = 200, body = Data<OrderKindBody>)))]
pub async fn get(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(key): Path<String>,
) -> Reply<Data<OrderKindBody>> {
    Ok(Data::of(api.support.kind(&caller, &known(&key)?).await?))
}

/// Make a kind, or say it anew
///
/// The key is 1 to 64 characters of one's own choice; work orders remember it.
#[utoipa::path(put, path = "/work-order-kinds/{key}", tag = "work-order kinds", params(("key" = String, Path)),
    request_body = OrderKindText, responses((status = 200, body = Data<OrderKindBody>)))]
pub async fn put(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(key): Path<String>,
    Json(said): Json<OrderKindText>,
) -> Reply<Data<OrderKindBody>> {
    let key =
        OrderKind::parse(&key).map_err(|_| Error::invalid("key", "1 to 64 characters, none for control"))?;
    if said.text.trim().is_empty() {
        return Err(Error::Missing("text").into());
    }
    let text = Name::parse("text", &said.text)?;
    Ok(Data::of(api.support.put_kind(&caller, key, text, said.place.into()).await?))
}

/// Remove a kind
///
/// Work orders of this kind keep it.
#[utoipa::path(delete, path = "/work-order-kinds/{key}", tag = "work-order kinds",
    params(("key" = String, Path)), responses((status = 200, body = Done)))]
pub async fn remove(State(api): State<Arc<Api>>, caller: Caller, Path(key): Path<String>) -> Reply<Done> {
    api.support.drop_kind(&caller, &known(&key)?).await?;
    Ok(Done::DONE)
}

/// What cannot be a key is the key of nothing.
fn known(key: &str) -> Result<OrderKind> {
    OrderKind::parse(key).map_err(|_| Error::NotFound("kind"))
}

impl From<NamedOrderKind> for OrderKindBody {
    fn from(kind: NamedOrderKind) -> Self {
        Self {
            key: kind.kind.as_str().to_owned(),
            text: kind.label.as_str().to_owned(),
            place: i32::try_from(kind.place).unwrap_or_default(),
        }
    }
}
