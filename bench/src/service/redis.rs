//! Redis in memory only: a bus that may forget everything.

use super::daemon::{Daemon, Launch, Quit, run};
use super::place::{User, folder, free_port};
use crate::error::{Error, Result};
use std::path::Path;
use std::time::Duration;

const PROGRAM: &str = "/usr/bin/redis-server";

pub struct Redis {
    daemon: Daemon,
    port: u16,
}

impl Redis {
    pub fn start(work: &Path) -> Result<Self> {
        let user = User::of("redis")?;
        let folder = folder(work, "redis", user)?;
        let port = free_port()?;
        let options =
            ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no", "--port"];
        let mut arguments: Vec<String> = options.map(String::from).into();
        arguments.push(port.to_string());
        let daemon = Daemon::launch(Launch {
            name: "Redis",
            program: Path::new(PROGRAM),
            arguments,
            user,
            folder,
            ready: "Ready to accept connections",
            quit: Quit::Alone,
        })?;
        Ok(Self { daemon, port })
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// CPU time of all its threads so far.
    pub fn cpu(&self) -> Result<Duration> {
        self.daemon.cpu()
    }

    /// Resident memory in bytes.
    pub fn memory_bytes(&self) -> Result<u64> {
        self.daemon.memory_bytes()
    }
}

pub fn version() -> Result<String> {
    if !Path::new(PROGRAM).exists() {
        return Err(Error::Unusable("Redis is not there: run script/setup".into()));
    }
    let line = run(None, Path::new(PROGRAM), &["--version"], Path::new("/"))?;
    let version =
        line.split_whitespace().find_map(|word| word.strip_prefix("v=")).unwrap_or("of unknown version");
    Ok(format!("Redis {version}"))
}
