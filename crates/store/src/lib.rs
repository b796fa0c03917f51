//! The domain's ports made durable.
//!
//! `sqlite` is the engine that is built in, `postgres` the one that several nodes share. `sql` and `stored` are what every engine shares: the
//! statements, and how a value looks in a column. `book` is written once for both: whatever is
//! no message. `conformance` holds engines to their promises.

pub mod book;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod copy;
mod epoch;
mod history;
mod panicked;
pub mod postgres;
mod schema;
mod sql;
pub mod sqlite;
mod stored;
mod translate;
mod value;

pub use book::{Books, DeskBook};
pub use schema::Misfit;
