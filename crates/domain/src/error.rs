//! What can go wrong: a sentence for whoever asked, a code for their program.

use std::borrow::Cow;
use std::error::Error as StdError;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A refusal or a failure. `Display` is the public sentence; the cause is only in `source()`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such call")]
    UnknownCall,
    #[error("`{0}` is missing or empty")]
    Missing(&'static str),
    /// The same for a field that only the network layer knows by name.
    #[error("`{0}` is missing or empty")]
    MissingField(Box<str>),
    #[error("`{field}` is not valid: {why}")]
    Invalid { field: &'static str, why: Cow<'static, str> },
    /// One sentence for every reason, so that nothing can be probed with it.
    #[error("this is not allowed")]
    Forbidden,
    #[error("the ticket is missing, invalid or expired")]
    BadTicket,
    #[error("the token is unknown, used or expired")]
    BadToken,
    #[error("the API key is missing or unknown")]
    BadKey,
    #[error("the login or the password is wrong")]
    BadLogin,
    /// Only for somebody who would be allowed to see the thing if it were there.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    #[error("{0}")]
    Conflict(Cow<'static, str>),
    #[error("too many requests, try again later")]
    TooMany { retry_after_ms: u64 },
    #[error("the JSON cannot be parsed")]
    Json,
    #[error("the file is empty")]
    EmptyFile,
    #[error("this kind of file is not allowed")]
    FileKind,
    #[error("the file is too large, the limit is {limit_bytes} bytes")]
    FileTooLarge { limit_bytes: u64 },
    #[error("temporarily unavailable, try again")]
    Unavailable { retry_after_ms: u64, source: Option<Box<dyn StdError + Send + Sync>> },
    #[error("internal error")]
    Internal(#[source] Box<dyn StdError + Send + Sync>),
}

/// The number a client program reads (contract B2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum Code {
    CallFailed = 3100,
    Missing = 4001,
    Invalid = 4002,
    NotAllowed = 4003,
    NotFound = 4004,
    Conflict = 4009,
    TooMany = 4029,
    Internal = 5000,
    Unavailable = 5003,
    Json = 5009,
    EmptyFile = 5400,
    FileKind = 5401,
    FileTooLarge = 5402,
}

/// Whose move it is after an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The caller has to change the request.
    Caller,
    /// The same request may succeed later.
    Later,
    /// A defect of the server; it is in the log.
    Bug,
}

impl Error {
    pub fn invalid(field: &'static str, why: impl Into<Cow<'static, str>>) -> Self {
        Error::Invalid { field, why: why.into() }
    }

    pub fn conflict(why: impl Into<Cow<'static, str>>) -> Self {
        Error::Conflict(why.into())
    }

    pub fn unavailable(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Error::Unavailable { retry_after_ms: 1000, source: Some(source.into()) }
    }

    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Error::Internal(source.into())
    }

    pub fn code(&self) -> Code {
        self.verdict().0
    }

    pub fn class(&self) -> Class {
        self.verdict().1
    }

    /// When the same request may be tried again, in milliseconds from now.
    pub fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Error::TooMany { retry_after_ms } | Error::Unavailable { retry_after_ms, .. } => {
                Some(*retry_after_ms)
            }
            _ => None,
        }
    }

    /// The one table: each error's code and class.
    fn verdict(&self) -> (Code, Class) {
        match self {
            Error::UnknownCall => (Code::CallFailed, Class::Caller),
            Error::Missing(_) | Error::MissingField(_) => (Code::Missing, Class::Caller),
            Error::Invalid { .. } => (Code::Invalid, Class::Caller),
            Error::Forbidden | Error::BadTicket | Error::BadToken | Error::BadKey | Error::BadLogin => {
                (Code::NotAllowed, Class::Caller)
            }
            Error::NotFound(_) => (Code::NotFound, Class::Caller),
            Error::Conflict(_) => (Code::Conflict, Class::Caller),
            Error::TooMany { .. } => (Code::TooMany, Class::Later),
            Error::Json => (Code::Json, Class::Caller),
            Error::EmptyFile => (Code::EmptyFile, Class::Caller),
            Error::FileKind => (Code::FileKind, Class::Caller),
            Error::FileTooLarge { .. } => (Code::FileTooLarge, Class::Caller),
            Error::Unavailable { .. } => (Code::Unavailable, Class::Later),
            Error::Internal(_) => (Code::Internal, Class::Bug),
        }
    }
}
