//! `orders`: work orders, as agents look after them.

use std::sync::Arc;

use axum::extract::State;
use nodechat_domain::app::{NewOrder, OrderFromRoom, OrderPatch};
use nodechat_domain::model::{
    AccountId, Actor, Author, Comment, Details, ImagePath, Name, Order, OrderEvent, OrderId, OrderKind,
    OrderLine, OrderState, Role, RoomId, Words,
};
use nodechat_domain::port::{OrderCounts, OrderQuery};
use nodechat_domain::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Caller, Data, Json, NewId, Page, Paging, Path, Query, Reply};
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(counts))
        .routes(routes!(get, change))
        .routes(routes!(lines))
        .routes(routes!(comment))
}

/// A work order.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkOrder {
    id: String,
    title: String,
    phone: String,
    describe: String,
    /// Key of its kind.
    kind: String,
    /// When the matter was noticed.
    discovered: Option<i64>,
    /// Paths, as `uploadImage` gave them.
    pictures: Vec<String>,
    /// Account id of the visitor for whom it is.
    submitter: String,
    /// The room that it was made from.
    roomid: Option<String>,
    /// The consultation that it was made from.
    chatid: Option<String>,
    /// `new`, `accepted`, `in_progress`, `solved` or `closed`.
    state: &'static str,
    /// Account id of the agent who looks after it.
    owner: Option<String>,
    /// What the visitor was answered: the public comments.
    feedback: String,
    created: i64,
    updated: i64,
    /// How many lines its history has.
    lines: i64,
}

/// One line of a work order's history.
#[derive(Debug, Serialize, ToSchema)]
pub struct Line {
    number: i64,
    time: i64,
    /// `visitor`, `agent` or `key`.
    by: &'static str,
    /// Account id, or the first digits of the key's hash.
    by_id: String,
    /// `created`, `state`, `owner`, `answered` (what the visitor reads), `noted` (what only agents read) or `edited`.
    what: &'static str,
    /// State or owner before.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    /// State or owner from then on.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// What was written anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Vec<&'static str>>,
}

/// How many work orders there are in each state.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    new: i64,
    accepted: i64,
    in_progress: i64,
    solved: i64,
    closed: i64,
    /// Not closed, and nobody looks after them.
    unowned: i64,
}

/// One to be made. With a `roomid` whatever is left out is taken from what was said there; without one `submitter`,
/// `title`, `describe` and `kind` are needed.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewWorkOrder {
    roomid: Option<String>,
    chatid: Option<String>,
    submitter: Option<String>,
    title: Option<String>,
    phone: Option<String>,
    describe: Option<String>,
    kind: Option<String>,
    discovered: Option<i64>,
    pictures: Option<Vec<String>>,
}

/// What is to be otherwise; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WorkOrderChange {
    title: Option<String>,
    phone: Option<String>,
    describe: Option<String>,
    kind: Option<String>,
    discovered: Option<i64>,
    pictures: Option<Vec<String>>,
    /// `new`, `accepted`, `in_progress`, `solved` or `closed`.
    state: Option<String>,
    /// Account id of the agent who is to look after it; empty: nobody.
    owner: Option<String>,
    /// Said along with it.
    comment: Option<NewComment>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewComment {
    text: String,
    /// Whether the visitor reads it; not, when it is left out.
    #[serde(default)]
    public: bool,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// `new`, `accepted`, `in_progress`, `solved` or `closed`.
    state: Option<String>,
    /// Account id of an agent.
    owner: Option<String>,
    /// Account id of a visitor.
    submitter: Option<String>,
    /// Key of a kind.
    kind: Option<String>,
    /// Made at or after this time.
    from: Option<i64>,
    /// Made before this time.
    to: Option<i64>,
}

/// Work orders, the newest first
#[utoipa::path(get, path = "/orders", tag = "orders", params(Filter, Paging), responses((status = 200, body = Page<WorkOrder>)))]
pub async fn list(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Query(filter): Query<Filter>,
    Query(paging): Query<Paging>,
) -> Reply<Page<WorkOrder>> {
    caller.may_read("orders", Role::Agent)?;
    let query = OrderQuery {
        submitter: filter.submitter.as_deref().map(AccountId::parse).transpose()?,
        owner: filter.owner.as_deref().map(AccountId::parse).transpose()?,
        state: filter.state.as_deref().map(OrderState::parse).transpose()?,
        kind: filter.kind.as_deref().map(OrderKind::parse).transpose()?.map(|kind| kind.as_str().into()),
        from: filter.from,
        to: filter.to,
        after: paging.after()?.map(|key| place(&key)).transpose()?,
        ..OrderQuery::of(caller.company.clone(), paging.limit()? + 1)
    };
    let found = api.orders.list(query).await?;
    Ok(paging.page(found, |last| format!("{} {}", last.created, last.id))?)
}

