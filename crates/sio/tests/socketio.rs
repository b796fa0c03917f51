//! Socket.IO over WebSocket: namespaces, events, acks, attachments, rooms, and the order of things.

mod support;

use std::time::Duration;

use nodechat_sio::Config;
use support::{BINARY, CLOSE, Http, Server, TEXT, Ws, config};

async fn server() -> Server {
    Server::start(config()).await
}

/// Everything that a stopping server still has for a polling client.
async fn fetch_all(server: &Server, path: &str) -> String {
    let mut seen = String::new();
    loop {
        let answer = server.get(path).await;
        if answer.status == 503 {
            return seen;
        }
        assert_eq!(answer.status, 200, "{seen}");
        seen += answer.text();
    }
}

#[tokio::test]
async fn auth_and_query_reach_the_application() {
    let server = server().await;
    let mut ws = server.engine("EIO=4&ticket=%E9%80%80+a%2Bb").await;
    ws.say("40{\"ticket\":\"from auth\"}").await;
    ws.text().await;
    assert_eq!(ws.text().await, "42[\"hello\",\"from auth\"]");
    ws.say("40/other,").await;
    assert!(ws.text().await.starts_with("40/other,{\"sid\":"));
    assert_eq!(ws.text().await, "42/other,[\"hello\",\"退 a+b\"]");
}

#[tokio::test]
async fn a_refused_namespace_gets_message_and_data_and_the_connection_stays() {
    let server = server().await;
    let mut ws = server.engine("EIO=4").await;
    ws.say("40/refused,{}").await;
    assert_eq!(ws.text().await, "44/refused,{\"data\":{\"errcode\":4003},\"message\":\"not allowed\"}");
    ws.say("40").await;
    assert!(ws.text().await.starts_with("40{"));
}

#[tokio::test]
async fn protocol_3_is_in_the_default_namespace_at_once() {
    let server = server().await;
    let mut ws = server.engine("EIO=3&ticket=t").await;
    assert_eq!(ws.text().await, "40");
    assert_eq!(ws.text().await, "42[\"hello\",\"t\"]");
    ws.say("40/other?x=1,").await;
    assert_eq!(ws.text().await, "40/other,");
    assert_eq!(ws.text().await, "42/other,[\"hello\",\"t\"]");
    ws.say("451-3[\"reverse\",{\"_placeholder\":true,\"num\":0}]").await;
    ws.send(BINARY, &[4, 1, 2]).await;
    assert_eq!(ws.text().await, "461-3[1,{\"_placeholder\":true,\"num\":0}]");
    assert_eq!(ws.binary().await, [4, 2, 1]);
    ws.say("2abc").await;
    assert_eq!(ws.text().await, "3abc");
    let mut bad = server.engine("EIO=3&ticket=bad").await;
    assert_eq!(bad.text().await, "44{\"errcode\":4003}");
    assert_eq!(bad.closed().await, Some(1000));
}

#[tokio::test]
async fn events_and_acks_come_back_with_their_arguments() {
    let server = server().await;
    let mut ws = server.visitor().await;
    for args in ["", "1", "\"退款 😀\",null,{\"a\":[]}", "  [ 1 ] , 2 "] {
        let comma = if args.is_empty() { "" } else { "," };
        ws.say(&format!("42[\"echo\"{comma}{args}]")).await;
        assert_eq!(ws.text().await.replace(' ', ""), format!("42[\"echo\"{comma}{args}]").replace(' ', ""));
        ws.say(&format!("4212[\"echo\"{comma}{args}]")).await;
        assert_eq!(ws.text().await.replace(' ', ""), format!("4312[{args}]").replace(' ', ""));
    }
    ws.say("452-7[\"echo\",{\"_placeholder\":true,\"num\":1},{\"_placeholder\":true,\"num\":0}]").await;
    ws.send(BINARY, b"a").await;
    ws.send(BINARY, b"").await;
    assert_eq!(ws.text().await, "462-7[{\"_placeholder\":true,\"num\":1},{\"_placeholder\":true,\"num\":0}]");
    assert_eq!(ws.binary().await, b"a");
    assert_eq!(ws.binary().await, b"");
}

