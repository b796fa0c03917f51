//! `agents`: the people who answer, with their accounts.

use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::Error;
use nodechat_domain::app::NewAgent;
use nodechat_domain::model::{AccountId, Agent, GroupId, Login, Name, Password, Role};
use nodechat_domain::port::AgentQuery;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Caller, Data, Done, Json, NewId, Page, Paging, Path, Query, Reply, present};
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(get, change)).routes(routes!(set_password))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AgentBody {
    aid: String,
    nick: String,
    /// `owner`, `admin`, `supervisor` or `agent`.
    role: &'static str,
    /// Consultations at once; absent: as the company has set it.
    #[serde(skip_serializing_if = "Option::is_none")]
    cap: Option<u32>,
    /// Absent: comes by tokens of the host site.
    #[serde(skip_serializing_if = "Option::is_none")]
    login: Option<String>,
    active: bool,
    /// When it was made or first seen.
    created: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AgentWithGroups {
    #[serde(flatten)]
    agent: AgentBody,
    groups: Vec<GroupName>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct GroupName {
    #[schema(format = Uuid)]
    id: String,
    name: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct AgentNew {
    /// 1 to 64 characters without spaces.
    #[schema(max_length = 64)]
    login: String,
    /// 8 to 200 characters.
    #[schema(format = Password, min_length = 8, max_length = 200)]
    password: String,
    /// What visitors see; the login when it is not said.
    #[schema(max_length = 200)]
    nick: Option<String>,
    /// `owner`, `admin`, `supervisor` or `agent`, which is usual. Nobody makes anybody mightier than itself.
    role: Option<String>,
    #[schema(minimum = 1, maximum = 1000)]
    cap: Option<u32>,
}

/// What is to be otherwise; the rest stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AgentPatch {
    #[schema(max_length = 200)]
    nick: Option<String>,
    role: Option<String>,
    /// `null`: as the company has set it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 1000)]
    cap: Option<Option<u32>>,
    /// One that is not active opens nothing and gets nothing.
    active: Option<bool>,
    #[schema(max_length = 64)]
    login: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct PasswordChange {
    /// Needed by whoever changes its own.
    #[schema(format = Password)]
    old: Option<String>,
    #[schema(format = Password, min_length = 8, max_length = 200)]
    new: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AgentFilter {
    role: Option<String>,
    /// Id of a group that they are in.
    group: Option<String>,
    active: Option<bool>,
    /// What nick or login has in it.
    q: Option<String>,
}

/// Agents, by account id
#[utoipa::path(get, path = "/agents", tag = "agents", params(AgentFilter, Paging),
    responses((status = 200, body = Page<AgentBody>)))]
pub async fn list(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Query(filter): Query<AgentFilter>,
    Query(paging): Query<Paging>,
) -> Reply<Page<AgentBody>> {
    let query = AgentQuery {
        role: filter.role.as_deref().map(Role::parse).transpose()?,
        group: filter.group.as_deref().map(group).transpose()?,
        active: filter.active,
        text: filter.q.filter(|text| !text.is_empty()).map(String::into_boxed_str),
        after: paging.after()?.as_deref().map(AccountId::parse).transpose()?,
        ..AgentQuery::of(caller.company.clone(), paging.limit()? + 1)
    };
    let found = api.admin.list_agents(&caller, query).await?;
    Ok(paging.page(found, |agent| agent.aid.as_str().to_owned())?)
}

/// One agent, with its groups
#[utoipa::path(get, path = "/agents/{aid}", tag = "agents", params(("aid" = String, Path)),
    responses((status = 200, body = Data<AgentWithGroups>)))]
pub async fn get(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(aid): Path<String>,
) -> Reply<Data<AgentWithGroups>> {
    let aid = known(&aid)?;
    let agent = api.admin.agent(&caller, &aid).await?;
    let groups = api.admin.groups_of(&caller, &aid).await?;
    let named =
        |(id, name): (GroupId, Name)| GroupName { id: id.0.to_string(), name: name.as_str().to_owned() };
    let groups = groups.into_iter().map(named).collect();
    Ok(Data::of(AgentWithGroups { agent: agent.into(), groups }))
}

