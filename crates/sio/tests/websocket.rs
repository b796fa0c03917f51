//! RFC 6455 as the groups of the Autobahn suite ask for it, over a real connection.

mod support;

use support::{BINARY, CLOSE, PING, PONG, Server, TEXT, Ws, config, frame};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

async fn echo() -> (Server, Ws) {
    let server = Server::start(config()).await;
    let ws = Ws::connect(server.addr, "/ws").await;
    (server, ws)
}

/// Sends bytes and expects the connection to be closed with this code.
async fn fails(bytes: &[u8], code: u16) {
    let (_server, mut ws) = echo().await;
    ws.raw(bytes).await;
    assert_eq!(ws.closed().await, Some(code), "{:?}", &bytes[..bytes.len().min(16)]);
}

// Group 1: framing.

#[tokio::test]
async fn messages_of_every_length_class_come_back() {
    let (_server, mut ws) = echo().await;
    for len in [0, 1, 125, 126, 127, 128, 65_535, 65_536, 100_000] {
        let payload = vec![b'*'; len];
        for opcode in [TEXT, BINARY] {
            ws.send(opcode, &payload).await;
            assert_eq!(ws.frame().await, Some((opcode, payload.clone())));
        }
    }
}

#[tokio::test]
async fn a_message_sent_byte_by_byte_comes_back() {
    let (_server, mut ws) = echo().await;
    for byte in frame(0x80 | TEXT, "你好".as_bytes()) {
        ws.raw(&[byte]).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(ws.text().await, "你好");
}

// Group 2: pings and pongs.

#[tokio::test]
async fn pings_are_answered_with_their_payload_and_pongs_are_not() {
    let (_server, mut ws) = echo().await;
    for payload in [&b""[..], b"hello", &[0xff, 0xfe], &[b'x'; 125]] {
        ws.send(PONG, b"nobody asked").await;
        ws.send(PING, payload).await;
        assert_eq!(ws.frame().await, Some((PONG, payload.to_vec())));
    }
    for count in 0..10u8 {
        ws.send(PING, &[count]).await;
    }
    for count in 0..10u8 {
        assert_eq!(ws.frame().await, Some((PONG, vec![count])));
    }
}

#[tokio::test]
async fn a_control_frame_over_125_bytes_is_refused() {
    for opcode in [PING, PONG, CLOSE] {
        fails(&frame(0x80 | opcode, &[b'x'; 126]), 1002).await;
    }
}

// Groups 3 and 4: reserved bits and opcodes.

#[tokio::test]
async fn reserved_bits_are_refused() {
    for bits in 1..8u8 {
        for opcode in [TEXT, BINARY, PING, CLOSE] {
            fails(&frame(0x80 | (bits << 4) | opcode, b""), 1002).await;
        }
    }
}

#[tokio::test]
async fn reserved_opcodes_are_refused() {
    for opcode in (3..8).chain(11..16) {
        fails(&frame(0x80 | opcode, b"x"), 1002).await;
    }
}

#[tokio::test]
async fn a_bad_frame_behind_a_good_one_does_not_undo_it() {
    let (_server, mut ws) = echo().await;
    ws.say("good").await;
    ws.raw(&frame(0x80 | 3, b"")).await;
    assert_eq!(ws.text().await, "good");
    assert_eq!(ws.closed().await, Some(1002));
}

// Group 5: fragments.

#[tokio::test]
async fn fragments_become_one_message_whatever_control_frames_are_between() {
    let (_server, mut ws) = echo().await;
    ws.raw(&frame(TEXT, b"frag")).await;
    ws.send(PING, b"between").await;
    ws.raw(&frame(0, b"")).await;
    ws.send(PONG, b"").await;
    ws.raw(&frame(0x80, b"ment")).await;
    assert_eq!(ws.frame().await, Some((PONG, b"between".to_vec())));
    assert_eq!(ws.text().await, "fragment");
}

#[tokio::test]
async fn fragments_out_of_order_are_refused() {
    fails(&frame(0x80, b"a continuation of nothing"), 1002).await;
    fails(&frame(0, b"a continuation of nothing"), 1002).await;
    let twice = [frame(TEXT, b"a"), frame(0x80 | TEXT, b"b")].concat();
    fails(&twice, 1002).await;
    for opcode in [PING, PONG, CLOSE] {
        fails(&frame(opcode, b""), 1002).await;
    }
}

// Group 6: UTF-8.

#[tokio::test]
async fn valid_text_comes_back_even_when_characters_are_cut_by_fragments() {
    let (_server, mut ws) = echo().await;
    let text = "κόσμε \u{10ffff}\u{fffe} 退款 😀";
    ws.say(text).await;
    assert_eq!(ws.text().await, text);
    let bytes = text.as_bytes();
    ws.raw(&frame(TEXT, &bytes[..1])).await;
    for byte in &bytes[1..bytes.len() - 1] {
        ws.raw(&frame(0, &[*byte])).await;
    }
    ws.raw(&frame(0x80, &bytes[bytes.len() - 1..])).await;
    assert_eq!(ws.text().await, text);
}

#[tokio::test]
async fn invalid_text_is_refused() {
    let bad: [&[u8]; 8] = [
        b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited",
        b"\xf4\x90\x80\x80",
        b"\xc0\xaf",
        b"\xfe",
        b"\x80",
        b"\xed\xa0\x80",
        b"\xe0\x80\xaf",
        b"\xce",
    ];
    for bytes in bad {
        fails(&frame(0x80 | TEXT, bytes), 1007).await;
    }
}

#[tokio::test]
async fn invalid_text_fails_at_its_first_bad_byte() {
    // The message is neither complete nor is its fragment.
    fails(&[frame(TEXT, b"ok"), frame(0, b"\xf4\x90")].concat(), 1007).await;
    fails(&frame(0x80 | TEXT, b"\xce\xba\xf4\x90\x80\x80 and much more")[..10], 1007).await;
}

#[tokio::test]
async fn binary_messages_may_be_any_bytes() {
    let (_server, mut ws) = echo().await;
    ws.send(BINARY, b"\xff\xfe\x00").await;
    assert_eq!(ws.binary().await, b"\xff\xfe\x00");
}

// Group 7: closing.

#[tokio::test]
async fn a_close_is_answered_in_kind_and_nothing_after_it_is_read() {
    for code in
        [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]
    {
        let (_server, mut ws) = echo().await;
        ws.send(CLOSE, &u16::to_be_bytes(code)).await;
        ws.say("too late").await;
        assert_eq!(ws.frame().await, Some((CLOSE, code.to_be_bytes().to_vec())));
        assert_eq!(ws.frame().await, None);
    }
    let (_server, mut ws) = echo().await;
    ws.send(CLOSE, b"").await;
    assert_eq!(ws.frame().await, Some((CLOSE, Vec::new())));
}

#[tokio::test]
async fn the_answer_to_a_close_is_not_lost_to_a_reset_whatever_follows_the_close() {
    let (_server, mut ws) = echo().await;
    ws.send(CLOSE, &1000u16.to_be_bytes()).await;
    // More than the server has read when it answers: a socket dropped with bytes unread resets the connection.
    let late = frame(0x80 | BINARY, &vec![0; 4 << 20]);
    support::within(ws.stream.write_all(&late)).await.expect("the server reads on until the client is done");
    assert_eq!(ws.frame().await, Some((CLOSE, 1000u16.to_be_bytes().to_vec())));
    let end = support::within(ws.stream.read(&mut [0; 1])).await;
    assert_eq!(end.expect("an orderly end"), 0);
}

#[tokio::test]
async fn invalid_close_frames_are_refused() {
    for code in [0u16, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] {
        fails(&frame(0x80 | CLOSE, &code.to_be_bytes()), 1002).await;
    }
    fails(&frame(0x80 | CLOSE, &[3]), 1002).await;
    fails(&frame(0x80 | CLOSE, b"\x03\xe8\xce\xba\xed\xa0\x80"), 1007).await;
}

#[tokio::test]
async fn a_close_in_the_middle_of_a_message_is_a_close() {
    let (_server, mut ws) = echo().await;
    ws.raw(&frame(TEXT, b"unfinished")).await;
    ws.send(CLOSE, &1000u16.to_be_bytes()).await;
    assert_eq!(ws.closed().await, Some(1000));
}

// What the suite does not ask for.

#[tokio::test]
async fn unmasked_frames_are_refused() {
    fails(b"\x81\x02hi", 1002).await;
}

#[tokio::test]
async fn lengths_that_could_be_shorter_are_refused() {
    fails(b"\x81\xfe\x00\x05", 1002).await;
    fails(&[0x81, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff], 1002).await;
    fails(&[0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0], 1002).await;
}

#[tokio::test]
async fn a_frame_over_the_limit_is_refused_by_its_header() {
    fails(&frame(0x80 | BINARY, &vec![0; 100_001])[..14], 1009).await;
}

#[tokio::test]
async fn endless_fragments_are_refused_at_the_limit() {
    let (_server, mut ws) = echo().await;
    ws.raw(&frame(BINARY, &[0; 30_000])).await;
    for _ in 0..3 {
        ws.raw(&frame(0, &[0; 30_000])).await;
    }
    assert_eq!(ws.closed().await, Some(1009));
}

#[tokio::test]
async fn a_bad_handshake_is_refused_with_what_is_missing() {
    let server = Server::start(config()).await;
    let ask = async |headers: &[&str]| {
        support::Http::connect(server.addr).await.request("GET", "/ws", headers, b"").await
    };
    let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    let upgrade = ["Connection: Upgrade", "Upgrade: websocket"];
    assert_eq!(ask(&[]).await.status, 426);
    let old = ask(&[upgrade[0], upgrade[1], key, "Sec-WebSocket-Version: 8"]).await;
    assert_eq!(old.status, 426);
    assert!(old.head.contains("sec-websocket-version: 13"));
    assert_eq!(ask(&[upgrade[0], upgrade[1], "Sec-WebSocket-Version: 13"]).await.status, 400);
    let short = [upgrade[0], upgrade[1], "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: c2hvcnQ="];
    assert_eq!(ask(&short).await.status, 400);
}
