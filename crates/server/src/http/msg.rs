//! `msg/list`: pages of a room's history, newest first (contract B4).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::limits;
use nodechat_domain::model::RoomId;
use nodechat_domain::port::HistoryQuery;
use serde::Serialize;

use super::Api;
use super::caller::Call;
use super::error::Reply;
use crate::wire::RecordedMessage;

#[derive(Serialize)]
struct List<'a> {
    errcode: u16,
    msgs: Vec<RecordedMessage<'a>>,
}

/// How far `page` goes back; beyond it a period has to be named.
const PAGES: u64 = 1_000_000;

pub async fn list(State(api): State<Arc<Api>>, call: Call) -> Reply<impl IntoResponse> {
    let person = call.person(&api).await?;
    let params = &call.params;
    let size = params.number("size", limits::PAGE as u64, 1, limits::PAGE_MAX as u64)?;
    let page = params.number("page", 1, 1, PAGES)?;
    let query = HistoryQuery {
        room: RoomId::parse(params.required("roomid")?)?,
        kind: params.kind("mtype")?,
        from: params.text("fTimeStr")?.map(|day| api.zone.day_start("fTimeStr", day)).transpose()?,
        to: params.text("tTimeStr")?.map(|day| api.zone.day_end("tTimeStr", day)).transpose()?,
        offset: (page - 1) * size,
        limit: size as usize,
    };
    let room = query.room.clone();
    let messages = api.channel.history(&person, query).await?;
    let msgs =
        messages.iter().map(|message| RecordedMessage { message, room: &room, zone: &api.zone }).collect();
    Ok(Json(List { errcode: 0, msgs }).into_response())
}
