//! `groups`: agents who know something.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::model::{AccountId, Group, GroupId, Name};
use nodechat_domain::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::Endpoints;
use super::frame::{Caller, Data, Done, Json, NewId, Page, Path, Reply};
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(get, put, remove))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct GroupBody {
    #[schema(format = Uuid)]
    id: String,
    name: String,
    /// Id of the group that is asked when nobody of this one is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Uuid)]
    fallback: Option<String>,
    /// Account ids.
    members: Vec<String>,
    created: i64,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct GroupText {
    #[schema(max_length = 200)]
    name: String,
    #[schema(format = Uuid)]
    fallback: Option<String>,
    /// Account ids of agents of this company.
    #[serde(default)]
    members: Vec<String>,
}

/// All groups, by name
#[utoipa::path(get, path = "/groups", tag = "groups", responses((status = 200, body = Page<GroupBody>)))]
pub async fn list(State(api): State<Arc<Api>>, caller: Caller) -> Reply<Page<GroupBody>> {
    Ok(Page::whole(api.admin.list_groups(&caller).await?))
}

/// One group
#[utoipa::path(get, path = "/groups/{id}", tag = "groups", params(("id" = String, Path)),
    responses((status = 200, body = Data<GroupBody>)))]
pub async fn get(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Reply<Data<GroupBody>> {
    Ok(Data::of(api.admin.group(&caller, known(&id)?).await?))
}

/// Make a group
#[utoipa::path(post, path = "/groups", tag = "groups", request_body = GroupText,
    responses((status = 201, body = Data<GroupBody>)))]
pub async fn add(
    State(api): State<Arc<Api>>,
    caller: Caller,
    NewId(id): NewId,
    Json(said): Json<GroupText>,
) -> Reply<impl IntoResponse> {
    let group = Group {
        company: caller.company.clone(),
        id: GroupId(id),
        name: Name::parse("name", &said.name)?,
        fallback: fallback(said.fallback.as_deref())?,
        members: members(&said.members)?,
        created: api.clock.now(),
    };
    Ok(Data::<GroupBody>::made(api.admin.put_group(&caller, group).await?))
}

/// Say anew what a group is
#[utoipa::path(put, path = "/groups/{id}", tag = "groups", params(("id" = String, Path)),
    request_body = GroupText, responses((status = 200, body = Data<GroupBody>)))]
pub async fn put(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(said): Json<GroupText>,
) -> Reply<Data<GroupBody>> {
    let name = Name::parse("name", &said.name)?;
    let (fallback, members) = (fallback(said.fallback.as_deref())?, members(&said.members)?);
    let change = move |group: &mut Group| {
        group.name = name.clone();
        group.fallback = fallback;
        group.members = members.clone();
        Ok(())
    };
    Ok(Data::of(api.admin.change_group(&caller, known(&id)?, change).await?))
}

/// Remove a group
///
/// Those that named it as their fallback have none any more.
#[utoipa::path(delete, path = "/groups/{id}", tag = "groups", params(("id" = String, Path)),
    responses((status = 200, body = Done)))]
pub async fn remove(State(api): State<Arc<Api>>, caller: Caller, Path(id): Path<String>) -> Reply<Done> {
    api.admin.drop_group(&caller, known(&id)?).await?;
    Ok(Done::DONE)
}

/// What is no uuid is the id of nothing.
fn known(id: &str) -> Result<GroupId> {
    Uuid::parse_str(id).map(GroupId).map_err(|_| Error::NotFound("group"))
}

fn fallback(id: Option<&str>) -> Result<Option<GroupId>> {
    let parse =
        |id| Uuid::parse_str(id).map(GroupId).map_err(|_| Error::invalid("fallback", "it is not a uuid"));
    id.filter(|id| !id.is_empty()).map(parse).transpose()
}

fn members(aids: &[String]) -> Result<BTreeSet<AccountId>> {
    aids.iter().map(|aid| AccountId::parse(aid)).collect()
}

impl From<Group> for GroupBody {
    fn from(group: Group) -> Self {
        Self {
            id: group.id.0.to_string(),
            name: group.name.as_str().to_owned(),
            fallback: group.fallback.map(|id| id.0.to_string()),
            members: group.members.iter().map(|aid| aid.as_str().to_owned()).collect(),
            created: group.created,
        }
    }
}
