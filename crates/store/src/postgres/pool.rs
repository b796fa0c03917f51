//! The connections that read and that write what is no commit: lent to one caller at a time, for a limited time.

use std::future::Future;
use std::ops::Deref;

use deadpool_postgres::{Manager, ManagerConfig, Object, RecyclingMethod};
use nodechat_domain::error::{Error, Result};
use nodechat_domain::port::Answer;

use super::connect::{Db, Door};
use super::failure::{Fault, Stop, ends_session, fault};

pub struct Pool {
    pool: deadpool_postgres::Pool,
    door: Door,
}

impl Pool {
    pub fn new(door: Door, connections: usize) -> Self {
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_connect(door.config.clone(), door.clone(), recycling);
        let pool = deadpool_postgres::Pool::builder(manager).max_size(connections.max(1)).build();
        Self { pool: pool.expect("a pool without timeouts of its own needs no runtime"), door }
    }

    /// Answers what `work` finds, within the time limit. Work that is cut off takes its connection with it.
    pub fn answer<'a, T: Send + 'a>(
        &self,
        work: impl Future<Output = Result<T, Stop>> + Send + 'a,
    ) -> Answer<'a, T> {
        let limit = self.door.time_limit;
        Box::pin(async move {
            match tokio::time::timeout(limit, work).await {
                Ok(answer) => Ok(answer?),
                Err(late) => Err(Error::unavailable(late)),
            }
        })
    }

    pub async fn lend(&self) -> Result<Lent, Stop> {
        Ok(Lent { db: Some(self.pool.get().await?) })
    }

    pub fn close(&self) {
        self.pool.close();
    }
}

/// A connection in use. Nobody else gets it before it was given back; dropped, it is closed, because something may
/// be half-way on it.
pub struct Lent {
    db: Option<Object>,
}

impl Lent {
    /// Nothing is under way on it any more.
    pub fn give_back(mut self) {
        drop(self.db.take());
    }

    /// The outcome of a single statement, which leaves nothing under way unless the session ended with it.
    pub fn done<T>(self, outcome: Result<T, Stop>) -> Result<T, Stop> {
        match &outcome {
            Err(Stop::Failed(error)) if fault(error) == Fault::Connection || ends_session(error) => {}
            _ => self.give_back(),
        }
        outcome
    }
}

impl Deref for Lent {
    type Target = Db;

    fn deref(&self) -> &Db {
        self.db.as_deref().expect("it is taken by what takes this")
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(db) = self.db.take() {
            // Not back into the pool.
            drop(Object::take(db));
        }
    }
}
