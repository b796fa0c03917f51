//! Chat at full speed: pairs who talk one to one, rooms in which one speaks to a hundred.
//!
//! Closed loop, so nobody is flooded and no queue grows: in a pair the visitor says the next thing when its ack
//! came; in a room of a hundred when its ack and all hundred copies came.

use super::Plan;
use crate::client::packet::{Needle, Packet, text_field};
use crate::client::{Outbox, Swarm};
use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::server::{Server, own_cpu};
use crate::target::Target;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

pub const ROOM_MEMBERS: usize = 100;
/// In a closed loop something comes all the time; silence of this length means that something was lost.
const STALL: Duration = Duration::from_secs(10);

/// Longest wait of one look at the sockets.
const A_TURN: Duration = Duration::from_millis(50);

/// What a measured system has used so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct Used {
    /// CPU time of the servers together.
    pub servers: Duration,
    pub postgres: Duration,
    pub redis: Duration,
    pub commits: u64,
    /// Transactions that the commits shared.
    pub transactions: u64,
}

/// Reads what a system has used so far.
pub type Meter<'s> = dyn Fn() -> Result<Used> + 's;

/// When the speaker of a room speaks again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    OnAck,
    OnAllCopies,
}

/// What happened between the two ends of the measured time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rate {
    pub acks: u64,
    pub events: u64,
    pub seconds: f64,
    /// From a request to its ack: half of them took at most this long, in milliseconds.
    pub ack_p50_ms: f64,
    /// 99 of 100 took at most this long.
    pub ack_p99_ms: f64,
    pub server_cpu_seconds: f64,
    pub postgres_cpu_seconds: f64,
    pub redis_cpu_seconds: f64,
    pub commits_per_transaction: f64,
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

    /// Microseconds of CPU time for each message.
    pub fn cpu_us(&self, cpu_seconds: f64) -> f64 {
        1e6 * cpu_seconds / self.acks as f64
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
    let (mut swarm, mut ledger) = seat(target, &[server.address], plan.pairs, 2)?;
    drive(&|| used(&server), &mut swarm, &mut ledger, &Load::new(plan, Pace::OnAck))
}

pub fn rooms_of_100(plan: &Plan, target: Target) -> Result<Rate> {
    let server = plan.fresh(target)?;
    let (mut swarm, mut ledger) = seat(target, &[server.address], plan.rooms, ROOM_MEMBERS)?;
    drive(&|| used(&server), &mut swarm, &mut ledger, &Load::new(plan, Pace::OnAllCopies))
}

impl Load {
    pub fn new(plan: &Plan, pace: Pace) -> Self {
        Self { pace, warm_up: plan.warm_up, measure: plan.measure, stall: STALL }
    }
}

fn used(server: &Server) -> Result<Used> {
    Ok(Used { servers: server.cpu()?, ..Used::default() })
}

/// One visitor and `members - 1` sockets of agents in each of `rooms` rooms, each next one in a room on the next of
/// the servers.
pub fn seat(target: Target, servers: &[SocketAddr], rooms: usize, members: usize) -> Result<(Swarm, Ledger)> {
    let at = |room: usize, member: usize| servers[(room + member) % servers.len()];
    let mut visitors = target.visitors(servers[0], rooms)?;
    for (room, visitor) in visitors.iter_mut().enumerate() {
        visitor.server = at(room, 0);
    }
    let mut agents = target.agents(servers[0], rooms * (members - 1))?;
    for (agent, it) in agents.iter_mut().enumerate() {
        it.server = at(agent % rooms, 1 + agent / rooms);
    }
    let mut swarm = Swarm::new()?;
    swarm.connect(visitors)?;
    swarm.connect(agents)?;
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
    let ledger = Ledger::new(next_run(), target.numbers_messages(), &seats);
    Ok((swarm, ledger))
}

/// Loads that one store sees one after another are runs of their own: no message id comes twice.
fn next_run() -> u32 {
    static SEATED: AtomicU32 = AtomicU32::new(0);
    std::process::id().wrapping_add(SEATED.fetch_add(1, Ordering::Relaxed))
}

