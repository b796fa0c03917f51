//! On their way to a bucket and back, files are in memory in parts, and few at a time. By itself in a
//! process, because the peak is the process's.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "promises/s3.rs"]
mod s3;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, future, stream};
use nodechat_domain::port::Entropy;
use nodechat_files::{Files, Key, Limits};

/// One part of 5 MiB and buffers; a sixth of the largest upload.
const ALLOWED_FOR_ONE_KB: u64 = 8_000;
/// Eight parts of 5 MiB and buffers, whatever the number of uploads.
const ALLOWED_FOR_MANY_KB: u64 = 64_000;

struct Dice;

impl Entropy for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the system has random bytes");
    }
}

#[tokio::test]
async fn uploads_to_a_bucket_pass_in_parts_and_few_at_a_time() {
    let Some(bucket) = s3::TestBucket::fresh() else { return };
    let folder = tempfile::tempdir().unwrap();
    let files = Files::bucket(&bucket.options(), folder.path(), Limits::default()).unwrap();
    pass(&files, 500_000).await;
    let before_kb = peak_kb();

    pass(&files, 49_900_000).await;
    let grown_kb = peak_kb() - before_kb;
    assert!(grown_kb < ALLOWED_FOR_ONE_KB, "{grown_kb} kB more than after a small upload");

    future::join_all((0..16).map(|_| pass(&files, 11_000_000))).await;
    let grown_kb = peak_kb() - before_kb;
    assert!(grown_kb < ALLOWED_FOR_MANY_KB, "{grown_kb} kB more than after a small upload");
    assert_eq!(bucket.kept().await, Vec::<String>::new());
}

async fn pass(files: &Files, size_bytes: usize) {
    let taken = files.take_file("a.wav", upload(size_bytes), &Dice).await.unwrap();
    assert!(taken.size_bytes >= size_bytes as u64);
    let opened = files.open(Key::File(&taken.id), None).await.unwrap();
    let read_bytes = opened.bytes.try_fold(0, |sum, chunk| async move { Ok(sum + chunk.len() as u64) }).await;
    assert_eq!(read_bytes.unwrap(), taken.size_bytes);
    files.remove(Key::File(&taken.id)).await.unwrap();
}

/// Made while it is sent.
fn upload(size_bytes: usize) -> impl futures_util::Stream<Item = nodechat_domain::Result<Bytes>> + Send {
    let block = Bytes::from_static(&[0; 16_384]);
    let blocks = size_bytes.div_ceil(block.len());
    stream::iter([Bytes::from_static(b"RIFF\0\0\0\0WAVE")])
        .chain(stream::iter((0..blocks).map(move |_| block.clone())))
        .map(Ok)
}

/// The most memory that this process ever had.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
