//! Socket.IO packets and their arguments: no panic; what is taken for an event is valid JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodechat_sio::{Event, RawPacket};

fuzz_target!(|text: &str| {
    let Ok(packet) = RawPacket::parse(text) else { return };
    assert!(packet.namespace.starts_with('/'));
    assert!(text.ends_with(packet.data));
    if let Ok(event) = Event::parse(packet.data) {
        assert!(serde_json::from_str::<&serde_json::value::RawValue>(event.raw().json()).is_ok());
        // Whatever it is, reading it as something else is an error and no panic.
        let _ = event.args::<(String, Vec<u8>)>();
        let _ = event.arg::<serde_json::Value>(1);
    }
});
