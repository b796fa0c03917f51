//! `ticket`: a token becomes a ticket, once; a ticket is ended (contract B3).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::app::Admitted;
use nodechat_domain::model::{CompanyId, Person, Secret, Side};
use serde::Serialize;

use super::Api;
use super::caller::Call;
use super::error::Reply;
use crate::wire::PersonBody;

/// Also the answer of `visitor` and of the demo.
#[derive(Serialize)]
pub struct TicketAnswer<'a> {
    errcode: u16,
    ticket: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visitor: Option<&'a str>,
    data: PersonBody<'a>,
    /// For agents.
    #[serde(skip_serializing_if = "Option::is_none")]
    shopid: Option<&'a str>,
}

#[derive(Serialize)]
struct Done {
    errcode: u16,
}

pub async fn redeem(State(api): State<Arc<Api>>, call: Call) -> Reply<impl IntoResponse> {
    let token = Secret::presented(call.params.required("token")?);
    let Admitted { ticket, person } = api.limits.guarded(call.ip, api.access.redeem(&token, call.ip)).await?;
    Ok(Json(TicketAnswer::new(&ticket, &person)).into_response())
}

/// `ticket/revoke`, with the API key of whoever vouched for its owner.
pub async fn revoke(State(api): State<Arc<Api>>, call: Call) -> Reply<impl IntoResponse> {
    let key = call.api_key()?;
    let ticket = Secret::presented(call.params.required("ticket")?);
    api.limits.guarded(call.ip, api.access.revoke(&key, &ticket)).await?;
    Ok(Json(Done { errcode: 0 }))
}

impl<'a> TicketAnswer<'a> {
    pub fn new(ticket: &'a Secret, person: &'a Person) -> Self {
        let shopid = match person.side {
            Side::Visitor => None,
            Side::Agent => person.company().map(CompanyId::as_str),
        };
        Self { errcode: 0, ticket: ticket.reveal(), visitor: None, data: person.into(), shopid }
    }
}
