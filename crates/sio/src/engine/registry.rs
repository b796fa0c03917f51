//! All sessions by their id.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::link::Link;

#[derive(Default)]
pub(super) struct Registry {
    state: Mutex<State>,
    /// Told when the last session has gone.
    emptied: Notify,
}

#[derive(Default)]
struct State {
    links: HashMap<Box<str>, Arc<Link>>,
    stopped: bool,
}

/// Takes its session out when dropped, even by a panic.
pub(super) struct Member {
    registry: Arc<Registry>,
    link: Arc<Link>,
}

impl Registry {
    /// `false` when there are too many or the endpoint has stopped.
    pub fn insert(&self, link: &Arc<Link>, max: usize) -> bool {
        let mut state = self.lock();
        let room = !state.stopped && state.links.len() < max;
        if room {
            state.links.insert(link.sid().into(), Arc::clone(link));
        }
        room
    }

    pub fn get(&self, sid: &str) -> Option<Arc<Link>> {
        self.lock().links.get(sid).cloned()
    }

    pub fn remove(&self, sid: &str) {
        let mut state = self.lock();
        state.links.remove(sid);
        if state.links.is_empty() {
            self.emptied.notify_waiters();
        }
    }

    pub fn member(self: &Arc<Self>, link: &Arc<Link>) -> Member {
        Member { registry: Arc::clone(self), link: Arc::clone(link) }
    }

    pub fn len(&self) -> usize {
        self.lock().links.len()
    }

    /// Lets nobody in any more; gives who is there.
    pub fn stop(&self) -> Vec<Arc<Link>> {
        let mut state = self.lock();
        state.stopped = true;
        state.links.values().cloned().collect()
    }

    pub async fn empty(&self) {
        loop {
            let emptied = self.emptied.notified();
            if self.len() == 0 {
                return;
            }
            emptied.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.registry.remove(self.link.sid());
    }
}
