//! `Search`: the index of all messages, and looking into it.
//!
//! Filled behind the commits, room by room, from where the room's row in `search_room` says. Each message is a row of
//! `search` under a number made of its time. Those that came last are fresh: whoever searches reads them all. Whenever
//! there are 1,024 of a company, the oldest become a part, which has a list of its messages for each of their words. So
//! nothing that is written is ever written again, no list is longer than a part, and what a question costs is the number
//! of parts times the number of its words, however often they were said.
//!
//! Parts are made of what came together. Mostly that was said together, too; where it was not (a history that is indexed
//! for the first time), their times overlap, and the newest of several parts are told in turn.

mod candidates;
mod fill;
mod look;
mod matching;
mod parts;
mod places;
mod terms;

use nodechat_domain::model::{Found, Indexed, RoomId, SearchQuery};
use nodechat_domain::port::{Answer, Search};

use super::Books;

/// Rooms whose numbers are looked through at once for what is behind.
const WINDOW: i64 = 4_000;

impl Search for Books {
    fn find(&self, query: SearchQuery) -> Answer<'_, Found> {
        self.read(move |tx| {
            let query = query.clone();
            Box::pin(async move { look::find(tx, &query).await })
        })
    }

    fn index(&self, rooms: Vec<RoomId>) -> Answer<'_, Indexed> {
        Box::pin(async move {
            let filling = self.write(move |tx| {
                let rooms = rooms.clone();
                Box::pin(async move { fill::index(tx, &rooms).await })
            });
            let fill::Filled { mut done, companies } = filling.await?;
            for (company, room) in companies {
                if parts::tend(self, &company).await? && !done.unfinished.contains(&room) {
                    done.unfinished.push(room);
                }
            }
            Ok(done)
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