/// Make an account
#[utoipa::path(post, path = "/agents", tag = "agents", request_body = AgentNew,
    responses((status = 201, body = Data<AgentBody>)))]
pub async fn add(
    State(api): State<Arc<Api>>,
    caller: Caller,
    NewId(id): NewId,
    Json(new): Json<AgentNew>,
) -> Reply<impl IntoResponse> {
    let login = Login::parse(&new.login)?;
    let nick = new.nick.as_deref().filter(|nick| !nick.is_empty()).unwrap_or(login.as_str());
    let agent = NewAgent {
        aid: AccountId::parse(&format!("a-{id}"))?,
        nick: Name::parse("nick", nick)?,
        role: new.role.as_deref().map_or(Ok(Role::Agent), Role::parse)?,
        cap: new.cap,
        password: Password::parse(&new.password)?,
        login,
    };
    Ok(Data::<AgentBody>::made(api.admin.new_agent(&caller, agent).await?))
}

/// Change an agent
///
/// Everybody may change its own nick. One that is made inactive is sent away.
#[utoipa::path(patch, path = "/agents/{aid}", tag = "agents", params(("aid" = String, Path)),
    request_body = AgentPatch, responses((status = 200, body = Data<AgentBody>)))]
pub async fn change(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(aid): Path<String>,
    Json(patch): Json<AgentPatch>,
) -> Reply<Data<AgentBody>> {
    let nick = patch.nick.as_deref().map(|nick| Name::parse("nick", nick)).transpose()?;
    let role = patch.role.as_deref().map(Role::parse).transpose()?;
    let login = patch.login.as_deref().map(Login::parse).transpose()?;
    let (cap, active) = (patch.cap, patch.active);
    let change = move |agent: &mut Agent| {
        agent.nick = nick.clone().unwrap_or_else(|| agent.nick.clone());
        agent.role = role.unwrap_or(agent.role);
        agent.cap = cap.unwrap_or(agent.cap);
        agent.active = active.unwrap_or(agent.active);
        if let Some(login) = &login {
            if agent.login.is_none() {
                return Err(Error::conflict("this agent comes by tokens and has no login"));
            }
            agent.login = Some(login.clone());
        }
        Ok(())
    };
    Ok(Data::of(api.admin.change_agent(&caller, &known(&aid)?, change).await?))
}

/// Give an agent another password
///
/// Whoever was logged in as this agent logs in again.
#[utoipa::path(put, path = "/agents/{aid}/password", tag = "agents", params(("aid" = String, Path)),
    request_body = PasswordChange, responses((status = 200, body = Done)))]
pub async fn set_password(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(aid): Path<String>,
    Json(asked): Json<PasswordChange>,
) -> Reply<Done> {
    let old = asked.old.as_deref().map(Password::presented);
    let new = Password::parse(&asked.new)?;
    let address = caller.address.unwrap_or([0, 0, 0, 0].into());
    let aid = known(&aid)?;
    let set = api.admin.set_password(&caller, &aid, old, new);
    api.limits.guarded(address, set).await?;
    Ok(Done::DONE)
}

/// What cannot be an account id is nobody's.
fn known(aid: &str) -> Result<AccountId, Error> {
    AccountId::parse(aid).map_err(|_| Error::NotFound("agent"))
}

fn group(text: &str) -> Result<GroupId, Error> {
    uuid::Uuid::parse_str(text).map(GroupId).map_err(|_| Error::invalid("group", "it is not a uuid"))
}

impl From<Agent> for AgentBody {
    fn from(agent: Agent) -> Self {
        Self {
            aid: agent.aid.as_str().to_owned(),
            nick: agent.nick.as_str().to_owned(),
            role: agent.role.name(),
            cap: agent.cap,
            login: agent.login.map(|login| login.as_str().to_owned()),
            active: agent.active,
            created: agent.created,
        }
    }
}
