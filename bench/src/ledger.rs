//! The books of a load run: what each sender sent, and what each member of its room really received.
//!
//! A figure counts only what passed here. An ack or a message that is missing, doubled, out of order, altered or
//! at the wrong position is a [`Fault`] and ends the run.

use crate::client::packet::{Needle, excerpt, number_field, text_field};
use std::io::Write as _;
use std::time::Instant;

/// Length of the text of every message, a short sentence.
const TEXT_BYTES: usize = 64;

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Fault {
    #[error("connection {client} got the ack of request {id} twice, or for nothing")]
    StrayAck { client: usize, id: u64 },
    #[error("connection {client} got a refusing or foreign ack for request {id}: {ack}")]
    WrongAck { client: usize, id: u64, ack: String },
    #[error("connection {client} got message {seq} of connection {sender} twice")]
    Doubled { client: usize, sender: usize, seq: u64 },
    #[error("connection {client} got message {seq} of connection {sender} before message {missing}")]
    Skipped { client: usize, sender: usize, seq: u64, missing: u64 },
    #[error("connection {client} got what nobody said in its room: {message}")]
    Foreign { client: usize, message: String },
    #[error("connection {client} got message {seq} with another text: {message}")]
    Altered { client: usize, seq: u64, message: String },
    #[error("connection {client} got message {seq} at position {found:?} instead of {expected}")]
    Misplaced { client: usize, seq: u64, found: Option<u64>, expected: u64 },
    #[error("of {sent} messages of connection {sender}, {acked} were acked")]
    LostAcks { sender: usize, sent: u64, acked: u64 },
    #[error("of {sent} messages of connection {sender}, connection {client} got {heard}")]
    LostMessages { client: usize, sender: usize, sent: u64, heard: u64 },
}

/// Rooms with one sender each; every member of a room, the sender too, hears every message.
#[derive(Debug)]
pub struct Ledger {
    rooms: Vec<Room>,
    seats: Vec<Seat>,
    /// Part of every message id, so that a message of another run is recognised as foreign.
    run: u32,
    begun: Instant,
    /// Whether the server numbers messages: the floor does not.
    positions: bool,
    acks: u64,
    events: u64,
    id: Needle,
    msg: Needle,
    pos: Needle,
    success: Needle,
}

#[derive(Debug)]
struct Room {
    sender: usize,
    id: Vec<u8>,
    sent: u64,
    /// When each message was sent, in milliseconds since the books were opened: a part of its id.
    times: Vec<u32>,
    acked: u64,
    /// Copies of all messages heard so far by all members together.
    copies: u64,
    members: u64,
}

/// What one connection has heard in its only room.
#[derive(Debug)]
struct Seat {
    room: usize,
    heard: u64,
}

impl Ledger {
    /// `rooms` are `(room id as JSON text, members)`; the first member is the sender, and all members together are
    /// the connections 0, 1, 2 … in any order.
    pub fn new(run: u32, positions: bool, rooms: &[(Vec<u8>, Vec<usize>)]) -> Self {
        let connections = rooms.iter().map(|(_, members)| members.len()).sum();
        let mut seats: Vec<Seat> = (0..connections).map(|_| Seat { room: 0, heard: 0 }).collect();
        let rooms = rooms
            .iter()
            .enumerate()
            .map(|(index, (id, members))| {
                for member in members {
                    seats[*member].room = index;
                }
                Room {
                    sender: members[0],
                    id: id.clone(),
                    sent: 0,
                    times: Vec::new(),
                    acked: 0,
                    copies: 0,
                    members: members.len() as u64,
                }
            })
            .collect();
        Self {
            rooms,
            seats,
            run,
            begun: Instant::now(),
            positions,
            acks: 0,
            events: 0,
            id: Needle::new("id"),
            msg: Needle::new("msg"),
            pos: Needle::new("pos"),
            success: Needle::new("success"),
        }
    }

    pub fn rooms(&self) -> usize {
        self.rooms.len()
    }

    pub fn sender(&self, room: usize) -> usize {
        self.rooms[room].sender
    }

    pub fn acked(&self, room: usize) -> u64 {
        self.rooms[room].acked
    }

    /// Acks that arrived and were right.
    pub fn acks(&self) -> u64 {
        self.acks
    }

    /// Copies of messages that arrived and were right.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Whether everything sent in the room of this connection was acked and heard by every member.
    pub fn is_settled(&self, client: usize) -> bool {
        let room = &self.rooms[self.seats[client].room];
        room.acked == room.sent && room.copies == room.sent * room.members
    }

    pub fn room_of(&self, client: usize) -> usize {
        self.seats[client].room
    }

