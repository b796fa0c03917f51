//! `file/uploadImage` and `file/uploadFile` (contract B4). What the bytes are is the matter of
//! `nodechat-files`; they are never held as a whole.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header;
use axum::http::request::Parts;
use futures_util::{Stream, StreamExt, TryStreamExt};
use multer::Multipart;
use nodechat_domain::model::{CompanyId, Person, Realm, Settings, Upload, UploadKind, Users};
use nodechat_domain::{Error, Result};
use nodechat_files::Key;
use serde::Serialize;

use super::Api;
use super::caller::{Call, text};
use super::error::Reply;
use super::rest::Shared;

/// The field that carries the file.
const FIELD: &str = "cmFile";

/// So much may come before the file: other fields, heads. The parser keeps a head whole until it ends.
const BEFORE_FILE_BYTES: usize = 64 * 1024;

/// Of a body that is refused, so much and so long is taken in before the answer.
const DRAIN_STRANGER_BYTES: u64 = 1 << 20;
const DRAIN_TIME: Duration = Duration::from_secs(20);

#[derive(Serialize)]
pub struct UploadedImage {
    errcode: u16,
    success: bool,
    data: String,
    width: u32,
    height: u32,
}

#[derive(Serialize)]
pub struct UploadedFile {
    errcode: u16,
    success: bool,
    fileid: String,
    filename: String,
    filesize: u64,
}

/// Who uploads, and for which company.
struct Uploader {
    person: Person,
    realm: Realm,
    /// What that company allows; without one, what the server does.
    settings: Arc<Settings>,
}

pub async fn image(State(api): State<Arc<Api>>, request: Request) -> Reply<Json<UploadedImage>> {
    let (parts, body) = request.into_parts();
    let body = Shared::new(body);
    let uploader = admit(&api, &parts, &body).await?;
    to_the_end(async move {
        let taken = take_image(&api, &uploader, &parts, &body).await;
        heard_out(&api, &body, taken).await
    })
    .await
}

pub async fn file(State(api): State<Arc<Api>>, request: Request) -> Reply<Json<UploadedFile>> {
    let (parts, body) = request.into_parts();
    let body = Shared::new(body);
    let uploader = admit(&api, &parts, &body).await?;
    to_the_end(async move {
        let taken = take_file(&api, &uploader, &parts, &body).await;
        heard_out(&api, &body, taken).await
    })
    .await
}

/// A client that leaves when all has come must not leave a file without its entry, so this is a
/// task of its own. It ends by itself: a body that falls silent ends, too.
async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Reply<Json<T>> {
    let answer = tokio::spawn(work).await.map_err(Error::internal)?;
    Ok(Json(answer?))
}

/// Nothing of the body is looked at before the ticket is known to be good.
async fn admit(api: &Api, parts: &Parts, body: &Shared) -> Result<Uploader> {
    let call = Call::without_body(parts);
    let admitted = async {
        let person = call.person(api).await?;
        let realm = realm(api, &call, &person).await?;
        let company = match &realm {
            Realm::Company(company) => api.access.companies.find(company).await?,
            Realm::Platform => None,
        };
        let settings = company.map(|company| company.settings).unwrap_or_default();
        Ok(Uploader { person, realm, settings })
    };
    let admitted = admitted.await;
    if admitted.is_err() {
        body.drain(DRAIN_STRANGER_BYTES, DRAIN_TIME).await;
    }
    admitted
}

async fn heard_out<T>(api: &Api, body: &Shared, taken: Result<T>) -> Result<T> {
    if taken.is_err() {
        let largest = api.config.file_max_bytes.max(api.config.image_max_bytes);
        body.drain(largest.saturating_add(DRAIN_STRANGER_BYTES), DRAIN_TIME).await;
    }
    taken
}

async fn take_image(api: &Api, uploader: &Uploader, parts: &Parts, body: &Shared) -> Result<UploadedImage> {
    let (name, chunks) = file_field(parts, body).await?;
    let day = api.zone.day(api.clock.now());
    let chunks = at_most(uploader.settings.image_max_bytes, chunks);
    let taken = api.files.take_image(&name, chunks, &day, &*api.entropy).await?;
    let kind = UploadKind::Image { path: taken.path.clone(), width: taken.width, height: taken.height };
    record(api, uploader, kind, &taken.name, taken.size_bytes, taken.media_type).await?;
    Ok(UploadedImage {
        errcode: 0,
        success: true,
        data: taken.path.as_str().to_owned(),
        width: taken.width,
        height: taken.height,
    })
}

