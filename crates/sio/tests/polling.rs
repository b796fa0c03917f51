//! Long polling and the upgrade to WebSocket, protocols 3 and 4.

mod support;

use std::time::Duration;

use nodechat_sio::{Config, Origins, Transports};
use support::{Http, Server, Ws, config, within};

/// A polling client of protocol 4 in the default namespace.
async fn visitor(server: &Server) -> String {
    let path = server.polling(4).await;
    assert_eq!(server.post(&path, b"40").await.text(), "ok");
    let mut seen = String::new();
    while !seen.contains("hello") {
        seen += server.get(&path).await.text();
    }
    path
}

async fn begin_upgrade(server: &Server, path: &str) -> Ws {
    let mut ws = Ws::connect(server.addr, &path.replace("polling", "websocket")).await;
    ws.say("2probe").await;
    assert_eq!(ws.text().await, "3probe");
    ws
}

#[tokio::test]
async fn errors_have_the_codes_of_the_reference_server() {
    let server = Server::start(config()).await;
    let cases = [
        ("transport=polling&EIO=2", 400, 5),
        ("transport=polling", 400, 5),
        ("EIO=4", 400, 0),
        ("EIO=4&transport=smoke", 400, 0),
        ("EIO=4&transport=polling&sid=unknown", 400, 1),
        ("EIO=4&transport=websocket&sid=unknown", 400, 1),
        ("EIO=4&transport=websocket", 400, 3),
        ("EIO=3&transport=polling&j=0", 400, 3),
    ];
    for (query, status, code) in cases {
        let answer = server.get(&format!("/socket.io/?{query}")).await;
        assert_eq!((answer.status, answer.json()["code"].as_u64()), (status, Some(code)), "{query}");
        assert!(answer.json()["message"].is_string());
    }
    let post = server.post("/socket.io/?EIO=4&transport=polling", b"").await;
    assert_eq!((post.status, post.json()["code"].as_u64()), (400, Some(2)));
}

#[tokio::test]
async fn transports_and_protocols_can_be_closed() {
    let server = Server::start(Config { transports: Transports::WebSocketOnly, ..config() }).await;
    assert_eq!(server.get("/socket.io/?EIO=4&transport=polling").await.json()["code"], 0);
    let server = Server::start(Config { transports: Transports::PollingOnly, ..config() }).await;
    assert!(server.get("/socket.io/?EIO=4&transport=polling").await.text().contains("\"upgrades\":[]"));
    let server = Server::start(Config { allow_eio3: false, ..config() }).await;
    assert_eq!(server.get("/socket.io/?EIO=3&transport=polling").await.json()["code"], 5);
}

#[tokio::test]
async fn a_waiting_poll_gets_what_is_sent_later() {
    let server = Server::start(config()).await;
    let path = visitor(&server).await;
    let mut poll = Http::connect(server.addr).await;
    poll.send("GET", &path, &[], b"").await;
    assert_eq!(server.post(&path, "42[\"echo\",\"退款\"]".as_bytes()).await.text(), "ok");
    assert_eq!(poll.answer().await.text(), "42[\"echo\",\"退款\"]");
}

#[tokio::test]
async fn binary_events_are_base64_in_payloads_of_protocol_4() {
    let server = Server::start(config()).await;
    let path = visitor(&server).await;
    let body = b"451-7[\"reverse\",{\"_placeholder\":true,\"num\":0}]\x1ebAQID";
    assert_eq!(server.post(&path, body).await.text(), "ok");
    assert_eq!(server.get(&path).await.text(), "461-7[1,{\"_placeholder\":true,\"num\":0}]\x1ebAwIB");
}

#[tokio::test]
async fn one_answer_holds_at_most_sixteen_packets_in_order() {
    let server = Server::start(config()).await;
    let path = visitor(&server).await;
    let body: Vec<String> = (0..40).map(|n| format!("42[\"echo\",{n}]")).collect();
    assert_eq!(server.post(&path, body.join("\x1e").as_bytes()).await.text(), "ok");
    let mut got = Vec::new();
    while got.len() < 40 {
        let answer = server.get(&path).await;
        let packets: Vec<String> = answer.text().split('\x1e').map(str::to_owned).collect();
        assert!(packets.len() <= 16);
        got.extend(packets);
    }
    assert_eq!(got, body);
}

