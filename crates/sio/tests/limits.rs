//! Everything that a client controls has an end, and its connection with it; the server stays.

mod support;

use std::time::Duration;

use nodechat_sio::{Config, ServeOptions};
use support::{BINARY, Http, Server, Ws, config, frame, within};

#[tokio::test]
async fn packets_over_the_limit_close_with_1009() {
    let mut server = Server::start(config()).await;
    let mut ws = server.visitor().await;
    assert_eq!(server.told().await, "connected /");
    // The header alone is enough.
    ws.raw(&frame(0x81, &vec![b'x'; 100_001])[..14]).await;
    assert_eq!(ws.closed().await, Some(1009));
    assert_eq!(server.told().await, "disconnected / payload too large");
}

#[tokio::test]
async fn endless_fragments_close_with_1009() {
    let server = Server::start(config()).await;
    let mut ws = server.visitor().await;
    ws.raw(&frame(1, b"42[\"")).await;
    for _ in 0..200 {
        ws.raw(&frame(0, &[b'x'; 1_000])).await;
    }
    assert_eq!(ws.closed().await, Some(1009));
}

#[tokio::test]
async fn text_that_is_not_utf8_closes_with_1007() {
    let mut server = Server::start(config()).await;
    let mut ws = server.visitor().await;
    assert_eq!(server.told().await, "connected /");
    ws.send(1, b"42[\"\xff\"]").await;
    assert_eq!(ws.closed().await, Some(1007));
    assert_eq!(server.told().await, "disconnected / invalid utf-8");
}

#[tokio::test]
async fn an_event_with_its_attachments_is_limited_as_a_whole() {
    let server = Server::start(config()).await;
    let mut ws = server.visitor().await;
    ws.say("453-[\"x\"]").await;
    ws.send(BINARY, &[0; 60_000]).await;
    ws.send(BINARY, &[0; 60_000]).await;
    assert_eq!(ws.closed().await, Some(1009));
    let mut ws = server.visitor().await;
    ws.say("451000-[\"x\"]").await;
    assert_eq!(ws.closed().await, Some(1002));
}

#[tokio::test]
async fn attachments_that_never_come_close_the_connection() {
    let mut server = Server::start(Config { connect_timeout: Duration::from_millis(100), ..config() }).await;
    let mut ws = server.visitor().await;
    assert_eq!(server.told().await, "connected /");
    ws.say("451-[\"x\"]").await;
    assert_eq!(ws.closed().await, Some(1008));
    assert_eq!(server.told().await, "disconnected / connect timeout");
}

#[tokio::test]
async fn a_connection_without_namespace_is_closed_in_time() {
    let server = Server::start(Config { connect_timeout: Duration::from_millis(100), ..config() }).await;
    let mut silent = server.engine("EIO=4").await;
    assert_eq!(silent.closed().await, Some(1008));
    let mut refused = server.engine("EIO=4").await;
    refused.say("40/refused,").await;
    assert_eq!(refused.closed().await, Some(1008));
    let mut left = server.visitor().await;
    left.say("41").await;
    assert_eq!(left.closed().await, Some(1008));
    let path = server.polling(4).await;
    let last = server.get(&path).await;
    assert_eq!(last.text(), "1");
    server.empty().await;
}

#[tokio::test]
async fn too_many_namespaces_are_refused() {
    let server = Server::start(Config { max_namespaces: 3, ..config() }).await;
    let mut ws = server.visitor().await;
    for n in 1..3 {
        ws.say(&format!("40/{n},")).await;
        assert!(ws.text().await.starts_with(&format!("40/{n},")));
        ws.text().await;
    }
    ws.say("40/3,").await;
    assert_eq!(ws.text().await, "44/3,{\"message\":\"too many namespaces\"}");
}

#[tokio::test]
async fn too_many_sessions_are_refused() {
    let server = Server::start(Config { max_sessions: 1, ..config() }).await;
    let _ws = server.visitor().await;
    let answer = server.get("/socket.io/?EIO=4&transport=polling").await;
    assert_eq!(answer.status, 503);
}

