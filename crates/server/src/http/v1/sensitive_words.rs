//! `sensitive-words`: what a company does not want to see.

use std::sync::Arc;

use axum::extract::State;
use nodechat_domain::model::{CompanyId, SensitiveWord, Treatment, Word};
use nodechat_domain::{Error, Result};
use nodechat_words::unwanted::Unwanted;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Caller, Data, Done, Json, Page, Paging, Path, Query, Reply};
use crate::guard;
use crate::http::Api;

/// Words in one call.
const AT_ONCE: usize = 1_000;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(list, put)).routes(routes!(get, remove))
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SensitiveWordBody {
    /// 1 to 64 characters. Case, full and half width, accents and what shows nothing make no difference.
    #[schema(max_length = 64)]
    word: String,
    /// `refuse`: a message with it is not said; `mask`: it is said with a `*` for each character of it.
    treatment: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Words {
    /// At most 1,000 at once.
    #[schema(max_items = 1000)]
    words: Vec<SensitiveWordBody>,
}

/// The words, in order
#[utoipa::path(get, path = "/sensitive-words", tag = "sensitive words", params(Paging),
    responses((status = 200, body = Page<SensitiveWordBody>)))]
pub async fn list(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Query(paging): Query<Paging>,
) -> Reply<Page<SensitiveWordBody>> {
    let after = paging.after()?.as_deref().map(Word::parse).transpose()?;
    let found = api.support.list_words(&caller, after, paging.limit()? + 1).await?;
    Ok(paging.page(found, |word| word.word.as_str().to_owned())?)
}

/// One word
#[utoipa::path(get, path = "/sensitive-words/{word}", tag = "sensitive words", params(("word" = String, Path)),
    responses((status = 200, body = Data<SensitiveWordBody>)))]
pub async fn get(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Path(word): Path<String>,
) -> Reply<Data<SensitiveWordBody>> {
    Ok(Data::of(api.support.word(&caller, &known(&word)?).await?))
}

/// Add words, or treat those that are there otherwise
///
/// They hold for what is said from now on; on other nodes within seconds.
#[utoipa::path(put, path = "/sensitive-words", tag = "sensitive words", request_body = Words,
    responses((status = 200, body = Done)))]
pub async fn put(State(api): State<Arc<Api>>, caller: Caller, Json(said): Json<Words>) -> Reply<Done> {
    if said.words.len() > AT_ONCE {
        return Err(Error::invalid("words", "at most 1,000 at once").into());
    }
    let words = said.words.iter().map(|word| parse(&caller.company, word)).collect::<Result<_>>()?;
    api.support.put_words(&caller, words).await?;
    api.noticed().await;
    Ok(Done::DONE)
}

/// Remove a word
#[utoipa::path(delete, path = "/sensitive-words/{word}", tag = "sensitive words",
    params(("word" = String, Path)), responses((status = 200, body = Done)))]
pub async fn remove(State(api): State<Arc<Api>>, caller: Caller, Path(word): Path<String>) -> Reply<Done> {
    api.support.drop_word(&caller, &known(&word)?).await?;
    api.noticed().await;
    Ok(Done::DONE)
}

/// A word that can be looked for: something is left of it when case and width are taken away.
fn parse(company: &CompanyId, said: &SensitiveWordBody) -> Result<SensitiveWord> {
    let (word, treatment) = (Word::parse(&said.word)?, Treatment::parse(&said.treatment)?);
    Unwanted::new([(word.as_str(), guard::treatment(treatment))])
        .map_err(|_| Error::invalid("word", "nothing in it can be seen"))?;
    Ok(SensitiveWord { company: company.clone(), word, treatment })
}

/// What cannot be a word is not on the list.
fn known(word: &str) -> Result<Word> {
    Word::parse(word).map_err(|_| Error::NotFound("word"))
}

impl From<SensitiveWord> for SensitiveWordBody {
    fn from(word: SensitiveWord) -> Self {
        Self { word: word.word.as_str().to_owned(), treatment: word.treatment.name().to_owned() }
    }
}
