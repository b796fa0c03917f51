//! Keeps what can be searched up to date, behind the commits: what was said is indexed soon, and less of it at once the
//! more is being said.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use nodechat_domain::Result;
use nodechat_domain::model::RoomId;
use nodechat_domain::port::{Change, Feed, Search};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout_at};

/// All rooms are looked at so often: for what another node has left when it was killed.
const WALK: Duration = Duration::from_secs(600);
/// What is said within this time is indexed together.
const GATHER: Duration = Duration::from_millis(400);
/// Rooms of one piece.
const ROOMS: usize = 40;
/// Commits a second at which indexing rests as long as it works. At twice as many it rests twice as long.
const CALM: f64 = 10.0;
/// It always has this part of the time, a hundredth.
const LONGEST_REST: f64 = 99.0;
/// Rooms that are remembered; when there are more, all are looked at.
const REMEMBERED: usize = 50_000;

/// Rooms in which something was said that is not indexed yet.
#[derive(Default)]
pub struct Fresh {
    rooms: Mutex<HashSet<RoomId>>,
    came: Notify,
    commits: AtomicU64,
}

/// The way of the store's news, on which fresh rooms are noted down.
pub struct Noting {
    pub feed: Arc<dyn Feed>,
    pub fresh: Arc<Fresh>,
}

impl Feed for Noting {
    fn committed(&self, room: &RoomId, changes: &[Change]) {
        self.feed.committed(room, changes);
        if changes.iter().any(|change| matches!(change, Change::Said(_) | Change::Recalled(_))) {
            self.fresh.commits.fetch_add(1, Ordering::Relaxed);
            self.fresh.note(room);
        }
    }

    fn unsure(&self, room: &RoomId) {
        self.feed.unsure(room);
        self.fresh.note(room);
    }
}

impl Fresh {
    pub fn note(&self, room: &RoomId) {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if rooms.contains(room) {
            return;
        }
        // Beyond the limit, the walk finds them.
        if rooms.len() < REMEMBERED {
            rooms.insert(room.clone());
        }
        if rooms.len() == 1 {
            self.came.notify_one();
        }
    }

    fn take(&self) -> Vec<RoomId> {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let some: Vec<RoomId> = rooms.iter().take(ROOMS).cloned().collect();
        some.iter().for_each(|room| {
            rooms.remove(room);
        });
        if rooms.is_empty() && rooms.capacity() > 1024 {
            rooms.shrink_to_fit();
        }
        some
    }
}

/// Works until it is dropped: each piece is one transaction.
pub async fn keep_indexed(search: Arc<dyn Search>, fresh: Arc<Fresh>) {
    let mut pace = Pace { fresh: fresh.clone(), seen: 0, since: Instant::now(), rest: 1.0 };
    let mut walk = Instant::now();
    loop {
        if walk <= Instant::now() {
            if let Err(error) = walk_through(&*search, &mut pace).await {
                tracing::warn!(%error, "not all rooms could be looked at for the index; it is tried again later");
            }
            walk = Instant::now() + WALK;
        }
        let rooms = fresh.take();
        if rooms.is_empty() {
            // Whether something came or the time is over, it is looked for.
            let _either = timeout_at(walk, fresh.came.notified()).await;
            sleep(GATHER).await;
            continue;
        }
        match pace.index(&*search, rooms.clone()).await {
            Ok(unfinished) => unfinished.iter().for_each(|room| fresh.note(room)),
            Err(error) => {
                tracing::debug!(%error, "some rooms could not be indexed; it is tried again");
                rooms.iter().for_each(|room| fresh.note(room));
                sleep(GATHER * 10).await;
            }
        }
    }
}

