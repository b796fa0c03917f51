//! `file/loadPicture`, `file/downLoadFile` and images: what was uploaded is given out (contract B4).

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::TryStreamExt;
use nodechat_domain::model::{FileId, ImagePath, Realm, Upload, Users};
use nodechat_domain::{Error, Result};
use nodechat_files::{Key, Part, disposition, media_type_given_out, parse_range};
use serde::Serialize;

use super::Api;
use super::caller::{Call, text};
use super::error::{BytesFailure, Reply};

#[derive(Serialize)]
struct PictureBase {
    errcode: u16,
    success: bool,
    #[serde(rename = "picUrl")]
    pic_url: String,
}

/// `file/loadPicture`: what an image path is appended to. No ticket: it is the same for everybody.
pub async fn load_picture(State(api): State<Arc<Api>>, call: Call) -> Reply<impl IntoResponse> {
    let base = match api.config.public_url.trim_end_matches('/') {
        "" => format!("{}://{}{}", call.scheme(&api), call.host()?, api.config.prefix()),
        configured => configured.to_owned(),
    };
    let pic_url = format!("{base}/onlinechat/api/file/picture/");
    Ok(Json(PictureBase { errcode: 0, success: true, pic_url }))
}

/// `file/downLoadFile?id=…`: with its original name, never shown inside a page of ours.
pub async fn download(State(api): State<Arc<Api>>, call: Call) -> Result<Response, BytesFailure> {
    let id = FileId::parse(call.params.required("id")?).map_err(|_| Error::NotFound("file"))?;
    let upload = find(&api, id.as_str()).await?;
    may_fetch(&api, &call, &upload).await?;
    let mut response = give(&api, &upload, &call.headers).await?;
    let name = disposition(&upload.name).parse().map_err(Error::internal)?;
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

/// An image by the path that its upload answered with.
pub async fn picture(
    State(api): State<Arc<Api>>,
    Path((day, name)): Path<(String, String)>,
    call: Call,
) -> Result<Response, BytesFailure> {
    let path = ImagePath::parse(&format!("{day}/{name}")).map_err(|_| Error::NotFound("image"))?;
    let upload = find(&api, path.as_str()).await?;
    may_fetch(&api, &call, &upload).await?;
    Ok(give(&api, &upload, &call.headers).await?)
}

async fn find(api: &Api, key: &str) -> Result<Upload> {
    api.uploads.find(key).await?.ok_or(Error::NotFound("file"))
}

/// Whoever knows the name may have it, unless the company demands a ticket of its people besides.
async fn may_fetch(api: &Api, call: &Call, upload: &Upload) -> Result<()> {
    let Realm::Company(id) = &upload.realm else { return Ok(()) };
    let company = api.access.companies.find(id).await?;
    let Some(company) = company.filter(|company| company.private_files) else { return Ok(()) };
    let person = call.person(api).await?;
    // Its people: those of its own, and, where it has none, the platform's.
    let admitted =
        person.realm == upload.realm || (person.realm == Realm::Platform && company.users == Users::Platform);
    if admitted { Ok(()) } else { Err(Error::Forbidden) }
}

async fn give(api: &Api, upload: &Upload, asked: &HeaderMap) -> Result<Response> {
    let key = Key::from(&upload.kind);
    let tag = key.etag();
    let cached = text(asked, header::IF_NONE_MATCH.as_str()).is_some_and(|tags| tags.contains(&tag));
    let part = match text(asked, header::RANGE.as_str()) {
        Some(range) if may_resume(asked, &tag) => parse_range(range, upload.size_bytes),
        _ => Part::Whole,
    };
    let total = upload.size_bytes;
    let mut response = match part {
        _ if cached => StatusCode::NOT_MODIFIED.into_response(),
        Part::Unsatisfiable => {
            let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            response.headers_mut().insert(header::CONTENT_RANGE, ascii(&format!("bytes */{total}")));
            return Ok(response);
        }
        Part::Whole => {
            let opened = api.files.open(key, None).await?;
            let mut response = Body::from_stream(opened.bytes.map_err(stream_failed)).into_response();
            response.headers_mut().insert(header::CONTENT_LENGTH, opened.total_bytes.into());
            response
        }
        Part::Bytes(range) => {
            let opened = api.files.open(key, Some(range)).await?;
            let range = opened.range;
            let mut response = Body::from_stream(opened.bytes.map_err(stream_failed)).into_response();
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let content_range = format!("bytes {}-{}/{total}", range.start, range.end - 1);
            response.headers_mut().insert(header::CONTENT_RANGE, ascii(&content_range));
            response.headers_mut().insert(header::CONTENT_LENGTH, (range.end - range.start).into());
            response
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, ascii(media_type_given_out(&upload.media_type)));
    headers.insert(header::ETAG, ascii(&tag));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // A file never changes under its name; what a ticket guards is not for shared caches.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    Ok(response)
}

/// A range of what the client has the start of, if it is still the same thing (RFC 9110, 13.1.5).
fn may_resume(asked: &HeaderMap, tag: &str) -> bool {
    text(asked, header::IF_RANGE.as_str()).is_none_or(|known| known == tag)
}

/// The answer has begun; all that is left is to cut it off, which the client notices by its length.
fn stream_failed(error: Error) -> std::io::Error {
    tracing::warn!(%error, "a download was cut off");
    std::io::Error::other(error)
}

fn ascii(text: &str) -> HeaderValue {
    text.parse().expect("made of ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_of_image_paths_is_answered_as_documented() {
        let pic_url = "https://chat.example/onlinechat/api/file/picture/".to_owned();
        assert_eq!(
            serde_json::to_string(&PictureBase { errcode: 0, success: true, pic_url }).unwrap(),
            r#"{"errcode":0,"success":true,"picUrl":"https://chat.example/onlinechat/api/file/picture/"}"#
        );
    }
}
