//! The rest of a request's body, taken in before a refusal is answered.
//!
//! A client that is still sending does not read: an answer and a closed connection would reach it
//! as a broken one, and the reason of the refusal would be lost.

use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use futures_util::{Stream, StreamExt, stream};

/// Without a byte for so long, the client is taken for gone.
const SILENCE: Duration = Duration::from_secs(30);

/// A body that two read, one after the other.
#[derive(Clone)]
pub struct Shared(Arc<Mutex<BodyDataStream>>);

impl Shared {
    pub fn new(body: Body) -> Self {
        Self(Arc::new(Mutex::new(body.into_data_stream())))
    }

    /// Its chunks. Before each one it says that it has none yet, and is ready again at once: the form
    /// parser takes in whatever is ready before it gives anything out, and a fast client would fill
    /// the memory with a whole upload.
    pub fn stream(&self) -> impl Stream<Item = Result<Bytes, axum::Error>> + Send + use<> {
        stream::unfold(self.clone(), |shared| async move {
            tokio::task::yield_now().await;
            let chunk = tokio::time::timeout(SILENCE, poll_fn(|cx| shared.poll(cx))).await;
            let chunk = chunk.unwrap_or_else(|late| Some(Err(axum::Error::new(late))))?;
            Some((chunk, shared))
        })
    }

    /// Reads and forgets what is left, up to so many bytes and so long.
    pub async fn drain(&self, limit_bytes: u64, within: Duration) {
        let rest = async {
            let mut left = limit_bytes;
            let mut chunks = std::pin::pin!(self.stream());
            while let Some(Ok(chunk)) = chunks.next().await {
                match left.checked_sub(chunk.len() as u64) {
                    Some(less) => left = less,
                    None => return,
                }
            }
        };
        // Who sends more than that, or slower, has to guess why it was cut off.
        let _ = tokio::time::timeout(within, rest).await;
    }

    fn poll(&self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, axum::Error>>> {
        self.0.lock().expect("no holder of this lock can panic").poll_next_unpin(cx)
    }
}
