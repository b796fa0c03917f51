//! Rooms that somebody has to look at, each waiting once.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use nodechat_domain::model::RoomId;
use tokio::sync::Notify;
use tokio::time::Instant;

/// How long a hole is left open for what is only late: two nodes that write to one room overtake each other all the time.
const PATIENCE: Duration = Duration::from_millis(25);

/// After which a look that has failed is tried again.
const AGAIN: Duration = Duration::from_millis(250);

#[derive(Default)]
pub struct Wants {
    holes: Mutex<Holes>,
    hole: Notify,
    unsure: Mutex<HashSet<RoomId>>,
    look: Notify,
    sweep: Notify,
    sweep_desks: Notify,
}

#[derive(Default)]
struct Holes {
    waiting: BTreeSet<(Instant, RoomId)>,
    /// Those that wait and those that somebody is looking at.
    known: HashSet<RoomId>,
}

impl Wants {
    /// Something is missing in this room.
    pub fn hole(&self, room: &RoomId) {
        let mut holes = lock(&self.holes);
        if holes.known.insert(room.clone()) {
            holes.waiting.insert((Instant::now() + PATIENCE, room.clone()));
            drop(holes);
            self.hole.notify_one();
        }
    }

    /// The next room with a hole. It is not given to anybody else before [`Wants::done`] or [`Wants::failed`].
    pub async fn next_hole(&self) -> RoomId {
        loop {
            let due = {
                let mut holes = lock(&self.holes);
                let due = holes.waiting.first().map(|(at, _)| *at);
                if due.is_some_and(|at| at <= Instant::now()) {
                    return holes.waiting.pop_first().expect("it was seen just now").1;
                }
                due
            };
            match due {
                Some(at) => tokio::select! {
                    () = tokio::time::sleep_until(at) => {}
                    () = self.hole.notified() => {}
                },
                None => self.hole.notified().await,
            }
        }
    }

    /// This room was looked at. Whatever comes from now on is a new hole.
    pub fn done(&self, room: &RoomId) {
        let mut holes = lock(&self.holes);
        holes.known.remove(room);
        if holes.known.is_empty() {
            holes.known.shrink_to(16);
        }
    }

    /// The store did not answer.
    pub fn failed(&self, room: RoomId) {
        lock(&self.holes).waiting.insert((Instant::now() + AGAIN, room));
        self.hole.notify_one();
    }

    /// It is not known what this room has come to.
    pub fn look(&self, room: &RoomId) {
        lock(&self.unsure).insert(room.clone());
        self.look.notify_one();
    }

    /// Waits for rooms of which nothing is known.
    pub async fn unsure(&self) -> HashSet<RoomId> {
        loop {
            let rooms = std::mem::take(&mut *lock(&self.unsure));
            if !rooms.is_empty() {
                return rooms;
            }
            self.look.notified().await;
        }
    }

    /// Something may have been missed in any room.
    pub fn sweep(&self) {
        self.sweep.notify_one();
        self.sweep_desks.notify_one();
    }

    /// Whatever was asked for while nobody waited here counts as once.
    pub async fn swept(&self) {
        self.sweep.notified().await;
    }

    /// The same for those who look at companies.
    pub async fn desks_swept(&self) {
        self.sweep_desks.notified().await;
    }

    /// Lets some time go by before something that failed is tried again.
    pub async fn pause() {
        tokio::time::sleep(AGAIN).await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_room_waits_once_and_not_while_somebody_looks_at_it() {
        let (wants, room) = (Wants::default(), RoomId::parse("/U2S_ann#c1").unwrap());
        wants.hole(&room);
        wants.hole(&room);
        let asked = Instant::now();
        assert_eq!(wants.next_hole().await, room);
        assert!(asked.elapsed() >= PATIENCE);
        wants.hole(&room);
        let nobody = tokio::time::timeout(Duration::from_secs(5), wants.next_hole()).await;
        assert!(nobody.is_err());
        wants.failed(room.clone());
        assert_eq!(wants.next_hole().await, room);
        wants.done(&room);
        wants.hole(&room);
        assert_eq!(wants.next_hole().await, room);
    }
}
