//! `fault/add`, `fault/list`, `pubType/getBusinessType`: work orders as they are documented (contract B4).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::Error;
use nodechat_domain::app::NewOrder;
use nodechat_domain::model::{AccountId, CompanyId, NamedOrderKind, Person};
use nodechat_domain::port::OrderQuery;
use serde::Serialize;

use super::Api;
use super::caller::Call;
use super::error::Reply;
use crate::wire::{self, Fault};

/// Work orders in one answer; whoever has more asks for a period.
const FAULTS: u64 = 200;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Added {
    errcode: u16,
    fault_id: String,
}

#[derive(Serialize)]
struct List<'a> {
    errcode: u16,
    data: Vec<Fault<'a>>,
}

#[derive(Serialize)]
struct Kinds<'a> {
    errcode: u16,
    data: Vec<Kind<'a>>,
}

#[derive(Serialize)]
struct Kind<'a> {
    key: &'a str,
    text: &'a str,
}

pub async fn add(State(api): State<Arc<Api>>, call: Call) -> Reply<impl IntoResponse> {
    let person = call.person(&api).await?;
    let new = NewOrder {
        company: company(&call, &person)?,
        submitter: AccountId::parse(call.params.required("submitter")?)?,
        details: wire::fault(&call.params, &api.zone)?,
    };
    let order = api.orders.add(&person, new).await?;
    Ok(Json(Added { errcode: 0, fault_id: order.id.to_string() }).into_response())
}

pub async fn list(State(api): State<Arc<Api>>, call: Call) -> Reply<impl IntoResponse> {
    let person = call.person(&api).await?;
    let params = &call.params;
    let limit = params.number("size", FAULTS, 1, FAULTS)?;
    let query = OrderQuery {
        submitter: Some(AccountId::parse(params.required("submitter")?)?),
        from: params
            .text("createtimestart")?
            .map(|text| api.zone.moment("createtimestart", text))
            .transpose()?,
        to: params
            .text("createtimeend")?
            .map(|text| api.zone.moment_end("createtimeend", text))
            .transpose()?,
        ..OrderQuery::of(company(&call, &person)?, limit as usize)
    };
    let orders = api.orders.of_visitor(&person, query).await?;
    let data = orders.iter().map(|order| Fault::new(order, &api.zone)).collect();
    Ok(Json(List { errcode: 0, data }).into_response())
}

/// Without a ticket when the company is named: what it offers is no secret.
pub async fn kinds(State(api): State<Arc<Api>>, call: Call) -> Reply<impl IntoResponse> {
    let company = match wire::company(&call.params)? {
        Some(company) => company,
        None => company(&call, &call.person(&api).await?)?,
    };
    let kinds = api.orders.kinds(&company).await?;
    let data = kinds.iter().map(Kind::from).collect();
    Ok(Json(Kinds { errcode: 0, data }).into_response())
}

/// The one that is named; an agent, or a company's own user, may leave it out.
fn company(call: &Call, person: &Person) -> nodechat_domain::Result<CompanyId> {
    let named = wire::company(&call.params)?;
    named.or_else(|| person.company().cloned()).ok_or(Error::Missing("companyid"))
}

impl<'a> From<&'a NamedOrderKind> for Kind<'a> {
    fn from(named: &'a NamedOrderKind) -> Self {
        Self { key: named.kind.as_str(), text: named.label.as_str() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_orders_are_answered_as_documented() {
        let added = Added { errcode: 0, fault_id: "0191d8b0-7c1e-7aaa-8bbb-0123456789ab".to_owned() };
        assert_eq!(
            serde_json::to_string(&added).unwrap(),
            r#"{"errcode":0,"faultId":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab"}"#
        );
        let kinds = Kinds { errcode: 0, data: vec![Kind { key: "repair", text: "报修" }] };
        assert_eq!(
            serde_json::to_string(&kinds).unwrap(),
            r#"{"errcode":0,"data":[{"key":"repair","text":"报修"}]}"#
        );
        let none = List { errcode: 0, data: Vec::new() };
        assert_eq!(serde_json::to_string(&none).unwrap(), r#"{"errcode":0,"data":[]}"#);
    }
}