/// How many there are in each state, for a board
#[utoipa::path(get, path = "/orders/counts", tag = "orders", responses((status = 200, body = Data<Counts>)))]
pub async fn counts(State(api): State<Arc<Api>>, caller: Caller) -> Reply<Data<Counts>> {
    caller.may_read("orders", Role::Agent)?;
    Ok(Data::of(api.orders.counts(&caller.company.clone()).await?))
}

/// Makes one, also from a room with one call
#[utoipa::path(post, path = "/orders", tag = "orders", request_body = NewWorkOrder, responses((status = 201, body = Data<WorkOrder>)))]
pub async fn create(
    State(api): State<Arc<Api>>,
    caller: Caller,
    NewId(id): NewId,
    Json(new): Json<NewWorkOrder>,
) -> Reply<(axum::http::StatusCode, Data<WorkOrder>)> {
    caller.may_write("orders", Role::Agent)?;
    let (company, by, id) = (caller.company.clone(), author(&caller), OrderId(id));
    let describe = new.describe.as_deref().map(|text| Words::parse("describe", text)).transpose()?;
    let title = new.title.as_deref().map(|text| Name::parse("title", text)).transpose()?;
    let phone = new.phone.as_deref().map(|text| Name::parse("phone", text)).transpose()?;
    let kind = new.kind.as_deref().map(OrderKind::parse).transpose()?;
    let pictures = new.pictures.as_deref().map(pictures).transpose()?;
    let order = match new.roomid.as_deref() {
        Some(room) => {
            let chat = new.chatid.as_deref().map(chat).transpose()?;
            let room = RoomId::parse(room)?;
            let wanted = OrderFromRoom {
                room,
                chat,
                title,
                phone,
                describe,
                kind,
                discovered: new.discovered,
                pictures,
            };
            api.orders.make_from_room(id, &company, by, wanted).await?
        }
        None => {
            let submitter = new.submitter.as_deref().ok_or(Error::Missing("submitter"))?;
            let details = Details {
                title: title.ok_or(Error::Missing("title"))?,
                phone: phone.unwrap_or_default(),
                describe: describe.ok_or(Error::Missing("describe"))?,
                kind: kind.ok_or(Error::Missing("kind"))?,
                discovered: new.discovered,
                pictures: pictures.unwrap_or_default(),
            };
            let new = NewOrder { company, submitter: AccountId::parse(submitter)?, details };
            api.orders.make(id, by, new).await?
        }
    };
    Ok(Data::made(order))
}

