//! The load generator's connections: thousands of Socket.IO clients on one thread and one epoll.
//!
//! Cheap by construction: one read buffer for all, frames parsed in place, nothing allocated per message.

mod handshake;
mod outbox;
pub mod packet;

use crate::error::{Doing as _, Error, Result};
use crate::frame;
pub use handshake::ACCEPT;
use handshake::Stage;
pub use outbox::Outbox;
use packet::Packet;
use rustix::event::epoll;
use rustix::time::Timespec;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

const READ_BYTES: usize = 256 * 1024;
/// Connections in the middle of their handshake at one time, below every server's accept queue.
const OPENING_AT_ONCE: usize = 64;
/// Requests on their way at one time in [`Swarm::ask_all`].
const ASKING_AT_ONCE: usize = 64;
/// Longer than any healthy target is silent.
const PATIENCE: Duration = Duration::from_secs(20);

/// Connected clients, named by their index.
pub struct Swarm {
    epoll: OwnedFd,
    clients: Vec<Client>,
    ready: usize,
    events: Vec<epoll::Event>,
    scratch: Vec<u8>,
    outbox: Outbox,
}

struct Client {
    stream: TcpStream,
    stage: Stage,
    /// The beginning of a frame whose end has not come yet.
    held: Vec<u8>,
    /// What the kernel did not take; while there is any, the socket is watched for writing.
    unsent: Vec<u8>,
}

/// Where a client goes in, and the JSON object that it shows there, or nothing.
#[derive(Debug, Clone)]
pub struct Entry {
    pub server: SocketAddr,
    pub auth: String,
}

/// What a scenario does with the packets that come: the client that got it, the packet, where answers go.
pub type Handler<'h> = dyn FnMut(usize, Packet<'_>, &mut Outbox) -> Result<()> + 'h;

impl Swarm {
    pub fn new() -> Result<Self> {
        Ok(Self {
            epoll: epoll::create(epoll::CreateFlags::CLOEXEC).doing(|| "making an epoll".into())?,
            clients: Vec::new(),
            ready: 0,
            events: Vec::with_capacity(1024),
            scratch: vec![0; READ_BYTES],
            outbox: Outbox::new(),
        })
    }

    pub fn len(&self) -> usize {
        self.clients.len()
    }

    pub fn is_empty(&self) -> bool {
        self.clients.is_empty()
    }

    /// Lets one client in for each entry and returns when all are connected.
    pub fn connect(&mut self, entries: Vec<Entry>) -> Result<()> {
        let wanted = self.clients.len() + entries.len();
        let mut waiting = entries.into_iter();
        while self.ready < wanted {
            while self.clients.len() - self.ready < OPENING_AT_ONCE {
                let Some(entry) = waiting.next() else { break };
                self.open(entry)?;
            }
            let before = self.ready;
            let what = || format!("{} connections to be let in", wanted - before);
            self.wait(&mut |_, _, _| Ok(()), what, |swarm| swarm.ready > before)?;
        }
        Ok(())
    }

    /// Sends one request for each `(client, event, payload)` and returns the acks' bodies in the same order.
    /// A client is named at most once.
    pub fn ask_all(&mut self, requests: &[(usize, &str, String)]) -> Result<Vec<Vec<u8>>> {
        let mut answers: Vec<Vec<u8>> = Vec::with_capacity(requests.len());
        for part in requests.chunks(ASKING_AT_ONCE) {
            let mut pending: Vec<Option<Vec<u8>>> = vec![None; part.len()];
            for (client, event, payload) in part {
                self.say(|outbox| outbox.ask(*client, 0, event, payload))?;
            }
            let mut missing = part.len();
            let what = format!("the answers to {} {} requests", part.len(), part[0].1);
            let turn_end = Instant::now() + PATIENCE;
            while missing > 0 {
                self.turn(Duration::from_millis(100), &mut |client, packet, _| {
                    let Packet::Ack { id: 0, body } = packet else { return Ok(()) };
                    let index = part.iter().position(|(asking, _, _)| *asking == client);
                    match index.map(|index| &mut pending[index]) {
                        Some(answer @ None) => *answer = Some(body.to_vec()),
                        _ => {
                            return Err(Error::Protocol(format!(
                                "connection {client} got an ack twice or unasked"
                            )));
                        }
                    }
                    missing -= 1;
                    Ok(())
                })?;
                past(turn_end, missing > 0, || what.clone())?;
            }
            for ((client, event, _), answer) in part.iter().zip(pending) {
                let answer = answer.expect("counted above");
                if !answer.starts_with(b"[null,") {
                    let answer = packet::excerpt(&answer);
                    return Err(Error::Protocol(format!(
                        "{event} of connection {client} was refused: {answer}"
                    )));
                }
                answers.push(answer);
            }
        }
        Ok(answers)
    }

