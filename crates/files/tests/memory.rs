//! No upload is ever in memory as a whole. By itself in a process, because the peak is the process's.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use nodechat_domain::port::Entropy;
use nodechat_files::{Files, Key, Limits};

/// Buffers, parts under way, threads; a tenth of the largest upload.
const ALLOWED_KB: u64 = 6_000;

struct Dice;

impl Entropy for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the system has random bytes");
    }
}

#[tokio::test]
async fn the_largest_uploads_pass_through_a_few_buffers() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::local(folder.path(), Limits::default()).unwrap();
    pass(&files, b"RIFF\0\0\0\0WAVE", b"\0", b"", 500_000).await;
    let before_kb = peak_kb();

    pass(&files, b"RIFF\0\0\0\0WAVE", b"\0", b"", 49_900_000).await;
    // A picture in a million chunks: neither they nor a list of them may be held.
    let header = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3A\x7E\x9B\x55";
    let empty_chunk = b"\0\0\0\0IDAT\x35\xAF\x06\x1E";
    pass_image(&files, header, empty_chunk, b"\0\0\0\0IEND\xAE\x42\x60\x82", 9_900_000).await;

    let grown_kb = peak_kb() - before_kb;
    assert!(grown_kb < ALLOWED_KB, "{grown_kb} kB more than after a small upload");
}

async fn pass(files: &Files, head: &'static [u8], unit: &[u8], tail: &'static [u8], size_bytes: usize) {
    let taken = files.take_file("a.wav", upload(head, unit, tail, size_bytes), &Dice).await.unwrap();
    assert!(taken.size_bytes >= size_bytes as u64);
    let opened = files.open(Key::File(&taken.id), None).await.unwrap();
    let read_bytes = opened.bytes.try_fold(0, |sum, chunk| async move { Ok(sum + chunk.len() as u64) }).await;
    assert_eq!(read_bytes.unwrap(), taken.size_bytes);
}

async fn pass_image(files: &Files, head: &'static [u8], unit: &[u8], tail: &'static [u8], size_bytes: usize) {
    let chunks = upload(head, unit, tail, size_bytes);
    let taken = files.take_image("a.png", chunks, "2018-11-08", &Dice).await.unwrap();
    assert!(taken.size_bytes >= size_bytes as u64);
}

/// `head`, then `unit` again and again, then `tail`: made while it is sent.
fn upload(
    head: &'static [u8],
    unit: &[u8],
    tail: &'static [u8],
    size_bytes: usize,
) -> impl futures_util::Stream<Item = nodechat_domain::Result<Bytes>> + Send + use<> {
    let block = Bytes::from(unit.repeat(16_384 / unit.len()));
    let blocks = size_bytes.div_ceil(block.len());
    stream::iter([Bytes::from_static(head)])
        .chain(stream::iter((0..blocks).map(move |_| block.clone())))
        .chain(stream::iter([Bytes::from_static(tail)]))
        .map(Ok)
}

/// The most memory that this process ever had.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
