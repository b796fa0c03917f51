//! What the figures depend on besides the programs: machine, kernel, file system, limits.

use crate::error::{Doing as _, Error, Result};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::path::Path;

const TMPFS: i64 = 0x0102_1994;

/// One line for the report.
pub fn describe(work: &Path) -> Result<String> {
    let cpus = std::fs::read_to_string("/proc/cpuinfo").doing(|| "reading /proc/cpuinfo".into())?;
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown processor", |(_, model)| model);
    let cores = std::thread::available_parallelism().doing(|| "counting processors".into())?;
    let memory = rustix::system::sysinfo();
    let gigabytes = memory.totalram as f64 * f64::from(memory.mem_unit) / 1e9;
    let kernel = rustix::system::uname().release().to_string_lossy().into_owned();
    let kind = std::fs::read_to_string("/proc/cpuinfo")
        .map(|text| if text.contains("hypervisor") { "virtual machine" } else { "bare machine" })
        .doing(|| "reading /proc/cpuinfo".into())?;
    let disk = file_system(work)?;
    Ok(format!("{model}, {cores} cores, {gigabytes:.0} GB, {kind}; Linux {kernel}; data on {disk}"))
}

/// The file system's name; one in memory is refused, because a sync that costs nothing proves nothing.
pub fn file_system(work: &Path) -> Result<String> {
    let stat = rustix::fs::statfs(work).doing(|| format!("looking at {}", work.display()))?;
    Ok(match stat.f_type as i64 {
        TMPFS => {
            return Err(Error::Unusable(format!(
                "{} is in memory, where nothing is durable: choose a folder on a disk with --work-dir",
                work.display()
            )));
        }
        0xef53 => "ext4".into(),
        0x5846_5342 => "xfs".into(),
        0x9123_683e => "btrfs".into(),
        0x794c_7630 => "overlayfs".into(),
        other => format!("file system {other:#x}"),
    })
}

/// Raises the limit on open files as far as it goes, for this process and those it starts, and returns it.
pub fn raise_file_limit() -> u64 {
    let now = getrlimit(Resource::Nofile);
    let Some(most) = now.maximum else { return u64::MAX };
    let raised = Rlimit { current: Some(most), maximum: Some(most) };
    // Without it the old limit holds, and the caller measures with fewer connections.
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => most,
        Err(_) => now.current.unwrap_or(most),
    }
}
