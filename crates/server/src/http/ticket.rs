//! `ticket`: a token becomes a ticket, once; a ticket is ended (contract B3).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use nodechat_domain::app::Admitted;
use nodechat_domain::model::{CompanyId, Person, Secret, Side};
use serde::Serialize;

use super::Api;
use super::caller::Call;
use super::error::Reply;
use crate::wire::PersonBody;

/// Also the answer of `visitor` and of the demo.
#[derive(Serialize)]
pub struct TicketAnswer<'a> {
    errcode: u16,
    ticket: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visitor: Option<&'a str>,
    data: Known<'a>,
    /// For agents, who find it in `data` too: pages look for it in either place.
    #[serde(skip_serializing_if = "Option::is_none")]
    shopid: Option<&'a str>,
}

#[derive(Serialize)]
struct Known<'a> {
    #[serde(flatten)]
    person: PersonBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shopid: Option<&'a str>,
}

#[derive(Serialize)]
struct Done {
    errcode: u16,
}

pub async fn redeem(State(api): State<Arc<Api>>, call: Call) -> Reply<impl IntoResponse> {
    let token = Secret::presented(call.params.required("token")?);
    let Admitted { ticket, person } = api.limits.guarded(call.ip, api.access.redeem(&token, call.ip)).await?;
    Ok(Json(TicketAnswer::new(&ticket, &person)).into_response())
}

/// `ticket/revoke`, with the API key of whoever vouched for its owner.
pub async fn revoke(State(api): State<Arc<Api>>, call: Call) -> Reply<impl IntoResponse> {
    let key = call.api_key()?;
    let ticket = Secret::presented(call.params.required("ticket")?);
    api.limits.guarded(call.ip, api.access.revoke(&key, &ticket)).await?;
    Ok(Json(Done { errcode: 0 }))
}

impl<'a> TicketAnswer<'a> {
    pub fn new(ticket: &'a Secret, person: &'a Person) -> Self {
        let shopid = match person.side {
            Side::Visitor => None,
            Side::Agent => person.company().map(CompanyId::as_str),
        };
        let data = Known { person: person.into(), shopid };
        Self { errcode: 0, ticket: ticket.reveal(), visitor: None, data, shopid }
    }
}

#[cfg(test)]
mod tests {
    use nodechat_domain::model::{AccountId, Name, Realm};

    use super::*;

    fn person(side: Side) -> Person {
        let name = |text| Name::parse("nick", text).unwrap();
        Person {
            side,
            realm: Realm::Company(CompanyId::parse("c1").unwrap()),
            aid: AccountId::parse("u1").unwrap(),
            mid: name("m1"),
            account: name("ann@shop"),
            nick: name("安"),
            attributes: None,
        }
    }

    #[test]
    fn a_ticket_says_whom_it_belongs_to_and_for_an_agent_where() {
        let ticket = Secret::presented("ncx_1");
        let json = |side| serde_json::to_string(&TicketAnswer::new(&ticket, &person(side))).unwrap();
        assert_eq!(
            json(Side::Visitor),
            r#"{"errcode":0,"ticket":"ncx_1","data":{"aid":"u1","mid":"m1","account":"ann@shop","nick":"安"}}"#
        );
        assert_eq!(
            json(Side::Agent),
            r#"{"errcode":0,"ticket":"ncx_1","data":{"aid":"u1","mid":"m1","account":"ann@shop","nick":"安","shopid":"c1"},"shopid":"c1"}"#
        );
        let person = person(Side::Visitor);
        let visitor = TicketAnswer { visitor: Some("ncv_1"), ..TicketAnswer::new(&ticket, &person) };
        assert_eq!(
            serde_json::to_string(&visitor).unwrap(),
            r#"{"errcode":0,"ticket":"ncx_1","visitor":"ncv_1","data":{"aid":"u1","mid":"m1","account":"ann@shop","nick":"安"}}"#
        );
        assert_eq!(serde_json::to_string(&Done { errcode: 0 }).unwrap(), r#"{"errcode":0}"#);
    }
}