async fn take_file(api: &Api, uploader: &Uploader, parts: &Parts, body: &Shared) -> Result<UploadedFile> {
    let (name, chunks) = file_field(parts, body).await?;
    allowed(&uploader.settings, &name)?;
    let chunks = at_most(uploader.settings.file_max_bytes, chunks);
    let taken = api.files.take_file(&name, chunks, &*api.entropy).await?;
    let kind = UploadKind::File { id: taken.id.clone() };
    record(api, uploader, kind, &taken.name, taken.size_bytes, taken.media_type).await?;
    Ok(UploadedFile {
        errcode: 0,
        success: true,
        fileid: taken.id.as_str().to_owned(),
        filename: taken.name,
        filesize: taken.size_bytes,
    })
}

/// A person of the platform may say for which company it uploads, so that its agents can name it too.
async fn realm(api: &Api, call: &Call, person: &Person) -> Result<Realm> {
    let named = call.params.text("companyid")?.map(CompanyId::parse).transpose()?;
    match (&person.realm, named) {
        (Realm::Company(own), Some(named)) if *own != named => Err(Error::Forbidden),
        (Realm::Platform, Some(named)) => {
            let company = api.access.companies.find(&named).await?;
            let company = company.filter(|company| company.users == Users::Platform);
            Ok(Realm::Company(company.ok_or(Error::Forbidden)?.id))
        }
        (realm, _) => Ok(realm.clone()),
    }
}

/// The name that the form's file had, and its chunks.
async fn file_field(
    parts: &Parts,
    body: &Shared,
) -> Result<(String, impl Stream<Item = Result<bytes::Bytes>> + use<>)> {
    let media_type = text(&parts.headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let boundary = multer::parse_boundary(media_type)
        .map_err(|_| Error::invalid("body", "it has to be multipart/form-data"))?;
    let found = Arc::new(AtomicBool::new(false));
    let mut form = Multipart::new(little_before(found.clone(), one_by_one(body.stream())), boundary);
    let cut_off = |_| Error::invalid(FIELD, "the upload was cut off or is no multipart form");
    while let Some(field) = form.next_field().await.map_err(cut_off)? {
        if field.name() == Some(FIELD) {
            found.store(true, Ordering::Relaxed);
            let name = field.file_name().unwrap_or_default().to_owned();
            return Ok((name, field.map_err(cut_off)));
        }
    }
    Err(Error::Missing(FIELD))
}

/// Whether the company wants files of this kind. That one is what its name says is seen later.
fn allowed(settings: &Settings, name: &str) -> Result<()> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let kinds = &settings.upload_kinds.0;
    if kinds.is_empty() || kinds.iter().any(|kind| **kind == *ending) { Ok(()) } else { Err(Error::FileKind) }
}

/// The chunks, which end in an error when there are more bytes than this; 0: no limit of the company's own.
fn at_most(
    limit_bytes: u64,
    chunks: impl Stream<Item = Result<bytes::Bytes>>,
) -> impl Stream<Item = Result<bytes::Bytes>> {
    let mut taken = 0_u64;
    chunks.map(move |chunk| {
        let chunk = chunk?;
        taken = taken.saturating_add(chunk.len() as u64);
        if limit_bytes > 0 && taken > limit_bytes {
            Err(Error::FileTooLarge { limit_bytes })
        } else {
            Ok(chunk)
        }
    })
}

/// The chunks with a pause before each: the parser takes in all that is there before it looks at any of it.
fn one_by_one<T>(chunks: impl Stream<Item = T>) -> impl Stream<Item = T> {
    chunks.then(async |chunk| {
        tokio::task::yield_now().await;
        chunk
    })
}

/// The chunks, which end in an error when too many come before the file is `found`.
fn little_before(
    found: Arc<AtomicBool>,
    chunks: impl Stream<Item = Result<bytes::Bytes, axum::Error>>,
) -> impl Stream<Item = Result<bytes::Bytes, axum::Error>> {
    let mut before = 0;
    chunks.map(move |chunk| {
        let chunk = chunk?;
        // The chunk in which the file begins may be of any size; the one behind it must find it begun.
        if before > BEFORE_FILE_BYTES && !found.load(Ordering::Relaxed) {
            return Err(axum::Error::new("too much before the file"));
        }
        before = before.saturating_add(chunk.len());
        Ok(chunk)
    })
}

