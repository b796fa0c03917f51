//! `setup`: a server that nobody owns yet gets its first company and its first owner.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::Error;
use nodechat_domain::app::NewAgent;
use nodechat_domain::model::{Company, CompanyId, Login, Name, Password, Role, Secret, Settings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Address, Data, Json, Reply, ShownOnce};
use super::sessions::Session;
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(get, begin))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SetUpState {
    /// Whether no company but the demo has an owner who can log in.
    open: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SetUpNew {
    /// From the address that the server prints when it starts, behind the `#`.
    token: String,
    /// The company's name, for people to read.
    #[schema(max_length = 200)]
    name: String,
    /// Letters, digits, `_` and `-`; never changed. When it is not said it is made from the name, or is `main`.
    #[schema(max_length = 64)]
    companyid: Option<String>,
    /// Language of what visitors are shown, such as `zh-CN` or `en`.
    locale: String,
    /// What visitors see of the owner; the login when it is empty.
    #[schema(max_length = 200)]
    nick: String,
    /// 1 to 64 characters without spaces.
    #[schema(max_length = 64)]
    login: String,
    /// 8 to 200 characters.
    #[schema(format = Password, min_length = 8, max_length = 200)]
    password: String,
}

/// Whether the server still waits for its first owner
#[utoipa::path(get, path = "/setup", tag = "setup", security(()),
    responses((status = 200, body = Data<SetUpState>)))]
pub async fn get(State(api): State<Arc<Api>>, Address(ip): Address) -> Reply<Data<SetUpState>> {
    api.limits.public(ip).await?;
    Ok(Data::of(SetUpState { open: api.set_up.is_open().await? }))
}

/// Make the first company and its owner, and log the owner in
///
/// With the token that the server prints when it starts. It is good for a day and for one time; with the first owner, every
/// token ends. Anonymous visitors may chat with this company until it is set otherwise. An id that is taken is 4009.
#[utoipa::path(post, path = "/setup", tag = "setup", security(()), request_body = SetUpNew,
    responses((status = 201, body = Data<Session>)))]
pub async fn begin(
    State(api): State<Arc<Api>>,
    Address(ip): Address,
    Json(new): Json<SetUpNew>,
) -> Reply<impl IntoResponse> {
    let (company, owner) = (new.company()?, new.owner(&api)?);
    let token = Secret::presented(&new.token);
    let (admitted, owner) = api.limits.guarded(ip, api.set_up.begin(&token, company, owner, ip)).await?;
    api.noticed().await;
    Ok((Extension(ShownOnce), Data::<Session>::made(Session::of(&api, &admitted, &owner))))
}

impl SetUpNew {
    fn company(&self) -> Result<Company, Error> {
        let name = Name::parse("name", &self.name)?;
        let id = match self.companyid.as_deref().filter(|id| !id.is_empty()) {
            Some(id) => CompanyId::parse(id)?,
            None => CompanyId::named(&name),
        };
        let mut settings = Settings::default();
        settings.set("locale", &self.locale)?;
        // Whoever looks at its own page for the first time shall find it working.
        Ok(Company { anonymous: true, settings: settings.into(), ..Company::new(id, name) })
    }

    fn owner(&self, api: &Api) -> Result<NewAgent, Error> {
        let login = Login::parse(&self.login)?;
        let nick = if self.nick.is_empty() { login.as_str() } else { &self.nick };
        Ok(NewAgent {
            aid: api.admin.new_aid()?,
            nick: Name::parse("nick", nick)?,
            role: Role::Owner,
            cap: None,
            login,
            password: Password::parse(&self.password)?,
        })
    }
}
