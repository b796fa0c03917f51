//! The loads, each driven against one freshly started target at a time.

pub mod chat;
pub mod commits;
pub mod idle;
pub mod nodes;
pub mod page;
pub mod queue;
pub mod start;

use crate::error::Result;
use crate::form::empty;
use crate::server::Server;
use crate::target::{Programs, Target};
use std::path::PathBuf;
use std::time::Duration;

/// Longer than any healthy service takes for anything that is asked of it here.
const PATIENCE: Duration = Duration::from_secs(20);

/// What all scenarios need to know.
#[derive(Debug, Clone)]
pub struct Plan {
    pub programs: Programs,
    /// On a disk; every measurement gets an empty folder in it.
    pub work: PathBuf,
    pub warm_up: Duration,
    pub measure: Duration,
    pub pairs: usize,
    pub rooms: usize,
    pub idle_connections: usize,
    /// Messages in the large room.
    pub history: u64,
    /// Joins and pages that a median is taken from.
    pub page_samples: usize,
    /// Starts that a median is taken from.
    pub starts: usize,
    /// Visitors who wait in the long queue.
    pub queue: usize,
    /// Seats that become free in front of it.
    pub queue_samples: usize,
    /// Whether to wait for the heartbeats of idle connections.
    pub heartbeats: bool,
}

impl Plan {
    /// Starts `target` on an empty folder.
    fn fresh(&self, target: Target) -> Result<Server> {
        let folder = empty(&self.work.join(target.name()))?;
        target.start(&self.programs, &folder)
    }

    /// Where a stopped Nodechat has left its database.
    fn database(&self, target: Target) -> PathBuf {
        self.work.join(target.name()).join("data/nodechat.db")
    }

    /// Starts `target` on what its last start left.
    fn again(&self, target: Target) -> Result<Server> {
        target.start(&self.programs, &self.work.join(target.name()))
    }
}

/// The median; the mean of the middle two for an even number.
pub fn median(values: &[f64]) -> f64 {
    assert!(!values.is_empty(), "a median of nothing");
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A plan of which only the counts are looked at.
    pub(crate) fn plan() -> Plan {
        let programs =
            Programs { nodechat: "-".into(), bench: "-".into(), node: "-".into(), node_peer: "-".into() };
        Plan {
            programs,
            work: "-".into(),
            warm_up: Duration::from_secs(1),
            measure: Duration::from_secs(1),
            pairs: 2,
            rooms: 2,
            idle_connections: 2,
            history: 1000,
            page_samples: 2,
            starts: 1,
            queue: 2,
            queue_samples: 1,
            heartbeats: false,
        }
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
    }
}
