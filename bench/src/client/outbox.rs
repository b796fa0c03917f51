//! What a turn wants to send, framed and masked, before it goes to the sockets.

use crate::frame;
use std::io::Write as _;

/// Frames of one turn in one buffer.
#[derive(Debug, Default)]
pub struct Outbox {
    bytes: Vec<u8>,
    /// `(client, begin, end)` in `bytes`.
    parts: Vec<(usize, usize, usize)>,
    /// The state of a small generator: masks must differ, nobody attacks them here.
    mask: u32,
}

impl Outbox {
    pub fn new() -> Self {
        Self { mask: 0x9e37_79b9, ..Self::default() }
    }

    /// One text frame to `client`, whose payload `write` produces.
    pub fn text(&mut self, client: usize, write: impl FnOnce(&mut Vec<u8>)) {
        self.frame(client, frame::TEXT, write);
    }

    /// A Socket.IO request that asks for an ack.
    pub fn ask(&mut self, client: usize, id: u64, event: &str, payload: &str) {
        self.text(client, |out| {
            let _ = write!(out, "42{id}[\"{event}\",{payload}]"); // writing into a Vec cannot fail
        });
    }

    pub(super) fn frame(&mut self, client: usize, opcode: u8, write: impl FnOnce(&mut Vec<u8>)) {
        self.mask ^= self.mask << 13;
        self.mask ^= self.mask >> 17;
        self.mask ^= self.mask << 5;
        let begin = frame::append(&mut self.bytes, opcode, Some(self.mask.to_ne_bytes()), write);
        self.parts.push((client, begin, self.bytes.len()));
    }

    pub(super) fn parts(&self) -> impl Iterator<Item = (usize, &[u8])> {
        self.parts.iter().map(|(client, begin, end)| (*client, &self.bytes[*begin..*end]))
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.parts.clear();
    }
}
