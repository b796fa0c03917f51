//! Looking for messages in a company's whole history, and the index that this needs.

use super::Answer;
use crate::model::{Found, Indexed, RoomId, SearchQuery};

pub trait Search: Send + Sync {
    /// Messages of the company that fit, in the asked order. Only what is indexed is found; what was taken back or erased
    /// is not, from the moment on. Takes a bounded time, whatever is asked, and says where to go on.
    fn find(&self, query: SearchQuery) -> Answer<'_, Found>;

    /// Takes a bounded number of messages of these rooms into the index, takes out what was taken back or erased, and
    /// keeps it quick to search, in transactions each of which does a bounded amount, so that a commit waits no longer for
    /// one than for another commit. Two nodes may do so at the same time.
    fn index(&self, rooms: Vec<RoomId>) -> Answer<'_, Indexed>;

    /// Rooms with a number behind `after` whose index is not up to date, found in a window of rooms, and the number with
    /// which the next window begins; none behind the last one.
    fn behind(&self, after: i64) -> Answer<'_, (Vec<RoomId>, Option<i64>)>;
}
