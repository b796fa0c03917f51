//! `api-keys`: what programs show, and what it opens.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::Error;
use nodechat_domain::model::{ApiKey, KeyId, Name, Scopes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Caller, Data, Done, Json, Page, Path, Reply, ShownOnce};
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(remove))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct KeyBody {
    /// How it is called where it must not be shown.
    id: String,
    name: String,
    /// Such as `agents:read`, `messages:write` (which includes reading), or `all`.
    scopes: Vec<String>,
    created: i64,
    /// Within ten minutes; absent: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NewKeyBody {
    #[serde(flatten)]
    key: KeyBody,
    /// Shown this once.
    secret: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct KeyNew {
    #[schema(max_length = 200)]
    name: String,
    /// Such as `agents:read`, `messages:write` (which includes reading), or `all`.
    scopes: Vec<String>,
}

/// The company's keys, the newest first
#[utoipa::path(get, path = "/api-keys", tag = "api keys", responses((status = 200, body = Page<KeyBody>)))]
pub async fn list(State(api): State<Arc<Api>>, caller: Caller) -> Reply<Page<KeyBody>> {
    Ok(Page::whole(api.admin.list_keys(&caller).await?))
}

/// Make a key; it is shown this once
///
/// Nobody makes a key that opens more than it may itself. A repetition with the same `Idempotency-Key` is 4009: the key
/// was made.
#[utoipa::path(post, path = "/api-keys", tag = "api keys", request_body = KeyNew,
    responses((status = 201, body = Data<NewKeyBody>)))]
pub async fn add(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Json(new): Json<KeyNew>,
) -> Reply<impl IntoResponse> {
    let scopes = Scopes::parse(new.scopes.iter().map(String::as_str))?;
    if scopes == Scopes::NONE {
        return Err(Error::Missing("scopes").into());
    }
    let (key, secret) = api.admin.new_key(&caller, Name::parse("name", &new.name)?, scopes).await?;
    let body = NewKeyBody { key: key.into(), secret: secret.reveal().to_owned() };
    Ok((Extension(ShownOnce), Data::<NewKeyBody>::made(body)).into_response())
}

/// End a key
#[utoipa::path(delete, path = "/api-keys/{id}", tag = "api keys", params(("id" = String, Path)),
    responses((status = 200, body = Done)))]
pub async fn remove(State(api): State<Arc<Api>>, caller: Caller, Path(id): Path<String>) -> Reply<Done> {
    // What has not the form of an id is the id of nothing.
    let id = KeyId::parse(&id).map_err(|_| Error::NotFound("key"))?;
    api.admin.revoke_key(&caller, id).await?;
    Ok(Done::DONE)
}

impl From<ApiKey> for KeyBody {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id.to_string(),
            name: key.name.as_str().to_owned(),
            scopes: key.scopes.words(),
            created: key.created,
            last_used: key.last_used,
        }
    }
}
