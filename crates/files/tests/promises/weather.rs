//! A bucket in memory under bad weather: at a call of one's choice it falls silent, refuses, or does what
//! it was asked and loses the answer.

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::TryStreamExt;
use futures_util::stream::{self, BoxStream, StreamExt};
use object_store::memory::InMemory;
use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, GetResultPayload, ListResult, MultipartId, MultipartUpload,
    ObjectMeta, ObjectStore, ObjectStoreExt, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

/// A chunk of an answer.
const CHUNK_BYTES: usize = 64 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The call is neither carried out nor answered.
    Silence,
    /// It is carried out, and never answered.
    AnswerLost,
    /// It is answered with an error and not carried out.
    Refusal,
}

#[derive(Debug, Clone)]
pub struct Weather {
    inner: Arc<InMemory>,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    calls: AtomicUsize,
    /// From which call on it is bad, and how.
    bad: Mutex<Option<(usize, Fault)>>,
    /// What was to be put when the weather was silent.
    swallowed: Mutex<Vec<(Path, PutPayload)>>,
    /// Uploads in parts that are neither complete nor aborted.
    open: Mutex<BTreeMap<MultipartId, Path>>,
}

impl Weather {
    pub fn fair() -> Self {
        Self { inner: Arc::new(InMemory::new()), state: Arc::default() }
    }

    /// All is well until the call of that number, counted from now; that and all later ones fail.
    pub fn turns_bad(&self, at_call: usize, fault: Fault) {
        *self.state.bad.lock().unwrap() = Some((self.calls() + at_call, fault));
    }

    pub fn clears_up(&self) {
        *self.state.bad.lock().unwrap() = None;
    }

    /// Carries out what nobody waits for any more.
    pub async fn delivers_late(&self) {
        let swallowed = std::mem::take(&mut *self.state.swallowed.lock().unwrap());
        for (path, payload) in swallowed {
            self.inner.put(&path, payload).await.unwrap();
        }
    }

    /// How many calls there were; each chunk of an answer counts as one.
    pub fn calls(&self) -> usize {
        self.state.calls.load(Ordering::Relaxed)
    }

    /// Everything that takes space: keys of objects and of open uploads.
    pub async fn kept(&self) -> Vec<String> {
        let objects: Vec<ObjectMeta> = self.inner.list(None).try_collect().await.unwrap();
        let objects = objects.into_iter().map(|object| object.location.to_string());
        let open = self.state.open.lock().unwrap();
        objects.chain(open.values().map(|path| format!("{path} (parts)"))).collect()
    }
}

impl State {
    async fn through<T>(&self, call: impl Future<Output = Result<T>>) -> Result<T> {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        let fault = self.bad.lock().unwrap().filter(|(from, _)| number >= *from).map(|(_, fault)| fault);
        match fault {
            None => call.await,
            Some(Fault::Silence) => pending().await,
            Some(Fault::AnswerLost) => {
                // Its outcome is what gets lost.
                let _ = call.await;
                pending().await
            }
            Some(Fault::Refusal) => {
                Err(Error::Generic { store: "S3", source: "status code: 500 Internal Server Error: ".into() })
            }
        }
    }

    fn opened(&self, path: &Path, id: &MultipartId) {
        self.open.lock().unwrap().insert(id.clone(), path.clone());
    }

    fn closed(&self, path: &Path, id: &MultipartId) -> Result<()> {
        let source = "<Error><Code>NoSuchUpload</Code></Error>".into();
        let closed = self.open.lock().unwrap().remove(id);
        closed.map(drop).ok_or(Error::NotFound { path: path.to_string(), source })
    }
}

impl std::fmt::Display for Weather {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Weather")
    }
}

#[async_trait]
impl ObjectStore for Weather {
    async fn put_opts(&self, path: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.state.swallowed.lock().unwrap().push((path.clone(), payload.clone()));
        let outcome = self.state.through(self.inner.put_opts(path, payload, options)).await;
        self.state.swallowed.lock().unwrap().retain(|(swallowed, _)| swallowed != path);
        outcome
    }

    async fn get_opts(&self, path: &Path, options: GetOptions) -> Result<GetResult> {
        let found = self.state.through(self.inner.get_opts(path, options)).await?;
        let (meta, range, attributes) = (found.meta.clone(), found.range.clone(), found.attributes.clone());
        let extensions = found.extensions.clone();
        let payload = GetResultPayload::Stream(self.in_chunks(found.into_stream()));
        Ok(GetResult { payload, meta, range, attributes, extensions })
    }

    fn delete_stream(&self, paths: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        let weather = self.clone();
        paths
            .then(move |path| {
                let weather = weather.clone();
                async move {
                    let path = path?;
                    weather.state.through(weather.inner.delete(&path)).await?;
                    Ok(path)
                }
            })
            .boxed()
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        unreachable!("files are sent in parts by number")
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

#[async_trait]
impl MultipartStore for Weather {
    async fn create_multipart(&self, path: &Path) -> Result<MultipartId> {
        let create = async {
            let id = self.inner.create_multipart(path).await?;
            self.state.opened(path, &id);
            Ok(id)
        };
        self.state.through(create).await
    }

    async fn put_part(
        &self,
        path: &Path,
        id: &MultipartId,
        index: usize,
        data: PutPayload,
    ) -> Result<PartId> {
        self.state.through(self.inner.put_part(path, id, index, data)).await
    }

    async fn complete_multipart(
        &self,
        path: &Path,
        id: &MultipartId,
        parts: Vec<PartId>,
    ) -> Result<PutResult> {
        let complete = async {
            self.state.closed(path, id)?;
            self.inner.complete_multipart(path, id, parts).await
        };
        self.state.through(complete).await
    }

    async fn abort_multipart(&self, path: &Path, id: &MultipartId) -> Result<()> {
        let abort = async {
            self.state.closed(path, id)?;
            self.inner.abort_multipart(path, id).await
        };
        self.state.through(abort).await
    }
}

impl Weather {
    fn in_chunks(&self, chunks: BoxStream<'static, Result<Bytes>>) -> BoxStream<'static, Result<Bytes>> {
        let state = self.state.clone();
        let pieces = chunks.map_ok(|chunk| {
            let pieces: Vec<_> =
                chunk.chunks(CHUNK_BYTES).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
            stream::iter(pieces)
        });
        pieces
            .try_flatten()
            .then(move |piece| {
                let state = state.clone();
                async move { state.through(async { piece }).await }
            })
            .boxed()
    }
}
