//! `erasures`: everything of one person goes, with one call.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use nodechat_domain::Error;
use nodechat_domain::model::{AccountId, AgentsWords, Erasure as Stored, Side};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{CompanyOrPlatform, Data, Json, Path, Reply};
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(ask)).routes(routes!(get))
}

/// Whose everything is to go.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Ask {
    /// Account id.
    #[schema(max_length = 128)]
    aid: String,
    /// `user`, which is usual, or `cs`.
    r#type: Option<String>,
    /// Of an agent: what it has said stays as the company's, and only its name goes.
    #[serde(default)]
    keep_messages: bool,
}

/// How far it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Erasure {
    number: i64,
    /// `user` or `cs`.
    r#type: &'static str,
    aid: String,
    /// Milliseconds.
    asked: i64,
    /// Milliseconds; absent while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    finished: Option<i64>,
    /// Messages that have lost their bodies, or the name of their sender where bodies stay.
    messages: i64,
    files: i64,
}

/// Erase everything of a person
///
/// Of a user: bodies of all messages of its room, files, attributes, names, notes, what it wrote in work orders, what is
/// searched. Of an agent: its account, sessions, personal canned replies, bodies of its messages and its files; where its
/// name was stands the company's; the last owner is 4009. Positions stay. It goes on by itself, whatever happens to this
/// server.
///
/// A user of the platform: with `companyid`, or a company's own key, what it said to that company; with the platform's key
/// and no `companyid`, everything at every company.
#[utoipa::path(post, path = "/erasures", tag = "erasures", request_body = Ask,
    responses((status = 202, body = Data<Erasure>)))]
pub async fn ask(
    State(api): State<Arc<Api>>,
    caller: CompanyOrPlatform,
    Json(ask): Json<Ask>,
) -> Reply<(StatusCode, Data<Erasure>)> {
    let aid = AccountId::parse(&ask.aid)?;
    let words = if ask.keep_messages { AgentsWords::Keep } else { AgentsWords::Erase };
    let erasure = match (caller, ask.side()?) {
        (_, Side::Visitor) if ask.keep_messages => {
            return Err(Error::invalid("keep_messages", "of agents only").into());
        }
        (CompanyOrPlatform::Company(caller), Side::Visitor) => api.archive.erase(&caller, aid).await?,
        (CompanyOrPlatform::Company(caller), Side::Agent) => {
            api.archive.erase_agent(&caller, aid, words).await?
        }
        (CompanyOrPlatform::Platform(caller), Side::Visitor) => {
            api.archive.erase_everywhere(&caller, aid).await?
        }
        // An agent is of one company, which has to be named.
        (CompanyOrPlatform::Platform(_), Side::Agent) => return Err(Error::Missing("companyid").into()),
    };
    Ok((StatusCode::ACCEPTED, Data::of(erasure)))
}

/// How far an erasure is
///
/// What the platform has asked for everywhere is asked about as it was asked for: without `companyid`.
#[utoipa::path(get, path = "/erasures/{number}", tag = "erasures", params(("number" = i64, Path)),
    responses((status = 200, body = Data<Erasure>)))]
pub async fn get(
    State(api): State<Arc<Api>>,
    caller: CompanyOrPlatform,
    Path(number): Path<i64>,
) -> Reply<Data<Erasure>> {
    Ok(Data::of(match caller {
        CompanyOrPlatform::Company(caller) => api.archive.erasure(&caller, number).await?,
        CompanyOrPlatform::Platform(caller) => api.archive.erasure_everywhere(&caller, number).await?,
    }))
}

impl Ask {
    fn side(&self) -> Result<Side, Error> {
        match self.r#type.as_deref() {
            None | Some("user") => Ok(Side::Visitor),
            Some("cs") => Ok(Side::Agent),
            Some(_) => Err(Error::invalid("type", "user or cs")),
        }
    }
}

impl From<Stored> for Erasure {
    fn from(erasure: Stored) -> Self {
        let Stored { number, side, aid, asked, finished, messages, files, .. } = erasure;
        let r#type = match side {
            Side::Visitor => "user",
            Side::Agent => "cs",
        };
        Self { number, r#type, aid: aid.as_str().to_owned(), asked, finished, messages, files }
    }
}
