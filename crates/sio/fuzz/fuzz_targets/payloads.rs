//! Polling bodies of both protocols: no panic, and nothing larger comes out than went in.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodechat_sio::engine::{Message, Packet, Protocol, decode_payload};

fuzz_target!(|data: &[u8]| {
    for protocol in [Protocol::V3, Protocol::V4] {
        let Ok(packets) = decode_payload(data, protocol) else { continue };
        let total: usize = packets.iter().map(size).sum();
        assert!(total <= data.len());
    }
});

fn size(packet: &Packet<'_>) -> usize {
    match packet {
        Packet::Message(Message::Text(text)) | Packet::Ping(text) => text.len(),
        Packet::Message(Message::Binary(data)) => data.len(),
        _ => 0,
    }
}
