//! Everything that makes a figure worthless, as a sentence.

use std::io;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}: {1}")]
    Io(String, #[source] io::Error),
    #[error("{0} did not start: {1}")]
    Start(String, String),
    #[error("connection {client} ended: {reason}")]
    Ended { client: usize, reason: String },
    #[error("connection {client} was refused: {reason}")]
    Refused { client: usize, reason: String },
    #[error("the server broke the protocol: {0}")]
    Protocol(String),
    #[error("the server did not keep its word: {0}")]
    Checked(#[from] crate::ledger::Fault),
    #[error("nothing more came within {seconds} s while waiting for {what}")]
    Deadline { what: String, seconds: u64 },
    #[error("{0}")]
    Unusable(String),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Gives an I/O error the sentence that says what was being done.
pub trait Doing<T> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: Into<io::Error>> Doing<T> for std::result::Result<T, E> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| Error::Io(what(), error.into()))
    }
}
