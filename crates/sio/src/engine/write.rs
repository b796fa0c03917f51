//! Writing queued frames: several with one call, from where the last call ended.

use std::io::{ErrorKind, IoSlice, Result};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::net::TcpStream;

/// Buffers written with one call.
const BATCH: usize = 32;

/// Writes what the socket takes at once of `frames`, from `begun` in the first of them.
pub(super) fn now(io: &TcpStream, frames: &[Bytes], begun: usize) -> Result<usize> {
    if let [only] = frames {
        return io.try_write(&only[begun..]);
    }
    let mut slices = [IoSlice::new(&[]); BATCH];
    let count = frames.len().min(BATCH);
    for (at, (slice, bytes)) in slices.iter_mut().zip(frames).enumerate() {
        *slice = IoSlice::new(if at == 0 { &bytes[begun..] } else { bytes });
    }
    io.try_write_vectored(&slices[..count])
}

/// The same, for a task that waits until the socket takes something.
pub(super) fn poll(
    io: &TcpStream,
    cx: &mut Context<'_>,
    frames: &[Bytes],
    begun: usize,
) -> Poll<Result<usize>> {
    loop {
        match now(io, frames, begun) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => ready!(io.poll_write_ready(cx))?,
            written => return Poll::Ready(written),
        }
    }
}

/// Takes away the frames that `written` bytes, counted from the start of the first, have covered; gives how much of
/// the next one is written.
pub(super) fn advance(frames: &mut Vec<Bytes>, mut written: usize) -> usize {
    let done = frames.iter().take_while(|bytes| match written.checked_sub(bytes.len()) {
        Some(rest) => {
            written = rest;
            true
        }
        None => false,
    });
    let done = done.count();
    frames.drain(..done);
    written
}