#[tokio::test]
async fn unreadable_arguments_reach_the_handler_which_still_answers() {
    let server = server().await;
    let mut ws = server.visitor().await;
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    for args in [deep.as_str(), "\"\\ud800\"", "{}", "null", "1,2", "\"\\udc00\\ud800\""] {
        ws.say(&format!("421[\"typed\",{args}]")).await;
        assert_eq!(ws.text().await, "431[false]", "{}", &args[..args.len().min(40)]);
    }
    ws.say("421[\"typed\"]").await;
    assert_eq!(ws.text().await, "431[false]");
    ws.say("421[\"typed\",\"fine\"]").await;
    assert_eq!(ws.text().await, "431[true]");
}

#[tokio::test]
async fn malformed_packets_close_their_connection_and_no_other() {
    let mut server = server().await;
    let mut bystander = server.visitor().await;
    assert_eq!(server.told().await, "connected /");
    let bad = [
        "4",
        "4abc",
        "47",
        "42",
        "42{}",
        "42[]",
        "42[1]",
        "42[null,1]",
        "42[\"a\"",
        "42[\"a\"]x",
        "42[\"a\",]",
        "42abc[\"a\"]",
        "42[\"disconnect\"]",
        "42[\"connect_error\",1]",
        "43[]",
        "431",
        "431{}",
        "431[1,]",
        "44\"no\"",
        "40[]",
        "40\"a\"",
        "40{\"a\":}",
        "41{}",
        "42/other,[\"a\"]",
        "45[\"a\"]",
        "45-[\"a\"]",
        "4517-[\"a\"]",
        "451-[\"a\",{\"_placeholder\":true,\"num\":0}]|451-[]",
        "42[\"\\ud800\"]",
        "4299999999999999999999[\"a\"]",
    ];
    for packet in bad {
        let mut ws = server.visitor().await;
        assert_eq!(server.told().await, "connected /");
        for part in packet.split('|') {
            ws.say(part).await;
        }
        assert_eq!(ws.closed().await, Some(1002), "{packet}");
        assert_eq!(server.told().await, "disconnected / parse error", "{packet}");
    }
    let mut ws = server.visitor().await;
    ws.send(BINARY, b"announced by nobody").await;
    assert_eq!(ws.closed().await, Some(1002));
    bystander.say("42[\"echo\"]").await;
    assert_eq!(bystander.text().await, "42[\"echo\"]");
}

#[tokio::test]
async fn events_of_one_connection_are_handled_in_their_order() {
    let mut server = server().await;
    let mut ws = server.visitor().await;
    assert_eq!(server.told().await, "connected /");
    ws.say("42[\"slow\"]").await;
    for n in 0..2_000 {
        ws.say(&format!("42[\"count\",{n}]")).await;
    }
    assert_eq!(server.told().await, "slow begins");
    assert!(server.has_told_nothing(), "the next event waits for the one before");
    server.gate.add_permits(1);
    assert_eq!(server.told().await, "slow ends");
    for n in 0..2_000 {
        assert_eq!(server.told().await, format!("count {n}"));
    }
}

#[tokio::test]
async fn pings_are_answered_and_events_sent_while_a_handler_runs() {
    let mut server = server().await;
    let mut ws = server.visitor().await;
    assert_eq!(server.told().await, "connected /");
    ws.say("42[\"slow\"]").await;
    assert_eq!(server.told().await, "slow begins");
    ws.send(support::PING, b"there?").await;
    assert_eq!(ws.frame().await, Some((support::PONG, b"there?".to_vec())));
    server.io.emit("news", &[1]).unwrap();
    assert_eq!(ws.text().await, "42[\"news\",1]");
    server.gate.add_permits(1);
    assert_eq!(server.told().await, "slow ends");
}

#[tokio::test]
async fn a_handler_runs_to_its_end_and_events_that_arrived_are_handled_before_disconnected() {
    let mut server = server().await;
    let mut ws = server.visitor().await;
    assert_eq!(server.told().await, "connected /");
    ws.say("42[\"slow\"]").await;
    ws.say("42[\"count\",7]").await;
    assert_eq!(server.told().await, "slow begins");
    drop(ws);
    server.gate.add_permits(1);
    assert_eq!(server.told().await, "slow ends");
    assert_eq!(server.told().await, "count 7");
    assert_eq!(server.told().await, "disconnected / transport close");
    server.empty().await;
    assert!(server.has_told_nothing(), "disconnected is called once");
}

