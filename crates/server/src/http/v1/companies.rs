//! `companies`: those of the platform, for its programs.

use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::Error;
use nodechat_domain::app::NewAgent;
use nodechat_domain::model::{
    AccountId, Agent, Company, CompanyId, Login, Name, Password, Role, Settings, Users,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::agents::AgentBody;
use super::company::{CompanyBody, SettingsBody};
use super::frame::{Data, Json, NewId, Page, Paging, Path, Platform, Query, Reply};
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(get))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct CompanyNew {
    /// Letters, digits, `_` and `-`; never changed.
    #[schema(min_length = 1, max_length = 64)]
    id: String,
    /// For people to read.
    #[schema(max_length = 200)]
    name: String,
    /// Whether what was uploaded is given out with a ticket only.
    #[serde(default)]
    private_files: bool,
    /// Origins of the pages that may connect; empty: any.
    #[serde(default)]
    origins: Vec<String>,
    /// Those that are not to be as usual.
    settings: Option<SettingsBody>,
    owner: OwnerNew,
}

/// Who logs in first, and makes the others.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OwnerNew {
    /// 1 to 64 characters without spaces.
    #[schema(max_length = 64)]
    login: String,
    /// 8 to 200 characters.
    #[schema(format = Password, min_length = 8, max_length = 200)]
    password: String,
    /// What visitors see; the login when it is not said.
    #[schema(max_length = 200)]
    nick: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CompanyMade {
    #[serde(flatten)]
    company: CompanyBody,
    owner: AgentBody,
}

/// The platform's companies, by id
///
/// Those whose users are the platform's; whoever has users of its own is not among them.
#[utoipa::path(get, path = "/companies", tag = "companies", security(("platform" = [])), params(Paging),
    responses((status = 200, body = Page<CompanyBody>)))]
pub async fn list(
    State(api): State<Arc<Api>>,
    Platform(caller): Platform,
    Query(paging): Query<Paging>,
) -> Reply<Page<CompanyBody>> {
    let after = paging.after()?.as_deref().map(CompanyId::parse).transpose();
    let after = after.map_err(|_| Error::invalid("cursor", "take it from `next` of the page before"))?;
    let found = api.platform.list(&caller, after, paging.limit()? + 1).await?;
    Ok(paging.page(found, |company| company.id.as_str().to_owned())?)
}

/// One company of the platform
///
/// It is changed as the others are: with `companyid` beside a call, such as `PATCH /company`.
#[utoipa::path(get, path = "/companies/{id}", tag = "companies", security(("platform" = [])),
    params(("id" = String, Path)), responses((status = 200, body = Data<CompanyBody>)))]
pub async fn get(
    State(api): State<Arc<Api>>,
    Platform(caller): Platform,
    Path(id): Path<String>,
) -> Reply<Data<CompanyBody>> {
    // What cannot be a company's id is nobody's.
    let id = CompanyId::parse(&id).map_err(|_| Error::NotFound("company"))?;
    Ok(Data::of(api.platform.company(&caller, &id).await?))
}

/// Make a company whose users are the platform's, and its first owner
///
/// Both or neither. The owner logs in with `POST /sessions`. An id that is taken, by whomever, is 4009.
#[utoipa::path(post, path = "/companies", tag = "companies", security(("platform" = [])),
    request_body = CompanyNew, responses((status = 201, body = Data<CompanyMade>)))]
pub async fn add(
    State(api): State<Arc<Api>>,
    Platform(caller): Platform,
    NewId(id): NewId,
    Json(new): Json<CompanyNew>,
) -> Reply<impl IntoResponse> {
    let owner = new.owner.parse(AccountId::parse(&format!("a-{id}"))?)?;
    let made = api.platform.found(&caller, new.parse()?, owner).await?;
    api.noticed().await;
    Ok(Data::<CompanyMade>::made(made))
}

impl CompanyNew {
    fn parse(self) -> Result<Company, Error> {
        let mut settings = Settings::default();
        if let Some(given) = &self.settings {
            given.set(&mut settings)?;
        }
        Ok(Company {
            users: Users::Platform,
            private_files: self.private_files,
            origins: self.origins,
            settings: settings.into(),
            ..Company::new(CompanyId::parse(&self.id)?, Name::parse("name", &self.name)?)
        })
    }
}

impl OwnerNew {
    fn parse(&self, aid: AccountId) -> Result<NewAgent, Error> {
        let login = Login::parse(&self.login)?;
        let nick = self.nick.as_deref().filter(|nick| !nick.is_empty()).unwrap_or(login.as_str());
        Ok(NewAgent {
            aid,
            nick: Name::parse("nick", nick)?,
            role: Role::Owner,
            cap: None,
            password: Password::parse(&self.password)?,
            login,
        })
    }
}

impl From<(Company, Agent)> for CompanyMade {
    fn from((company, owner): (Company, Agent)) -> Self {
        Self { company: company.into(), owner: owner.into() }
    }
}
