//! `company`: the caller's own, with its settings.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::model::{Company, Name, Settings, Users};
use nodechat_domain::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Caller, Data, Done, Json, Reply, ShownOnce};
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(get, change)).routes(routes!(renew_identity, drop_identity))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CompanyBody {
    id: String,
    name: String,
    /// `own`: the company names its users; `platform`: the platform does.
    users: &'static str,
    /// Whether people who are logged in nowhere may chat.
    anonymous: bool,
    /// Whether what was uploaded is given out with a ticket only.
    private_files: bool,
    /// Origins of the pages that may connect; empty: any.
    origins: Vec<String>,
    /// Whether its site signs who its users are.
    identity: bool,
    settings: SettingsBody,
}

/// With what the company's site signs.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentitySecret {
    /// The key of HMAC, as these very characters. Shown this once.
    secret: String,
}

/// What is to be otherwise; the rest stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CompanyPatch {
    #[schema(max_length = 200)]
    name: Option<String>,
    anonymous: Option<bool>,
    private_files: Option<bool>,
    origins: Option<Vec<String>>,
    settings: Option<SettingsBody>,
}

/// Settings by name: flags, numbers, and texts (of several lines where there are several).
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SettingsBody(Map<String, Value>);

/// The company that the call is about
#[utoipa::path(get, path = "/company", tag = "company", responses((status = 200, body = Data<CompanyBody>)))]
pub async fn get(State(api): State<Arc<Api>>, caller: Caller) -> Reply<Data<CompanyBody>> {
    Ok(Data::of(api.admin.company(&caller).await?))
}

/// Change the company and its settings
#[utoipa::path(patch, path = "/company", tag = "company", request_body = CompanyPatch,
    responses((status = 200, body = Data<CompanyBody>)))]
pub async fn change(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Json(patch): Json<CompanyPatch>,
) -> Reply<Data<CompanyBody>> {
    let name = patch.name.as_deref().map(|name| Name::parse("name", name)).transpose()?;
    let settings = patch.settings;
    let (anonymous, private_files, origins) = (patch.anonymous, patch.private_files, patch.origins);
    let change = move |company: &mut Company| {
        company.name = name.clone().unwrap_or_else(|| company.name.clone());
        company.anonymous = anonymous.unwrap_or(company.anonymous);
        company.private_files = private_files.unwrap_or(company.private_files);
        company.origins = origins.clone().unwrap_or_else(|| company.origins.clone());
        let Some(given) = &settings else { return Ok(()) };
        let mut changed = (*company.settings).clone();
        given.set(&mut changed)?;
        company.settings = changed.into();
        Ok(())
    };
    let changed = api.admin.change_company(&caller, change).await?;
    api.noticed().await;
    Ok(Data::of(changed))
}

/// Make a secret with which the company's site signs who its users are
///
/// In the place of the former one: what that has signed opens nothing any more. It vouches for people as a key with
/// `tokens:write` does, so a program needs that scope. A company whose users are the platform's has none: 4009.
#[utoipa::path(post, path = "/company/identity-secret", tag = "company",
    responses((status = 201, body = Data<IdentitySecret>)))]
pub async fn renew_identity(State(api): State<Arc<Api>>, caller: Caller) -> Reply<impl IntoResponse> {
    let secret = api.admin.renew_identity(&caller).await?;
    api.noticed().await;
    let shown = IdentitySecret { secret: secret.reveal().to_owned() };
    Ok((Extension(ShownOnce), Data::<IdentitySecret>::made(shown)))
}

/// Take the secret away: the company's site signs nothing any more
#[utoipa::path(delete, path = "/company/identity-secret", tag = "company", responses((status = 200, body = Done)))]
pub async fn drop_identity(State(api): State<Arc<Api>>, caller: Caller) -> Reply<Done> {
    api.admin.drop_identity(&caller).await?;
    api.noticed().await;
    Ok(Done::DONE)
}

