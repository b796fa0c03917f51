//! The few HTTP calls that give tickets and counters: one kept connection.

use crate::error::{Doing as _, Error, Result};
use memchr::memmem;
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

pub struct Http {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Http {
    pub fn connect(server: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(server).doing(|| format!("connecting to {server}"))?;
        stream.set_nodelay(true).doing(|| "preparing a connection".into())?;
        Ok(Self { stream, buffer: Vec::new() })
    }

    /// Posts `body` and returns the answer, which must be a success with `errcode` 0.
    pub fn post(&mut self, path: &str, body: &Value) -> Result<Value> {
        let body = body.to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.write_all(request.as_bytes()).doing(|| format!("posting to {path}"))?;
        let (status, answer) = self.answer(path)?;
        let refused =
            || Error::Unusable(format!("{path} answered {status} {}", String::from_utf8_lossy(&answer)));
        let value: Value = serde_json::from_slice(&answer).map_err(|_| refused())?;
        if status != 200 || value["errcode"] != 0 {
            return Err(refused());
        }
        Ok(value)
    }

    /// Gets the text of a page.
    pub fn get(&mut self, path: &str) -> Result<String> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        self.stream.write_all(request.as_bytes()).doing(|| format!("getting {path}"))?;
        let (status, answer) = self.answer(path)?;
        let text = String::from_utf8_lossy(&answer).into_owned();
        if status == 200 {
            Ok(text)
        } else {
            Err(Error::Unusable(format!("{path} answered {status} {text}")))
        }
    }

    fn answer(&mut self, path: &str) -> Result<(u16, Vec<u8>)> {
        self.buffer.clear();
        let broken = |what: &str| Error::Protocol(format!("{path} answered with {what}"));
        let head_end = loop {
            if let Some(end) = memmem::find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            self.more(path)?;
        };
        let head = String::from_utf8_lossy(&self.buffer[..head_end]).to_ascii_lowercase();
        let status =
            head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or(broken("no status"))?;
        let length: usize = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok())
            .ok_or(broken("no content-length"))?;
        while self.buffer.len() < head_end + length {
            self.more(path)?;
        }
        Ok((status, self.buffer[head_end..head_end + length].to_vec()))
    }

    fn more(&mut self, path: &str) -> Result<()> {
        let mut part = [0; 4096];
        match self.stream.read(&mut part).doing(|| format!("reading the answer of {path}"))? {
            0 => Err(Error::Protocol(format!("{path} closed the connection without an answer"))),
            got => {
                self.buffer.extend_from_slice(&part[..got]);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::net::TcpListener;

    /// What `post` makes of an answer that comes in two parts.
    fn posted(first: &'static str, second: &'static str) -> Result<Value> {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("bound");
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a caller");
            let mut request = Vec::new();
            while !request.ends_with(b"{\"a\":1}") {
                let mut byte = [0];
                stream.read_exact(&mut byte).expect("the request");
                request.extend(byte);
            }
            for part in [first, second] {
                stream.write_all(part.as_bytes()).expect("the answer");
            }
        });
        let answer = Http::connect(address)?.post("/x", &json!({"a": 1}));
        server.join().expect("no panic");
        answer
    }

    #[test]
    fn an_answer_in_pieces_is_read_in_full() {
        let answer =
            posted("HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n{\"errcode\":0,", "\"ticket\":\"t\"}");
        assert_eq!(answer.expect("fine")["ticket"], "t");
    }

    #[test]
    fn a_refusal_is_an_error_in_its_own_words() {
        let answer = posted("HTTP/1.1 429 No\r\nContent-Length: 16\r\n\r\n{\"errcode\":", "4029}");
        assert!(answer.expect_err("refused").to_string().contains("4029"));
    }

    #[test]
    fn an_answer_that_is_cut_off_is_an_error() {
        assert!(posted("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{}", "").is_err());
    }
}
