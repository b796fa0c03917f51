//! How the last hours went at a company's desk, in steps of five minutes.

use super::Time;

/// A step. What is stored are those in which something of it changed; see [`every_step`](crate::decide::pace::every_step).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// When it began.
    pub step: Time,
    /// Visitors who asked for an agent in it.
    pub asked: i64,
    /// Visitors who waited for one at its end.
    pub waiting: i64,
}

impl Pace {
    pub const STEP_MS: i64 = 5 * 60 * 1_000;

    /// The beginning of the step in which this moment is.
    pub fn step_of(time: Time) -> Time {
        time - time.rem_euclid(Self::STEP_MS)
    }
}
