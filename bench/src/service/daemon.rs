//! A service's process: started as its own user, awaited, watched with its children, ended when dropped.

use super::place::User;
use crate::error::{Doing as _, Error, Result};
use crate::server;
use rustix::process::{Pid, Signal, kill_process};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const START_LIMIT: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(10);

pub struct Daemon {
    child: Child,
    name: &'static str,
    folder: PathBuf,
    quit: Quit,
}

/// What ends a service at once, its children as well.
#[derive(Debug, Clone, Copy)]
pub enum Quit {
    /// SIGQUIT, which a service that has children passes on to them.
    Children,
    /// SIGKILL.
    Alone,
}

/// How a service is started.
pub struct Launch<'a> {
    pub name: &'static str,
    pub program: &'a Path,
    pub arguments: Vec<String>,
    pub user: Option<User>,
    /// Its own: removed with it.
    pub folder: PathBuf,
    /// What it says when it serves.
    pub ready: &'static str,
    pub quit: Quit,
}

impl Daemon {
    pub fn launch(launch: Launch<'_>) -> Result<Self> {
        let Launch { name, program, arguments, user, folder, ready, quit } = launch;
        let log = folder.join("service.log");
        let doing = || format!("making {}", log.display());
        let out = File::create(&log).doing(doing)?;
        let errors = out.try_clone().doing(doing)?;
        let mut command = command_as(user, Some(quit), program, &folder);
        command.args(arguments).stdout(out).stderr(errors);
        let child = command.spawn().doing(|| format!("starting {name}"))?;
        let mut daemon = Self { child, name, folder, quit };
        let end = Instant::now() + START_LIMIT;
        loop {
            let said = std::fs::read_to_string(&log).doing(|| format!("reading {}", log.display()))?;
            if said.contains(ready) {
                return Ok(daemon);
            }
            let ended = daemon.child.try_wait().doing(|| format!("looking at {name}"))?;
            if ended.is_some() || Instant::now() > end {
                let last = said.lines().last().unwrap_or("it said nothing");
                return Err(Error::Start(daemon.name.into(), last.into()));
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// CPU time of its processes so far, of those that have ended as well.
    pub fn cpu(&self) -> Result<Duration> {
        server::cpu_of_family(self.child.id())
    }

    /// Resident memory of its first process, in bytes.
    pub fn memory_bytes(&self) -> Result<u64> {
        server::memory_of(self.child.id())
    }
}

impl Quit {
    fn signal(self) -> Signal {
        match self {
            Self::Children => Signal::QUIT,
            Self::Alone => Signal::KILL,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Children => "QUIT",
            Self::Alone => "KILL",
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // Each fails only when there is nothing left to end or to remove.
        let _ = kill_process(Pid::from_child(&self.child), self.quit.signal());
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Runs a program to its end, in `folder`; returns what it printed.
pub fn run(user: Option<User>, program: &Path, arguments: &[&str], folder: &Path) -> Result<String> {
    let doing = || format!("running {}", program.display());
    let output = command_as(user, None, program, folder).args(arguments).output().doing(doing)?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        return Err(Error::Start(program.display().to_string(), reason.trim().into()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().into())
}

/// `setpriv` replaces itself by the program, which then ends with this process, whatever becomes of it.
fn command_as(user: Option<User>, end_with: Option<Quit>, program: &Path, folder: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if let Some(User { uid, gid }) = user {
        command.args([format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".into()]);
    }
    if let Some(quit) = end_with {
        command.arg(format!("--pdeathsig={}", quit.name()));
    }
    command.arg("--").arg(program).current_dir(folder).stdin(Stdio::null());
    command
}