impl From<Company> for CompanyBody {
    fn from(company: Company) -> Self {
        Self {
            settings: SettingsBody::of(&company.settings),
            id: company.id.as_str().to_owned(),
            name: company.name.as_str().to_owned(),
            users: match company.users {
                Users::Own => "own",
                Users::Platform => "platform",
            },
            anonymous: company.anonymous,
            identity: company.identity.is_some(),
            private_files: company.private_files,
            origins: company.origins,
        }
    }
}

/// How a setting looks in JSON; its usual value tells.
enum Form {
    Flag,
    Number,
    Text,
}

fn forms() -> impl Iterator<Item = (&'static str, Form)> {
    Settings::default().texts().into_iter().map(|(name, usual)| {
        let form = match usual.as_str() {
            "true" | "false" => Form::Flag,
            digits if digits.parse::<u64>().is_ok() => Form::Number,
            _ => Form::Text,
        };
        (name, form)
    })
}

impl SettingsBody {
    fn of(settings: &Settings) -> Self {
        let values = forms().zip(settings.texts()).map(|((name, form), (_, text))| {
            let value = match form {
                Form::Flag => Value::Bool(text == "true"),
                Form::Number => text.parse::<u64>().map_or(Value::Null, Value::from),
                Form::Text => Value::String(text),
            };
            (name.to_owned(), value)
        });
        Self(values.collect())
    }

    pub fn set(&self, settings: &mut Settings) -> Result<()> {
        for (name, value) in &self.0 {
            let known = forms().find(|(known, _)| known == name);
            let (known, form) =
                known.ok_or_else(|| Error::invalid("settings", format!("there is no setting `{name}`")))?;
            let text = match (form, value) {
                (Form::Flag, Value::Bool(flag)) => flag.to_string(),
                (Form::Number, Value::Number(number)) if number.is_u64() => number.to_string(),
                (Form::Text, Value::String(text)) => text.clone(),
                (Form::Flag, _) => return Err(Error::invalid(known, "true or false")),
                (Form::Number, _) => return Err(Error::invalid(known, "a whole number, not below 0")),
                (Form::Text, _) => return Err(Error::invalid(known, "a text")),
            };
            settings.set(known, &text)?;
        }
        Ok(())
    }
}

/// From the table of settings, so that none is forgotten.
impl PartialSchema for SettingsBody {
    fn schema() -> RefOr<Schema> {
        let mut object =
            ObjectBuilder::new().description(Some("Each has its usual value until it is set otherwise."));
        for ((name, form), (_, about)) in forms().zip(Settings::TABLE) {
            let property = ObjectBuilder::new().description(Some(about.trim()));
            let property = match form {
                Form::Flag => property.schema_type(Type::Boolean),
                Form::Number => property.schema_type(Type::Integer).minimum(Some(0)),
                Form::Text => property.schema_type(Type::String),
            };
            object = object.property(name, property.build());
        }
        object.additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false))).build().into()
    }
}

impl ToSchema for SettingsBody {
    fn name() -> std::borrow::Cow<'static, str> {
        "Settings".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_as_they_were_shown() {
        let mut settings = Settings::default();
        settings.set("agent_cap", "7").unwrap();
        settings.set("welcome", "123").unwrap();
        settings.set("typing_preview", "true").unwrap();
        let shown = SettingsBody::of(&settings);
        assert_eq!(shown.0["agent_cap"], 7);
        assert_eq!(shown.0["welcome"], "123");
        assert_eq!(shown.0["typing_preview"], true);
        let mut read = Settings::default();
        shown.set(&mut read).unwrap();
        assert_eq!(read, settings);
    }

    #[rstest::rstest]
    #[case(r#"{"agent_cap":"7"}"#)]
    #[case(r#"{"agent_cap":-1}"#)]
    #[case(r#"{"agent_cap":0}"#)]
    #[case(r#"{"typing_preview":1}"#)]
    #[case(r#"{"welcome":null}"#)]
    #[case(r#"{"unknown":1}"#)]
    #[case(r#"{"zone":"Middle/Earth"}"#)]
    fn what_is_no_setting_is_refused(#[case] given: &str) {
        let given: SettingsBody = serde_json::from_str(given).unwrap();
        assert_eq!(given.set(&mut Settings::default()).unwrap_err().code() as u16, 4002);
    }
}
