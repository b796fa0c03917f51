//! `userChat/saveRate`: how a visitor found a consultation (contract B4).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::Error;
use nodechat_domain::model::Side;
use serde::Serialize;

use super::Api;
use super::caller::Call;
use super::error::Reply;
use crate::wire::{self, Rated};

#[derive(Serialize)]
struct Saved {
    errcode: u16,
}

pub async fn save(State(api): State<Arc<Api>>, call: Call) -> Reply<impl IntoResponse> {
    let person = call.person(&api).await?;
    let Rated { room, chat, way, rate } = wire::rated(&call.params)?;
    let company = wire::company(&call.params)?;
    let names_another = company.is_some_and(|company| company.as_str() != room.company());
    if person.side == Side::Agent || names_another {
        return Err(Error::Forbidden.into());
    }
    api.desk.rate(&person, &room, chat, rate, way).await?;
    Ok(Json(Saved { errcode: 0 }).into_response())
}
