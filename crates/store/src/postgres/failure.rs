//! What PostgreSQL's errors mean to a caller.

use deadpool_postgres::PoolError;
use nodechat_domain::error::Error;
use tokio_postgres::error::{Severity, SqlState};

/// Why a piece of work did not succeed.
#[derive(Debug)]
pub enum Stop {
    /// It was decided so; the database is fine.
    Refused(Error),
    Failed(tokio_postgres::Error),
}

/// Whose fault an error of PostgreSQL is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Two transactions were in each other's way. This one has not happened; run again, it sees what the other did.
    Race,
    /// The server is going, coming, full, or refuses to write: what is around us. Later it may go.
    World,
    /// There is no connection any more, or it leads to a server that only reads.
    Connection,
    /// The statement or the data: a defect of ours.
    Defect,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Refused(error)
    }
}

impl From<tokio_postgres::Error> for Stop {
    fn from(error: tokio_postgres::Error) -> Self {
        Stop::Failed(error)
    }
}

impl From<PoolError> for Stop {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => Stop::Failed(error),
            other => Stop::Refused(Error::unavailable(other)),
        }
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

pub fn fault(error: &tokio_postgres::Error) -> Fault {
    let Some(said) = error.as_db_error() else {
        // A value that does not fit its column is found before anything is sent; the rest is the connection.
        let source = std::error::Error::source(error);
        let misfit = source.is_some_and(<dyn std::error::Error>::is::<tokio_postgres::types::WrongType>);
        return if misfit { Fault::Defect } else { Fault::Connection };
    };
    match said.code() {
        code if *code == SqlState::T_R_SERIALIZATION_FAILURE
            || *code == SqlState::T_R_DEADLOCK_DETECTED
            || *code == SqlState::UNIQUE_VIOLATION =>
        {
            Fault::Race
        }
        // The transaction was cut short by an earlier error, which is the one to judge by.
        code if *code == SqlState::IN_FAILED_SQL_TRANSACTION => Fault::Race,
        code => match &code.code()[..2] {
            // A server that only reads, a session that was idle for too long, a broken connection.
            "08" | "25" => Fault::Connection,
            // 28 who we are, 3D no such database, 53 out of something, 55 a lock that did not come, 57 the operator,
            // 58 the system.
            "28" | "3D" | "53" | "55" | "57" | "58" => Fault::World,
            _ => Fault::Defect,
        },
    }
}

/// Whether the server has ended the session with this error.
pub fn ends_session(error: &tokio_postgres::Error) -> bool {
    error
        .as_db_error()
        .is_none_or(|said| matches!(said.parsed_severity(), Some(Severity::Fatal | Severity::Panic)))
}

pub fn failed(error: tokio_postgres::Error) -> Error {
    match fault(&error) {
        Fault::Defect => Error::internal(error),
        Fault::Race | Fault::World | Fault::Connection => Error::unavailable(error),
    }
}

/// What an error says, for whoever runs the server.
pub fn sentence(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(said) => said.message().to_owned(),
        None => std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string),
    }
}
