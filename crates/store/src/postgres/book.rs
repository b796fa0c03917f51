//! Transactions of `book` on connections of the pool.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use nodechat_domain::error::Error;
use nodechat_domain::port::Answer;

use super::Store;
use super::failure::{Fault, Stop, fault};
use super::pool::Lent;
use crate::book::{self, Tx};
use crate::panicked::panicked;

/// How often a transaction that was in the way of others, or whose connection had ended, is begun.
const ATTEMPTS: u32 = 8;

const READ: &str = "begin transaction isolation level repeatable read, read only";
const WRITE: &str = "begin";

impl Store {
    pub(crate) fn look<T: Send + 'static>(
        &self,
        look: impl for<'t> FnMut(&'t Tx<'t>) -> BoxFuture<'t, Result<T, book::Stop>> + Send + 'static,
    ) -> Answer<'_, T> {
        self.pool.answer(self.again(READ, look))
    }

    pub(crate) fn transact<T: Send + 'static>(
        &self,
        work: impl for<'t> FnMut(&'t Tx<'t>) -> BoxFuture<'t, Result<T, book::Stop>> + Send + 'static,
    ) -> Answer<'_, T> {
        self.pool.answer(self.again(WRITE, work))
    }

    /// As often as that may help; whoever waits limits the time.
    async fn again<T>(
        &self,
        begin: &'static str,
        mut work: impl for<'t> FnMut(&'t Tx<'t>) -> BoxFuture<'t, Result<T, book::Stop>> + Send + 'static,
    ) -> Result<T, Stop> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let db = self.pool.lend().await?;
            match attempt(db, begin, &mut work).await {
                Err(NotDone::Again(_)) if attempts < ATTEMPTS => {}
                Err(NotDone::Again(stop) | NotDone::Stopped(stop)) => return Err(stop),
                Ok(answer) => return Ok(answer),
            }
        }
    }
}

/// Why an attempt has not succeeded.
enum NotDone {
    /// It has not happened, and may when it runs again.
    Again(Stop),
    Stopped(Stop),
}

/// One transaction. A connection on which something is left under way is dropped, and closed with that.
async fn attempt<T>(
    db: Lent,
    begin: &str,
    work: &mut (impl for<'t> FnMut(&'t Tx<'t>) -> BoxFuture<'t, Result<T, book::Stop>> + Send),
) -> Result<T, NotDone> {
    db.batch_execute(begin).await.map_err(before_commit)?;
    let worked = {
        let tx = Tx::Postgres(&db);
        let working = AssertUnwindSafe(async { work(&tx).await }).catch_unwind();
        working.await.unwrap_or_else(|panic| Err(panicked(&*panic).into()))
    };
    match worked {
        Ok(answer) => {
            // What the connection says last is not known when it ends here: this may have happened.
            db.batch_execute("commit").await.map_err(at_commit)?;
            db.give_back();
            Ok(answer)
        }
        Err(book::Stop::Postgres(error)) => {
            let again = before_commit(error);
            roll_back(db).await;
            Err(again)
        }
        Err(stop) => {
            roll_back(db).await;
            Err(NotDone::Stopped(stop.into()))
        }
    }
}

/// Where that fails the connection is closed, which undoes as much.
async fn roll_back(db: Lent) {
    if db.batch_execute("rollback").await.is_ok() {
        db.give_back();
    }
}

fn before_commit(error: tokio_postgres::Error) -> NotDone {
    match fault(&error) {
        Fault::Race | Fault::Connection => NotDone::Again(error.into()),
        Fault::World | Fault::Defect => NotDone::Stopped(error.into()),
    }
}

/// Only what the server itself says of a commit is certain.
fn at_commit(error: tokio_postgres::Error) -> NotDone {
    match fault(&error) {
        Fault::Race => NotDone::Again(error.into()),
        _ => NotDone::Stopped(Stop::Refused(Error::unavailable(error))),
    }
}

impl From<book::Stop> for Stop {
    fn from(stop: book::Stop) -> Self {
        match stop {
            book::Stop::Refused(error) => Stop::Refused(error),
            book::Stop::Postgres(error) => Stop::Failed(error),
            book::Stop::Sqlite(error) => Stop::Refused(Error::internal(error)),
        }
    }
}
