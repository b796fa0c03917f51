//! What a request carries, read once: body, query, path. What cannot be read is refused in the words of all refusals.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use nodechat_domain::Error;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};

use super::problem::Refusal;
use crate::http::Api;
use crate::http::caller::{whole, whole_up_to};

/// Bytes of a body that holds everything of a kind at once.
const LARGE_BYTES: usize = 8 * 1024 * 1024;

/// A JSON body.
#[derive(Debug)]
pub struct Json<T>(pub T);

/// A JSON body that holds everything of a kind at once, such as all questions of a company.
#[derive(Debug)]
pub struct Large<T>(pub T);

/// The query.
#[derive(Debug)]
pub struct Query<T>(pub T);

/// What stands in the path's braces.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<Api>> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _api: &Arc<Api>) -> Result<Self, Refusal> {
        let bytes = whole(request.into_body()).await?;
        Ok(Json(parse(&bytes)?))
    }
}

impl<T: DeserializeOwned> FromRequest<Arc<Api>> for Large<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _api: &Arc<Api>) -> Result<Self, Refusal> {
        let bytes = whole_up_to(LARGE_BYTES, request.into_body()).await?;
        Ok(Large(parse(&bytes)?))
    }
}

impl<T: DeserializeOwned> FromRequestParts<Arc<Api>> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _api: &Arc<Api>) -> Result<Self, Refusal> {
        let read = axum::extract::Query::<T>::try_from_uri(&parts.uri);
        let read = read.map_err(|error| Error::invalid("query", innermost(&error)))?;
        Ok(Query(read.0))
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<Api>> for Path<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Refusal> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, api).await;
        let read = read.map_err(|error| Error::invalid("path", innermost(&error)))?;
        Ok(Path(read.0))
    }
}

/// For a field of a patch that may be absent (stays), null (is taken away) or there: with `#[serde(default)]`.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    value: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// What is no JSON is 5009, what lacks a field 4001, what has another shape 4002.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|error| {
        if !error.is_data() {
            return Error::Json;
        }
        let sentence = error.to_string();
        match sentence.strip_prefix("missing field `").and_then(|rest| rest.split_once('`')) {
            Some((field, _)) => Error::MissingField(field.into()),
            None => Error::invalid("body", sentence),
        }
    })
}

fn innermost(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => innermost(source),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only whether it can be read matters")]
    struct Wanted {
        title: String,
        count: Option<u32>,
    }

    #[rstest::rstest]
    #[case(r#"{"title":"a"}"#, 0)]
    #[case(r#"{"title":"a","unknown":1}"#, 0)]
    #[case(r#"{"count":1}"#, 4001)]
    #[case(r#"{"title":7}"#, 4002)]
    #[case(r#"{"title":"a","count":-1}"#, 4002)]
    #[case(r#"[]"#, 4002)]
    #[case(r#"7"#, 4002)]
    #[case("", 5009)]
    #[case("{", 5009)]
    fn a_body_is_read_once(#[case] body: &str, #[case] errcode: u16) {
        let read = parse::<Wanted>(body.as_bytes());
        assert_eq!(read.map_or_else(|error| error.code() as u16, |_| 0), errcode);
    }
}
