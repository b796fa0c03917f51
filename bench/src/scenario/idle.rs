//! What a connection costs that does nothing: memory of the server before and after thousands came.

use super::Plan;
use crate::client::Swarm;
use crate::error::Result;
use crate::server::quiet_memory_bytes;
use crate::target::Target;

#[derive(Debug, Clone, Copy)]
pub struct Idle {
    pub connections: usize,
    /// Each let in as a visitor of its own, nothing else.
    pub connected_bytes: f64,
    /// The same, each also in its own room.
    pub joined_bytes: f64,
}

/// Memory per connection, measured when the server is quiet. Tickets are got and one connection has come before the
/// first look, so that what the server makes only once is not counted.
pub fn idle(plan: &Plan, target: Target) -> Result<Idle> {
    let server = plan.fresh(target)?;
    let connections = plan.idle_connections;
    let mut visitors = target.visitors(server.address, connections + 1)?;
    let mut swarm = Swarm::new()?;
    swarm.connect(visitors.split_off(connections))?;
    swarm.ask_all(&[(0, "join", target.visitor_join(0))])?;
    let empty = quiet(&server, &mut swarm)?;
    swarm.connect(visitors)?;
    let connected = quiet(&server, &mut swarm)?;
    let joins: Vec<_> =
        (1..=connections).map(|client| (client, "join", target.visitor_join(client))).collect();
    swarm.ask_all(&joins)?;
    let joined = quiet(&server, &mut swarm)?;
    let each = |now: u64| (now as f64 - empty as f64) / connections as f64;
    Ok(Idle { connections, connected_bytes: each(connected), joined_bytes: each(joined) })
}

fn quiet(server: &crate::server::Server, swarm: &mut Swarm) -> Result<u64> {
    quiet_memory_bytes(|| server.memory_bytes(), |left| swarm.turn(left, &mut |_, _, _| Ok(())).map(drop))
}
