//! A server on port 0 and raw clients for it: bytes in, bytes out, so that anything hostile can be said.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that fails here has failed")]

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use nodechat_sio::{
    Binary, Config, Connect, ConnectError, Event, Handler, Io, Reason, ServeOptions, Socket, serve, ws,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};

/// Nothing here takes longer on any machine; waiting this long is a failure.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// Waits for something that must happen.
pub async fn within<F: Future>(what: F) -> F::Output {
    tokio::time::timeout(DEADLINE, what).await.expect("it should have happened by now")
}

/// The application under test: tells what happened to it, does what it is told by events.
pub struct App {
    log: mpsc::UnboundedSender<String>,
    /// `slow` events wait here.
    pub gate: Arc<Semaphore>,
}

impl Handler for App {
    type Data = Option<String>;

    async fn connect(&self, request: &Connect<'_>) -> Result<Self::Data, ConnectError> {
        if request.namespace() == "/refused" || request.query("ticket").as_deref() == Some("bad") {
            return Err(ConnectError::with_data("not allowed", json!({"errcode": 4003})));
        }
        let auth = request.auth::<Value>().and_then(|auth| Some(auth["ticket"].as_str()?.to_owned()));
        Ok(auth.or_else(|| request.query("ticket").map(|ticket| ticket.into_owned())))
    }

    async fn connected(&self, socket: &Socket<Self>) {
        self.tell(format!("connected {}", socket.namespace()));
        socket.emit("hello", socket.data()).unwrap();
    }

    async fn event(&self, socket: &Socket<Self>, mut event: Event) {
        let ack = event.take_ack();
        match event.name() {
            "echo" => match ack {
                Some(ack) => ack.send(event.raw()).unwrap(),
                None => socket.emit("echo", event.raw()).unwrap(),
            },
            "count" => self.tell(format!("count {}", event.arg::<u64>(0).unwrap())),
            "slow" => {
                self.tell("slow begins".into());
                self.gate.acquire().await.unwrap().forget();
                self.tell("slow ends".into());
                if let Some(ack) = ack {
                    ack.send(&["done"]).unwrap();
                }
            }
            "typed" => {
                let readable = event.args::<(String,)>().is_ok();
                ack.unwrap().send(&[readable]).unwrap();
            }
            "reverse" => {
                let (Binary(bytes),) = event.args().unwrap();
                let reversed: Vec<u8> = bytes.iter().rev().copied().collect();
                ack.unwrap().send(&(json!(1), Binary::from(reversed))).unwrap();
            }
            "join" => {
                socket.join(&event.arg::<String>(0).unwrap());
                ack.unwrap().send(&[true]).unwrap();
            }
            "leave" => {
                socket.leave(&event.arg::<String>(0).unwrap());
                ack.unwrap().send(&[true]).unwrap();
            }
            "say" => {
                let (room, words): (String, String) = event.args().unwrap();
                socket.to(&room).emit("said", &[words]).unwrap();
                ack.unwrap().send(&[true]).unwrap();
            }
            "ask" => {
                let answer = socket.emit_with_ack("question", &[1], Duration::from_millis(300)).await;
                let words = answer.map_or_else(|error| error.to_string(), |args| args.json().to_owned());
                ack.unwrap().send(&[words]).unwrap();
            }
            "flood" => {
                let big = "x".repeat(60_000);
                for _ in 0..event.arg::<u32>(0).unwrap() {
                    socket.emit("big", &[&big]).unwrap();
                }
            }
            "kick" => socket.disconnect(),
            "panic" => panic!("as the test wished"),
            other => self.tell(format!("event {other} {}", event.raw().len())),
        }
    }

    fn disconnected(&self, socket: &Socket<Self>, reason: Reason) {
        self.tell(format!("disconnected {} {reason}", socket.namespace()));
    }
}

impl App {
    fn tell(&self, what: String) {
        // A test that is over listens no more.
        let _ = self.log.send(what);
    }
}

