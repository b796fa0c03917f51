//! What SQLite's errors mean to a caller.

use nodechat_domain::error::Error;
use rusqlite::ErrorCode;

pub use crate::panicked::panicked;

/// Why a piece of work did not succeed.
#[derive(Debug)]
pub enum Stop {
    /// It was decided so; the database is fine.
    Refused(Error),
    Failed(rusqlite::Error),
}

/// Whose fault an error of SQLite is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The database is busy, full, cannot be written or read: what is around us. Later it may go.
    World,
    /// The same, and the connection had better be opened anew.
    Connection,
    /// The statement or the data: a defect of ours.
    Defect,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Refused(error)
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Stop::Failed(error)
    }
}

impl From<rusqlite::types::FromSqlError> for Stop {
    fn from(error: rusqlite::types::FromSqlError) -> Self {
        Stop::Refused(Error::internal(error))
    }
}

impl From<Stop> for Error {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refused(error) => error,
            Stop::Failed(error) => failed(error),
        }
    }
}

pub fn fault(error: &rusqlite::Error) -> Fault {
    match error.sqlite_error_code() {
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::DiskFull
            | ErrorCode::OutOfMemory
            | ErrorCode::OperationInterrupted,
        ) => Fault::World,
        Some(
            ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
            | ErrorCode::FileLockingProtocolFailed
            | ErrorCode::NoLargeFileSupport
            | ErrorCode::DatabaseCorrupt
            | ErrorCode::NotADatabase,
        ) => Fault::Connection,
        _ => Fault::Defect,
    }
}

pub fn failed(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        // Nothing that waiting could mend.
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Error::internal(error),
        _ if fault(&error) == Fault::Defect => Error::internal(error),
        _ => Error::unavailable(error),
    }
}