#[tokio::test]
async fn who_does_not_read_is_cut_off_and_nothing_before_it_is_missing() {
    let mut server = Server::start(Config { max_queue_bytes: 1 << 20, ..config() }).await;
    let mut ws = server.visitor().await;
    assert_eq!(server.told().await, "connected /");
    ws.say("42[\"flood\",250]").await;
    assert_eq!(server.told().await, "disconnected / slow consumer");
    // Whole frames up to some point, then the reason or the end of the connection.
    while let Some((opcode, payload)) = ws.frame().await {
        match opcode {
            1 => assert_eq!(payload.len(), 60_000 + r#"42["big",""]"#.len()),
            support::CLOSE => assert_eq!(payload[..2], 1013u16.to_be_bytes()),
            other => panic!("opcode {other}"),
        }
    }
    // The same by polling.
    let path = server.polling(4).await;
    server.post(&path, b"40\x1e42[\"flood\",250]").await;
    assert_eq!(server.told().await, "connected /");
    assert_eq!(server.told().await, "disconnected / slow consumer");
    server.empty().await;
}

#[tokio::test]
async fn volatile_events_are_left_out_for_who_does_not_read() {
    let mut server = Server::start(config()).await;
    let mut ws = server.visitor().await;
    assert_eq!(server.told().await, "connected /");
    let big = "x".repeat(50_000);
    for _ in 0..400 {
        server.io.of("/").emit_volatile("frame", &[&big]).unwrap();
    }
    server.io.emit("end", &[1]).unwrap();
    let mut count = 0;
    while !ws.text().await.contains("end") {
        count += 1;
    }
    assert!(count < 400);
}

#[tokio::test]
async fn a_client_that_sends_faster_than_it_is_served_is_slowed_down() {
    let mut server = Server::start(config()).await;
    let mut ws = server.visitor().await;
    assert_eq!(server.told().await, "connected /");
    ws.say("42[\"slow\"]").await;
    assert_eq!(server.told().await, "slow begins");
    let event = frame(0x81, format!("42[\"big\",\"{}\"]", "x".repeat(50_000)).as_bytes());
    // The kernel's buffers are full at some point, and none of it is in the server's memory.
    let mut sent = 0;
    while tokio::time::timeout(Duration::from_millis(300), ws.stream.writable()).await.is_ok() {
        match ws.stream.try_write(&event[sent % event.len()..]) {
            Ok(len) => sent += len,
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock),
        }
        assert!(sent < 200_000_000, "the server reads without end");
    }
    server.gate.add_permits(1);
    assert_eq!(server.told().await, "slow ends");
    for _ in 0..sent / event.len() {
        assert_eq!(server.told().await, "event big 1");
    }
}

#[tokio::test]
async fn a_slow_handshake_is_given_up() {
    let options = ServeOptions { header_read_timeout: Duration::from_millis(100), ..ServeOptions::default() };
    let server = Server::start_with(config(), options).await;
    let mut http = Http::connect(server.addr).await;
    tokio::io::AsyncWriteExt::write_all(&mut http.stream, b"GET /socket.io/?EIO=4 HT").await.unwrap();
    let mut rest = Vec::new();
    within(tokio::io::AsyncReadExt::read_to_end(&mut http.stream, &mut rest)).await.unwrap();
    assert!(!String::from_utf8_lossy(&rest).contains("200"));
}

#[tokio::test]
async fn connections_over_the_limit_wait() {
    let options = ServeOptions { max_connections: 1, ..ServeOptions::default() };
    let server = Server::start_with(config(), options).await;
    let first = server.visitor().await;
    let addr = server.addr;
    let second =
        tokio::spawn(async move { Ws::connect(addr, "/socket.io/?EIO=4&transport=websocket").await });
    assert_eq!(server.io.connections(), 1);
    drop(first);
    let mut second = within(second).await.unwrap();
    assert!(second.text().await.starts_with("0{"));
}
