//! `csGroup/list` and `csMg/getCsMgByGroup`: which groups of agents a visitor may ask for (contract B4).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::Error;
use nodechat_domain::model::{Agent, Group};
use serde::Serialize;

use super::Api;
use super::caller::Call;
use super::error::Reply;
use crate::wire;

#[derive(Serialize)]
struct Answer<T> {
    errcode: u16,
    data: Vec<T>,
}

#[derive(Serialize)]
struct GroupName {
    id: String,
    name: String,
}

#[derive(Serialize)]
struct GroupOfAgents {
    id: String,
    name: String,
    #[serde(rename = "csMg")]
    agents: Vec<AgentName>,
}

#[derive(Serialize)]
struct AgentName {
    id: String,
    nickname: String,
}

pub async fn list(State(api): State<Arc<Api>>, call: Call) -> Reply<impl IntoResponse> {
    let groups = groups(&api, &call).await?;
    let name = |(group, _): (Group, Vec<Agent>)| GroupName {
        id: group.id.to_string(),
        name: group.name.as_str().to_owned(),
    };
    Ok(Json(Answer { errcode: 0, data: groups.into_iter().map(name).collect() }))
}

pub async fn with_agents(State(api): State<Arc<Api>>, call: Call) -> Reply<impl IntoResponse> {
    let groups = groups(&api, &call).await?;
    Ok(Json(Answer { errcode: 0, data: groups.into_iter().map(GroupOfAgents::from).collect() }))
}

async fn groups(api: &Api, call: &Call) -> Result<Vec<(Group, Vec<Agent>)>, Error> {
    let person = call.person(api).await?;
    let named = wire::company(&call.params)?;
    let company = named.or_else(|| person.company().cloned()).ok_or(Error::Missing("companyid"))?;
    api.support.groups_for(&person, &company).await
}

impl From<(Group, Vec<Agent>)> for GroupOfAgents {
    fn from((group, agents): (Group, Vec<Agent>)) -> Self {
        let named = |agent: Agent| AgentName {
            id: agent.aid.as_str().to_owned(),
            nickname: agent.nick.as_str().to_owned(),
        };
        Self {
            id: group.id.to_string(),
            name: group.name.as_str().to_owned(),
            agents: agents.into_iter().map(named).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_have_the_documented_fields() {
        let (id, name) = (|| "0191d8b0-7c1e-7aaa-8bbb-0123456789ab".to_owned(), || "售后".to_owned());
        let names = Answer { errcode: 0, data: vec![GroupName { id: id(), name: name() }] };
        assert_eq!(
            serde_json::to_string(&names).unwrap(),
            r#"{"errcode":0,"data":[{"id":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab","name":"售后"}]}"#
        );
        let agents = vec![AgentName { id: "bob".to_owned(), nickname: "客服一".to_owned() }];
        let groups = Answer { errcode: 0, data: vec![GroupOfAgents { id: id(), name: name(), agents }] };
        assert_eq!(
            serde_json::to_string(&groups).unwrap(),
            r#"{"errcode":0,"data":[{"id":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab","name":"售后","csMg":[{"id":"bob","nickname":"客服一"}]}]}"#
        );
    }
}