/// Lets every room talk for `warm_up` and `measure`, hears it to the end and balances the books.
pub fn drive(meter: &Meter<'_>, swarm: &mut Swarm, ledger: &mut Ledger, load: &Load) -> Result<Rate> {
    let mut waits = Waits::new(ledger.rooms());
    for room in 0..ledger.rooms() {
        let sender = ledger.sender(room);
        waits.asked(room);
        swarm.say(|outbox| outbox.text(sender, |out| ledger.write_chat(room, out)))?;
    }
    talk(swarm, ledger, &mut waits, load, Instant::now() + load.warm_up)?;
    waits.taken_us.clear();
    let before = Counters::now(meter, ledger)?;
    talk(swarm, ledger, &mut waits, load, before.at + load.measure)?;
    let rate = before.until(&Counters::now(meter, ledger)?, waits);
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

fn talk(swarm: &mut Swarm, ledger: &mut Ledger, waits: &mut Waits, load: &Load, end: Instant) -> Result<()> {
    let mut progress = (ledger.acks(), ledger.events());
    let mut heard_at = Instant::now();
    while Instant::now() < end {
        swarm.turn(A_TURN, &mut |client, packet, outbox| {
            if matches!(packet, Packet::Ack { .. }) {
                waits.acked(ledger.room_of(client));
            }
            if book(ledger, load.pace, client, packet)? {
                waits.asked(ledger.room_of(client));
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

/// How long acks took. Each room has one request on its way at most.
struct Waits {
    asked_at: Vec<Instant>,
    taken_us: Vec<u32>,
}

impl Waits {
    fn new(rooms: usize) -> Self {
        Self { asked_at: vec![Instant::now(); rooms], taken_us: Vec::new() }
    }

    fn asked(&mut self, room: usize) {
        self.asked_at[room] = Instant::now();
    }

    fn acked(&mut self, room: usize) {
        let taken = self.asked_at[room].elapsed().as_micros();
        self.taken_us.push(u32::try_from(taken).unwrap_or(u32::MAX));
    }

    /// What `share` of all acks took at most, in milliseconds; no number when there was none.
    fn at_most_ms(&mut self, share: f64) -> f64 {
        self.taken_us.sort_unstable();
        let index = (self.taken_us.len() as f64 * share).ceil() as usize;
        self.taken_us.get(index.saturating_sub(1)).map_or(f64::NAN, |taken| f64::from(*taken) / 1e3)
    }
}

struct Counters {
    at: Instant,
    acks: u64,
    events: u64,
    used: Used,
    generator_cpu: Duration,
}

impl Counters {
    fn now(meter: &Meter<'_>, ledger: &Ledger) -> Result<Self> {
        Ok(Self {
            at: Instant::now(),
            acks: ledger.acks(),
            events: ledger.events(),
            used: meter()?,
            generator_cpu: own_cpu()?,
        })
    }

    fn until(&self, end: &Self, mut waits: Waits) -> Rate {
        let (before, after) = (&self.used, &end.used);
        Rate {
            acks: end.acks - self.acks,
            events: end.events - self.events,
            seconds: (end.at - self.at).as_secs_f64(),
            ack_p50_ms: waits.at_most_ms(0.5),
            ack_p99_ms: waits.at_most_ms(0.99),
            server_cpu_seconds: (after.servers - before.servers).as_secs_f64(),
            postgres_cpu_seconds: (after.postgres - before.postgres).as_secs_f64(),
            redis_cpu_seconds: (after.redis - before.redis).as_secs_f64(),
            commits_per_transaction: (after.commits - before.commits) as f64
                / (after.transactions - before.transactions) as f64,
            generator_cpu_seconds: (end.generator_cpu - self.generator_cpu).as_secs_f64(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_what_so_many_took_at_most() {
        let mut waits =
            Waits { asked_at: Vec::new(), taken_us: (1..=100).rev().map(|ms| ms * 1000).collect() };
        assert_eq!((waits.at_most_ms(0.5), waits.at_most_ms(0.99)), (50.0, 99.0));
        assert!(Waits::new(1).at_most_ms(0.5).is_nan());
    }
}
