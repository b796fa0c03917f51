//! `Search`: the index of all messages, and looking into it.
//!
//! Filled behind the commits, room by room, from where the room's row in `search_room` says. Each message is a row of
//! `search` under a number made of its time; its terms carry the company, so that no list that is read is another's.

mod fill;
mod look;
mod matching;
mod terms;

use nodechat_domain::model::{Hit, Indexed, RoomId, SearchQuery};
use nodechat_domain::port::{Answer, Search};

use super::Books;

/// Rooms whose numbers are looked through at once for what is behind.
const WINDOW: i64 = 4_000;

impl Search for Books {
    fn find(&self, query: SearchQuery) -> Answer<'_, Vec<Hit>> {
        self.read(move |tx| {
            let query = query.clone();
            Box::pin(async move { look::find(tx, &query).await })
        })
    }

    fn index(&self, rooms: Vec<RoomId>) -> Answer<'_, Indexed> {
        self.write(move |tx| {
            let rooms = rooms.clone();
            Box::pin(async move { fill::index(tx, &rooms).await })
        })
    }

    fn behind(&self, after: i64) -> Answer<'_, (Vec<RoomId>, Option<i64>)> {
        self.read(move |tx| {
            Box::pin(async move {
                let window = [after.into(), (after + WINDOW).into()];
                let rows = tx.rows(BEHIND, &window).await?;
                let rooms = rows.iter().map(|row| row.room(0)).collect::<Result<_, _>>()?;
                let more = tx.row(NEXT_ROOM, &[(after + WINDOW).into()]).await?;
                let next = more.map(|row| row.number(0)).transpose()?.map(|number| number - 1);
                Ok((rooms, next))
            })
        })
    }
}

// Primary keys.
const BEHIND: &str = "select r.id from room r left join search_room s on s.room = r.number
    where r.number > $1 and r.number <= $2 and (s.room is null or s.indexed <> r.next_pos
        or s.recalls <> r.recalls or s.erased <> r.erased or s.rewrites <> r.rewrites)
    order by r.number";
const NEXT_ROOM: &str = "select number from room where number > $1 order by number limit 1";
