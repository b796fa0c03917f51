//! The same chats on one node with SQLite, on one with PostgreSQL, and spread over two with Redis between them.

use super::Plan;
use super::chat::{Load, Meter, Pace, ROOM_MEMBERS, Rate, Used, drive, seat};
use crate::client::Swarm;
use crate::error::Result;
use crate::form::{Form, House};
use crate::server::quiet_memory_bytes;
use crate::service::Services;
use crate::target::Target;
use std::time::{Duration, Instant};

/// `ping_interval_ms` as it is set by default.
const HEARTBEAT: Duration = Duration::from_secs(25);

/// One round of one form.
#[derive(Debug, Clone, Copy)]
pub struct Talk {
    /// One pair that has the nodes to itself.
    pub alone: Rate,
    /// As many pairs as elsewhere, the speaker of each on one node and its listener on the other.
    pub pairs: Rate,
    /// Rooms of a hundred, half of the sockets of each on each node.
    pub rooms: Rate,
}

/// What connections cost that come in, open a room of their own, and then do nothing, spread over the nodes.
#[derive(Debug, Clone, Copy)]
pub struct Idle {
    pub connections: usize,
    /// How quickly they came, one by one with some on their way at the same time; and what that took.
    pub entered_per_second: f64,
    pub entering: Cpu,
    /// Memory of the nodes for each of them.
    pub nodes_bytes: f64,
    /// Memory of Redis for each of them.
    pub redis_bytes: f64,
    /// What the heartbeat of one of them takes; nothing where nobody waited for one.
    pub heartbeat: Option<Cpu>,
}

/// Microseconds of CPU time.
#[derive(Debug, Clone, Copy)]
pub struct Cpu {
    pub nodes_us: f64,
    pub postgres_us: f64,
    pub redis_us: f64,
}

pub fn talk(plan: &Plan, form: Form, services: &Services) -> Result<Talk> {
    let house = form.start(&plan.programs, &plan.work, services)?;
    let on = |rooms, members, pace| {
        let (mut swarm, mut ledger) = seat(Target::Nodechat, &house.addresses(), rooms, members)?;
        let meter: &Meter<'_> = &|| house.used();
        drive(meter, &mut swarm, &mut ledger, &Load::new(plan, pace))
    };
    Ok(Talk {
        alone: on(1, 2, Pace::OnAck)?,
        pairs: on(plan.pairs, 2, Pace::OnAck)?,
        rooms: on(plan.rooms, ROOM_MEMBERS, Pace::OnAllCopies)?,
    })
}

/// Tickets are got and one connection to each node has come before the first look, so that what is made only once is
/// not counted.
pub fn idle(plan: &Plan, form: Form, services: &Services) -> Result<Idle> {
    let house = form.start(&plan.programs, &plan.work, services)?;
    let (nodes, connections) = (house.addresses(), plan.idle_connections);
    let mut visitors = Target::Nodechat.visitors(nodes[0], connections + nodes.len())?;
    for (index, visitor) in visitors.iter_mut().enumerate() {
        visitor.server = nodes[index % nodes.len()];
    }
    let mut swarm = Swarm::new()?;
    let rest = visitors.split_off(nodes.len());
    swarm.connect(visitors)?;
    join(&mut swarm, 0..nodes.len())?;
    let empty = quiet(&house, &mut swarm)?;
    let empty_redis = services.redis.memory_bytes()?;
    let (before, began) = (house.used()?, Instant::now());
    swarm.connect(rest)?;
    join(&mut swarm, nodes.len()..nodes.len() + connections)?;
    let (seconds, after) = (began.elapsed().as_secs_f64(), house.used()?);
    let full = quiet(&house, &mut swarm)?;
    let full_redis = services.redis.memory_bytes()?;
    let each = |full: u64, empty: u64| (full as f64 - empty as f64) / connections as f64;
    Ok(Idle {
        connections,
        entered_per_second: connections as f64 / seconds,
        entering: Cpu::between(&before, &after, connections),
        nodes_bytes: each(full, empty),
        redis_bytes: each(full_redis, empty_redis),
        heartbeat: plan.heartbeats.then(|| heartbeat(&house, &mut swarm)).transpose()?,
    })
}

/// As long as it takes each of them to have one.
fn heartbeat(house: &House<'_>, swarm: &mut Swarm) -> Result<Cpu> {
    let (before, end) = (house.used()?, Instant::now() + HEARTBEAT);
    while let Some(left) = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
        swarm.turn(left, &mut |_, _, _| Ok(()))?;
    }
    Ok(Cpu::between(&before, &house.used()?, swarm.len()))
}

impl Cpu {
    fn between(before: &Used, after: &Used, count: usize) -> Self {
        let us =
            |value: fn(&Used) -> Duration| (value(after) - value(before)).as_secs_f64() * 1e6 / count as f64;
        Self {
            nodes_us: us(|used| used.servers),
            postgres_us: us(|used| used.postgres),
            redis_us: us(|used| used.redis),
        }
    }
}

fn join(swarm: &mut Swarm, clients: std::ops::Range<usize>) -> Result<()> {
    let joins: Vec<_> =
        clients.map(|client| (client, "join", Target::Nodechat.visitor_join(client))).collect();
    swarm.ask_all(&joins).map(drop)
}

fn quiet(house: &House<'_>, swarm: &mut Swarm) -> Result<u64> {
    quiet_memory_bytes(|| house.memory_bytes(), |left| swarm.turn(left, &mut |_, _, _| Ok(())).map(drop))
}
