//! `bot`: how a company's bot behaves.

use std::sync::Arc;

use axum::extract::State;
use nodechat_bot::Knowledge;
use nodechat_domain::Result;
use nodechat_domain::model::{BotRules, LanguageModel, Name, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Caller, Data, Json, Reply};
use super::webhooks::doer;
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(get, set))
}

/// How the bot behaves. What is left out when it is written is as usual.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Rules {
    /// How alike text and question have to be, from 0 to 1000.
    #[schema(minimum = 0, maximum = 1000)]
    threshold: u32,
    /// Questions that are found at most.
    #[schema(minimum = 1, maximum = 20)]
    most: u32,
    /// Groups of words that mean the same.
    synonyms: Vec<Vec<String>>,
    /// Words by which a visitor asks for a human.
    human: Vec<String>,
    /// What the button for a human says; empty: there is none.
    human_button: String,
    /// What the visitor reads when nothing was found; empty: a few usual words.
    nothing_found: String,
    /// Who puts the answers into words; null: nobody.
    model: Option<Model>,
}

/// A service with an OpenAI-compatible `/chat/completions`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Model {
    enabled: bool,
    /// Up to and without `/chat/completions`.
    url: String,
    name: String,
    /// Never shown. Left out, the service at this url keeps the one that it has.
    #[serde(skip_serializing)]
    #[schema(write_only)]
    key: Option<String>,
    /// Whether there is a key.
    #[serde(skip_deserializing)]
    #[schema(read_only)]
    has_key: bool,
    /// Until the last word of an answer, from 1000 to 120000.
    #[serde(default = "usual_timeout")]
    #[schema(minimum = 1000, maximum = 120000)]
    timeout_ms: u32,
    /// What it has to know about the company.
    #[serde(default)]
    prompt: String,
}

/// How the bot behaves
#[utoipa::path(get, path = "/bot", tag = "bot", responses((status = 200, body = Data<Rules>)))]
pub async fn get(State(api): State<Arc<Api>>, caller: Caller) -> Reply<Data<Rules>> {
    caller.may_read("bot", Role::Supervisor)?;
    Ok(Data::of(api.questions.rules(&caller.company).await?))
}

/// Says how the bot behaves
#[utoipa::path(put, path = "/bot", tag = "bot", request_body = Rules, responses((status = 200, body = Data<Rules>)))]
pub async fn set(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Json(rules): Json<Rules>,
) -> Reply<Data<Rules>> {
    caller.may_write("bot", Role::Admin)?;
    let company = caller.company.clone();
    let rules = rules.read()?;
    Knowledge::check_synonyms(&rules.synonyms)?;
    let rules = api.questions.set_rules(doer(&caller), &company, rules).await?;
    super::questions::changed(&api, &company).await?;
    Ok(Data::of(rules))
}

impl Rules {
    fn read(self) -> Result<BotRules> {
        let words = |field, words: Vec<String>| {
            words.iter().map(|word| Name::parse(field, word)).collect::<Result<Vec<_>>>()
        };
        Ok(BotRules {
            threshold: self.threshold,
            most: self.most,
            synonyms: self
                .synonyms
                .into_iter()
                .map(|group| words("synonyms", group))
                .collect::<Result<_>>()?,
            human: words("human", self.human)?,
            human_button: Name::parse("human_button", &self.human_button)?,
            nothing_found: Name::parse("nothing_found", &self.nothing_found)?,
            model: self.model.map(Model::read).transpose()?,
        })
    }
}

impl Model {
    fn read(self) -> Result<LanguageModel> {
        Ok(LanguageModel {
            enabled: self.enabled,
            url: self.url.into(),
            name: Name::parse("name", &self.name)?,
            key: self.key.filter(|key| !key.is_empty()).map(Into::into),
            timeout_ms: self.timeout_ms,
            prompt: self.prompt.into(),
        })
    }
}

impl Default for Rules {
    fn default() -> Self {
        BotRules::default().into()
    }
}

impl From<BotRules> for Rules {
    fn from(rules: BotRules) -> Self {
        let words = |words: Vec<Name>| words.iter().map(Name::to_string).collect::<Vec<_>>();
        Self {
            threshold: rules.threshold,
            most: rules.most,
            synonyms: rules.synonyms.into_iter().map(words).collect(),
            human: words(rules.human),
            human_button: rules.human_button.to_string(),
            nothing_found: rules.nothing_found.to_string(),
            model: rules.model.map(|model| Model {
                enabled: model.enabled,
                url: model.url.into(),
                name: model.name.to_string(),
                has_key: model.key.is_some(),
                key: None,
                timeout_ms: model.timeout_ms,
                prompt: model.prompt.into(),
            }),
        }
    }
}

fn usual_timeout() -> u32 {
    20_000
}
