//! Where a service keeps its data and on which port it listens.

use crate::error::{Doing as _, Error, Result};
use crate::form::empty;
use crate::machine;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// On a disk on every Linux, and open to every user (hier(7)).
const ELSEWHERE: &str = "/var/tmp";

/// The user that a service runs as when this program runs as root: PostgreSQL refuses to, Redis should not.
#[derive(Debug, Clone, Copy)]
pub struct User {
    pub uid: u32,
    pub gid: u32,
}

impl User {
    /// `None` for whoever is not root: the service runs as he does.
    pub fn of(name: &str) -> Result<Option<Self>> {
        if !rustix::process::getuid().is_root() {
            return Ok(None);
        }
        let accounts = std::fs::read_to_string("/etc/passwd").doing(|| "reading /etc/passwd".into())?;
        let found = accounts.lines().find_map(|line| {
            let mut fields = line.split(':');
            let is_it = fields.next() == Some(name);
            let uid = fields.nth(1)?.parse().ok()?;
            let gid = fields.next()?.parse().ok()?;
            is_it.then_some(Self { uid, gid })
        });
        found.map(Some).ok_or_else(|| {
            Error::Unusable(format!("there is no user {name} on this machine: run script/setup"))
        })
    }
}

/// An empty folder called `name` for `user`: in `work`, or where that user cannot get to it, on the same kind of disk
/// elsewhere.
pub fn folder(work: &Path, name: &str, user: Option<User>) -> Result<PathBuf> {
    let folder = if user.is_none() || is_open_to_all(work)? {
        work.join(name)
    } else {
        let elsewhere = Path::new(ELSEWHERE);
        machine::file_system(elsewhere)?;
        elsewhere.join(format!("nodechat-bench-{name}-{}", std::process::id()))
    };
    empty(&folder)?;
    if let Some(User { uid, gid }) = user {
        std::os::unix::fs::chown(&folder, Some(uid), Some(gid))
            .doing(|| format!("giving {} away", folder.display()))?;
    }
    Ok(folder)
}

/// A port that is free now, below those that the system gives to outgoing connections (ip(7)), so that it stays free.
pub fn free_port() -> Result<u16> {
    const FIRST: u32 = 10_000;
    const COUNT: u32 = 20_000;
    let begin = std::process::id().wrapping_mul(7919);
    (0..COUNT)
        .map(|step| (FIRST + begin.wrapping_add(step) % COUNT) as u16)
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .ok_or_else(|| Error::Unusable("no port is free".into()))
}

fn is_open_to_all(folder: &Path) -> Result<bool> {
    const OTHERS_MAY_ENTER: u32 = 0o001;
    for part in folder.ancestors() {
        let meta = std::fs::metadata(part).doing(|| format!("looking at {}", part.display()))?;
        if meta.permissions().mode() & OTHERS_MAY_ENTER == 0 && meta.uid() == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_empty_again_on_each_start() {
        let work = tempfile::tempdir().expect("a folder");
        let made = folder(work.path(), "data", None).expect("made");
        std::fs::write(made.join("old"), "left").expect("written");
        let again = folder(work.path(), "data", None).expect("made again");
        assert_eq!(made, again);
        assert_eq!(std::fs::read_dir(again).expect("readable").count(), 0);
    }

    #[test]
    fn a_taken_port_is_not_given_out() {
        let port = free_port().expect("a port");
        let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).expect("still free");
        assert_ne!(free_port().expect("another port"), port);
    }
}
