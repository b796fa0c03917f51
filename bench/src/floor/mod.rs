//! The floor: the least that a chat server on this kernel has to do, written as tightly as it can be.
//!
//! One thread, one epoll, WebSocket frames. No JSON, no store, no accounts, no heartbeat, no limits. A `chat` is answered
//! with its own payload as the ack and copied to every member of the room; the sender's ack and copy leave in one
//! write. It says just enough Engine.IO and Socket.IO for the generator to come in.

mod room;

use crate::client::packet::excerpt;
use crate::error::{Doing as _, Error, Result};
use crate::frame;
use memchr::memmem;
use room::Rooms;
use rustix::event::epoll;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;

const READ_BYTES: usize = 64 * 1024;
const LISTENER: u64 = u64::MAX;
const OPEN: &[u8] =
    br#"0{"sid":"floor","upgrades":[],"pingInterval":3600000,"pingTimeout":3600000,"maxPayload":1000000}"#;

struct Floor {
    epoll: OwnedFd,
    /// Slots are reused, so that an index is always small.
    connections: Vec<Option<Connection>>,
    free: Vec<usize>,
    rooms: Rooms,
    scratch: Vec<u8>,
    /// The ack, then the copy for the room: built once for all receivers.
    outgoing: Vec<u8>,
}

struct Connection {
    stream: TcpStream,
    upgraded: bool,
    room: Option<usize>,
    held: Vec<u8>,
    unsent: Vec<u8>,
}

/// Listens on a port of the system's choice and says so in the form that every target uses.
pub fn run() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").doing(|| "listening".into())?;
    let address = listener.local_addr().doing(|| "listening".into())?;
    writeln!(std::io::stdout(), "listening on http://{address}/").doing(|| "saying where".into())?;
    serve(listener)
}

/// Serves until the process ends.
pub fn serve(listener: TcpListener) -> Result<()> {
    listener.set_nonblocking(true).doing(|| "preparing the listener".into())?;
    let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).doing(|| "making an epoll".into())?;
    epoll::add(&epoll, &listener, epoll::EventData::new_u64(LISTENER), epoll::EventFlags::IN)
        .doing(|| "watching the listener".into())?;
    let mut floor = Floor {
        epoll,
        connections: Vec::new(),
        free: Vec::new(),
        rooms: Rooms::default(),
        scratch: vec![0; READ_BYTES],
        outgoing: Vec::new(),
    };
    let mut events = Vec::with_capacity(1024);
    loop {
        match epoll::wait(&floor.epoll, rustix::buffer::spare_capacity(&mut events), None) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error).doing(|| "waiting for packets".into()),
        }
        for event in events.drain(..) {
            let (data, flags): (epoll::EventData, epoll::EventFlags) = (event.data, event.flags);
            if data.u64() == LISTENER {
                floor.accept(&listener)?;
                continue;
            }
            let index = data.u64() as usize;
            if flags.contains(epoll::EventFlags::OUT) {
                floor.send_rest(index);
            }
            if flags.intersects(epoll::EventFlags::IN | epoll::EventFlags::HUP | epoll::EventFlags::ERR) {
                floor.read(index)?;
            }
        }
    }
}

