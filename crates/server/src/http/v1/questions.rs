//! `questions`: what the bot can answer.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use nodechat_bot::{Draft, Group, Item, Trial};
use nodechat_domain::app::{ItemDraft, QuestionDraft};
use nodechat_domain::limits;
use nodechat_domain::model::{CompanyId, Name, Question, QuestionId, Role, Text};
use nodechat_domain::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::Endpoints;
use super::frame::{Caller, Data, Done, Json, Large, NewId, Page, Paging, Path, Query, Reply};
use super::webhooks::doer;
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new()
        .routes(routes!(list, create, replace))
        .routes(routes!(get, change, remove))
        .routes(routes!(try_out, try_draft))
}

/// Something that people ask about, and what they ask of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionBody {
    id: String,
    /// What its items stand under.
    title: String,
    items: Vec<QuestionItemBody>,
    /// Whether it is shown to everybody who comes.
    default: bool,
    /// Whether it is shown and found at all.
    enabled: bool,
    /// Smaller ones come first.
    order: i64,
    changed: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionItemBody {
    /// What `query` asks with.
    id: String,
    title: String,
    answer: String,
}

/// A question as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct QuestionInput {
    title: String,
    /// 1 to 100.
    items: Vec<QuestionItemInput>,
    /// `false` when it is left out.
    #[serde(default)]
    default: bool,
    /// `true` when it is left out.
    enabled: Option<bool>,
    /// Smaller ones come first; 0 when it is left out.
    #[serde(default)]
    order: i64,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct QuestionItemInput {
    /// Of an item that is there already and keeps its id.
    id: Option<String>,
    title: String,
    answer: String,
}

/// All questions of a company at once.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AllQuestions {
    questions: Vec<QuestionInput>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Replaced {
    /// How many there are now.
    questions: usize,
}

/// What the bot makes of a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tried {
    /// Whether it asks for a human.
    human: bool,
    /// From this score on a question is shown.
    #[schema(maximum = 1000)]
    threshold: u32,
    /// What is shown, the best first; behind it at most three that come near.
    found: Vec<TriedItem>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TriedItem {
    /// None where it is not saved yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// What it stands under.
    question: String,
    title: String,
    /// How alike it is to the text.
    #[schema(maximum = 1000)]
    score: u32,
    /// Whether a visitor would be shown it.
    shown: bool,
    /// What both say, as it stands in the title, in small letters and of ordinary width.
    words: Vec<String>,
}

