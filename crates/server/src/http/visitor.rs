//! `visitor`: a ticket for somebody who is logged in nowhere (contract C5).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::Error;
use nodechat_domain::model::Secret;

use super::Api;
use super::caller::Call;
use super::error::Reply;
use super::ticket::TicketAnswer;
use crate::wire;

pub async fn visit(State(api): State<Arc<Api>>, call: Call) -> Reply<impl IntoResponse> {
    let company = wire::company(&call.params)?.ok_or(Error::Missing("companyid"))?;
    let secret = call.params.text("visitor")?.map(Secret::presented);
    api.limits.visitor(call.ip).await?;
    let (admitted, secret) = api.access.visit(&company, secret, call.origin(), call.ip).await?;
    let mut answer = TicketAnswer::new(&admitted.ticket, &admitted.person);
    answer.visitor = Some(secret.reveal());
    Ok(Json(answer).into_response())
}