impl Floor {
    fn accept(&mut self, listener: &TcpListener) -> Result<()> {
        loop {
            let stream = match listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error).doing(|| "accepting a connection".into()),
            };
            stream.set_nonblocking(true).doing(|| "preparing a connection".into())?;
            stream.set_nodelay(true).doing(|| "preparing a connection".into())?;
            let index = self.free.pop().unwrap_or_else(|| {
                self.connections.push(None);
                self.connections.len() - 1
            });
            epoll::add(&self.epoll, &stream, epoll::EventData::new_u64(index as u64), epoll::EventFlags::IN)
                .doing(|| "watching a connection".into())?;
            self.connections[index] = Some(Connection {
                stream,
                upgraded: false,
                room: None,
                held: Vec::new(),
                unsent: Vec::new(),
            });
        }
    }

    fn read(&mut self, index: usize) -> Result<()> {
        // Gone within this turn already.
        let Some(it) = &mut self.connections[index] else { return Ok(()) };
        let held = it.held.len();
        self.scratch[..held].copy_from_slice(&it.held);
        let end = match it.stream.read(&mut self.scratch[held..]) {
            Ok(got) if got > 0 => held + got,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
                return Ok(());
            }
            Ok(_) | Err(_) => {
                self.forget(index);
                return Ok(());
            }
        };
        it.held.clear();
        if !it.upgraded {
            return self.upgrade(index, end);
        }
        let mut from = 0;
        while let Some(found) = frame::find(&self.scratch[from..end])? {
            let payload = from + found.start..from + found.end;
            from += found.end;
            if let Some(mask) = found.mask {
                frame::apply_mask(&mut self.scratch[payload.clone()], mask);
            }
            if found.opcode == frame::CLOSE {
                self.forget(index);
                return Ok(());
            }
            self.packet(index, payload)?;
        }
        if let Some(it) = &mut self.connections[index] {
            it.held.extend_from_slice(&self.scratch[from..end]);
        }
        Ok(())
    }

    fn upgrade(&mut self, index: usize, end: usize) -> Result<()> {
        let Some(it) = &mut self.connections[index] else { return Ok(()) };
        if memmem::find(&self.scratch[..end], b"\r\n\r\n").is_none() {
            it.held.extend_from_slice(&self.scratch[..end]);
            return Ok(());
        }
        it.upgraded = true;
        self.outgoing.clear();
        let accept = crate::client::ACCEPT;
        let _ = write!(
            self.outgoing, // writing into a Vec cannot fail
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Accept: {accept}\r\n\r\n"
        );
        // The header's place is known beforehand: the open packet is shorter than 126 bytes.
        self.outgoing.extend_from_slice(&[0x80 | frame::TEXT, OPEN.len() as u8]);
        self.outgoing.extend_from_slice(OPEN);
        self.send(index, 0..self.outgoing.len());
        Ok(())
    }

    fn packet(&mut self, index: usize, payload: std::ops::Range<usize>) -> Result<()> {
        let packet = &self.scratch[payload];
        self.outgoing.clear();
        if packet.starts_with(b"40") {
            let start = append(&mut self.outgoing, &[br#"40{"sid":"floor"}"#]);
            self.send(index, start..self.outgoing.len());
            return Ok(());
        }
        let unreadable = || Error::Protocol(format!("the floor cannot read {}", excerpt(packet)));
        let array = memchr::memchr(b'[', packet).filter(|at| *at > 2).ok_or_else(unreadable)?;
        let (id, array) = (&packet[2..array], &packet[array..]);
        let ack = append(&mut self.outgoing, &[b"43", id, b"[null,", &array[1..]]);
        if array.starts_with(b"[\"join\"") {
            let room = self.rooms.find_or_make(array).ok_or_else(unreadable)?;
            self.rooms.enter(room, index);
            if let Some(it) = &mut self.connections[index] {
                it.room = Some(room);
            }
            self.send(index, ack..self.outgoing.len());
            return Ok(());
        }
        let copy = append_behind(&mut self.outgoing, &[b"42", array]);
        let room = self.connections[index].as_ref().and_then(|it| it.room).ok_or_else(unreadable)?;
        self.send(index, ack..self.outgoing.len());
        for member in 0..self.rooms.members(room).len() {
            let member = self.rooms.members(room)[member];
            if member != index {
                self.send(member, copy..self.outgoing.len());
            }
        }
        Ok(())
    }

    fn send(&mut self, index: usize, part: std::ops::Range<usize>) {
        let Some(it) = &mut self.connections[index] else { return };
        let mut bytes = &self.outgoing[part];
        if it.unsent.is_empty() {
            match it.stream.write(bytes) {
                Ok(sent) => bytes = &bytes[sent..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                // Broken: its end is read in its own turn, not while its room is being gone through.
                Err(_) => return,
            }
            if bytes.is_empty() {
                return;
            }
        }
        it.unsent.extend_from_slice(bytes);
        self.watch(index, epoll::EventFlags::IN | epoll::EventFlags::OUT);
    }

    fn send_rest(&mut self, index: usize) {
        let Some(it) = &mut self.connections[index] else { return };
        match it.stream.write(&it.unsent) {
            Ok(sent) => drop(it.unsent.drain(..sent)),
            // Full still, or broken: then its end is read in its own turn.
            Err(_) => return,
        }
        if it.unsent.is_empty() {
            self.watch(index, epoll::EventFlags::IN);
        }
    }

    fn watch(&mut self, index: usize, flags: epoll::EventFlags) {
        let Some(it) = &self.connections[index] else { return };
        epoll::modify(&self.epoll, &it.stream, epoll::EventData::new_u64(index as u64), flags)
            .expect("an open socket that was added can be modified");
    }

    /// Closing the socket takes it out of the epoll.
    fn forget(&mut self, index: usize) {
        if let Some(Connection { room, .. }) = self.connections[index].take() {
            if let Some(room) = room {
                self.rooms.leave(room, index);
            }
            self.free.push(index);
        }
    }
}

fn append(out: &mut Vec<u8>, parts: &[&[u8]]) -> usize {
    frame::append(out, frame::TEXT, None, |out| parts.iter().for_each(|part| out.extend_from_slice(part)))
}

/// Appends a frame directly behind the one before, closing the gap that the unknown header length leaves.
fn append_behind(out: &mut Vec<u8>, parts: &[&[u8]]) -> usize {
    let end = out.len();
    let start = append(out, parts);
    out.copy_within(start.., end);
    out.truncate(out.len() - (start - end));
    end
}