#[tokio::test]
async fn a_second_poll_ends_the_session() {
    let mut server = Server::start(config()).await;
    let path = visitor(&server).await;
    assert_eq!(server.told().await, "connected /");
    let mut first = Http::connect(server.addr).await;
    first.send("GET", &path, &[], b"").await;
    // The first one must be there before the second.
    server.post(&path, b"3").await;
    let second = server.get(&path).await;
    let first = first.answer().await;
    // Whichever the server saw first was told that it is over, the other one was refused.
    let mut answers = [(first.status, first.body), (second.status, second.body)];
    answers.sort();
    assert_eq!(answers[0], (200, b"1".to_vec()));
    assert_eq!(answers[1].0, 400);
    assert_eq!(server.told().await, "disconnected / transport error");
    server.empty().await;
    assert_eq!(server.get(&path).await.json()["code"], 1);
}

#[tokio::test]
async fn a_cancelled_poll_ends_the_session() {
    let mut server = Server::start(config()).await;
    let path = visitor(&server).await;
    assert_eq!(server.told().await, "connected /");
    let mut poll = Http::connect(server.addr).await;
    poll.send("GET", &path, &[], b"").await;
    server.post(&path, b"3").await;
    drop(poll);
    assert_eq!(server.told().await, "disconnected / transport close");
}

#[tokio::test]
async fn a_second_post_at_the_same_time_ends_the_session() {
    let mut server = Server::start(config()).await;
    let path = visitor(&server).await;
    assert_eq!(server.told().await, "connected /");
    let mut first = Http::connect(server.addr).await;
    let head = format!("POST {path} HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n");
    tokio::io::AsyncWriteExt::write_all(&mut first.stream, head.as_bytes()).await.unwrap();
    // Until the first one has begun the second one is simply served.
    within(async { while server.post(&path, b"3").await.status == 200 {} }).await;
    assert_eq!(server.told().await, "disconnected / transport error");
}

#[tokio::test]
async fn bodies_over_the_limit_are_refused_announced_or_not() {
    let server = Server::start(config()).await;
    let path = visitor(&server).await;
    let mut http = Http::connect(server.addr).await;
    let head = format!("POST {path} HTTP/1.1\r\nHost: test\r\nContent-Length: 100001\r\n\r\n");
    tokio::io::AsyncWriteExt::write_all(&mut http.stream, head.as_bytes()).await.unwrap();
    assert_eq!(http.answer().await.status, 413);
    server.empty().await;

    let path = visitor(&server).await;
    let mut http = Http::connect(server.addr).await;
    let mut body =
        format!("POST {path} HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n").into_bytes();
    for _ in 0..11 {
        body.extend(b"2710\r\n");
        body.extend([b'x'; 10_000]);
        body.extend(b"\r\n");
    }
    // The server stops reading when it has seen enough.
    let _ = tokio::io::AsyncWriteExt::write_all(&mut http.stream, &body).await;
    assert_eq!(http.answer().await.status, 413);
    server.empty().await;
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let server = Server::start(Config { body_timeout: Duration::from_millis(50), ..config() }).await;
    let path = visitor(&server).await;
    let mut http = Http::connect(server.addr).await;
    let head = format!("POST {path} HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n4");
    tokio::io::AsyncWriteExt::write_all(&mut http.stream, head.as_bytes()).await.unwrap();
    assert_eq!(http.answer().await.status, 408);
    server.empty().await;
}

#[tokio::test]
async fn malformed_payloads_end_the_session() {
    let server = Server::start(config()).await;
    for body in [&b"abc"[..], b"", b"4\xff", b"b%%%", b"3\x1e"] {
        let path = visitor(&server).await;
        assert_eq!(server.post(&path, body).await.status, 400, "{body:?}");
        server.empty().await;
    }
}