async fn walk_through(search: &dyn Search, pace: &mut Pace) -> Result<()> {
    let mut after = Some(0);
    while let Some(number) = after {
        let (mut behind, next) = search.behind(number).await?;
        while !behind.is_empty() {
            let piece = behind.split_off(behind.len().saturating_sub(ROOMS));
            behind.extend(pace.index(search, piece).await?);
        }
        after = next;
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// How much of the time indexing may take.
struct Pace {
    fresh: Arc<Fresh>,
    seen: u64,
    since: Instant,
    /// How often as long as the work.
    rest: f64,
}

impl Pace {
    /// Indexes, then rests.
    async fn index(&mut self, search: &dyn Search, rooms: Vec<RoomId>) -> Result<Vec<RoomId>> {
        let begun = Instant::now();
        let done = search.index(rooms).await?;
        let took = begun.elapsed();
        self.look();
        sleep(took.mul_f64(self.rest)).await;
        Ok(done.unfinished)
    }

    fn look(&mut self) {
        let past = self.since.elapsed();
        if past < Duration::from_millis(500) {
            return;
        }
        let commits = self.fresh.commits.load(Ordering::Relaxed);
        self.rest = rest((commits - self.seen) as f64 / past.as_secs_f64());
        (self.seen, self.since) = (commits, Instant::now());
    }
}

fn rest(commits_per_second: f64) -> f64 {
    (commits_per_second / CALM).clamp(1.0, LONGEST_REST)
}

#[cfg(test)]
mod tests {
    use nodechat_domain::model::{Found, Indexed, SearchQuery};
    use nodechat_domain::port::Answer;

    use super::*;

    fn room(number: usize) -> RoomId {
        RoomId::parse(&format!("/U2S_{number}#c1")).unwrap()
    }

    /// An index that takes a room in two pieces and fails once.
    #[derive(Default)]
    struct Slow {
        half: Mutex<HashSet<RoomId>>,
        done: Mutex<HashSet<RoomId>>,
        failed: std::sync::atomic::AtomicBool,
        behind: Vec<RoomId>,
    }

    impl Search for Slow {
        fn find(&self, _: SearchQuery) -> Answer<'_, Found> {
            unreachable!("nobody looks here")
        }

        fn index(&self, rooms: Vec<RoomId>) -> Answer<'_, Indexed> {
            Box::pin(async move {
                if !self.failed.swap(true, Ordering::Relaxed) {
                    return Err(nodechat_domain::Error::unavailable("once"));
                }
                let (half, done) =
                    (rooms.into_iter()).partition(|room| self.half.lock().unwrap().insert(room.clone()));
                let done: Vec<RoomId> = done;
                self.done.lock().unwrap().extend(done);
                Ok(Indexed { messages: 1, unfinished: half })
            })
        }

        fn behind(&self, after: i64) -> Answer<'_, (Vec<RoomId>, Option<i64>)> {
            let rooms = if after == 0 { self.behind.clone() } else { Vec::new() };
            Box::pin(async move { Ok((rooms, (after == 0).then_some(7))) })
        }
    }

    #[test]
    fn it_has_half_of_the_time_when_little_is_said_and_always_a_hundredth() {
        assert_eq!([0.0, 10.0, 200.0, 990.0, 1e9].map(rest), [1.0, 1.0, 20.0, 99.0, 99.0]);
    }

    #[tokio::test(start_paused = true)]
    async fn every_room_is_indexed_to_its_end_whatever_fails_and_however_it_was_found() {
        let fresh = Arc::<Fresh>::default();
        let slow = Arc::new(Slow { behind: (0..100).map(room).collect(), ..Slow::default() });
        let running = tokio::spawn(keep_indexed(slow.clone(), fresh.clone()));
        (100..200).map(room).for_each(|room| fresh.note(&room));
        let all = async {
            while slow.done.lock().unwrap().len() < 200 {
                sleep(Duration::from_millis(100)).await;
            }
        };
        let in_time = tokio::time::timeout(WALK * 3, all).await;
        assert!(in_time.is_ok(), "{} of 200", slow.done.lock().unwrap().len());
        running.abort();
    }
}
