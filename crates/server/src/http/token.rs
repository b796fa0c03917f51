//! `token`: a host site vouches for somebody who is logged in there (contract B3).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::Api;
use super::caller::Call;
use super::error::Reply;
use crate::wire;

#[derive(Serialize)]
pub struct TokenAnswer {
    errcode: u16,
    token: String,
    /// Seconds.
    expires_in: i64,
}

pub async fn create(State(api): State<Arc<Api>>, call: Call) -> Reply<Json<TokenAnswer>> {
    let key = call.api_key()?;
    let person = wire::person_request(&call.params)?;
    let granted = api.limits.guarded(call.ip, api.access.grant(&key, person)).await?;
    Ok(Json(TokenAnswer {
        errcode: 0,
        token: granted.token.reveal().to_owned(),
        expires_in: granted.expires_in_ms / 1000,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_answered_as_documented() {
        let answer = TokenAnswer { errcode: 0, token: "nct_1".to_owned(), expires_in: 300 };
        assert_eq!(
            serde_json::to_string(&answer).unwrap(),
            r#"{"errcode":0,"token":"nct_1","expires_in":300}"#
        );
    }
}
