//! Chat at full speed: pairs who talk one to one, rooms in which one speaks to a hundred.
//!
//! Closed loop, so nobody is flooded and no queue grows: in a pair the visitor says the next thing when its ack
//! came; in a room of a hundred when its ack and all hundred copies came.

use super::Plan;
use crate::client::packet::{Needle, Packet, text_field};
use crate::client::{Outbox, Swarm};
use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::server::own_cpu;
use crate::target::Target;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

pub const ROOM_MEMBERS: usize = 100;
/// In a closed loop something comes all the time; silence of this length means that something was lost.
const STALL: Duration = Duration::from_secs(10);

/// Longest wait of one look at the sockets.
const A_TURN: Duration = Duration::from_millis(50);

/// Reads the CPU time that the server has used so far.
pub type ServerCpu<'s> = dyn Fn() -> Result<Duration> + 's;

/// When the speaker of a room speaks again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    OnAck,
    OnAllCopies,
}

/// What happened between the two ends of the measured time.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    pub acks: u64,
    pub events: u64,
    pub seconds: f64,
    pub server_cpu_seconds: f64,
    /// Near 1 per second, the generator was the limit and the figure per second is a lower bound.
    pub generator_cpu_seconds: f64,
}

impl Rate {
    pub fn acks_per_second(&self) -> f64 {
        self.acks as f64 / self.seconds
    }

    pub fn acks_per_cpu_second(&self) -> f64 {
        self.acks as f64 / self.server_cpu_seconds
    }

    pub fn events_per_cpu_second(&self) -> f64 {
        self.events as f64 / self.server_cpu_seconds
    }

    pub fn events_per_second(&self) -> f64 {
        self.events as f64 / self.seconds
    }

    pub fn generator_share(&self) -> f64 {
        self.generator_cpu_seconds / self.seconds
    }
}

/// How long to talk, and when a silence means that something was lost.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub pace: Pace,
    pub warm_up: Duration,
    pub measure: Duration,
    pub stall: Duration,
}

pub fn one_to_one(plan: &Plan, target: Target) -> Result<Rate> {
    let server = plan.fresh(target)?;
    let (mut swarm, mut ledger) = seat(target, server.address, plan.pairs, 2)?;
    drive(&|| server.cpu(), &mut swarm, &mut ledger, &Load::new(plan, Pace::OnAck))
}

pub fn rooms_of_100(plan: &Plan, target: Target) -> Result<Rate> {
    let server = plan.fresh(target)?;
    let (mut swarm, mut ledger) = seat(target, server.address, plan.rooms, ROOM_MEMBERS)?;
    drive(&|| server.cpu(), &mut swarm, &mut ledger, &Load::new(plan, Pace::OnAllCopies))
}

impl Load {
    fn new(plan: &Plan, pace: Pace) -> Self {
        Self { pace, warm_up: plan.warm_up, measure: plan.measure, stall: STALL }
    }
}

/// One visitor and `members - 1` sockets of agents in each of `rooms` rooms.
pub fn seat(target: Target, server: SocketAddr, rooms: usize, members: usize) -> Result<(Swarm, Ledger)> {
    let mut swarm = Swarm::new(server)?;
    swarm.connect(target.visitors(server, rooms)?)?;
    swarm.connect(target.agents(server, rooms * (members - 1))?)?;
    let joins: Vec<_> = (0..rooms).map(|room| (room, "join", target.visitor_join(room))).collect();
    let roomid = Needle::new("roomid");
    let mut seats = Vec::with_capacity(rooms);
    for (visitor, answer) in swarm.ask_all(&joins)?.iter().enumerate() {
        let id =
            text_field(answer, &roomid).ok_or_else(|| Error::Protocol("a join without a roomid".into()))?;
        seats.push((id.to_vec(), vec![visitor]));
    }
    let mut joins = Vec::with_capacity(rooms * (members - 1));
    for agent in rooms..rooms * members {
        let (id, present) = &mut seats[(agent - rooms) % rooms];
        present.push(agent);
        joins.push((agent, "join", format!("{{\"roomid\":\"{}\"}}", String::from_utf8_lossy(id))));
    }
    swarm.ask_all(&joins)?;
    let ledger = Ledger::new(std::process::id(), target.numbers_messages(), &seats);
    Ok((swarm, ledger))
}

