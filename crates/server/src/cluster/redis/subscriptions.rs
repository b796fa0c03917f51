//! Which rooms' publications are heard: those with listeners, each from before its listener looks into it.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use nodechat_domain::model::RoomId;
use redis::RedisResult;
use tokio::sync::{Notify, oneshot};

use super::session::Session;
use crate::cluster::deliveries::Deliveries;

/// Rooms that are subscribed to with one command.
const AT_ONCE: usize = 500;

#[derive(Default)]
pub struct Subscriptions {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    /// There is a session.
    live: bool,
    heard: HashSet<RoomId>,
    /// Rooms whose listeners came or went, and those who wait until it is heard.
    changed: HashMap<RoomId, Vec<oneshot::Sender<()>>>,
}

impl Subscriptions {
    /// Resolves when what is published in this room is heard, or when nothing can be heard. The room is served already.
    pub async fn confirmed(&self, room: &RoomId) {
        let confirmation = {
            let mut state = self.lock();
            if !state.live || state.heard.contains(room) {
                return;
            }
            let (confirm, confirmation) = oneshot::channel();
            state.changed.entry(room.clone()).or_default().push(confirm);
            confirmation
        };
        self.changed.notify_one();
        // It is confirmed by being dropped, and so is the end of the session.
        let _confirmed = confirmation.await;
    }

    /// This room has lost its last listener.
    pub fn left(&self, room: &RoomId) {
        let mut state = self.lock();
        if state.live && state.heard.contains(room) {
            state.changed.entry(room.clone()).or_default();
            drop(state);
            self.changed.notify_one();
        }
    }

    /// Whether losing this room's subscription was not our wish.
    pub fn hears(&self, room: &RoomId) -> bool {
        self.lock().heard.contains(room)
    }

    /// Subscribes to all rooms that are served.
    pub async fn begin(
        &self,
        session: &Session,
        deliveries: &Deliveries,
        channel: &impl Fn(&RoomId) -> String,
    ) -> RedisResult<()> {
        // From here on whoever comes is noted down; whoever came before is among those served.
        self.lock().live = true;
        for rooms in deliveries.parts() {
            let mut state = self.lock();
            for room in rooms {
                state.changed.entry(room).or_default();
            }
        }
        while self.step(session, deliveries, channel).await? {}
        Ok(())
    }

    /// Follows the listeners; ends with the session.
    pub async fn follow(
        &self,
        session: &Session,
        deliveries: &Deliveries,
        channel: &impl Fn(&RoomId) -> String,
    ) -> RedisResult<()> {
        loop {
            while self.step(session, deliveries, channel).await? {}
            self.changed.notified().await;
        }
    }

    /// Nothing is heard any more, and nobody waits.
    pub fn end(&self) {
        *self.lock() = State::default();
    }

    /// Whether there was anything to do.
    async fn step(
        &self,
        session: &Session,
        deliveries: &Deliveries,
        channel: &impl Fn(&RoomId) -> String,
    ) -> RedisResult<bool> {
        let (mut begun, mut ended, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
        {
            let mut state = self.lock();
            let some: Vec<RoomId> = state.changed.keys().take(AT_ONCE).cloned().collect();
            for room in some {
                waiting.extend(state.changed.remove(&room).unwrap_or_default());
                let served = deliveries.serves(&room);
                if served && !state.heard.contains(&room) {
                    begun.push(room);
                } else if !served && state.heard.remove(&room) {
                    // Not heard from now on, so that whoever comes meanwhile waits for a new subscription.
                    ended.push(channel(&room));
                }
            }
            if state.changed.is_empty() {
                state.changed.shrink_to(AT_ONCE);
            }
        }
        if !ended.is_empty() {
            session.unsubscribe(&ended).await?;
        }
        if !begun.is_empty() {
            session.subscribe(&begun.iter().map(channel).collect::<Vec<_>>()).await?;
        }
        let any = !(begun.is_empty() && ended.is_empty() && waiting.is_empty());
        self.lock().heard.extend(begun);
        drop(waiting);
        Ok(any)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
