//! `me`: who the server takes the caller for.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use nodechat_domain::Error;
use nodechat_domain::model::{Password, Power};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Address, Caller, Data, Done, Json, Reply, bearer};
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(get)).routes(routes!(set_password))
}

/// Whoever calls.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// `key` or `agent`.
    r#type: &'static str,
    /// The company that calls are about.
    companyid: String,
    /// Account id, for agents.
    #[serde(skip_serializing_if = "Option::is_none")]
    aid: Option<String>,
    /// What the agent, or the key, is called.
    nick: String,
    /// `owner`, `admin`, `supervisor` or `agent`, for agents.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    /// What it opens, for keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<Vec<String>>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct OwnPassword {
    #[schema(format = Password)]
    old: String,
    /// 8 to 200 characters.
    #[schema(format = Password, min_length = 8, max_length = 200)]
    new: String,
}

/// Who the server takes the caller for
#[utoipa::path(get, path = "/me", tag = "me", responses((status = 200, body = Data<Me>)))]
pub async fn get(caller: Caller) -> Reply<Data<Me>> {
    let (role, scopes) = match caller.power {
        Power::Role(role) => (Some(role.name()), None),
        Power::Scopes(scopes) => (None, Some(scopes.words())),
        Power::All => (None, None),
    };
    let agent = caller.agent().ok();
    Ok(Data::of(Me {
        r#type: if agent.is_some() { "agent" } else { "key" },
        companyid: caller.company.as_str().to_owned(),
        aid: agent.map(|person| person.aid.as_str().to_owned()),
        nick: caller.nick().as_str().to_owned(),
        role,
        scopes,
    }))
}

/// Change the password of the agent who calls
///
/// For agents with an account of their own. The ticket that is shown stays; every other one of this agent ends. A wrong
/// old password is 4003, and too many of them from one address are 4029.
#[utoipa::path(put, path = "/me/password", tag = "me", request_body = OwnPassword,
    responses((status = 200, body = Done)))]
pub async fn set_password(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Address(ip): Address,
    headers: HeaderMap,
    Json(asked): Json<OwnPassword>,
) -> Reply<Done> {
    let ticket = headers.get(header::AUTHORIZATION).and_then(bearer).ok_or(Error::BadTicket)?;
    let (old, new) = (Password::presented(&asked.old), Password::parse(&asked.new)?);
    api.limits.guarded(ip, api.admin.set_own_password(&caller, &ticket, old, new)).await?;
    Ok(Done::DONE)
}
