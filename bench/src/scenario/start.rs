//! From nothing to the first ack: how long a newcomer waits, what an empty server weighs.

use super::{Plan, chat, median};
use crate::error::{Doing as _, Result};
use crate::target::Target;
use std::path::Path;

#[derive(Debug, Clone, Copy)]
pub struct Start {
    /// From making the process, on an empty data folder, to the first message acked: tickets, connections and joins
    /// of a visitor and an agent lie in between.
    pub first_ack_ms: f64,
    /// Resident memory behind that first message.
    pub memory_bytes: f64,
    /// The program, for Node with its packages.
    pub program_bytes: u64,
}

pub fn start(plan: &Plan, target: Target) -> Result<Start> {
    let (mut times, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..plan.starts {
        let server = plan.fresh(target)?;
        let (mut swarm, mut ledger) = chat::seat(target, &[server.address], 1, 2)?;
        let acked = chat::say_once(&mut swarm, &mut ledger)?;
        times.push((acked - server.started).as_secs_f64() * 1e3);
        memory.push(server.memory_bytes()? as f64);
    }
    Ok(Start {
        first_ack_ms: median(&times),
        memory_bytes: median(&memory),
        program_bytes: program_bytes(plan, target)?,
    })
}

fn program_bytes(plan: &Plan, target: Target) -> Result<u64> {
    match target {
        Target::Nodechat => size(&plan.programs.nodechat),
        Target::Floor => size(&plan.programs.bench),
        _ => Ok(size(&plan.programs.node)? + size(&plan.programs.node_peer.with_file_name("node_modules"))?),
    }
}

/// Bytes of a file, or of all files in a folder.
fn size(path: &Path) -> Result<u64> {
    let doing = || format!("looking at {}", path.display());
    if std::fs::metadata(path).doing(doing)?.is_file() {
        return Ok(std::fs::metadata(path).doing(doing)?.len());
    }
    let mut sum = 0;
    for entry in std::fs::read_dir(path).doing(doing)? {
        let entry = entry.doing(doing)?;
        // Links inside a package folder point at files that are counted where they are.
        if !entry.file_type().doing(doing)?.is_symlink() {
            sum += size(&entry.path())?;
        }
    }
    Ok(sum)
}
