//! `me`: who the server takes the caller for.

use nodechat_domain::model::Power;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Caller, Data, Reply};

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(get))
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