/// One work order
#[utoipa::path(get, path = "/orders/{id}", tag = "orders", params(("id" = String, Path)), responses((status = 200, body = Data<WorkOrder>)))]
pub async fn get(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Reply<Data<WorkOrder>> {
    caller.may_read("orders", Role::Agent)?;
    let company = caller.company.clone();
    Ok(Data::of(api.orders.find(&company, OrderId::parse(&id)?).await?))
}

/// Changes state, owner or what is written in it
#[utoipa::path(patch, path = "/orders/{id}", tag = "orders", params(("id" = String, Path)), request_body = WorkOrderChange, responses((status = 200, body = Data<WorkOrder>)))]
pub async fn change(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(change): Json<WorkOrderChange>,
) -> Reply<Data<WorkOrder>> {
    caller.may_write("orders", Role::Agent)?;
    let company = caller.company.clone();
    let changed = api.orders.change(&company, OrderId::parse(&id)?, author(&caller), change.patch()?).await?;
    Ok(Data::of(changed.order))
}

/// The history with the comments, the oldest first
#[utoipa::path(get, path = "/orders/{id}/lines", tag = "orders", params(("id" = String, Path), Paging), responses((status = 200, body = Page<Line>)))]
pub async fn lines(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
) -> Reply<Page<Line>> {
    caller.may_read("orders", Role::Agent)?;
    let (company, id) = (caller.company.clone(), OrderId::parse(&id)?);
    api.orders.find(&company, id).await?;
    let from = paging.after_parsed::<i64>()?.map_or(0, |last| last.saturating_add(1));
    let found = api.orders.lines(&company, id, from, paging.limit()? + 1).await?;
    Ok(paging.page(found, |last| last.number.to_string())?)
}

/// Says something in one: to its visitor (`public`), or among agents
#[utoipa::path(post, path = "/orders/{id}/comments", tag = "orders", params(("id" = String, Path)), request_body = NewComment, responses((status = 201, body = Data<WorkOrder>)))]
pub async fn comment(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(new): Json<NewComment>,
) -> Reply<(axum::http::StatusCode, Data<WorkOrder>)> {
    caller.may_write("orders", Role::Agent)?;
    let company = caller.company.clone();
    let patch = OrderPatch { comment: Some(new.comment()?), ..OrderPatch::default() };
    let changed = api.orders.change(&company, OrderId::parse(&id)?, author(&caller), patch).await?;
    Ok(Data::made(changed.order))
}

impl WorkOrderChange {
    fn patch(self) -> Result<OrderPatch> {
        let owner = |aid: String| match aid.as_str() {
            "" => Ok(None),
            aid => AccountId::parse(aid).map(Some),
        };
        Ok(OrderPatch {
            state: self.state.as_deref().map(OrderState::parse).transpose()?,
            owner: self.owner.map(owner).transpose()?,
            title: self.title.as_deref().map(|text| Name::parse("title", text)).transpose()?,
            phone: self.phone.as_deref().map(|text| Name::parse("phone", text)).transpose()?,
            describe: self.describe.as_deref().map(|text| Words::parse("describe", text)).transpose()?,
            kind: self.kind.as_deref().map(OrderKind::parse).transpose()?,
            discovered: self.discovered.map(Some),
            pictures: self.pictures.as_deref().map(pictures).transpose()?,
            comment: self.comment.map(NewComment::comment).transpose()?,
        })
    }
}

impl NewComment {
    fn comment(self) -> Result<Comment> {
        Ok(Comment { words: Words::parse("text", &self.text)?, public: self.public })
    }
}

/// As whom the history names the caller.
fn author(caller: &Caller) -> Author {
    match &caller.actor {
        Actor::Agent(aid) => Author::Agent(aid.clone()),
        other => Author::Key(other.name().into()),
    }
}

fn pictures(paths: &[String]) -> Result<Vec<ImagePath>> {
    let path = |path: &String| {
        ImagePath::parse(path).map_err(|_| Error::invalid("pictures", "no such image was uploaded"))
    };
    paths.iter().map(path).collect()
}

fn chat(text: &str) -> Result<Box<str>> {
    let id = uuid::Uuid::parse_str(text).map_err(|_| Error::invalid("chatid", "it is not a uuid"))?;
    Ok(id.to_string().into())
}

fn place(key: &str) -> Result<(i64, OrderId)> {
    let wrong = || Error::invalid("cursor", "take it from `next` of the page before");
    let (created, id) = key.split_once(' ').ok_or_else(wrong)?;
    Ok((created.parse().map_err(|_| wrong())?, OrderId::parse(id).map_err(|_| wrong())?))
}

impl From<Order> for WorkOrder {
    fn from(order: Order) -> Self {
        let details = &order.details;
        Self {
            id: order.id.to_string(),
            title: details.title.as_str().into(),
            phone: details.phone.as_str().into(),
            describe: details.describe.as_str().into(),
            kind: details.kind.as_str().into(),
            discovered: details.discovered,
            pictures: details.pictures.iter().map(|path| path.as_str().into()).collect(),
            submitter: order.submitter.as_str().into(),
            roomid: order.room.as_ref().map(|room| room.as_str().into()),
            chatid: order.chat.as_deref().map(Into::into),
            state: order.state.name(),
            owner: order.owner.as_ref().map(|aid| aid.as_str().into()),
            feedback: order.feedback.as_ref().into(),
            created: order.created,
            updated: order.updated,
            lines: order.lines,
        }
    }
}

impl From<OrderLine> for Line {
    fn from(line: OrderLine) -> Self {
        let by = match &line.by {
            Author::Visitor(_) => "visitor",
            Author::Agent(_) => "agent",
            Author::Key(_) => "key",
        };
        let agent = |aid: Option<AccountId>| aid.map(|aid| aid.as_str().to_owned());
        let (what, from, to, text, fields) = match line.what {
            OrderEvent::Created => ("created", None, None, None, None),
            OrderEvent::Moved { from, to } => {
                ("state", Some(from.name().to_owned()), Some(to.name().to_owned()), None, None)
            }
            OrderEvent::Owned { from, to } => ("owner", agent(from), agent(to), None, None),
            OrderEvent::Answered(ref words) => {
                ("answered", None, None, Some(words.as_str().to_owned()), None)
            }
            OrderEvent::Noted(ref words) => ("noted", None, None, Some(words.as_str().to_owned()), None),
            OrderEvent::Edited(ref fields) => {
                ("edited", None, None, None, Some(fields.iter().map(|field| field.name()).collect()))
            }
        };
        Self {
            number: line.number,
            time: line.time,
            by,
            by_id: line.by.id().into(),
            what,
            from,
            to,
            text,
            fields,
        }
    }
}

impl From<OrderCounts> for Counts {
    fn from(counts: OrderCounts) -> Self {
        let [new, accepted, in_progress, solved, closed] = counts.by_state;
        Self { new, accepted, in_progress, solved, closed, unowned: counts.unowned }
    }
}