    /// Writes the room's next `chat` request and books it as sent.
    pub fn write_chat(&mut self, room: usize, out: &mut Vec<u8>) {
        let room = &mut self.rooms[room];
        room.sent += 1;
        room.times.push(self.begun.elapsed().as_millis() as u32);
        let _ = write!(out, "42{}[\"chat\",{{\"roomid\":\"", room.sent); // writing into a Vec cannot fail
        out.extend_from_slice(&room.id);
        out.extend_from_slice(b"\",\"type\":\"text\",\"msg\":\"");
        out.extend_from_slice(&text(room.sender, room.sent));
        out.extend_from_slice(b"\",\"id\":\"");
        out.extend_from_slice(&room.message_id(self.run, room.sent));
        out.extend_from_slice(b"\"}]");
    }

    /// Books the ack of request `id` that `client` got.
    pub fn ack(&mut self, client: usize, id: u64, body: &[u8]) -> Result<(), Fault> {
        let room = &mut self.rooms[self.seats[client].room];
        if room.sender != client || id != room.acked + 1 || id > room.sent {
            return Err(Fault::StrayAck { client, id });
        }
        let right = body.starts_with(b"[null,")
            && text_field(body, &self.id) == Some(&room.message_id(self.run, id)[..])
            && (!self.positions
                || (self.success.is_true(body) && number_field(body, &self.pos) == Some(id - 1)));
        if !right {
            return Err(Fault::WrongAck { client, id, ack: excerpt(body) });
        }
        room.acked += 1;
        self.acks += 1;
        Ok(())
    }

    /// Books a `chat` event that `client` got.
    pub fn event(&mut self, client: usize, body: &[u8]) -> Result<(), Fault> {
        let seat = &mut self.seats[client];
        let room = &mut self.rooms[seat.room];
        let sender = room.sender;
        let seq = seat.heard + 1;
        let id = text_field(body, &self.id).unwrap_or_default();
        if seq > room.sent || id != room.message_id(self.run, seq) {
            return Err(match (1..=room.sent).find(|seq| id == room.message_id(self.run, *seq)) {
                Some(other) if other < seq => Fault::Doubled { client, sender, seq: other },
                Some(other) => Fault::Skipped { client, sender, seq: other, missing: seq },
                None => Fault::Foreign { client, message: excerpt(body) },
            });
        }
        if text_field(body, &self.msg) != Some(&text(sender, seq)[..]) {
            return Err(Fault::Altered { client, seq, message: excerpt(body) });
        }
        if self.positions {
            let found = number_field(body, &self.pos);
            if found != Some(seq - 1) {
                return Err(Fault::Misplaced { client, seq, found, expected: seq - 1 });
            }
        }
        seat.heard += 1;
        room.copies += 1;
        self.events += 1;
        Ok(())
    }

    /// Whether nothing is on its way any more.
    pub fn all_settled(&self) -> bool {
        self.rooms.iter().all(|room| room.acked == room.sent && room.copies == room.sent * room.members)
    }

    /// Every message acked and heard by every member, or the first that was not.
    pub fn balance(&self) -> Result<(), Fault> {
        for room in &self.rooms {
            if room.acked != room.sent {
                return Err(Fault::LostAcks { sender: room.sender, sent: room.sent, acked: room.acked });
            }
        }
        for (client, seat) in self.seats.iter().enumerate() {
            let room = &self.rooms[seat.room];
            if seat.heard != room.sent {
                let (sender, sent, heard) = (room.sender, room.sent, seat.heard);
                return Err(Fault::LostMessages { client, sender, sent, heard });
            }
        }
        Ok(())
    }
}

impl Room {
    /// The id of the message with this number, which counts from 1 and was sent.
    fn message_id(&self, run: u32, seq: u64) -> [u8; 36] {
        message_id(run, self.sender, seq, self.times[seq as usize - 1])
    }
}

/// A uuid of version 7 (RFC 9562) in form, as `nodechat.js` makes them: the time first, the rest scattered. An index
/// of ids does not cost the same when they come in another order. It can be made again from what is in the books.
fn message_id(run: u32, sender: usize, seq: u64, time: u32) -> [u8; 36] {
    let mut id = *b"00000000-0000-7000-8000-000000000000";
    let scattered = scatter((sender as u64) << 48 | seq);
    put_hex(&mut id[0..4], u64::from(run));
    put_hex(&mut id[4..8], u64::from(time >> 16));
    put_hex(&mut id[9..13], u64::from(time));
    put_hex(&mut id[15..18], scattered >> 32);
    put_hex(&mut id[20..23], scattered >> 48);
    put_hex(&mut id[24..32], scattered);
    put_hex(&mut id[32..36], sender as u64);
    id
}

