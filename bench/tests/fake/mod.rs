//! A small chat server, one thread for each connection, that can do one thing wrong.

use nodechat_bench::client::ACCEPT;
use nodechat_bench::client::packet::{Needle, text_field};
use nodechat_bench::frame;
use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What it does wrong, at the fifth message of every room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mischief {
    None,
    LosesAck,
    DoublesAck,
    Refuses,
    LosesCopy,
    DoublesCopy,
    MixesRooms,
    AltersText,
    LeavesHole,
    Closes,
    RefusesConnection,
}

const WRONG_AT: u64 = 5;

pub struct Fake {
    pub address: SocketAddr,
}

#[derive(Default)]
struct Room {
    members: Vec<TcpStream>,
    messages: u64,
}

type Rooms = Arc<Mutex<HashMap<String, Room>>>;

impl Fake {
    /// Its threads end with their connections, and with the test's process.
    pub fn start(mischief: Mischief) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("bound");
        let rooms = Rooms::default();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let rooms = Arc::clone(&rooms);
                std::thread::spawn(move || converse(stream, &rooms, mischief));
            }
        });
        Self { address }
    }
}

/// `None` when the connection is over.
fn converse(mut stream: TcpStream, rooms: &Rooms, mischief: Mischief) -> Option<()> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        more(&mut stream, &mut bytes)?;
    }
    bytes.clear();
    let head = format!("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: {ACCEPT}\r\n\r\n");
    stream.write_all(head.as_bytes()).ok()?;
    say(&stream, "0{\"sid\":\"fake\"}")?;
    loop {
        let Some(found) = frame::find(&bytes).expect("the generator's frames are well formed") else {
            more(&mut stream, &mut bytes)?;
            continue;
        };
        let mut payload = bytes[found.start..found.end].to_vec();
        frame::apply_mask(&mut payload, found.mask.expect("clients mask"));
        bytes.drain(..found.end);
        let packet = String::from_utf8(payload).expect("text");
        if packet.starts_with("40") {
            let refused = mischief == Mischief::RefusesConnection;
            say(&stream, if refused { "44{\"message\":\"no\"}" } else { "40{\"sid\":\"fake\"}" })?;
        } else {
            request(&stream, &packet, rooms, mischief)?;
        }
    }
}

fn request(stream: &TcpStream, packet: &str, rooms: &Rooms, mischief: Mischief) -> Option<()> {
    let (id, _) = packet[2..].split_once('[').expect("an event with an ack");
    let field = |name| {
        let value = text_field(packet.as_bytes(), &Needle::new(name)).expect("in every request");
        String::from_utf8_lossy(value).into_owned()
    };
    let name = field("roomid");
    let mut rooms = rooms.lock().expect("no thread panics while holding it");
    if packet.contains("[\"join\"") {
        rooms.entry(name.clone()).or_default().members.push(stream.try_clone().ok()?);
        return say(stream, &format!("43{id}[null,{{\"roomid\":\"{name}\"}}]"));
    }
    let room = rooms.get_mut(&name).expect("joined before");
    room.messages += 1;
    let wrong = if room.messages == WRONG_AT { mischief } else { Mischief::None };
    let pos = room.messages - if wrong == Mischief::LeavesHole { 0 } else { 1 };
    let text = field("msg").replace("blue", if wrong == Mischief::AltersText { "grey" } else { "blue" });
    let uuid = field("id");
    let ack = match wrong {
        Mischief::Refuses => format!("43{id}[{{\"errcode\":4003}}]"),
        _ => format!("43{id}[null,{{\"success\":true,\"id\":\"{uuid}\",\"pos\":{pos}}}]"),
    };
    let acks = match wrong {
        Mischief::LosesAck => 0,
        Mischief::DoublesAck => 2,
        Mischief::Closes => {
            stream.shutdown(std::net::Shutdown::Both).ok()?;
            return None;
        }
        _ => 1,
    };
    let copy = format!(
        "42[\"chat\",{{\"roomid\":\"{name}\",\"data\":{{\"id\":\"{uuid}\",\"pos\":{pos},\"msg\":\"{text}\"}}}}]"
    );
    for (seat, member) in room.members.iter().enumerate() {
        let copies = match wrong {
            Mischief::LosesCopy if seat == 1 => 0,
            Mischief::DoublesCopy if seat == 1 => 2,
            _ => 1,
        };
        (0..copies).try_for_each(|_| say(member, &copy))?;
    }
    if wrong == Mischief::MixesRooms {
        let (_, other) = rooms.iter().find(|(other, _)| **other != name).expect("there are more");
        say(&other.members[0], &copy)?;
    }
    (0..acks).try_for_each(|_| say(stream, &ack))
}

fn say(mut stream: &TcpStream, packet: &str) -> Option<()> {
    let mut bytes = Vec::new();
    let start = frame::append(&mut bytes, frame::TEXT, None, |out| out.extend_from_slice(packet.as_bytes()));
    stream.write_all(&bytes[start..]).ok()
}

fn more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    let mut part = [0; 4096];
    let got = stream.read(&mut part).ok().filter(|got| *got > 0)?;
    bytes.extend_from_slice(&part[..got]);
    Some(())
}