/// Lets every room talk for `warm_up` and `measure`, hears it to the end and balances the books.
pub fn drive(
    server_cpu: &ServerCpu<'_>,
    swarm: &mut Swarm,
    ledger: &mut Ledger,
    load: &Load,
) -> Result<Rate> {
    for room in 0..ledger.rooms() {
        let sender = ledger.sender(room);
        swarm.say(|outbox| outbox.text(sender, |out| ledger.write_chat(room, out)))?;
    }
    talk(swarm, ledger, load, Instant::now() + load.warm_up)?;
    let before = Counters::now(server_cpu, ledger)?;
    talk(swarm, ledger, load, before.at + load.measure)?;
    let rate = before.until(&Counters::now(server_cpu, ledger)?);
    settle(swarm, ledger, load.stall, &mut |_, _, _| {})?;
    Ok(rate)
}

/// One message in the first room, heard by all; returns when its ack came.
pub fn say_once(swarm: &mut Swarm, ledger: &mut Ledger) -> Result<Instant> {
    let sender = ledger.sender(0);
    swarm.say(|outbox| outbox.text(sender, |out| ledger.write_chat(0, out)))?;
    let mut acked = None;
    settle(swarm, ledger, STALL, &mut |ledger, _, _| {
        if ledger.acks() == 1 {
            acked.get_or_insert_with(Instant::now);
        }
    })?;
    Ok(acked.expect("a balanced ledger has its ack"))
}

fn talk(swarm: &mut Swarm, ledger: &mut Ledger, load: &Load, end: Instant) -> Result<()> {
    let mut progress = (ledger.acks(), ledger.events());
    let mut heard_at = Instant::now();
    while Instant::now() < end {
        swarm.turn(A_TURN, &mut |client, packet, outbox| {
            if book(ledger, load.pace, client, packet)? {
                say_next(ledger, client, outbox);
            }
            Ok(())
        })?;
        if (ledger.acks(), ledger.events()) != progress {
            progress = (ledger.acks(), ledger.events());
            heard_at = Instant::now();
        }
        if heard_at.elapsed() > load.stall {
            ledger.balance()?;
            return Err(Error::Deadline {
                what: "anything in the rooms".into(),
                seconds: load.stall.as_secs(),
            });
        }
    }
    Ok(())
}

/// Hears what is on its way until nothing is, or until it has been silent for `stall`; then balances the books.
fn settle(
    swarm: &mut Swarm,
    ledger: &mut Ledger,
    stall: Duration,
    heard: &mut dyn FnMut(&mut Ledger, usize, &mut Outbox),
) -> Result<()> {
    let mut end = Instant::now() + stall;
    while !ledger.all_settled() && Instant::now() < end {
        let busy = swarm.turn(A_TURN, &mut |client, packet, outbox| {
            book(ledger, Pace::OnAck, client, packet)?;
            heard(ledger, client, outbox);
            Ok(())
        })?;
        if busy > 0 {
            end = Instant::now() + stall;
        }
    }
    // Whatever comes twice comes behind; one more look finds it.
    swarm.turn(A_TURN, &mut |client, packet, _| book(ledger, Pace::OnAck, client, packet).map(drop))?;
    Ok(ledger.balance()?)
}

/// Books a packet; true when the speaker of its room may speak again.
fn book(ledger: &mut Ledger, pace: Pace, client: usize, packet: Packet<'_>) -> Result<bool> {
    match packet {
        Packet::Ack { id, body } => {
            ledger.ack(client, id, body)?;
            Ok(pace == Pace::OnAck || ledger.is_settled(client))
        }
        Packet::Event { name: b"chat", body } => {
            ledger.event(client, body)?;
            Ok(pace == Pace::OnAllCopies && ledger.is_settled(client))
        }
        // Presence, the session's own event and whatever else a server tells.
        _ => Ok(false),
    }
}

fn say_next(ledger: &mut Ledger, client: usize, outbox: &mut Outbox) {
    let room = ledger.room_of(client);
    let sender = ledger.sender(room);
    outbox.text(sender, |out| ledger.write_chat(room, out));
}

struct Counters {
    at: Instant,
    acks: u64,
    events: u64,
    server_cpu: Duration,
    generator_cpu: Duration,
}

impl Counters {
    fn now(server_cpu: &ServerCpu<'_>, ledger: &Ledger) -> Result<Self> {
        Ok(Self {
            at: Instant::now(),
            acks: ledger.acks(),
            events: ledger.events(),
            server_cpu: server_cpu()?,
            generator_cpu: own_cpu()?,
        })
    }

    fn until(&self, end: &Self) -> Rate {
        Rate {
            acks: end.acks - self.acks,
            events: end.events - self.events,
            seconds: (end.at - self.at).as_secs_f64(),
            server_cpu_seconds: (end.server_cpu - self.server_cpu).as_secs_f64(),
            generator_cpu_seconds: (end.generator_cpu - self.generator_cpu).as_secs_f64(),
        }
    }
}
