//! `identify`: a ticket for somebody whom the company's site has signed for, without a call of that site.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::Error;

use super::Api;
use super::caller::Call;
use super::error::Reply;
use super::ticket::TicketAnswer;
use crate::wire;

pub async fn identify(State(api): State<Arc<Api>>, call: Call) -> Reply<impl IntoResponse> {
    // Each answer is a ticket on disk, and whoever is signed for may ask as often as it likes.
    api.limits.public(call.ip).await?;
    let company = wire::company(&call.params)?.ok_or(Error::Missing("companyid"))?;
    let jwt = call.params.required("jwt")?;
    let identify =
        async { api.access.identify(&company, wire::statement(jwt)?, call.origin(), call.ip).await };
    let admitted = api.limits.guarded(call.ip, identify).await?;
    Ok(Json(TicketAnswer::new(&admitted.ticket, &admitted.person)).into_response())
}