    /// Sends what `write` puts into the outbox.
    pub fn say(&mut self, write: impl FnOnce(&mut Outbox)) -> Result<()> {
        write(&mut self.outbox);
        self.flush()
    }

    /// Handles packets until `done`; the deadline starts anew with every turn that brought something.
    pub fn wait(
        &mut self,
        handler: &mut Handler<'_>,
        what: impl Fn() -> String,
        done: impl Fn(&Self) -> bool,
    ) -> Result<()> {
        let mut deadline = Instant::now() + PATIENCE;
        while !done(self) {
            if self.turn(Duration::from_millis(100), handler)? > 0 {
                deadline = Instant::now() + PATIENCE;
            }
            past(deadline, !done(self), &what)?;
        }
        Ok(())
    }

    /// Reads whatever came, at most `patience` later; returns the number of sockets that had something.
    pub fn turn(&mut self, patience: Duration, handler: &mut Handler<'_>) -> Result<usize> {
        let patience =
            Timespec { tv_sec: patience.as_secs() as i64, tv_nsec: i64::from(patience.subsec_nanos()) };
        let mut events = std::mem::take(&mut self.events);
        events.clear();
        match epoll::wait(&self.epoll, rustix::buffer::spare_capacity(&mut events), Some(&patience)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error).doing(|| "waiting for packets".into()),
        }
        for event in &events {
            let (client, flags) = (event.data.u64() as usize, event.flags);
            if flags.contains(epoll::EventFlags::OUT) {
                self.send_rest(client)?;
            }
            if flags.intersects(epoll::EventFlags::IN | epoll::EventFlags::HUP | epoll::EventFlags::ERR) {
                self.read(client, handler)?;
            }
        }
        let busy = events.len();
        self.events = events;
        Ok(busy)
    }

    fn open(&mut self, Entry { server, auth }: Entry) -> Result<()> {
        let client = self.clients.len();
        let stream = handshake::connect(server, client)?;
        let data = epoll::EventData::new_u64(client as u64);
        epoll::add(&self.epoll, &stream, data, epoll::EventFlags::IN).doing(|| "watching a socket".into())?;
        (&stream).write_all(handshake::REQUEST).doing(|| "asking for a WebSocket".into())?;
        self.clients.push(Client {
            stream,
            stage: Stage::Upgrading(auth),
            held: Vec::new(),
            unsent: Vec::new(),
        });
        Ok(())
    }

    fn read(&mut self, client: usize, handler: &mut Handler<'_>) -> Result<()> {
        let it = &mut self.clients[client];
        let held = it.held.len();
        if held > self.scratch.len() / 2 {
            self.scratch.resize(held * 2, 0);
        }
        self.scratch[..held].copy_from_slice(&it.held);
        let got = match it.stream.read(&mut self.scratch[held..]) {
            Ok(0) => return Err(Error::Ended { client, reason: "the server closed it".into() }),
            Ok(got) => got,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
                return Ok(());
            }
            Err(error) => return Err(Error::Ended { client, reason: error.to_string() }),
        };
        it.held.clear();
        let mut from = 0;
        let end = held + got;
        if let Stage::Upgrading(_) = it.stage {
            match handshake::upgraded(client, &self.scratch[..end])? {
                Some(after) => {
                    from = after;
                    it.stage.advance();
                }
                None => {
                    it.held.extend_from_slice(&self.scratch[..end]);
                    return Ok(());
                }
            }
        }
        while let Some(frame) = frame::find(&self.scratch[from..end])? {
            let payload = from + frame.start..from + frame.end;
            from += frame.end;
            self.frame(client, frame.opcode, payload, handler)?;
        }
        self.clients[client].held.extend_from_slice(&self.scratch[from..end]);
        self.flush()
    }

    fn frame(
        &mut self,
        client: usize,
        opcode: u8,
        payload: std::ops::Range<usize>,
        handler: &mut Handler<'_>,
    ) -> Result<()> {
        let payload = &self.scratch[payload];
        match opcode {
            frame::TEXT => {}
            frame::PING => {
                self.outbox.frame(client, frame::PONG, |out| out.extend_from_slice(payload));
                return Ok(());
            }
            frame::PONG => return Ok(()),
            frame::CLOSE => {
                let reason = packet::excerpt(payload.get(2..).unwrap_or_default());
                return Err(Error::Ended {
                    client,
                    reason: format!("the server sent a close frame: {reason}"),
                });
            }
            other => return Err(Error::Protocol(format!("a frame with opcode {other}"))),
        }
        match packet::read(payload)? {
            Packet::Ping => self.outbox.frame(client, frame::TEXT, |out| out.push(b'3')),
            Packet::Noop => {}
            Packet::Open => {
                let auth = self.clients[client].stage.advance();
                self.outbox.frame(client, frame::TEXT, |out| {
                    out.extend_from_slice(b"40");
                    out.extend_from_slice(auth.as_bytes());
                });
            }
            Packet::Connected => {
                self.clients[client].stage.advance();
                self.ready += 1;
            }
            Packet::Refused(reason) => {
                return Err(Error::Refused { client, reason: packet::excerpt(reason) });
            }
            Packet::Ended => {
                return Err(Error::Ended { client, reason: "the server disconnected it".into() });
            }
            packet => handler(client, packet, &mut self.outbox)?,
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        let mut outbox = std::mem::take(&mut self.outbox);
        for (client, bytes) in outbox.parts() {
            self.send(client, bytes)?;
        }
        outbox.clear();
        self.outbox = outbox;
        Ok(())
    }

    fn send(&mut self, client: usize, mut bytes: &[u8]) -> Result<()> {
        let it = &mut self.clients[client];
        if it.unsent.is_empty() {
            match it.stream.write(bytes) {
                Ok(sent) => bytes = &bytes[sent..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(Error::Ended { client, reason: error.to_string() }),
            }
            if bytes.is_empty() {
                return Ok(());
            }
            self.watch(client, epoll::EventFlags::IN | epoll::EventFlags::OUT)?;
        }
        self.clients[client].unsent.extend_from_slice(bytes);
        Ok(())
    }

    fn send_rest(&mut self, client: usize) -> Result<()> {
        let it = &mut self.clients[client];
        match it.stream.write(&it.unsent) {
            Ok(sent) => drop(it.unsent.drain(..sent)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(Error::Ended { client, reason: error.to_string() }),
        }
        if it.unsent.is_empty() { self.watch(client, epoll::EventFlags::IN) } else { Ok(()) }
    }

    fn watch(&self, client: usize, flags: epoll::EventFlags) -> Result<()> {
        let data = epoll::EventData::new_u64(client as u64);
        epoll::modify(&self.epoll, &self.clients[client].stream, data, flags)
            .doing(|| "watching a socket".into())
    }
}

fn past(deadline: Instant, still_waiting: bool, what: impl FnOnce() -> String) -> Result<()> {
    if still_waiting && Instant::now() > deadline {
        return Err(Error::Deadline { what: what(), seconds: PATIENCE.as_secs() });
    }
    Ok(())
}