#[tokio::test]
async fn protocol_3_reads_and_writes_both_payload_formats() {
    let server = Server::start(config()).await;
    for b64 in [true, false] {
        let suffix = if b64 { "&b64=1" } else { "" };
        let open = server.get(&format!("/socket.io/?transport=polling&EIO=3{suffix}")).await;
        let (length, packet) = open.text().split_once(':').unwrap();
        assert_eq!(length.parse::<usize>().unwrap(), packet.len());
        let json: serde_json::Value = serde_json::from_str(&packet[1..]).unwrap();
        let path = format!("/socket.io/?transport=polling&EIO=3&sid={}", json["sid"].as_str().unwrap());
        let mut seen = String::new();
        while !seen.contains("hello") {
            seen += server.get(&path).await.text();
        }
        assert!(seen.starts_with("2:40"), "the default namespace needs no asking for: {seen}");

        // Text: characters are counted in UTF-16, answers are ASCII.
        let event = "42[\"echo\",\"退😀\"]";
        let body = format!("{}:{event}1:2", event.encode_utf16().count());
        assert_eq!(server.post(&path, body.as_bytes()).await.text(), "ok");
        let mut got = String::new();
        while !(got.contains("echo") && got.contains("1:3")) {
            got += server.get(&path).await.text();
        }
        assert!(got.contains("31:42[\"echo\",\"\\u9000\\ud83d\\ude00\"]"), "{got}");

        // The same, encoded as UTF-8 twice: clients 1.x.
        let twice: String = event.bytes().map(char::from).collect();
        let body = format!("{}:{twice}", twice.chars().count());
        assert_eq!(server.post(&path, body.as_bytes()).await.text(), "ok");
        assert_eq!(server.get(&path).await.text(), "31:42[\"echo\",\"\\u9000\\ud83d\\ude00\"]");

        // Binary: base64 for those who asked for it, bytes for the others.
        let event = b"451-1[\"reverse\",{\"_placeholder\":true,\"num\":0}]";
        let mut body = vec![0];
        body.extend(event.len().to_string().bytes().map(|digit| digit - b'0'));
        body.push(255);
        body.extend(event);
        body.extend([1, 4, 255, 4, 1, 2, 3]);
        assert_eq!(server.post(&path, &body).await.text(), "ok");
        let answer = server.get(&path).await;
        if b64 {
            assert!(answer.text().ends_with("6:b4AwIB"), "{}", answer.text());
        } else {
            assert!(answer.head.contains("application/octet-stream"));
            assert!(answer.body.ends_with(&[1, 4, 255, 4, 3, 2, 1]));
        }
    }
}

