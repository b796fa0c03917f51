//! A measured server process: started, watched through `/proc` (Linux only), killed when dropped.

use crate::error::{Doing as _, Error, Result};
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Generous: a server that needs this long has failed in another way.
const START_LIMIT: Duration = Duration::from_secs(30);
/// Between two looks at a server's memory while it becomes quiet.
const LOOK_EVERY: Duration = Duration::from_millis(200);
const QUIET_LIMIT: Duration = Duration::from_secs(60);

pub struct Server {
    child: Child,
    /// What it calls itself in errors.
    name: &'static str,
    pub address: SocketAddr,
    /// Just before the process was made.
    pub started: Instant,
    /// Where its standard error goes, quoted when it fails.
    log: PathBuf,
}

impl Server {
    /// Starts `command` and waits for its line `listening on http://<address>/`.
    pub fn start(name: &'static str, mut command: Command, folder: &Path) -> Result<Self> {
        let log = folder.join("stderr.log");
        let file = std::fs::File::create(&log).doing(|| format!("making {}", log.display()))?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(file);
        let started = Instant::now();
        let mut child = command
            .spawn()
            .doing(|| format!("starting {name} ({})", command.get_program().to_string_lossy()))?;
        let stdout = child.stdout.take().expect("asked for a pipe");
        let mut server = Self { child, name, address: SocketAddr::from(([127, 0, 0, 1], 0)), started, log };
        let (ready, address) = mpsc::channel();
        // The thread ends with the pipe, that is with the process; until then it keeps the pipe empty.
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if let Some(address) = ready_line(&line) {
                    let _ = ready.send(address); // nobody waits any more after the deadline
                }
            }
        });
        match address.recv_timeout(START_LIMIT) {
            Ok(address) => server.address = address,
            Err(reason) => {
                return Err(Error::Start(name.into(), format!("{reason}; {}", server.last_words())));
            }
        }
        Ok(server)
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    /// CPU time of all its threads so far, in user and in kernel mode, to 10 ms.
    pub fn cpu(&self) -> Result<Duration> {
        cpu_of(&self.child.id().to_string())
    }

    /// Resident memory in bytes.
    pub fn memory_bytes(&self) -> Result<u64> {
        memory_of(self.child.id()).map_err(|error| Error::Unusable(format!("{error}; {}", self.last_words())))
    }

    /// The end of its standard error, for a failure's sentence.
    pub fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default(); // no log: nothing to quote
        let lines: Vec<&str> = log.lines().rev().take(5).collect();
        let lines: Vec<&str> = lines.into_iter().rev().collect();
        format!("its last words: {}", lines.join(" / "))
    }

    /// Stops it in order (SIGTERM), so that its database is complete on disk.
    pub fn stop(mut self) -> Result<()> {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM)
            .doing(|| format!("stopping {}", self.name))?;
        self.child.wait().doing(|| format!("stopping {}", self.name))?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only for a process that has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The sum of what `memory_bytes` says once it has stood still (within 0.5 %) for two seconds, while `meanwhile` keeps
/// the clients' heartbeats alive.
pub fn quiet_memory_bytes(
    memory_bytes: impl Fn() -> Result<u64>,
    mut meanwhile: impl FnMut(Duration) -> Result<()>,
) -> Result<u64> {
    const STILL_LOOKS: usize = 10;
    let end = Instant::now() + QUIET_LIMIT;
    let mut looks: Vec<u64> = Vec::new();
    loop {
        let next = Instant::now() + LOOK_EVERY;
        while let Some(left) = next.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            meanwhile(left)?;
        }
        looks.push(memory_bytes()?);
        let last = &looks[looks.len().saturating_sub(STILL_LOOKS)..];
        let (least, most) = (last.iter().min().copied(), last.iter().max().copied());
        if let (Some(least), Some(most)) = (least, most)
            && last.len() == STILL_LOOKS
            && most - least <= most / 200
        {
            return Ok(most);
        }
        if Instant::now() > end {
            return Err(Error::Deadline {
                what: "the memory of the servers to stand still".into(),
                seconds: QUIET_LIMIT.as_secs(),
            });
        }
    }
}

/// CPU time of the generator itself.
pub fn own_cpu() -> Result<Duration> {
    cpu_of("self")
}

/// CPU time of a process, of its children, and of those children that have ended.
pub fn cpu_of_family(process: u32) -> Result<Duration> {
    let path = format!("/proc/{process}/task/{process}/children");
    let children = std::fs::read_to_string(&path).doing(|| format!("reading {path}"))?;
    let mut sum = cpu_in(&process.to_string(), 4)?;
    for child in children.split_whitespace() {
        match cpu_of(child) {
            Ok(used) => sum += used,
            // Ended since the list was made; the parent's own sum has it from now on.
            Err(Error::Io(..)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(sum)
}

/// Resident memory of a process in bytes.
pub fn memory_of(process: u32) -> Result<u64> {
    let path = format!("/proc/{process}/status");
    let status = std::fs::read_to_string(&path).doing(|| format!("reading {path}"))?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok())
        .map(|kilobytes| kilobytes * 1024)
        .ok_or_else(|| Error::Unusable(format!("{path} has no VmRSS")))
}

fn cpu_of(process: &str) -> Result<Duration> {
    cpu_in(process, 2)
}

/// The sum of the first `fields` of utime, stime, cutime, cstime (proc(5)).
fn cpu_in(process: &str, fields: usize) -> Result<Duration> {
    let path = format!("/proc/{process}/stat");
    let stat = std::fs::read_to_string(&path).doing(|| format!("reading {path}"))?;
    // They are fields 14 to 17; the name in field 2 may hold blanks, so count behind its bracket.
    let ticks: Option<u64> = stat.rsplit_once(')').and_then(|(_, rest)| {
        let times: Vec<u64> =
            rest.split_whitespace().skip(11).take(fields).map_while(|time| time.parse().ok()).collect();
        (times.len() == fields).then(|| times.iter().sum())
    });
    let ticks = ticks.ok_or_else(|| Error::Unusable(format!("{path} has an unknown form")))?;
    Ok(Duration::from_secs_f64(ticks as f64 / rustix::param::clock_ticks_per_second() as f64))
}

fn ready_line(line: &str) -> Option<SocketAddr> {
    line.split_once("listening on http://")?.1.trim_end().trim_end_matches('/').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ready_line_gives_the_address() {
        assert_eq!(
            ready_line("listening on http://127.0.0.1:41/"),
            Some(SocketAddr::from(([127, 0, 0, 1], 41)))
        );
        assert_eq!(ready_line("listening on nothing"), None);
    }

    #[test]
    fn own_cpu_time_grows_with_work() {
        let before = own_cpu().expect("readable");
        let mut sum = 0u64;
        while own_cpu().expect("readable") == before {
            sum = std::hint::black_box(sum.wrapping_mul(31).wrapping_add(7));
        }
    }

    #[test]
    fn a_server_that_ends_at_once_is_an_error_with_its_last_words() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new("sh");
        command.args(["-c", "echo no database >&2"]);
        let error = Server::start("mute", command, folder.path()).err().expect("it is no server").to_string();
        assert!(error.contains("no database"), "{error}");
    }
}
