//! The guard, what a company keeps for its agents, and how both hear of changes.

use std::sync::Arc;

use nodechat_domain::app::Support;
use nodechat_domain::port::{Answer, Clock, Revision, revised};

use super::store::Store;
use crate::guard::Guard;
use crate::job::{Keeper, Watch};
use crate::socket::Sockets;

pub fn guard(store: &Store, clock: &Arc<dyn Clock>) -> Arc<Guard> {
    Arc::new(Guard::new(store.books.clone(), store.books.clone(), clock.clone()))
}

pub fn support(store: &Store, clock: &Arc<dyn Clock>) -> Arc<Support> {
    Arc::new(Support {
        replies: store.books.clone(),
        kinds: store.books.clone(),
        words: store.books.clone(),
        blacklist: store.books.clone(),
        agents: store.books.clone(),
        groups: store.books.clone(),
        companies: store.companies.clone(),
        rooms: store.rooms.clone(),
        clock: clock.clone(),
    })
}

/// Whoever keeps in memory what can be changed has its place here.
pub fn watch(store: &Store, guard: Arc<Guard>, sockets: Arc<Sockets>) -> Arc<Watch> {
    let keepers: Vec<Arc<dyn Keeper>> = vec![store.companies.clone(), Arc::new(Guarded { guard, sockets })];
    Arc::new(Watch::new(store.books.clone(), keepers))
}

/// A new entry of a blacklist ends the connections of those whom it means.
struct Guarded {
    guard: Arc<Guard>,
    sockets: Arc<Sockets>,
}

impl Keeper for Guarded {
    fn changed<'a>(&'a self, revision: &'a Revision) -> Answer<'a, ()> {
        Box::pin(async move {
            self.guard.forget(revision);
            if &*revision.topic == revised::BLACKLIST {
                let is_barred = self.guard.judge(&revision.company).await?;
                self.sockets.end_barred(&revision.company, is_barred);
            }
            Ok(())
        })
    }

    fn unsure(&self) {
        self.guard.forget_all();
    }
}