async fn record(
    api: &Api,
    uploader: &Uploader,
    kind: UploadKind,
    name: &str,
    size_bytes: u64,
    media_type: &str,
) -> Result<()> {
    let upload = Upload {
        kind,
        realm: uploader.realm.clone(),
        by: uploader.person.aid.clone(),
        name: name.into(),
        size_bytes,
        media_type: media_type.into(),
        time: api.clock.now(),
    };
    let recorded = api.uploads.add(upload.clone()).await;
    if recorded.is_err() {
        // Nobody can ever name it, so it must not stay. Failing to remove it changes nothing for the caller.
        if let Err(error) = api.files.remove(Key::from(&upload.kind)).await {
            tracing::warn!(%error, "an upload that was not recorded could not be removed");
        }
    }
    recorded?;
    api.files.recorded(Key::from(&upload.kind)).await;
    api.metrics.uploads.inc();
    Ok(())
}

#[cfg(test)]
mod tests {
    use futures_util::{TryStreamExt as _, stream};

    use super::*;

    #[test]
    fn what_was_uploaded_is_answered_as_documented() {
        let data = "2018-11-08/onlinechat_0123456789abcdef0123456789abcdef.png".to_owned();
        let image = UploadedImage { errcode: 0, success: true, data, width: 8, height: 6 };
        assert_eq!(
            serde_json::to_string(&image).unwrap(),
            r#"{"errcode":0,"success":true,"data":"2018-11-08/onlinechat_0123456789abcdef0123456789abcdef.png","width":8,"height":6}"#
        );
        let (fileid, filename) = ("0123456789abcdef0123456789abcdef".to_owned(), "a.pdf".to_owned());
        let file = UploadedFile { errcode: 0, success: true, fileid, filename, filesize: 9 };
        assert_eq!(
            serde_json::to_string(&file).unwrap(),
            r#"{"errcode":0,"success":true,"fileid":"0123456789abcdef0123456789abcdef","filename":"a.pdf","filesize":9}"#
        );
    }

    #[test]
    fn a_company_names_the_kinds_that_it_wants() {
        let mut settings = Settings::default();
        assert!(allowed(&settings, "anything").is_ok());
        settings.set("upload_kinds", "pdf\nzip").unwrap();
        assert!(allowed(&settings, "Contract.PDF").is_ok() && allowed(&settings, "a.pdf.zip").is_ok());
        for name in ["a.docx", "pdf", "a.pdf.exe", ""] {
            assert!(matches!(allowed(&settings, name), Err(Error::FileKind)), "{name}");
        }
    }

    /// A form of these chunks, all of which are there at once.
    async fn file_of(chunks: Vec<Vec<u8>>) -> Result<(String, usize)> {
        let (parts, ()) = axum::http::Request::builder()
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
            .body(())
            .unwrap()
            .into_parts();
        let chunks = chunks.into_iter().map(Ok::<_, std::io::Error>);
        let body = Shared::new(axum::body::Body::from_stream(stream::iter(chunks)));
        let (name, chunks) = file_field(&parts, &body).await?;
        let size = chunks.try_fold(0, async |size, chunk| Ok(size + chunk.len())).await?;
        Ok((name, size))
    }

    fn head(name: &str) -> Vec<u8> {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.pdf\"\r\n\r\n")
            .into_bytes()
    }

    #[tokio::test]
    async fn a_file_may_come_in_chunks_of_any_size_and_all_at_once() {
        let file = vec![7; 3 * BEFORE_FILE_BYTES];
        let end = b"\r\n--x--\r\n".to_vec();
        let first = [head(FIELD), file.clone()].concat();
        let size = 5 * file.len();
        let [one, two, three, four] = std::array::from_fn(|_| file.clone());
        assert_eq!(
            file_of(vec![first, one, two, three, four, end]).await.unwrap(),
            ("a.pdf".to_owned(), size)
        );
    }

    #[tokio::test]
    async fn what_comes_before_the_file_is_little() {
        let before = [head("other"), vec![7; BEFORE_FILE_BYTES]].concat();
        let behind = [b"\r\n".to_vec(), head(FIELD), b"file\r\n--x--\r\n".to_vec()].concat();
        assert!(file_of(vec![before.clone(), before, behind]).await.is_err());
    }

    #[tokio::test]
    async fn more_than_a_company_allows_is_not_taken_in() {
        let chunks =
            || stream::iter([Ok(bytes::Bytes::from(vec![0; 600])), Ok(bytes::Bytes::from(vec![0; 400]))]);
        for (limit, fits) in [(0, true), (1000, true), (999, false), (1, false)] {
            let taken: Result<Vec<_>> = at_most(limit, chunks()).try_collect().await;
            assert_eq!(taken.is_ok(), fits, "{limit}");
        }
    }
}
