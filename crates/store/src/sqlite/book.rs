//! Transactions of `book` on the writer's and the readers' threads.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use nodechat_domain::error::Error;
use nodechat_domain::port::Answer;
use rusqlite::Connection;
use send_wrapper::SendWrapper;

use super::Store;
use super::failure::Stop;
use super::writer::Written;
use crate::book::{self, Tx};

impl Store {
    pub(crate) fn look<T: Send + 'static>(
        &self,
        mut look: impl for<'t> FnMut(&'t Tx<'t>) -> BoxFuture<'t, Result<T, book::Stop>> + Send + 'static,
    ) -> Answer<'static, T> {
        self.readers.read(move |db| at_once(db, &mut look))
    }

    pub(crate) fn transact<T: Send + 'static>(
        &self,
        mut work: impl for<'t> FnMut(&'t Tx<'t>) -> BoxFuture<'t, Result<T, book::Stop>> + Send + 'static,
    ) -> Answer<'static, T> {
        self.writer.write(move |db| at_once(db, &mut work).map(Written::quietly))
    }
}

/// Every answer of a [`Tx`] over SQLite is ready at once, and so is what is made of them.
fn at_once<T>(
    db: &Connection,
    work: &mut impl for<'t> FnMut(&'t Tx<'t>) -> BoxFuture<'t, Result<T, book::Stop>>,
) -> Result<T, Stop> {
    let tx = Tx::Sqlite(SendWrapper::new(db));
    match work(&tx).now_or_never() {
        Some(answer) => Ok(answer?),
        None => Err(Error::internal("a transaction waited for something else than its database").into()),
    }
}

impl From<book::Stop> for Stop {
    fn from(stop: book::Stop) -> Self {
        match stop {
            book::Stop::Refused(error) => Stop::Refused(error),
            book::Stop::Sqlite(error) => Stop::Failed(error),
            book::Stop::Postgres(error) => Stop::Refused(Error::internal(error)),
        }
    }
}
