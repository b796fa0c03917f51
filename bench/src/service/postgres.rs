//! PostgreSQL as Debian sets it up: every sync as in earnest, only place and port are this run's own.

use super::daemon::{Daemon, Launch, Quit, run};
use super::place::{User, folder, free_port};
use crate::error::{Error, Result};
use std::path::{Path, PathBuf};
use std::time::Duration;

const DEBIAN: &str = "/usr/lib/postgresql/15/bin";

pub struct Postgres {
    daemon: Daemon,
    programs: PathBuf,
    port: u16,
}

impl Postgres {
    pub fn start(work: &Path) -> Result<Self> {
        let (programs, user) = (programs()?, User::of("postgres")?);
        let folder = folder(work, "postgres", user)?;
        // What is on disk before it serves is not worth waiting for; what comes later is synced as usual.
        let options = ["--pgdata", "data", "--username", "postgres", "--auth", "trust", "--encoding", "UTF8"];
        run(
            user,
            &programs.join("initdb"),
            &[&options[..], &["--no-locale", "--no-sync"]].concat(),
            &folder,
        )?;
        let port = free_port()?;
        let settings = [
            "listen_addresses=127.0.0.1".into(),
            format!("port={port}"),
            "unix_socket_directories=".into(),
            "fsync=on".into(),
            "synchronous_commit=on".into(),
        ];
        let mut arguments = vec!["-D".into(), "data".into()];
        arguments.extend(settings.into_iter().flat_map(|setting: String| ["-c".into(), setting]));
        let daemon = Daemon::launch(Launch {
            name: "PostgreSQL",
            program: &programs.join("postgres"),
            arguments,
            user,
            folder,
            ready: "database system is ready to accept connections",
            quit: Quit::Children,
        })?;
        Ok(Self { daemon, programs, port })
    }

    /// The address of an empty database called `name`; one that was called so before is gone.
    pub fn fresh(&self, name: &str) -> Result<String> {
        self.query(&format!("drop database if exists \"{name}\" with (force)"))?;
        self.query(&format!("create database \"{name}\""))?;
        Ok(self.url(name))
    }

    /// CPU time of all its processes so far.
    pub fn cpu(&self) -> Result<Duration> {
        self.daemon.cpu()
    }

    fn query(&self, sql: &str) -> Result<String> {
        let url = self.url("postgres");
        let arguments = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "-d", &url, "-c", sql];
        run(None, &self.programs.join("psql"), &arguments, Path::new("/"))
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }
}

pub fn version() -> Result<String> {
    run(None, &programs()?.join("postgres"), &["--version"], Path::new("/"))
}

fn programs() -> Result<PathBuf> {
    let named = std::env::var_os("POSTGRES_BIN").map(PathBuf::from);
    named.into_iter().chain([PathBuf::from(DEBIAN)]).find(|folder| folder.join("postgres").exists()).ok_or_else(
        || {
            Error::Unusable(
                "PostgreSQL 15 is not there: run script/setup, or name the folder of its programs in POSTGRES_BIN"
                    .into(),
            )
        },
    )
}