#[tokio::test]
async fn a_refused_client_of_protocol_3_gets_the_data_and_a_close() {
    let server = Server::start(config()).await;
    let open = server.get("/socket.io/?transport=polling&EIO=3&ticket=bad").await;
    let json: serde_json::Value =
        serde_json::from_str(&open.text()[open.text().find('{').unwrap()..]).unwrap();
    let path = format!("/socket.io/?transport=polling&EIO=3&sid={}", json["sid"].as_str().unwrap());
    // Old clients send their first ping before they poll, and give up, having heard nothing, when it is refused.
    assert_eq!(server.post(&path, b"1:2").await.text(), "ok");
    let got = server.get(&path).await;
    assert_eq!(got.text(), "18:44{\"errcode\":4003}1:1");
    server.empty().await;
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_or_swapped_by_the_upgrade() {
    let server = Server::start(config()).await;
    for round in 0..20 {
        let path = visitor(&server).await;
        let io = server.io.clone();
        // Somebody sends all the while.
        let sending = tokio::spawn(async move {
            for n in 0..300 {
                io.emit("n", &[n]).unwrap();
                if n % 7 == 0 {
                    tokio::time::sleep(Duration::from_micros(200)).await;
                }
            }
        });
        let mut got = Vec::new();
        let mut take = |text: &str| {
            for packet in text.split('\x1e') {
                if let Some(n) = packet.strip_prefix("42[\"n\",") {
                    got.push(n.trim_end_matches(']').parse::<u32>().unwrap());
                }
            }
        };
        take(server.get(&path).await.text());
        let mut ws = Ws::connect(server.addr, &path.replace("polling", "websocket")).await;
        let mut poll = Http::connect(server.addr).await;
        poll.send("GET", &path, &[], b"").await;
        ws.say("2probe").await;
        assert_eq!(ws.text().await, "3probe");
        // The client stops polling when its poll has come back, then switches.
        take(poll.answer().await.text());
        if round % 2 == 0 {
            take(server.get(&path).await.text());
        }
        ws.say("5").await;
        sending.await.unwrap();
        server.io.emit("end", &[0]).unwrap();
        loop {
            match ws.text().await {
                end if end.contains("end") => break,
                text => take(&text),
            }
        }
        assert_eq!(got, (0..300).collect::<Vec<_>>());
        ws.say("1").await;
        server.empty().await;
    }
}

#[tokio::test]
async fn a_waiting_poll_is_released_by_the_probe() {
    let server = Server::start(config()).await;
    let path = visitor(&server).await;
    let mut poll = Http::connect(server.addr).await;
    poll.send("GET", &path, &[], b"").await;
    let mut ws = begin_upgrade(&server, &path).await;
    assert_eq!(poll.answer().await.text(), "6");
    assert_eq!(server.get(&path).await.text(), "6");
    ws.say("5").await;
    ws.say("42[\"echo\",1]").await;
    assert_eq!(ws.text().await, "42[\"echo\",1]");
    assert_eq!(server.get(&path).await.status, 400);
    assert_eq!(server.post(&path, b"3").await.status, 400);
    let mut again = Ws::connect(server.addr, &path.replace("polling", "websocket")).await;
    assert_eq!(again.closed().await, None, "closed without a code, and nothing is said in it");
    ws.say("42[\"echo\",2]").await;
    assert_eq!(ws.text().await, "42[\"echo\",2]");
}

#[tokio::test]
async fn polling_goes_on_when_the_upgrade_fails() {
    let server = Server::start(Config { upgrade_timeout: Duration::from_millis(100), ..config() }).await;
    let path = visitor(&server).await;
    let echo = async |n: u32| {
        let event = format!("42[\"echo\",{n}]");
        assert_eq!(server.post(&path, event.as_bytes()).await.text(), "ok");
        let mut got = "6".to_owned();
        while got == "6" {
            got = server.get(&path).await.text().to_owned();
        }
        assert_eq!(got, event);
    };
    // The WebSocket dies after its probe.
    drop(begin_upgrade(&server, &path).await);
    echo(1).await;
    // A second one is let in only when the first is known to be gone; it says something else.
    let upgrade = path.replace("polling", "websocket");
    let mut ws = within(async {
        loop {
            if let Ok(ws) = Ws::try_connect(server.addr, &upgrade, "").await {
                return ws;
            }
        }
    })
    .await;
    ws.say("4not a probe").await;
    assert_eq!(ws.closed().await, Some(1002));
    echo(2).await;
    // A third one says nothing, until its time is over.
    let mut silent = within(async {
        loop {
            if let Ok(ws) = Ws::try_connect(server.addr, &upgrade, "").await {
                return ws;
            }
        }
    })
    .await;
    assert_eq!(silent.frame().await, None);
    echo(3).await;
}

#[tokio::test]
async fn only_listed_origins_get_in_on_either_transport() {
    let server =
        Server::start(Config { origins: Origins::List(vec!["https://a.example".into()]), ..config() }).await;
    let path = "/socket.io/?EIO=4&transport=polling";
    let from =
        async |origin: &str| Http::connect(server.addr).await.request("GET", path, &[origin], b"").await;
    let good = from("Origin: https://a.example").await;
    assert_eq!(good.status, 200);
    assert!(good.head.contains("access-control-allow-origin: https://a.example"));
    assert!(good.head.contains("vary: origin"));
    assert_eq!(from("Origin: https://b.example").await.status, 403);
    assert_eq!(from("Accept: */*").await.status, 200);
    let ws = "/socket.io/?EIO=4&transport=websocket";
    assert!(Ws::try_connect(server.addr, ws, "Origin: https://a.example\r\n").await.is_ok());
    let refused = Ws::try_connect(server.addr, ws, "Origin: https://b.example\r\n").await.err().unwrap();
    assert!(refused.starts_with("HTTP/1.1 403"));
}

#[tokio::test]
async fn any_origin_is_a_star_without_credentials_but_for_old_browser_clients() {
    let ask = async |version: u8, method: &str| {
        let server = Server::start(config()).await;
        let headers = ["Origin: https://a.example", "Access-Control-Request-Headers: x-mine"];
        let path = format!("/socket.io/?EIO={version}&transport=polling");
        Http::connect(server.addr).await.request(method, &path, &headers, b"").await
    };
    let open = ask(4, "GET").await;
    assert!(open.head.contains("access-control-allow-origin: *\r\n"));
    assert!(!open.head.contains("credentials"));
    let preflight = ask(4, "OPTIONS").await;
    assert_eq!(preflight.status, 204);
    assert!(preflight.head.contains("access-control-allow-methods: get, post"));
    assert!(preflight.head.contains("access-control-allow-headers: x-mine"));
    let old = ask(3, "GET").await;
    assert!(old.head.contains("access-control-allow-origin: https://a.example"));
    assert!(old.head.contains("access-control-allow-credentials: true"));
}