/// A running server.
pub struct Server {
    pub addr: SocketAddr,
    pub io: Io<App>,
    pub gate: Arc<Semaphore>,
    log: mpsc::UnboundedReceiver<String>,
}

/// Short times, so that tests of limits end soon.
pub fn config() -> Config {
    Config { connect_timeout: Duration::from_secs(10), max_payload: 100_000, ..Config::default() }
}

impl Server {
    pub async fn start(config: Config) -> Self {
        Self::start_with(config, ServeOptions::default()).await
    }

    pub async fn start_with(config: Config, options: ServeOptions) -> Self {
        let (sender, log) = mpsc::unbounded_channel();
        let gate = Arc::new(Semaphore::new(0));
        let io = Io::new(config, App { log: sender, gate: Arc::clone(&gate) });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let app = io.clone();
        let service = tower::service_fn(move |mut request: http::Request<hyper::body::Incoming>| {
            let io = app.clone();
            async move {
                if request.uri().path() != "/ws" {
                    return Ok::<_, Infallible>(io.call(request).await);
                }
                Ok(match ws::upgrade(&mut request) {
                    Err(refusal) => refusal,
                    Ok((response, accepted)) => {
                        tokio::spawn(async move {
                            let mut websocket = accepted.into_websocket(100_000).await.unwrap();
                            while let Ok(Some(message)) = websocket.recv().await {
                                if websocket.send(&message).await.is_err() {
                                    return;
                                }
                            }
                        });
                        response
                    }
                })
            }
        });
        tokio::spawn(serve(listener, service, options, std::future::pending()));
        Self { addr, io, gate, log }
    }

    /// The next thing that happened to the application.
    pub async fn told(&mut self) -> String {
        within(self.log.recv()).await.unwrap()
    }

    pub fn has_told_nothing(&mut self) -> bool {
        self.log.try_recv().is_err()
    }