/// The last step of the SplitMix64 generator (Steele, Lea, Flood 2014): no two inputs have the same output.
fn scatter(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// The text of a message: sender and number, then always the same words.
fn text(sender: usize, seq: u64) -> [u8; TEXT_BYTES] {
    let mut text = *b"0000 000000000000 Hello, is the blue one still there in size 42?";
    put_hex(&mut text[0..4], sender as u64);
    put_hex(&mut text[5..17], seq);
    text
}

fn put_hex(out: &mut [u8], mut value: u64) {
    for digit in out.iter_mut().rev() {
        *digit = b"0123456789abcdef"[(value & 15) as usize];
        value >>= 4;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: u32 = 70_000;

    /// One room, connection 0 sends, connection 1 listens, and `sent` messages are on their way.
    fn ledger(sent: usize) -> Ledger {
        let mut ledger = Ledger::new(7, true, &[(b"/r".to_vec(), vec![0, 1])]);
        for _ in 0..sent {
            ledger.write_chat(0, &mut Vec::new());
        }
        ledger.rooms[0].times.fill(TIME);
        ledger
    }

    fn ack(seq: u64) -> Vec<u8> {
        let id = message_id(7, 0, seq, TIME);
        format!("[null,{{\"success\":true,\"id\":\"{}\",\"pos\":{}}}]", String::from_utf8_lossy(&id), seq - 1)
            .into()
    }

    fn event(seq: u64) -> Vec<u8> {
        let (id, text) = (message_id(7, 0, seq, TIME), text(0, seq));
        let (id, text) = (String::from_utf8_lossy(&id), String::from_utf8_lossy(&text));
        format!("{{\"roomid\":\"/r\",\"data\":{{\"id\":\"{id}\",\"pos\":{},\"msg\":\"{text}\"}}}}]", seq - 1)
            .into()
    }

    #[test]
    fn what_came_once_and_in_order_balances() {
        let mut ledger = ledger(2);
        for seq in 1..=2 {
            ledger.ack(0, seq, &ack(seq)).expect("right ack");
            assert!(!ledger.is_settled(1));
            for client in 0..2 {
                ledger.event(client, &event(seq)).expect("right event");
            }
        }
        assert_eq!((ledger.acks(), ledger.events(), ledger.balance()), (2, 4, Ok(())));
        assert!(ledger.is_settled(0) && ledger.all_settled());
    }

    #[test]
    fn a_missing_ack_or_message_does_not_balance() {
        let mut ledger = ledger(1);
        assert_eq!(ledger.balance(), Err(Fault::LostAcks { sender: 0, sent: 1, acked: 0 }));
        ledger.ack(0, 1, &ack(1)).expect("right ack");
        ledger.event(0, &event(1)).expect("right event");
        assert_eq!(ledger.balance(), Err(Fault::LostMessages { client: 1, sender: 0, sent: 1, heard: 0 }));
    }

    #[test]
    fn a_second_early_or_foreign_ack_is_a_fault() {
        let mut ledger = ledger(1);
        assert_eq!(ledger.ack(0, 2, &ack(2)), Err(Fault::StrayAck { client: 0, id: 2 }));
        assert_eq!(ledger.ack(1, 1, &ack(1)), Err(Fault::StrayAck { client: 1, id: 1 }));
        assert!(matches!(ledger.ack(0, 1, &ack(2)), Err(Fault::WrongAck { .. })));
        assert!(matches!(ledger.ack(0, 1, b"[{\"errcode\":4003}]"), Err(Fault::WrongAck { .. })));
        let refused = String::from_utf8(ack(1)).expect("text").replace("true", "false");
        assert!(matches!(ledger.ack(0, 1, refused.as_bytes()), Err(Fault::WrongAck { .. })));
        ledger.ack(0, 1, &ack(1)).expect("right ack");
        assert_eq!(ledger.ack(0, 1, &ack(1)), Err(Fault::StrayAck { client: 0, id: 1 }));
        assert_eq!(ledger.acks(), 1);
    }

    #[test]
    fn a_doubled_skipped_altered_misplaced_or_foreign_message_is_a_fault() {
        let mut ledger = ledger(3);
        ledger.event(1, &event(1)).expect("right event");
        assert_eq!(ledger.event(1, &event(1)), Err(Fault::Doubled { client: 1, sender: 0, seq: 1 }));
        assert_eq!(
            ledger.event(1, &event(3)),
            Err(Fault::Skipped { client: 1, sender: 0, seq: 3, missing: 2 })
        );
        assert!(matches!(ledger.event(1, &event(4)), Err(Fault::Foreign { .. })));
        assert!(matches!(ledger.event(1, b"{}]"), Err(Fault::Foreign { .. })));
        let good = String::from_utf8(event(2)).expect("text");
        assert!(matches!(
            ledger.event(1, good.replace("blue", "grey").as_bytes()),
            Err(Fault::Altered { .. })
        ));
        assert_eq!(
            ledger.event(1, good.replace("\"pos\":1", "\"pos\":2").as_bytes()),
            Err(Fault::Misplaced { client: 1, seq: 2, found: Some(2), expected: 1 })
        );
        ledger.event(1, good.as_bytes()).expect("right event");
        assert_eq!(ledger.events(), 2);
    }
}
