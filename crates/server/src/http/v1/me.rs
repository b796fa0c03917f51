//! `me`: who the server takes the caller for.

use nodechat_domain::model::{CompanyId, Realm};
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
    /// Absent for the platform's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    companyid: Option<String>,
    /// Account id, for agents.
    #[serde(skip_serializing_if = "Option::is_none")]
    aid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nick: Option<String>,
    /// `owner`, `admin`, `supervisor` or `agent`, for agents.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
}

/// Who the server takes the caller for
#[utoipa::path(get, path = "/me", tag = "me", responses((status = 200, body = Data<Me>)))]
pub async fn get(caller: Caller) -> Reply<Data<Me>> {
    Ok(Data::of(match caller {
        Caller::Key { owner, .. } => {
            let companyid = match owner {
                Realm::Company(company) => Some(company.as_str().to_owned()),
                Realm::Platform => None,
            };
            Me { r#type: "key", companyid, aid: None, nick: None, role: None }
        }
        Caller::Agent { person, role } => Me {
            r#type: "agent",
            companyid: person.company().map(CompanyId::as_str).map(str::to_owned),
            aid: Some(person.aid.as_str().to_owned()),
            nick: Some(person.nick.as_str().to_owned()),
            role: Some(role.name()),
        },
    }))
}
