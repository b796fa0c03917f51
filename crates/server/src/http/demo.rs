//! The demo's agent: anybody may be it, so it is there only with `--demo`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::model::{AccountId, CompanyId, Name, Person, Realm, Side};

use super::Api;
use super::caller::Call;
use super::error::Reply;
use super::ticket::TicketAnswer;

/// The company that `--demo` makes.
pub const COMPANY: &str = "demo";

pub async fn agent(State(api): State<Arc<Api>>, call: Call) -> Reply<impl IntoResponse> {
    api.limits.visitor(call.ip).await?;
    let person = Person {
        side: Side::Agent,
        realm: Realm::Company(CompanyId::parse(COMPANY)?),
        aid: AccountId::parse("demo-agent")?,
        mid: Name::parse("mid", "demo-agent")?,
        account: Name::parse("account", "demo-agent")?,
        nick: Name::parse("nick", "林乔")?,
        attributes: None,
    };
    let ticket = api.access.admit(person.clone()).await?;
    Ok(Json(TicketAnswer::new(&ticket, &person)).into_response())
}
