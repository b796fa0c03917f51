//! What a target says of itself, so that a copy never mixes with something else and never serves half-made.
//!
//! From its first change to its last a copy is marked as unfinished, and is not served. Then it is marked as finished;
//! whoever opens it takes the mark away: from then on it has a history of its own, and no copy goes there any more.

use super::{CopyError, HalfCopied};

/// The row of `meta`.
pub const KEY: &str = "copy";
pub const UNFINISHED: &str = "unfinished";
pub const FINISHED: &str = "finished";

/// What an empty database does not have.
pub const ANY: &[&str] = &[
    "select 1 from company limit 1",
    "select 1 from api_key limit 1",
    "select 1 from person limit 1",
    "select 1 from token limit 1",
    "select 1 from room limit 1",
    "select 1 from upload limit 1",
];

pub const CUT_MESSAGES: &str = "delete from message where room = $1 and pos >= $2";
pub const CUT_ROOM: &str = "update room set next_pos = $1 where number = $2";

pub struct Mark {
    pub copy: Option<String>,
    pub epoch: Option<String>,
    pub is_empty: bool,
}

impl Mark {
    /// Whether the history of `epoch` may be copied here.
    pub fn admits(&self, epoch: &str, place: &str) -> Result<(), CopyError> {
        match &self.copy {
            Some(_) if self.epoch.as_deref() == Some(epoch) => Ok(()),
            // A copy that was begun and holds nothing is empty as well.
            _ if self.is_empty => Ok(()),
            Some(_) => Err(CopyError::OtherSource(place.into())),
            None => Err(CopyError::NotEmpty(place.into())),
        }
    }
}

/// Whether what is about to be served is a copy, by its mark. An unfinished one is refused.
pub fn is_finished(mark: Option<&str>) -> Result<bool, HalfCopied> {
    match mark {
        Some(UNFINISHED) => Err(HalfCopied),
        mark => Ok(mark.is_some()),
    }
}
