//! `Idempotency-Key`: a call that is repeated with the same key is made once, and answered as the first time.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use nodechat_domain::model::Hash;
use nodechat_domain::port::{Claim, KeptAnswer, Repetition};
use nodechat_domain::{Error, Result};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::caller::Shown;
use super::problem::Refusal;
use crate::http::Api;
use crate::http::caller::{text, whole};
use crate::job::ANSWERS_MS;

const HEADER: &str = "idempotency-key";
const KEY_BYTES: usize = 255;
/// A call without an answer after so long was cut off with the node that made it.
const STALE_MS: i64 = 60_000;
/// Of an answer that is kept.
const ANSWER_BYTES: usize = 1 << 20;

/// Marks an answer with a secret in it, which is shown once and stored nowhere: a repetition hears that it was made.
#[derive(Debug, Clone, Copy)]
pub struct ShownOnce;

/// The layer around every call.
pub async fn once(State(api): State<Arc<Api>>, request: Request, next: Next) -> Response {
    let repeatable = [Method::POST, Method::PATCH].contains(request.method());
    // Who shows nothing has nothing that could be kept for it.
    let is_known = request.headers().contains_key(header::AUTHORIZATION);
    if !repeatable || !is_known || !request.headers().contains_key(HEADER) {
        return next.run(request).await;
    }
    make_once(&api, request, next).await.unwrap_or_else(IntoResponse::into_response)
}

async fn make_once(api: &Arc<Api>, request: Request, next: Next) -> Result<Response, Refusal> {
    let (mut parts, body) = request.into_parts();
    let Some(name) = key(&parts.headers)? else {
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let shown = Shown::from_request_parts(&mut parts, api).await?;
    let body = whole(body).await?;
    let claim = claim(api.clock.now(), shown.name(), name, &parts, &body);
    let (asker, name) = (claim.asker.clone(), claim.name.clone());
    match api.kept_answers.claim(claim).await? {
        Repetition::First => {}
        Repetition::Answered(kept) => return Ok(told_again(kept)),
        Repetition::Running => return Err(Error::conflict("this call is being made right now").into()),
        Repetition::Another => {
            return Err(Error::conflict("this Idempotency-Key was used for another call").into());
        }
    }
    let api = api.clone();
    // A task of its own: it ends, and is remembered, even when the client has left.
    let made = tokio::spawn(async move {
        let response = next.run(Request::from_parts(parts, Body::from(body))).await;
        remember(&api, &asker, &name, response).await
    });
    Ok(made.await.map_err(Error::internal)??)
}

/// What was made is kept with its answer. What was refused or has failed made nothing, and may be tried again.
async fn remember(api: &Api, asker: &str, name: &str, response: Response) -> Result<Response> {
    if !response.status().is_success() {
        api.kept_answers.release(asker, name).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, ANSWER_BYTES).await.map_err(Error::internal)?;
    let kept = if parts.extensions.get::<ShownOnce>().is_some() {
        KeptAnswer { status: StatusCode::CONFLICT.as_u16(), media_type: "".into(), body: [].into() }
    } else {
        let media_type = text(&parts.headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
        KeptAnswer { status: parts.status.as_u16(), media_type: media_type.into(), body: body[..].into() }
    };
    if let Err(error) = api.kept_answers.keep(asker, name, kept).await {
        // It was made, and the caller shall hear so. A repetition within the next minute hears that it is being made.
        tracing::warn!(%error, "the answer to a call with an Idempotency-Key was not kept");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn told_again(kept: KeptAnswer) -> Response {
    if kept.status == StatusCode::CONFLICT.as_u16() {
        let made = Error::conflict("this was made the first time; its secret is shown only once");
        return Refusal(made).into_response();
    }
    let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
    let mut response = (status, Vec::from(kept.body)).into_response();
    if let Ok(media_type) = HeaderValue::from_str(&kept.media_type) {
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    }
    response
}

fn claim(now: i64, asker: String, name: String, parts: &Parts, body: &[u8]) -> Claim {
    let mut asked = Sha256::new();
    for word in [parts.method.as_str(), parts.uri.path(), parts.uri.query().unwrap_or_default()] {
        asked.update(word);
        asked.update([0]);
    }
    asked.update(body);
    Claim {
        asker: asker.into(),
        name: name.into(),
        asked: Hash(asked.finalize().into()),
        now,
        stale: now - STALE_MS,
        expired: now - ANSWERS_MS,
    }
}

/// The id of what this call makes. With an `Idempotency-Key` it follows from the key, so that even a repetition after a
/// crash, when nothing is known of the first answer, cannot make a second thing: whoever adds it finds it there.
#[derive(Debug, Clone, Copy)]
pub struct NewId(pub Uuid);

impl FromRequestParts<Arc<Api>> for NewId {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Refusal> {
        if let Some(key) = key(&parts.headers)? {
            let place = format!("{} {}", parts.method, parts.uri);
            let shown = Shown::from_request_parts(parts, api).await?;
            return Ok(NewId(named(&[&shown.name(), &place, &key])));
        }
        let mut random = [0; 10];
        api.entropy.fill(&mut random);
        let millis = u64::try_from(api.clock.now()).unwrap_or_default();
        Ok(NewId(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()))
    }
}

/// The key, if the call has one.
fn key(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(value) = headers.get(HEADER) else { return Ok(None) };
    let fits = |key: &&str| !key.is_empty() && key.len() <= KEY_BYTES;
    let key = value.to_str().ok().filter(fits);
    let key = key.ok_or_else(|| Error::invalid("Idempotency-Key", "1 to 255 visible ASCII characters"))?;
    Ok(Some(key.to_owned()))
}

/// A version 8 uuid (RFC 9562, section 5.8) that follows from these words.
fn named(words: &[&str]) -> Uuid {
    let digest = Sha256::digest(words.join("\0"));
    let bytes = digest[..16].try_into().expect("a digest has 32 bytes");
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_is_one_thing_for_each_caller_and_call() {
        let id = named(&["agent c1 a", "POST /api/v1/x", "k"]);
        assert_eq!(id, named(&["agent c1 a", "POST /api/v1/x", "k"]));
        assert_ne!(id, named(&["agent c1 b", "POST /api/v1/x", "k"]));
        assert_ne!(id, named(&["agent c1 a", "POST /api/v1/y", "k"]));
        assert_eq!(id.get_version_num(), 8);
    }
}
