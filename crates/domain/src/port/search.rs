//! Looking for messages in a company's whole history, and the index that this needs.

use super::Answer;
use crate::model::{Hit, Indexed, RoomId, SearchQuery};

pub trait Search: Send + Sync {
    /// Messages of the company that fit, in the asked order. Only what is indexed is found; what was taken back or erased
    /// is not, from the moment on.
    fn find(&self, query: SearchQuery) -> Answer<'_, Vec<Hit>>;

    /// Takes a bounded number of messages of these rooms into the index and takes out what was taken back or erased, in
    /// one transaction, which two nodes may make at the same time. A commit never waits for it longer than for another.
    fn index(&self, rooms: Vec<RoomId>) -> Answer<'_, Indexed>;

    /// Rooms with a number behind `after` whose index is not up to date, found in a window of rooms, and the number with
    /// which the next window begins; none behind the last one.
    fn behind(&self, after: i64) -> Answer<'_, (Vec<RoomId>, Option<i64>)>;
}
