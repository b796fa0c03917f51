//! `messages`: a company's whole history, searched and exported.

mod export;
mod snippet;

use std::sync::Arc;

use axum::extract::State;
use nodechat_domain::model::{AccountId, Hit, Kind, RoomId, SearchOrder, SearchQuery, Side};
use nodechat_domain::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use self::export::{Csv, Rows, Sheet};
use self::snippet::Snippet;
use super::Endpoints;
use super::frame::{Caller, Page, Paging, Query, Reply};
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(search)).routes(routes!(export::export))
}

/// Characters of a query.
const QUERY_CHARS: usize = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Words, numbers, Chinese words of any length; a message has to have all of them. Empty: any message.
    #[param(max_length = 200)]
    text: Option<String>,
    roomid: Option<String>,
    /// Account id of the sender, with `side`.
    aid: Option<String>,
    /// `user` or `cs`; `user` when it is not said.
    side: Option<String>,
    /// `text`, `image`, `file`, `voice`, `video` or `custom`.
    kind: Option<String>,
    /// Sent at or after, in milliseconds.
    from: Option<i64>,
    /// Sent before, in milliseconds.
    to: Option<i64>,
    /// `newest` (first), or `rank`: of the newest 500 that fit, those that are most about it first.
    order: Option<String>,
}

/// A message that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Found {
    roomid: String,
    id: String,
    pos: i64,
    /// `usermsg` or `csmsg`.
    r#type: &'static str,
    mtype: &'static str,
    aid: String,
    nick: String,
    /// Milliseconds.
    time: i64,
    snippet: Snippet,
}

/// A hit with what is shown of it.
struct Shown {
    hit: Hit,
    text: Arc<str>,
    /// What a next page begins behind.
    key: i64,
}

/// Look through the whole history
///
/// One call looks through a bounded part of it, so that each answers quickly. A page may therefore hold fewer than `limit`
/// messages, or none, and still have a `next`; there is nothing more when there is no `next`. What was said is found about
/// half a second later. `rank` looks at what one call reads, and has no pages beyond.
#[utoipa::path(get, path = "/messages/search", tag = "messages", params(Wanted, Paging),
    responses((status = 200, body = Page<Found>)))]
pub async fn search(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Query(wanted): Query<Wanted>,
    Query(paging): Query<Paging>,
) -> Reply<Page<Found>> {
    let ranked = wanted.is_ranked()?;
    let text: Arc<str> = wanted.text.clone().unwrap_or_default().into();
    let after = paging.after_parsed::<i64>()?;
    let skip =
        usize::try_from(after.unwrap_or(0)).map_err(|_| Error::invalid("cursor", "take it from `next`"))?;
    let order = if ranked { SearchOrder::Ranked { skip } } else { SearchOrder::Newest { before: after } };
    let query = wanted.query(&caller, order, paging.limit()? + 1)?;
    let nodechat_domain::model::Found { hits, rest } = api.archive.find(&caller, query).await?;
    let key = |at: usize, hit: &Hit| if ranked { (skip + at + 1) as i64 } else { hit.mark };
    let hits = hits.into_iter().enumerate();
    let shown = hits.map(|(at, hit)| Shown { key: key(at, &hit), hit, text: text.clone() }).collect();
    let rest = rest.map(|mark| mark.to_string());
    Ok(paging.page_with_rest(shown, rest, |shown: &Shown| shown.key.to_string())?)
}

impl Wanted {
    fn is_ranked(&self) -> Result<bool> {
        match self.order.as_deref() {
            None | Some("" | "newest") => Ok(false),
            Some("rank") => Ok(true),
            Some(_) => Err(Error::invalid("order", "newest or rank")),
        }
    }

    fn query(self, caller: &Caller, order: SearchOrder, limit: usize) -> Result<SearchQuery> {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let text = self.text.unwrap_or_default();
        if text.chars().count() > QUERY_CHARS || text.contains('\0') {
            return Err(Error::invalid("text", "at most 200 characters, no NUL"));
        }
        let side = match self.side.as_deref() {
            None | Some("" | "user") => Side::Visitor,
            Some("cs") => Side::Agent,
            Some(_) => return Err(Error::invalid("side", "user or cs")),
        };
        let aid = given(self.aid).map(|aid| AccountId::parse(&aid)).transpose()?;
        let kind = given(self.kind).map(|kind| {
            Kind::parse(&kind)
                .map_err(|_| Error::invalid("kind", "text, image, file, voice, video or custom"))
        });
        Ok(SearchQuery {
            company: caller.company.clone(),
            text: text.into(),
            room: given(self.roomid).map(|room| RoomId::parse(&room)).transpose()?,
            sender: aid.map(|aid| (side, aid)),
            kind: kind.transpose()?,
            from: self.from,
            to: self.to,
            order,
            limit,
        })
    }
}

impl From<Shown> for Found {
    fn from(Shown { hit, text, .. }: Shown) -> Self {
        let Hit { room, message, .. } = hit;
        Self {
            roomid: room.as_str().to_owned(),
            id: message.id.to_string(),
            pos: message.pos,
            r#type: match message.sender.side {
                Side::Visitor => "usermsg",
                Side::Agent => "csmsg",
            },
            mtype: message.body.kind().name(),
            aid: message.sender.aid.as_str().to_owned(),
            nick: message.sender.nick.as_str().to_owned(),
            time: message.time,
            snippet: Snippet::of(export::words(&message.body), &text),
        }
    }
}
