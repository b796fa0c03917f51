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

/// Why there is no place for a session.
pub(super) enum NoPlace {
    Full,
    Stopped,
}

/// Takes its session out when dropped, even by a panic.
pub(super) struct Member {
    registry: Arc<Registry>,
    link: Arc<Link>,
}

impl Registry {
    pub fn insert(&self, link: &Arc<Link>, max: usize) -> Result<(), NoPlace> {
        let mut state = self.lock();
        if state.stopped {
            return Err(NoPlace::Stopped);
        }
        if state.links.len() >= max {
            return Err(NoPlace::Full);
        }
        state.links.insert(link.sid().into(), Arc::clone(link));
        Ok(())
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

    /// Lets nobody in any more.
    pub fn stop(&self) {
        self.lock().stopped = true;
    }

    /// Who is there, in no order.
    pub fn links(&self) -> Vec<Arc<Link>> {
        self.lock().links.values().cloned().collect()
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
