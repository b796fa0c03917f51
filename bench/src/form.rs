//! The forms in which Nodechat runs: how each is started and what it has used.

use crate::error::{Doing as _, Error, Result};
use crate::http::Http;
use crate::scenario::chat::Used;
use crate::server::Server;
use crate::service::Services;
use crate::target::Programs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Sqlite,
    OneNode,
    TwoNodes,
}

/// Its nodes, running; what they share runs longer than they do.
pub struct House<'s> {
    nodes: Vec<Server>,
    form: Form,
    services: &'s Services,
}

impl Form {
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::OneNode, Self::TwoNodes];

    /// In the names of folders and databases.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::OneNode => "one-node",
            Self::TwoNodes => "two-nodes",
        }
    }

    /// The name in the table.
    pub fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::OneNode => "PostgreSQL, one node",
            Self::TwoNodes => "PostgreSQL + Redis, two nodes",
        }
    }

    /// Starts it with nothing stored.
    pub fn start<'s>(self, programs: &Programs, work: &Path, services: &'s Services) -> Result<House<'s>> {
        let nodes = match self {
            Self::Sqlite => vec![node(programs, work, "sqlite", &[])?],
            Self::OneNode => {
                let database = services.postgres.fresh(self.name())?;
                vec![node(programs, work, "one", &["--database-url", &database])?]
            }
            Self::TwoNodes => {
                let database = services.postgres.fresh(self.name())?;
                let shared = ["--database-url", &database, "--redis-url", &services.redis.url(), "--node"];
                ["one", "two"]
                    .into_iter()
                    .map(|name| node(programs, work, name, &[&shared[..], &[name]].concat()))
                    .collect::<Result<_>>()?
            }
        };
        Ok(House { nodes, form: self, services })
    }
}

impl House<'_> {
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.nodes.iter().map(|node| node.address).collect()
    }

    /// Resident memory of the nodes together, in bytes.
    pub fn memory_bytes(&self) -> Result<u64> {
        self.nodes.iter().map(Server::memory_bytes).sum()
    }

    pub fn used(&self) -> Result<Used> {
        let mut used = Used::default();
        for node in &self.nodes {
            used.servers += node.cpu()?;
            let counters = Http::connect(node.address)?.get("/metrics")?;
            used.commits += counter(&counters, "nodechat_store_commits_total")?;
            used.transactions += counter(&counters, "nodechat_store_transactions_total")?;
        }
        used.postgres = self.shared(Form::OneNode, || self.services.postgres.cpu())?;
        used.redis = self.shared(Form::TwoNodes, || self.services.redis.cpu())?;
        Ok(used)
    }

    /// Nothing, for a form below the one that begins to use it.
    fn shared(&self, first: Form, cpu: impl Fn() -> Result<Duration>) -> Result<Duration> {
        if self.form as usize >= first as usize { cpu() } else { Ok(Duration::ZERO) }
    }
}

/// One node on an empty folder.
fn node(programs: &Programs, work: &Path, name: &'static str, options: &[&str]) -> Result<Server> {
    let folder = empty(&work.join("nodes").join(name))?;
    let mut command = programs.nodechat(&folder);
    command.args(options);
    Server::start(name, command, &folder)
}

/// Makes the folder, or what is in it disappear; gives it back.
pub fn empty(folder: &Path) -> Result<PathBuf> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).doing(|| format!("emptying {}", folder.display()));
        }
        _ => {}
    }
    std::fs::create_dir_all(folder).doing(|| format!("making {}", folder.display()))?;
    Ok(folder.to_path_buf())
}

fn counter(text: &str, name: &str) -> Result<u64> {
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
        .ok_or_else(|| Error::Unusable(format!("/metrics has no {name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_found_by_its_whole_name() {
        let text = "# TYPE a counter\na_total 1\na 2\n";
        assert_eq!(counter(text, "a").expect("there"), 2);
        assert!(counter(text, "a_to").is_err());
    }
}
