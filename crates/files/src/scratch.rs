//! Where an upload lies while it comes in: a file without a name.

use std::fs::File;
use std::path::Path;
use std::pin::Pin;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use nodechat_domain::{Error, Result};
use tokio::io::{AsyncWriteExt, BufWriter};

/// Small enough for hundreds of uploads at once, large enough that few calls go to the disk.
const BUFFER_BYTES: usize = 128 * 1024;

/// The first chunk with something in it; an upload that has none is empty.
pub(crate) async fn first_chunk<S>(chunks: &mut Pin<&mut S>) -> Result<Bytes>
where
    S: Stream<Item = Result<Bytes>>,
{
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        if !chunk.is_empty() {
            return Ok(chunk);
        }
    }
    Err(Error::EmptyFile)
}

/// Writes an upload to a scratch file in `folder`; stops at the first byte over the limit.
///
/// The file has no name (`O_TMPFILE`, or unlinked at once where there is no such thing), and nobody
/// else may read it. The system takes it back when it is closed, whether the upload was refused, cut
/// off or finished, or the server was killed: there is nothing to clean up, ever.
pub(crate) async fn receive<S>(
    folder: &Path,
    first: Bytes,
    chunks: &mut Pin<&mut S>,
    limit_bytes: u64,
) -> Result<File>
where
    S: Stream<Item = Result<Bytes>>,
{
    let folder = folder.to_owned();
    let file = blocking(move || tempfile::tempfile_in(folder).map_err(Error::unavailable)).await?;
    let mut writer = BufWriter::with_capacity(BUFFER_BYTES, tokio::fs::File::from_std(file));
    let mut size_bytes = 0;
    let mut chunk = first;
    loop {
        size_bytes += chunk.len() as u64;
        if size_bytes > limit_bytes {
            return Err(Error::FileTooLarge { limit_bytes });
        }
        writer.write_all(&chunk).await.map_err(Error::unavailable)?;
        match chunks.next().await {
            Some(next) => chunk = next?,
            None => break,
        }
    }
    writer.flush().await.map_err(Error::unavailable)?;
    Ok(writer.into_inner().into_std().await)
}

/// Runs work that waits for the disk where it keeps nobody else waiting.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(panicked_or_stopped) => Err(Error::internal(panicked_or_stopped)),
    }
}
