//! The measured servers: how each is started and how one gets into it.

use crate::client::Entry;
use crate::error::{Doing as _, Result};
use crate::http::Http;
use crate::server::Server;
use serde_json::json;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Sockets that share one agent's ticket: agents have several tabs, and getting a ticket is not what is measured.
const SOCKETS_PER_AGENT: usize = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Nodechat,
    Floor,
    NodeMemory,
    NodeSqlite,
    NodeSqliteGrouped,
}

/// Where the programs are.
#[derive(Debug, Clone)]
pub struct Programs {
    pub nodechat: PathBuf,
    /// This program, which is also the floor.
    pub bench: PathBuf,
    pub node: PathBuf,
    pub node_peer: PathBuf,
}

impl Programs {
    /// Nodechat on `folder`, with whatever else is added to it.
    pub fn nodechat(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.nodechat);
        command.args(["serve", "--listen", "127.0.0.1:0", "--demo", "--visitor-per-minute", "0"]);
        command.arg("--data-dir").arg(folder.join("data"));
        // Another folder than the caller's, so that no configuration file of his is read; nor his database.
        command.current_dir(folder).env_remove("DATABASE_URL");
        command
    }
}

impl Target {
    pub const ALL: [Self; 5] =
        [Self::Nodechat, Self::Floor, Self::NodeMemory, Self::NodeSqlite, Self::NodeSqliteGrouped];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nodechat => "nodechat",
            Self::Floor => "floor",
            Self::NodeMemory => "node-memory",
            Self::NodeSqlite => "node-sqlite",
            Self::NodeSqliteGrouped => "node-sqlite-grouped",
        }
    }

    /// The name in the table.
    pub fn title(self) -> &'static str {
        match self {
            Self::Nodechat => "Nodechat",
            Self::Floor => "bare epoll",
            Self::NodeMemory => "Node, memory",
            Self::NodeSqlite => "Node, SQLite",
            Self::NodeSqliteGrouped => "Node, SQLite in groups",
        }
    }

    /// Whether messages carry positions and acks say so.
    pub fn numbers_messages(self) -> bool {
        self != Self::Floor
    }

    /// Starts it on an empty `folder`, or on one that it was stopped in.
    pub fn start(self, programs: &Programs, folder: &Path) -> Result<Server> {
        std::fs::create_dir_all(folder).doing(|| format!("making {}", folder.display()))?;
        let peer = |store: &str| {
            let mut command = Command::new(&programs.node);
            command.arg(&programs.node_peer).args(["--store", store, "--data-dir"]).arg(folder);
            command.env("NODE_ENV", "production");
            command
        };
        let command = match self {
            Self::Nodechat => programs.nodechat(folder),
            Self::Floor => {
                let mut command = Command::new(&programs.bench);
                command.arg("floor");
                command
            }
            Self::NodeMemory => peer("memory"),
            Self::NodeSqlite => peer("sqlite"),
            Self::NodeSqliteGrouped => peer("sqlite-grouped"),
        };
        Server::start(self.name(), command, folder)
    }

    /// `count` different visitors.
    pub fn visitors(self, server: SocketAddr, count: usize) -> Result<Vec<Entry>> {
        if self != Self::Nodechat {
            return Ok(vec![Entry { server, auth: String::new() }; count]);
        }
        let mut http = Http::connect(server)?;
        (0..count)
            .map(|_| {
                let answer = http.post("/onlinechat/api/visitor", &json!({"companyid": "demo"}))?;
                Ok(Entry { server, auth: auth(&answer["ticket"], "uweb") })
            })
            .collect()
    }

    /// `count` sockets of agents.
    pub fn agents(self, server: SocketAddr, count: usize) -> Result<Vec<Entry>> {
        if self != Self::Nodechat {
            return Ok(vec![Entry { server, auth: String::new() }; count]);
        }
        let mut http = Http::connect(server)?;
        let mut entries = Vec::with_capacity(count);
        while entries.len() < count {
            let auth = auth(&http.post("/demo/agent", &json!({}))?["ticket"], "cweb");
            let sockets = SOCKETS_PER_AGENT.min(count - entries.len());
            entries.extend(std::iter::repeat_n(Entry { server, auth }, sockets));
        }
        Ok(entries)
    }

    /// What the `index`-th visitor sends to get into its own room.
    pub fn visitor_join(self, index: usize) -> String {
        match self {
            Self::Nodechat => json!({"companyid": "demo"}).to_string(),
            _ => json!({"roomid": format!("/U2S_visitor-{index:08}#demo")}).to_string(),
        }
    }
}

fn auth(ticket: &serde_json::Value, atype: &str) -> String {
    json!({"ticket": ticket, "atype": atype}).to_string()
}
