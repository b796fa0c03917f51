//! WebSocket frames: no panic, and the same messages in whatever pieces the bytes come.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodechat_sio::ws::{Reader, Violation};

fuzz_target!(|data: &[u8]| {
    let Some((size, stream)) = data.split_first() else { return };
    let pieces = usize::from(*size).max(1);
    assert_eq!(read(stream, pieces), read(stream, stream.len().max(1)));
});

fn read(stream: &[u8], pieces: usize) -> (Vec<String>, Option<Violation>) {
    let mut reader = Reader::new(4096);
    let mut seen = Vec::new();
    for piece in stream.chunks(pieces) {
        let mut piece = piece.to_vec();
        let mut input = &mut piece[..];
        loop {
            match reader.next(&mut input) {
                Ok(Some(incoming)) => seen.push(format!("{incoming:?}")),
                Ok(None) => break,
                Err(violation) => return (seen, Some(violation)),
            }
        }
    }
    (seen, None)
}