    /// Waits until all connections have gone.
    pub async fn empty(&self) {
        within(async {
            while self.io.connections() > 0 {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    /// A WebSocket after the engine's handshake.
    pub async fn engine(&self, query: &str) -> Ws {
        let mut ws = Ws::connect(self.addr, &format!("/socket.io/?transport=websocket&{query}")).await;
        let open = ws.text().await;
        assert!(open.starts_with("0{"), "{open}");
        ws
    }

    /// A client of protocol 4 in the default namespace.
    pub async fn visitor(&self) -> Ws {
        let mut ws = self.engine("EIO=4").await;
        ws.say("40").await;
        assert!(ws.text().await.starts_with("40{\"sid\":"));
        assert_eq!(ws.text().await, "42[\"hello\",null]");
        ws
    }

    pub async fn get(&self, path: &str) -> Answer {
        Http::connect(self.addr).await.request("GET", path, &[], b"").await
    }

    pub async fn post(&self, path: &str, body: &[u8]) -> Answer {
        Http::connect(self.addr).await.request("POST", path, &[], body).await
    }

    /// A polling session: the path for its requests.
    pub async fn polling(&self, eio: u8) -> String {
        let path = format!("/socket.io/?transport=polling&EIO={eio}");
        let open = self.get(&path).await;
        assert_eq!(open.status, 200);
        let json: Value = serde_json::from_str(&open.text()[open.text().find('{').unwrap()..]).unwrap();
        format!("{path}&sid={}", json["sid"].as_str().unwrap())
    }
}

/// A raw WebSocket client.
pub struct Ws {
    pub stream: TcpStream,
}

pub const TEXT: u8 = 1;
pub const BINARY: u8 = 2;
pub const CLOSE: u8 = 8;
pub const PING: u8 = 9;
pub const PONG: u8 = 10;

impl Ws {
    pub async fn connect(addr: SocketAddr, path: &str) -> Self {
        Self::try_connect(addr, path, "").await.unwrap_or_else(|head| panic!("refused: {head}"))
    }

    pub async fn try_connect(addr: SocketAddr, path: &str, headers: &str) -> Result<Self, String> {
        let mut stream = TcpStream::connect(addr).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: test\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let head = read_head(&mut stream).await;
        if !head.starts_with("HTTP/1.1 101") {
            return Err(head);
        }
        assert!(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "the accept key of RFC 6455 section 1.3");
        Ok(Self { stream })
    }

    /// A frame as it should be.
    pub async fn send(&mut self, opcode: u8, payload: &[u8]) {
        self.raw(&frame(0x80 | opcode, payload)).await;
    }

    pub async fn say(&mut self, text: &str) {
        self.send(TEXT, text.as_bytes()).await;
    }

    /// Anything. A server that has already hung up is for the next read to find out.
    pub async fn raw(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    /// The next frame; `None` at the end of the connection.
    pub async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        within(async {
            let first = self.stream.read_u8().await.ok()?;
            assert_eq!(first & 0xf0, 0x80, "the server sends whole frames without extensions");
            let len = match self.stream.read_u8().await.ok()? {
                126 => usize::from(self.stream.read_u16().await.ok()?),
                127 => usize::try_from(self.stream.read_u64().await.ok()?).unwrap(),
                short => usize::from(short),
            };
            let mut payload = vec![0; len];
            self.stream.read_exact(&mut payload).await.ok()?;
            Some((first & 0x0f, payload))
        })
        .await
    }

    /// The next text message.
    pub async fn text(&mut self) -> String {
        let (opcode, payload) = self.frame().await.expect("a message");
        assert_eq!(opcode, TEXT, "{payload:?}");
        String::from_utf8(payload).unwrap()
    }

    pub async fn binary(&mut self) -> Vec<u8> {
        let (opcode, payload) = self.frame().await.expect("a message");
        assert_eq!(opcode, BINARY);
        payload
    }

    /// Reads until the close frame; its code.
    pub async fn closed(&mut self) -> Option<u16> {
        loop {
            match self.frame().await? {
                (CLOSE, payload) => {
                    return payload.get(..2).map(|code| u16::from_be_bytes([code[0], code[1]]));
                }
                _ => continue,
            }
        }
    }
}

/// A masked frame with this first byte.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![first];
    match payload.len() {
        len @ 0..=125 => out.push(0x80 | len as u8),
        len @ 126..=0xffff => {
            out.push(0x80 | 126);
            out.extend((len as u16).to_be_bytes());
        }
        len => {
            out.push(0x80 | 127);
            out.extend((len as u64).to_be_bytes());
        }
    }
    let mask = [0x12, 0x34, 0x56, 0x78];
    out.extend(mask);
    out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
    out
}

/// A raw HTTP client, one connection.
pub struct Http {
    pub stream: TcpStream,
}

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl Http {
    pub async fn connect(addr: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(addr).await.unwrap() }
    }

    pub async fn send(&mut self, method: &str, path: &str, headers: &[&str], body: &[u8]) {
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nHost: test\r\nContent-Length: {}\r\n", body.len());
        headers.iter().for_each(|line| head.push_str(&format!("{line}\r\n")));
        head.push_str("\r\n");
        self.stream.write_all(head.as_bytes()).await.unwrap();
        // A server may answer, and hang up, before it has read everything.
        let _ = self.stream.write_all(body).await;
    }

    pub async fn answer(&mut self) -> Answer {
        let head = read_head(&mut self.stream).await;
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status line");
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().unwrap())
        });
        let mut body = vec![0; length.unwrap_or(0)];
        within(self.stream.read_exact(&mut body)).await.unwrap();
        Answer { status, head: head.to_lowercase(), body }
    }

    pub async fn request(&mut self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Answer {
        self.send(method, path, headers, body).await;
        self.answer().await
    }
}

async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    within(async {
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_) => break,
            }
        }
    })
    .await;
    String::from_utf8(head).unwrap()
}
