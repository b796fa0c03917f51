//! Connections: how the one writer and the readers open the database.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::gather;

const ASK_AGAIN: Duration = Duration::from_millis(5);

/// Everything needed to open a connection, and to open it anew after a failure.
#[derive(Debug, Clone)]
pub struct Door {
    pub path: PathBuf,
    /// How long a write waits for another process, such as a command beside a running server.
    pub busy: Duration,
}

impl Door {
    /// The connection that writes. `synchronous=FULL`: an acked message survives a power cut.
    pub fn writer(&self) -> rusqlite::Result<Connection> {
        let db = self.open()?;
        // Only a database without a page yet takes it.
        db.execute_batch("pragma page_size = 2048")?;
        self.keep_a_log(&db)?;
        db.execute_batch(
            "pragma synchronous = full;
             pragma foreign_keys = on;
             pragma cache_size = -4000;
             pragma temp_store = memory;
             pragma wal_autocheckpoint = 8000;
             pragma journal_size_limit = 33554432;",
        )?;
        Ok(db)
    }

    pub fn reader(&self) -> rusqlite::Result<Connection> {
        let db = self.open()?;
        db.execute_batch("pragma query_only = on; pragma cache_size = -1000; pragma temp_store = memory;")?;
        Ok(db)
    }

    /// A connection that keeps the file as it is: no log beside it.
    pub fn plain(&self) -> rusqlite::Result<Connection> {
        self.open()
    }

    /// Two who make a new file a WAL database at once would wait for each other for ever, so SQLite
    /// turns one away without waiting. It is asked again for as long as any other write would wait.
    fn keep_a_log(&self, db: &Connection) -> rusqlite::Result<()> {
        let deadline = Instant::now() + self.busy;
        loop {
            match db.execute_batch("pragma journal_mode = wal") {
                Err(error) if is_busy(&error) && Instant::now() < deadline => std::thread::sleep(ASK_AGAIN),
                outcome => return outcome,
            }
        }
    }

    /// No `mmap`: with it a failing disk would be a signal that ends the process, not an error.
    fn open(&self) -> rusqlite::Result<Connection> {
        // One thread for each connection, so SQLite need not lock for itself.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags_and_vfs(&self.path, flags, gather::register()?)?;
        db.busy_timeout(self.busy)?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(db)
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

/// Makes an empty database file that only its owner can read, where there is none. SQLite gives
/// the files it puts beside it the same permissions.
pub fn create(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