/// A text, and a question as it is being written.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TryInput {
    /// What a visitor might write.
    text: String,
    draft: TryDraft,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct TryDraft {
    /// In whose place it is; none for one that is new.
    id: Option<String>,
    title: String,
    /// Titles without a letter are found by nothing.
    items: Vec<TryDraftItem>,
    /// `true` when it is left out.
    enabled: Option<bool>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct TryDraftItem {
    /// Of an item that is there already.
    id: Option<String>,
    title: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TryQuery {
    /// What a visitor might write.
    text: String,
}

/// Questions in their order
#[utoipa::path(get, path = "/questions", tag = "questions", params(Paging), responses((status = 200, body = Page<QuestionBody>)))]
pub async fn list(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Query(paging): Query<Paging>,
) -> Reply<Page<QuestionBody>> {
    caller.may_read("questions", Role::Agent)?;
    let company = caller.company.clone();
    let after = paging.after()?.map(|key| place(&key)).transpose()?;
    let found = api.questions.page(&company, after, paging.limit()? + 1).await?;
    Ok(paging.page(found, |last| format!("{} {}", last.rank, last.id))?)
}

/// Adds one
#[utoipa::path(post, path = "/questions", tag = "questions", request_body = QuestionInput, responses((status = 201, body = Data<QuestionBody>)))]
pub async fn create(
    State(api): State<Arc<Api>>,
    caller: Caller,
    NewId(id): NewId,
    Json(new): Json<QuestionInput>,
) -> Reply<(StatusCode, Data<QuestionBody>)> {
    caller.may_write("questions", Role::Supervisor)?;
    let company = caller.company.clone();
    let added = api.questions.add(doer(&caller), &company, QuestionId(id), new.draft()?).await?;
    changed(&api, &company).await?;
    Ok(Data::made(added))
}

/// Puts these in the place of all there are
///
/// At most 8 MiB.
#[utoipa::path(put, path = "/questions", tag = "questions", request_body = AllQuestions, responses((status = 200, body = Data<Replaced>)))]
pub async fn replace(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Large(all): Large<AllQuestions>,
) -> Reply<Data<Replaced>> {
    caller.may_write("questions", Role::Supervisor)?;
    let company = caller.company.clone();
    let drafts = all.questions.into_iter().map(QuestionInput::draft).collect::<Result<Vec<_>>>()?;
    let questions = api.questions.replace(doer(&caller), &company, drafts).await?;
    changed(&api, &company).await?;
    Ok(Data::of(Replaced { questions }))
}

/// What the bot finds for a text
///
/// With scores in thousandths, and with what comes near the threshold.
#[utoipa::path(get, path = "/questions/try", tag = "questions", params(TryQuery), responses((status = 200, body = Data<Tried>)))]
pub async fn try_out(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Query(query): Query<TryQuery>,
) -> Reply<Data<Tried>> {
    caller.may_read("questions", Role::Agent)?;
    Ok(Data::of(api.bots.try_out(&caller.company, &query.text).await?))
}

/// What the bot would find for a text if this question were saved
///
/// Nothing is saved.
#[utoipa::path(post, path = "/questions/try", tag = "questions", request_body = TryInput, responses((status = 200, body = Data<Tried>)))]
pub async fn try_draft(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Json(tried): Json<TryInput>,
) -> Reply<Data<Tried>> {
    caller.may_write("questions", Role::Supervisor)?;
    let draft = tried.draft.parse()?;
    Ok(Data::of(api.bots.try_draft(&caller.company, &tried.text, draft).await?))
}

/// One question
#[utoipa::path(get, path = "/questions/{id}", tag = "questions", params(("id" = String, Path)), responses((status = 200, body = Data<QuestionBody>)))]
pub async fn get(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Reply<Data<QuestionBody>> {
    caller.may_read("questions", Role::Agent)?;
    let company = caller.company.clone();
    Ok(Data::of(api.questions.find(&company, QuestionId::parse("id", &id)?).await?))
}

/// Writes one anew
#[utoipa::path(put, path = "/questions/{id}", tag = "questions", params(("id" = String, Path)), request_body = QuestionInput, responses((status = 200, body = Data<QuestionBody>)))]
pub async fn change(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(new): Json<QuestionInput>,
) -> Reply<Data<QuestionBody>> {
    caller.may_write("questions", Role::Supervisor)?;
    let (company, id) = (caller.company.clone(), QuestionId::parse("id", &id)?);
    let question = api.questions.change(doer(&caller), &company, id, new.draft()?).await?;
    changed(&api, &company).await?;
    Ok(Data::of(question))
}

/// Removes one
#[utoipa::path(delete, path = "/questions/{id}", tag = "questions", params(("id" = String, Path)), responses((status = 200, body = Done)))]
pub async fn remove(State(api): State<Arc<Api>>, caller: Caller, Path(id): Path<String>) -> Reply<Done> {
    caller.may_write("questions", Role::Supervisor)?;
    let company = caller.company.clone();
    api.questions.remove(doer(&caller), &company, QuestionId::parse("id", &id)?).await?;
    changed(&api, &company).await?;
    Ok(Done::DONE)
}

/// This node's bot answers from it at once; the others see it within seconds.
pub(super) async fn changed(api: &Api, company: &CompanyId) -> Result<()> {
    api.bots.changed(company).await
}

impl QuestionInput {
    fn draft(self) -> Result<QuestionDraft> {
        let item = |QuestionItemInput { id, title, answer }| {
            let id = id.as_deref().filter(|id| !id.is_empty());
            Ok(ItemDraft {
                id: id.map(|id| QuestionId::parse("id", id)).transpose()?,
                title: Name::parse("title", &title)?,
                answer: answered(&answer)?,
            })
        };
        Ok(QuestionDraft {
            title: Name::parse("title", &self.title)?,
            items: self.items.into_iter().map(item).collect::<Result<_>>()?,
            default: self.default,
            enabled: self.enabled.unwrap_or(true),
            rank: self.order,
        })
    }
}

impl TryDraft {
    fn parse(self) -> Result<Draft> {
        let id = |id: Option<String>| {
            let id = id.filter(|id| !id.is_empty());
            id.map(|id| QuestionId::parse("id", &id)).transpose()
        };
        if self.items.len() > limits::QUESTION_ITEMS {
            return Err(Error::invalid("items", format!("at most {}", limits::QUESTION_ITEMS)));
        }
        let item = |item: TryDraftItem| {
            Ok(Item {
                id: id(item.id)?.unwrap_or(QuestionId(Uuid::nil())),
                title: Name::parse("title", &item.title)?,
            })
        };
        Ok(Draft {
            of: id(self.id)?,
            enabled: self.enabled.unwrap_or(true),
            group: Group {
                title: Name::parse("title", &self.title)?,
                items: self.items.into_iter().map(item).collect::<Result<_>>()?,
            },
        })
    }
}

impl From<Trial> for Tried {
    fn from(Trial { human, threshold, found }: Trial) -> Self {
        let found = found.into_iter().map(|item| TriedItem {
            id: (!item.id.0.is_nil()).then(|| item.id.to_string()),
            question: item.question.to_string(),
            title: item.title.to_string(),
            score: item.score,
            shown: item.shown,
            words: item.words,
        });
        Self { human, threshold, found: found.collect() }
    }
}

impl From<Question> for QuestionBody {
    fn from(question: Question) -> Self {
        let items = question.items.into_iter().map(|item| QuestionItemBody {
            id: item.id.to_string(),
            title: item.title.to_string(),
            answer: item.answer.as_str().to_owned(),
        });
        Self {
            id: question.id.to_string(),
            title: question.title.to_string(),
            items: items.collect(),
            default: question.default,
            enabled: question.enabled,
            order: question.rank,
            changed: question.changed,
        }
    }
}

fn place(key: &str) -> Result<(i64, QuestionId)> {
    let wrong = || Error::invalid("cursor", "take it from `next` of the page before");
    let (rank, id) = key.split_once(' ').ok_or_else(wrong)?;
    Ok((rank.parse().map_err(|_| wrong())?, QuestionId::parse("cursor", id)?))
}

fn answered(text: &str) -> Result<Text> {
    match text {
        "" => Err(Error::Missing("answer")),
        text => {
            Text::parse(text).map_err(|_| Error::invalid("answer", "at most 10,000 characters, without NUL"))
        }
    }
}
