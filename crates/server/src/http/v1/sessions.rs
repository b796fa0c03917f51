//! `sessions`: agents with an account of their own log in and out.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use nodechat_domain::Error;
use nodechat_domain::app::Admitted;
use nodechat_domain::model::{Agent, CompanyId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Address, Caller, Data, Done, Json, Reply, ShownOnce, bearer};
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(log_in)).routes(routes!(log_out))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct LogIn {
    #[schema(max_length = 64)]
    companyid: String,
    #[schema(max_length = 64)]
    login: String,
    #[schema(format = Password)]
    password: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// For `Authorization: Bearer …`, and for the chat channel.
    ticket: String,
    /// Milliseconds from now until the ticket ends.
    expires_in: i64,
    companyid: String,
    aid: String,
    nick: String,
    /// `owner`, `admin`, `supervisor` or `agent`.
    role: &'static str,
}

/// Log in with an account
///
/// Whatever is wrong, company, login or password, the refusal is the same. Too many of them from one address are 4029.
#[utoipa::path(post, path = "/sessions", tag = "sessions", security(()), request_body = LogIn,
    responses((status = 201, body = Data<Session>)))]
pub async fn log_in(
    State(api): State<Arc<Api>>,
    Address(ip): Address,
    Json(asked): Json<LogIn>,
) -> Reply<impl IntoResponse> {
    let login = async {
        // What cannot be a company's id is nobody's, as far as anybody can tell.
        let company = CompanyId::parse(&asked.companyid).map_err(|_| Error::BadLogin)?;
        api.admin.log_in(&company, &asked.login, &asked.password).await
    };
    let (admitted, agent) = api.limits.guarded(ip, login).await?;
    Ok((Extension(ShownOnce), Data::<Session>::made(Session::of(&api, &admitted, &agent))))
}

impl Session {
    pub fn of(api: &Api, admitted: &Admitted, agent: &Agent) -> Self {
        Self {
            ticket: admitted.ticket.reveal().to_owned(),
            expires_in: api.access.settings.ticket_ms,
            companyid: agent.company.as_str().to_owned(),
            aid: agent.aid.as_str().to_owned(),
            nick: agent.nick.as_str().to_owned(),
            role: agent.role.name(),
        }
    }
}

/// Log out: end the ticket that is shown
///
/// The agent's connections end; those with another ticket come back by themselves.
#[utoipa::path(delete, path = "/sessions/current", tag = "sessions", responses((status = 200, body = Done)))]
pub async fn log_out(State(api): State<Arc<Api>>, caller: Caller, headers: HeaderMap) -> Reply<Done> {
    let ticket = headers.get(header::AUTHORIZATION).and_then(bearer).ok_or(Error::BadTicket)?;
    api.access.sign_out(&ticket, caller.agent()?).await?;
    Ok(Done::DONE)
}
