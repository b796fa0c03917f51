//! `audit`: who has changed what.

use std::sync::Arc;

use axum::extract::State;
use nodechat_domain::model::{Actor, AuditEntry};
use nodechat_domain::port::AuditQuery;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Caller, Page, Paging, Query, Reply};
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(list))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AuditBody {
    number: i64,
    time: i64,
    /// `agent`, `key`, `platform` or `operator`, who sat at the machine.
    actor_kind: &'static str,
    /// Account id, or the id of the key.
    actor: String,
    /// What was done, such as `agent.change`.
    act: String,
    /// To what: an id.
    subject: String,
    note: String,
    /// From where; absent: from the machine itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditFilter {
    /// Acts that begin so: `agent.` or `agent.create`.
    act: Option<String>,
    subject: Option<String>,
    actor: Option<String>,
    /// Done at or after.
    from: Option<i64>,
    /// Done before.
    to: Option<i64>,
}

/// Who has changed what, the latest first
#[utoipa::path(get, path = "/audit", tag = "audit", params(AuditFilter, Paging),
    responses((status = 200, body = Page<AuditBody>)))]
pub async fn list(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Query(filter): Query<AuditFilter>,
    Query(paging): Query<Paging>,
) -> Reply<Page<AuditBody>> {
    let said = |text: Option<String>| text.filter(|text| !text.is_empty()).map(String::into_boxed_str);
    let query = AuditQuery {
        act: said(filter.act),
        subject: said(filter.subject),
        actor: said(filter.actor),
        from: filter.from,
        to: filter.to,
        before: paging.after_parsed()?,
        ..AuditQuery::of(caller.company.clone(), paging.limit()? + 1)
    };
    let found = api.admin.read_audit(&caller, query).await?;
    Ok(paging.page(found, |entry| entry.number.to_string())?)
}

impl From<AuditEntry> for AuditBody {
    fn from(entry: AuditEntry) -> Self {
        Self {
            number: entry.number,
            time: entry.time,
            actor_kind: match entry.actor {
                Actor::Agent(_) => "agent",
                Actor::Key(_) => "key",
                Actor::Platform(_) => "platform",
                Actor::Operator => "operator",
            },
            actor: entry.actor.name().to_owned(),
            act: entry.act.into(),
            subject: entry.subject.into(),
            note: entry.note.into(),
            address: entry.address.map(|address| address.to_string()),
        }
    }
}