#[tokio::test]
async fn the_server_gets_answers_even_inside_a_handler() {
    let server = server().await;
    let mut ws = server.visitor().await;
    ws.say("425[\"ask\"]").await;
    assert_eq!(ws.text().await, "420[\"question\",1]");
    ws.say("430[{\"a\":1},2]").await;
    assert_eq!(ws.text().await, "435[\"[{\\\"a\\\":1},2]\"]");
    ws.say("426[\"ask\"]").await;
    assert_eq!(ws.text().await, "421[\"question\",1]");
    // Answers to what was not asked are ignored.
    ws.say("4377[]").await;
    assert_eq!(ws.text().await, "436[\"no answer in time\"]");
}

#[tokio::test]
async fn rooms_hear_what_is_said_in_them_and_the_speaker_does_not() {
    let server = server().await;
    let (mut a, mut b, mut c) = (server.visitor().await, server.visitor().await, server.visitor().await);
    for ws in [&mut a, &mut b] {
        ws.say("421[\"join\",\"tea\"]").await;
        assert_eq!(ws.text().await, "431[true]");
    }
    a.say("421[\"say\",\"tea\",\"hi\"]").await;
    assert_eq!(a.text().await, "431[true]");
    assert_eq!(b.text().await, "42[\"said\",\"hi\"]");
    server.io.to("tea").to("nowhere").to("tea").emit("all", &[1]).unwrap();
    assert_eq!(a.text().await, "42[\"all\",1]");
    assert_eq!(b.text().await, "42[\"all\",1]");
    server.io.except("tea").emit("others", &[1]).unwrap();
    assert_eq!(c.text().await, "42[\"others\",1]");
    b.say("421[\"leave\",\"tea\"]").await;
    assert_eq!(b.text().await, "431[true]");
    server.io.to("tea").emit_volatile("left", &[1]).unwrap();
    assert_eq!(a.text().await, "42[\"left\",1]");
    assert_eq!(server.io.to("tea").sockets().len(), 1);
    server.io.emit("end", &[0; 0]).unwrap();
    for ws in [&mut a, &mut b, &mut c] {
        assert_eq!(ws.text().await, "42[\"end\"]");
    }
    drop(a);
    support::within(async {
        while !server.io.to("tea").sockets().is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// More than the kernel takes, so that whoever broadcasts writes the start of a frame and the connection its rest.
#[tokio::test]
async fn a_room_hears_everything_whole_and_in_order_however_late_it_reads() {
    let server = Server::start(Config { max_queue_bytes: 64 << 20, ..config() }).await;
    let mut room = [server.visitor().await, server.visitor().await, server.visitor().await];
    for ws in &mut room {
        ws.say("421[\"join\",\"tea\"]").await;
        assert_eq!(ws.text().await, "431[true]");
    }
    let words = "x".repeat(50_000);
    for number in 0..300 {
        server.io.to("tea").emit("said", &(number, &words)).unwrap();
        tokio::task::yield_now().await;
    }
    for ws in &mut room {
        for number in 0..300 {
            let text = ws.text().await;
            assert_eq!(text.len(), format!("42[\"said\",{number},\"\"]").len() + words.len());
            assert!(text.starts_with(&format!("42[\"said\",{number},\"xx")), "{}", &text[..40]);
        }
    }
}

#[tokio::test]
async fn leaving_a_namespace_leaves_the_others() {
    let mut server = server().await;
    let mut ws = server.visitor().await;
    assert_eq!(server.told().await, "connected /");
    ws.say("40/other").await;
    ws.text().await;
    ws.text().await;
    assert_eq!(server.told().await, "connected /other");
    ws.say("41/other").await;
    assert_eq!(server.told().await, "disconnected /other client namespace disconnect");
    // One that was under way is no offence.
    ws.say("42/other,[\"late\"]").await;
    ws.say("42[\"echo\"]").await;
    assert_eq!(ws.text().await, "42[\"echo\"]");
}

#[tokio::test]
async fn a_kicked_socket_is_told_and_hears_nothing_more() {
    let mut server = server().await;
    let mut ws = server.visitor().await;
    assert_eq!(server.told().await, "connected /");
    ws.say("42[\"kick\"]").await;
    ws.say("42[\"count\",1]").await;
    assert_eq!(ws.text().await, "41");
    assert_eq!(server.told().await, "disconnected / server namespace disconnect");
    assert_eq!(ws.closed().await, Some(1000));
    server.empty().await;
    assert!(server.has_told_nothing());
    // Polling clients are told as well.
    let path = server.polling(4).await;
    server.post(&path, b"40\x1e42[\"kick\"]").await;
    let mut seen = String::new();
    while !seen.ends_with("41\x1e1") {
        let answer = server.get(&path).await;
        assert_eq!(answer.status, 200, "{seen}");
        seen += answer.text();
    }
    server.empty().await;
}

#[tokio::test]
async fn a_panic_of_the_application_closes_that_connection_alone() {
    let mut server = server().await;
    let mut bystander = server.visitor().await;
    let mut ws = server.visitor().await;
    ws.say("42[\"panic\"]").await;
    assert_eq!(ws.closed().await, Some(1000));
    bystander.say("42[\"echo\"]").await;
    assert_eq!(bystander.text().await, "42[\"echo\"]");
    server.told().await;
    server.told().await;
    assert_eq!(server.told().await, "disconnected / server namespace disconnect");
}

#[tokio::test]
async fn shutdown_lets_handlers_finish_and_answers_arrive() {
    let mut server = server().await;
    let mut busy = server.visitor().await;
    let mut idle = server.visitor().await;
    let path = server.polling(4).await;
    server.post(&path, b"40").await;
    for _ in 0..3 {
        assert_eq!(server.told().await, "connected /");
    }
    busy.say("429[\"slow\"]").await;
    assert_eq!(server.told().await, "slow begins");
    let io = server.io.clone();
    let stopping = tokio::spawn(async move { io.shutdown(Duration::from_secs(10)).await });
    assert_eq!(idle.closed().await, Some(1001));
    assert_eq!(server.told().await, "disconnected / server shutting down");
    assert_eq!(server.get("/socket.io/?EIO=4&transport=polling").await.status, 503);
    let refused =
        Ws::try_connect(server.addr, "/socket.io/?EIO=4&transport=websocket", "").await.err().unwrap();
    assert!(refused.starts_with("HTTP/1.1 503"));
    server.gate.add_permits(1);
    assert_eq!(busy.frame().await, Some((1, b"439[\"done\"]".to_vec())));
    assert_eq!(busy.frame().await.unwrap().0, CLOSE);
    assert!(fetch_all(&server, &path).await.contains("hello"));
    drop((busy, idle));
    assert_eq!(stopping.await.unwrap(), 0, "nobody is left");
    assert_eq!(server.io.sockets(), 0);
}

#[tokio::test]
async fn a_server_that_refuses_new_sessions_serves_those_it_has() {
    let server = server().await;
    let mut visitor = server.visitor().await;
    let path = server.polling(4).await;
    server.io.refuse_new();
    let refused = server.get("/socket.io/?EIO=4&transport=polling").await;
    assert_eq!((refused.status, refused.json()["code"].as_u64()), (503, Some(4)));
    assert!(refused.head.contains("retry-after: 1\r\n"), "{}", refused.head);
    let refused =
        Ws::try_connect(server.addr, "/socket.io/?EIO=4&transport=websocket", "").await.err().unwrap();
    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
    visitor.say("42[\"echo\",1]").await;
    assert_eq!(visitor.text().await, "42[\"echo\",1]");
    assert_eq!(server.post(&path, b"40").await.text(), "ok");
    let mut upgrade = Ws::connect(server.addr, &path.replace("polling", "websocket")).await;
    upgrade.say("2probe").await;
    assert_eq!(upgrade.text().await, "3probe");
}

#[tokio::test]
async fn each_has_its_own_turn_when_goodbyes_are_spread_and_is_served_until_then() {
    let mut server = server().await;
    let mut visitors = [server.visitor().await, server.visitor().await, server.visitor().await];
    for _ in 0..3 {
        assert_eq!(server.told().await, "connected /");
    }
    let io = server.io.clone();
    let hour = Duration::from_secs(3600);
    let draining = tokio::spawn(async move { io.drain(hour, hour).await });
    assert_eq!(server.told().await, "disconnected / server shutting down");
    let mut served = 0;
    for visitor in &mut visitors {
        visitor.say("42[\"echo\"]").await;
        match visitor.frame().await {
            Some((TEXT, answer)) => {
                assert_eq!(answer, b"42[\"echo\"]");
                served += 1;
            }
            closed => assert_eq!(closed, Some((CLOSE, b"\x03\xe9server shutting down".to_vec()))),
        }
    }
    assert_eq!(served, 2, "the first one goes at once, the others in twenty and forty minutes");
    draining.abort();
}

#[tokio::test]
async fn a_post_that_was_accepted_is_answered_whole_before_the_goodbye() {
    let mut server = Server::start(Config { max_waiting_events: 1, ..config() }).await;
    let path = server.polling(4).await;
    server.post(&path, b"40").await;
    assert_eq!(server.told().await, "connected /");
    let mut post = Http::connect(server.addr).await;
    let asked: Vec<String> = (0..9).map(|n| format!("42{n}[\"slow\"]")).collect();
    post.send("POST", &path, &[], asked.join("\x1e").as_bytes()).await;
    assert_eq!(server.told().await, "slow begins");
    let io = server.io.clone();
    let stopping = tokio::spawn(async move { io.shutdown(Duration::from_secs(10)).await });
    assert_eq!(server.get("/socket.io/?EIO=4&transport=polling").await.status, 503, "it is stopping");
    server.gate.add_permits(9);
    assert_eq!(post.answer().await.text(), "ok");
    let seen = fetch_all(&server, &path).await;
    for n in 0..9 {
        assert!(seen.contains(&format!("43{n}[\"done\"]")), "{n} in {seen}");
    }
    assert_eq!(stopping.await.unwrap(), 0);
}

#[tokio::test]
async fn a_post_that_comes_too_late_is_refused_behind_the_answers_to_those_before() {
    let mut server = server().await;
    let path = server.polling(4).await;
    server.post(&path, b"40").await;
    server.post(&path, b"421[\"echo\",7]").await;
    let io = server.io.clone();
    let stopping = tokio::spawn(async move { io.shutdown(Duration::from_secs(10)).await });
    assert_eq!(server.told().await, "connected /");
    assert_eq!(server.told().await, "disconnected / server shutting down");
    let mut late = Http::connect(server.addr).await;
    late.send("POST", &path, &[], b"422[\"echo\",8]").await;
    let seen = fetch_all(&server, &path).await;
    assert!(seen.contains("431[7]") && !seen.contains("432"), "{seen}");
    assert_eq!(late.answer().await.status, 400);
    assert_eq!(stopping.await.unwrap(), 0);
}

#[tokio::test]
async fn session_ids_begin_with_what_a_balancer_looks_at() {
    let named = Server::start(Config { sid_prefix: "n1-".into(), ..config() }).await;
    let path = named.polling(4).await;
    let sid = path.rsplit_once("sid=").unwrap().1;
    assert!(sid.starts_with("n1-"), "{sid}");
    assert_eq!(sid.len(), "n1-".len() + 20, "as hard to guess as without");
    assert_eq!(named.post(&path, b"40").await.text(), "ok");
    let mut ws = Ws::connect(named.addr, "/socket.io/?EIO=3&transport=websocket").await;
    assert!(ws.text().await.starts_with("0{\"sid\":\"n1-"));
}

#[tokio::test]
async fn heartbeats_go_from_the_server_in_protocol_4_and_from_the_client_in_3() {
    let times = Config {
        ping_interval: Duration::from_millis(100),
        ping_timeout: Duration::from_millis(100),
        ..config()
    };
    let mut server = Server::start(times).await;
    let mut ws = server.visitor().await;
    for _ in 0..4 {
        assert_eq!(ws.text().await, "2");
        ws.say("3").await;
    }
    assert_eq!(ws.text().await, "2");
    assert_eq!(ws.closed().await, Some(1000));
    assert_eq!(server.told().await, "connected /");
    assert_eq!(server.told().await, "disconnected / ping timeout");
    let mut ws = server.engine("EIO=3").await;
    for _ in 0..2 {
        ws.text().await;
    }
    for _ in 0..4 {
        ws.say("2").await;
        assert_eq!(ws.text().await, "3");
    }
    assert_eq!(ws.closed().await, Some(1000));
    let mut wrong = server.visitor().await;
    wrong.say("2").await;
    assert_eq!(wrong.closed().await, Some(1002));
}
