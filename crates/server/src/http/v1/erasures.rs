//! `erasures`: everything of one person goes, with one call.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use nodechat_domain::model::{AccountId, Erasure as Stored};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Caller, Data, Json, Path, Reply};
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(ask)).routes(routes!(get))
}

/// Whose everything is to go.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Ask {
    /// Account id of the user.
    aid: String,
}

/// How far it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Erasure {
    number: i64,
    aid: String,
    /// Milliseconds.
    asked: i64,
    /// Milliseconds; absent while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    finished: Option<i64>,
    /// Messages that have lost their bodies.
    messages: i64,
    files: i64,
}

/// Erase everything of a user
///
/// Bodies of all messages of its room, files, attributes, names, notes, what it wrote in work orders, what is searched.
/// Positions stay. It goes on by itself, whatever happens to this server.
#[utoipa::path(post, path = "/erasures", tag = "erasures", request_body = Ask,
    responses((status = 202, body = Data<Erasure>)))]
pub async fn ask(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Json(ask): Json<Ask>,
) -> Reply<(StatusCode, Data<Erasure>)> {
    let erasure = api.archive.erase(&caller, AccountId::parse(&ask.aid)?).await?;
    Ok((StatusCode::ACCEPTED, Data::of(erasure)))
}

/// How far an erasure is
#[utoipa::path(get, path = "/erasures/{number}", tag = "erasures", params(("number" = i64, Path)),
    responses((status = 200, body = Data<Erasure>)))]
pub async fn get(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(number): Path<i64>,
) -> Reply<Data<Erasure>> {
    Ok(Data::of(api.archive.erasure(&caller, number).await?))
}

impl From<Stored> for Erasure {
    fn from(erasure: Stored) -> Self {
        let Stored { number, aid, asked, finished, messages, files } = erasure;
        Self { number, aid: aid.as_str().to_owned(), asked, finished, messages, files }
    }
}
