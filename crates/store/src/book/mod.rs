//! The ports that are written once for both engines: whatever a company keeps beside its rooms.
//!
//! A port is a file here, with its statements at its end. The statements are such as both engines understand:
//!
//! - parameters are `$1`, `$2` …, in any order;
//! - columns are numbers, texts and bytes; a flag is 0 or 1; a sum is `cast(sum(…) as bigint)`;
//! - nothing is locked for itself: whoever needs a lock changes a row that stands for it, and whoever changes several
//!   rows of a kind does so in the order of their keys;
//! - each names the company in its `where`.

pub(crate) mod aftermath;
pub(crate) mod agents;
pub(crate) mod audit;
mod blacklist;
mod canned;
mod cards;
pub(crate) mod companies;
mod desk;
mod erasures;
mod exports;
pub(crate) mod groups;
mod kept_answers;
mod keys;
mod lists;
mod order_kinds;
mod orders;
pub(crate) mod outbox;
mod questions;
mod revisions;
mod search;
mod sensitive;
mod set_ups;
mod sites;
mod stats;
mod tx;
mod webhooks;

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use nodechat_domain::port::Answer;

pub use desk::DeskBook;
pub(crate) use tx::{Row, Stop, Tx};

use crate::{postgres, sqlite};

/// The ports of this folder over either engine.
#[derive(Clone)]
pub struct Books {
    engine: Engine,
}

#[derive(Clone)]
enum Engine {
    Sqlite(Arc<sqlite::Store>),
    Postgres(Arc<postgres::Store>),
}

impl Books {
    /// Answers what `look` finds, all of it as of one moment.
    pub(crate) fn read<T: Send + 'static>(
        &self,
        look: impl for<'t> FnMut(&'t Tx<'t>) -> BoxFuture<'t, Result<T, Stop>> + Send + 'static,
    ) -> Answer<'_, T> {
        match &self.engine {
            Engine::Sqlite(store) => store.look(look),
            Engine::Postgres(store) => store.look(look),
        }
    }

    /// Runs `work` as one transaction, and answers when what it changed is on disk. When it stops, nothing has
    /// changed. It may run again, when it was in the way of another one; only its last run counts.
    ///
    /// After `Unavailable` it may or may not have happened.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        work: impl for<'t> FnMut(&'t Tx<'t>) -> BoxFuture<'t, Result<T, Stop>> + Send + 'static,
    ) -> Answer<'_, T> {
        match &self.engine {
            Engine::Sqlite(store) => store.transact(work),
            Engine::Postgres(store) => store.transact(work),
        }
    }
}

/// A decision that each run of its transaction calls anew.
pub(crate) struct Deciding<D>(Arc<Mutex<D>>);

impl<D> Deciding<D> {
    pub fn new(decide: D) -> Self {
        Self(Arc::new(Mutex::new(decide)))
    }

    /// Whoever asks calls the decision and does not wait for anything.
    pub fn ask<T>(&self, ask: impl FnOnce(&mut D) -> T) -> T {
        // One that panicked was the last of its transaction.
        ask(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<D> Clone for Deciding<D> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Every statement of this folder by its name, for those who look at how it is carried out.
#[cfg(test)]
pub(crate) fn statements() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    [agents::sql::ALL_OF, audit::sql::ALL_OF, companies::sql::ALL_OF, groups::sql::ALL_OF, keys::sql::ALL_OF]
        .into_iter()
        .flatten()
}

impl From<Arc<sqlite::Store>> for Books {
    fn from(store: Arc<sqlite::Store>) -> Self {
        Self { engine: Engine::Sqlite(store) }
    }
}

impl From<Arc<postgres::Store>> for Books {
    fn from(store: Arc<postgres::Store>) -> Self {
        Self { engine: Engine::Postgres(store) }
    }
}
