//! A receiver of the test's own: writes down what it gets, and answers as it is told, well or badly.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

#[derive(Debug, Clone)]
pub enum Answer {
    Status(u16),
    Redirect(String),
    Never,
    EndlessBody,
    EndlessHeaders,
}

#[derive(Debug, Clone)]
pub struct Got {
    pub line: String,
    headers: Vec<(String, String)>,
    pub body: String,
}

pub struct StandIn {
    port: u16,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

struct Shared {
    answer: Mutex<Answer>,
    got: Mutex<(Vec<Got>, usize)>,
    came: Notify,
}

impl StandIn {
    pub async fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared =
            Arc::new(Shared { answer: Mutex::new(answer), got: Mutex::default(), came: Notify::new() });
        let serving = tokio::spawn(serve(listener, shared.clone()));
        Self { port, shared, serving }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Nobody listens there any more.
    pub fn into_port(self) -> u16 {
        self.port
    }

    pub fn answers(&self, answer: Answer) {
        *self.shared.answer.lock().unwrap() = answer;
    }

    pub fn answer(&self) -> Answer {
        self.shared.answer.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.shared.got.lock().unwrap().0.len()
    }

    pub fn all(&self) -> Vec<Got> {
        self.shared.got.lock().unwrap().0.clone()
    }

    /// The next one that nobody has asked for yet.
    pub async fn next(&self) -> Got {
        let next = async {
            loop {
                let came = self.shared.came.notified();
                let next = {
                    let mut got = self.shared.got.lock().unwrap();
                    let next = got.0.get(got.1).cloned();
                    got.1 += usize::from(next.is_some());
                    next
                };
                match next {
                    Some(next) => return next,
                    None => came.await,
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(60), next).await.expect("the receiver gets something")
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        let header = self.headers.iter().find(|(key, _)| key == name);
        &header.unwrap_or_else(|| panic!("there is no header {name}")).1
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(converse(stream, shared.clone()));
    }
}

async fn converse(mut stream: TcpStream, shared: Arc<Shared>) {
    let mut pending = Vec::new();
    while let Some(got) = request(&mut stream, &mut pending).await {
        shared.got.lock().unwrap().0.push(got);
        shared.came.notify_one();
        let answer = shared.answer.lock().unwrap().clone();
        // A client that has gone wants no answer.
        if respond(&mut stream, answer).await.is_err() {
            return;
        }
    }
}

async fn request(stream: &mut TcpStream, pending: &mut Vec<u8>) -> Option<Got> {
    let mut chunk = [0; 4096];
    loop {
        if let Some(end) = pending.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8(pending[..end].to_vec()).ok()?;
            let mut lines = head.split("\r\n").map(str::to_owned);
            let line = lines.next()?;
            let pair = |line: String| {
                let (key, value) = line.split_once(':')?;
                Some((key.trim().to_lowercase(), value.trim().to_owned()))
            };
            let headers: Vec<_> = lines.filter_map(pair).collect();
            let length = headers.iter().find(|(key, _)| key == "content-length")?.1.parse::<usize>().ok()?;
            if pending.len() >= end + 4 + length {
                let body = String::from_utf8(pending[end + 4..end + 4 + length].to_vec()).ok()?;
                pending.drain(..end + 4 + length);
                return Some(Got { line, headers, body });
            }
        }
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => pending.extend_from_slice(&chunk[..count]),
        }
    }
}

async fn respond(stream: &mut TcpStream, answer: Answer) -> std::io::Result<()> {
    match answer {
        Answer::Status(status) => {
            stream.write_all(format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n").as_bytes()).await
        }
        Answer::Redirect(to) => {
            let head = format!("HTTP/1.1 307 X\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(head.as_bytes()).await
        }
        Answer::Never => std::future::pending().await,
        Answer::EndlessBody => {
            stream.write_all(b"HTTP/1.1 200 X\r\ncontent-length: 1000000000000\r\n\r\n").await?;
            loop {
                stream.write_all(&[b'x'; 4096]).await?;
            }
        }
        Answer::EndlessHeaders => {
            stream.write_all(b"HTTP/1.1 200 X\r\n").await?;
            loop {
                stream.write_all(b"x-more: of the same, and again and again\r\n").await?;
            }
        }
    }
}
