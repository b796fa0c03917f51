//! `Idempotency-Key`: a call that is repeated with the same key is made once.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use nodechat_domain::{Error, Result};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::caller::Caller;
use super::problem::Refusal;
use crate::http::Api;

const HEADER: &str = "idempotency-key";
const KEY_BYTES: usize = 255;

/// The id of what this call makes. With an `Idempotency-Key` it follows from the key, so that even a repetition after a
/// crash, when nothing is known of the first answer, cannot make a second thing: whoever adds it finds it there.
#[derive(Debug, Clone, Copy)]
pub struct NewId(pub Uuid);

impl FromRequestParts<Arc<Api>> for NewId {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Refusal> {
        if let Some(key) = key(&parts.headers)? {
            let place = format!("{} {}", parts.method, parts.uri.path());
            let caller = Caller::from_request_parts(parts, api).await?;
            return Ok(NewId(named(&[&caller.name(), &place, &key])));
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
